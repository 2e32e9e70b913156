"""Where a walk goes next, page by page."""

from __future__ import annotations

import pytest

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.next_page import Finished, Request, advance, is_doubtful, latest_row
from connectors.surveymonkey.paging.walk import walk
from connectors.surveymonkey.payloads import Page, Row

CLOCK = 1_000_000


def _page(*seconds, total=None, number=1, per_page=3, clock=None):
    rows = [Row(f"{second}.{at}", str(second), second, "{}") for at, second in enumerate(seconds)]
    return Page(rows, len(rows) if total is None else total, number, per_page, clock)


@pytest.mark.parametrize(
    ("asked", "page", "onward"),
    [
        # The next stretch begins one second before the last response of a full page.
        (Request(None), _page(10, 20, 30, total=9), Request(29)),
        (Request(15), _page(16, 20, 30, total=9), Request(29)),
        # A page that is not full, and as many as are counted: the end.
        (Request(None), _page(10, 20), Finished(19)),
        (Request(19), _page(20), Finished(19)),
        (Request(None), _page(), Finished(None)),
        (Request(19), _page(), Finished(19)),
        # A full page is never the last word.
        (Request(None), _page(10, 20, 30), Request(29)),
        # A page cut short leads on by time all the same.
        (Request(None), _page(10, 20, total=9), Request(19)),
        # The page holds no more than two seconds: up by position.
        (Request(29), _page(30, 30, 30, total=9), Request(29, page=2)),
        (Request(29, page=2), _page(30, 30, 30, total=9), Request(29, page=3)),
        # Past them: down again over what was walked, then on by time.
        (Request(29, page=3), _page(30, 30, 40, total=12), Request(29, page=2, top=3, onward=39, counted=12)),
        (Request(29, page=2, top=3, onward=39), _page(30), Request(29, page=1, top=3, onward=39)),
        (Request(29, page=1, top=3, onward=39), _page(30), Request(39)),
        # Nothing comes after them: down again, and the end.
        (Request(29, page=3), _page(total=6), Request(29, page=2, top=3, ends=True, counted=6)),
        (Request(29, page=1, top=3, ends=True, counted=6), _page(30, 30, 30, total=6), Finished(29)),
        # No dates: by position.
        (Request(None), _page(None, None, None, total=9), Request(None, page=2)),
        # No order: by position, whatever the dates say; the next walk begins at this page's latest.
        (Request(5), _page(10, 30, 20, total=9), Request(5, page=2, by_time=False, onward=29)),
        (
            Request(5, page=2, by_time=False, onward=29),
            _page(40, 50, 60, total=9),
            Request(5, 3, by_time=False, onward=29),
        ),
        (Request(5), _page(30, 20), Finished(29)),
    ],
)
def test_the_walk_goes_on_so(asked, page, onward):
    assert advance(asked, page, n_found=6) == onward


def test_a_short_page_that_leads_nowhere_is_looked_at_again_and_then_passed():
    page = _page(30, 30, total=9)
    request = Request(29)
    for looks in (1, 2):
        request = advance(request, page, 2)
        assert request == Request(29, looks=looks)
    assert advance(request, page, 2) == Request(29, page=2)


def test_a_stretch_whose_count_disagrees_is_walked_twice_and_then_told():
    page = _page(30, total=6)
    down = Request(29, page=1, top=2, ends=True, counted=6)
    assert advance(down, page, n_found=4) == Request(29, rounds=2)
    assert advance(Request(29, page=1, top=2, ends=True, counted=6, rounds=2), page, 4) == Finished(
        29, agrees=False
    )


def test_responses_dated_ahead_of_the_platforms_clock_do_not_lead():
    far = CLOCK * 9
    assert latest_row(None, _page(10, 20, far, clock=CLOCK)).second == 20
    assert latest_row(5, _page(far, clock=CLOCK)) is None
    # Where all lie ahead from the beginning, the clock is not believed.
    assert latest_row(None, _page(far, far + 9, clock=CLOCK)).second == far + 9
    assert latest_row(far, _page(far + 9, clock=CLOCK)).second == far + 9
    assert latest_row(None, _page(10, far)).second == far


@pytest.mark.parametrize(
    ("asked", "page", "last_id", "doubtful"),
    [
        (Request(9), _page(10, 20), None, False),
        (Request(9), _page(10, 20), "10.0", False),
        (Request(9), _page(10, 20), "elsewhere", True),
        (Request(9, page=2), _page(10, 20, number=2), "elsewhere", False),
        (Request(9), _page(10, number=2), None, True),
        (Request(9), _page(10, number=None), None, False),
        (Request(9), _page(10, 20, total=1), None, True),
        (Request(9), _page(total=3), None, True),
        (Request(9, page=2), _page(total=3, number=2), None, False),
    ],
)
def test_a_page_that_cannot_be_what_was_asked_for_is_doubted(asked, page, last_id, doubtful):
    assert is_doubtful(asked, page, last_id) is doubtful


def _walked(fetch, cursor=None):
    waits = []
    pages = []
    with pytest.raises(SourceUnreachableError) as caught:
        pages.extend(walk(fetch, cursor or Cursor(), lambda: waits.append(1)))
    return str(caught.value), len(waits)


def test_responses_that_are_counted_but_never_given_are_told_after_a_second_round():
    calls = []

    def fetch(modified_from, number):
        calls.append((modified_from, number))
        return _page(*((30, 31) if number == 1 and modified_from is None else ()), total=5, number=number)

    sentence, _ = _walked(fetch)
    assert "disagree" in sentence
    assert len(calls) < 25


def test_a_platform_that_never_comes_to_an_end_is_given_up():
    calls = []

    def fetch(_modified_from, number):
        calls.append(number)
        first = 100 * len(calls)
        return _page(first, first + 1, first + 2, total=10**9 if len(calls) > 1 else 30, number=number)

    sentence, _ = _walked(fetch)
    assert "came to no end" in sentence
    assert len(calls) <= 50 + 6 * -(-(2 * 30 + 10_000) // 3)


def test_the_same_page_again_and_again_is_given_up():
    sentence, waits = _walked(lambda _, number: _page(10, 20, 30, total=30, number=number))
    assert "disagree" in sentence or "came to no end" in sentence
    assert waits < 20


@pytest.mark.parametrize(("n_missed", "goes_back"), [(2, False), (4, True)])
def test_what_was_missed_at_the_start_shows_in_the_count_and_is_fetched(n_missed, goes_back):
    held = [10, 20, 30, 40, 50, 55, 58]
    calls = []

    def fetch(modified_from, number):
        calls.append(number)
        since = 0 if modified_from is None else int(modified_from[-2:])
        rows = [second for second in held if second > since]
        first = 3 * (number - 1) + (n_missed if len(calls) == 1 else 0)
        found = [Row(str(second), str(second), second, "{}") for second in rows[first : first + 3]]
        return Page(found, len(rows), number, 3)

    pages = list(walk(fetch, Cursor(), lambda: None))
    assert sorted(int(key) for page in pages for key in page.ids) == held
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert (Cursor() in [page.after for page in pages]) is goes_back
    assert pages[-1].after == Cursor("1970-01-01T00:00:57")
