"""Which pages are asked for before their turn, and which of those that come join on."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import pytest

from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.next_page import Place
from connectors.surveymonkey.paging.slices import Slice, calls_to_end, joins, slices_after
from connectors.surveymonkey.paging.walk import walk
from connectors.surveymonkey.payloads import Page, Row
from connectors.surveymonkey.transport.instants import seconds_of

CLOCK = 1_000_000


def _page(*seconds, total=1000, number=2, clock=None):
    rows = [Row(f"id {second}", "", second, "{}") for second in seconds]
    return Page(rows, total, number, len(rows), clock)


def _spread(n_rows, *, a_second=1):
    return _page(*(10 + at // a_second for at in range(n_rows)))


@pytest.mark.parametrize(
    ("a_second", "n_to_come", "most", "asked"),
    [
        # Three rows of overlap: one is earlier, two may vanish.
        (1, 5000, 1, [(2, 97)]),
        (1, 5000, 3, [(2, 97), (3, 95), (4, 94)]),
        # As many more as share a second.
        (4, 5000, 1, [(2, 94)]),
        # Crowded seconds: too little of a slice would be new.
        (20, 5000, 3, []),
        # One after another is wanted, or costs the fewest calls.
        (1, 5000, 0, []),
        (1, 500, 3, []),
        (1, 501, 1, [(2, 97)]),
        # The last page is never asked for before its turn.
        (1, 501, 7, [(2, 97), (3, 95), (4, 94)]),
    ],
)
def test_pages_are_asked_for_so(a_second, n_to_come, most, asked):
    slices = slices_after(_spread(100, a_second=a_second), 100, n_to_come, most)
    assert [(one.number, one.per_page) for one in slices] == asked


def test_slices_overlap_and_each_brings_three_quarters_of_a_page():
    slices = slices_after(_spread(100), 100, 100_000, 7)
    begins = [(one.number - 1) * one.per_page for one in slices]
    ends = [100, *(one.end for one in slices)]
    assert len(slices) == 7
    assert all(end - begin >= 3 for begin, end in zip(begins, ends, strict=False))
    assert all(after - before >= 75 for before, after in pairwise(ends))


def test_a_platform_that_gives_no_full_pages_is_asked_for_one_at_a_time():
    assert slices_after(_spread(40), 0, 5000, 3) == []


PLACE = Place(since=29)


@pytest.mark.parametrize(
    ("place", "page", "joined"),
    [
        (PLACE, _page(29, 30, 40, 50), True),
        (PLACE, _page(10, 30, 40), True),
        # It begins in the second at which the walk has arrived: others of that second may lie before.
        (PLACE, _page(30, 31, 40), False),
        (PLACE, _page(31, 40), False),
        (PLACE, _page(10, 20, 40), False),
        (PLACE, _page(29, 30), False),
        (PLACE, _page(), False),
        (PLACE, _page(30, 29, 40), False),
        (PLACE, _page(29, 30, None, 40), False),
        (PLACE, _page(29, 30, 40, number=1), False),
        (PLACE, _page(29, 30, 40, number=None), True),
        (PLACE, _page(29, 30, 40, total=2), False),
        (PLACE, _page(29, 30, CLOCK * 9, clock=CLOCK), False),
        # The walk has not arrived by time.
        (Place(since=29, page=2), _page(29, 30, 40), False),
        (Place(since=29, looks=1), _page(29, 30, 40), False),
        (Place(since=29, top=3), _page(29, 30, 40), False),
        (Place(since=29, rounds=2), _page(29, 30, 40), False),
        (Place(since=29, by_time=False), _page(29, 30, 40), False),
        (Place(since=None), _page(29, 30, 40), False),
    ],
)
def test_a_page_joins_on_only_if_nothing_can_lie_between(place, page, joined):
    assert joins(place, page, Slice(2, 4), "id 30") is joined


def test_the_calls_that_suffice_leave_something_to_spare():
    assert calls_to_end(100, 4000) == 10 + 48
    assert calls_to_end(0, 0) == 10


def _list_of(seconds, calls):
    """A platform's list; *calls* tells what was asked of it."""

    def fetch(modified_from, number, per_page=100):
        calls.append((number, per_page))
        found = seconds[bisect_left(seconds, seconds_of(modified_from) or 0) :]
        first = (number - 1) * per_page
        rows = [Row(str(second), "", second, "{}") for second in found[first : first + per_page]]
        return Page(rows, len(found), number, per_page)

    return fetch


class _AllAtOnce:
    """Brings each slice at once; those whose turn is in *lost* don't come."""

    def __init__(self, fetch, lost=()):
        self._fetch = fetch
        self._turns = 0
        self._lost = lost
        self.n_rounds = 0

    def __call__(self, modified_from, slices, _calls_to_end):
        self._slices, self._from = slices, modified_from
        return self

    def __enter__(self):
        self.n_rounds += bool(self._slices)
        return iter([self._one(asked) for asked in self._slices])

    def __exit__(self, *_):
        pass

    def _one(self, asked):
        self._turns += 1
        page = self._fetch(self._from, asked.number, asked.per_page)
        return None if self._turns in self._lost else page


def _walked(fetch, beside, in_flight):
    return list(walk(fetch, Cursor(), lambda: None, in_flight=in_flight, beside=beside))


@pytest.mark.parametrize(("in_flight", "most_calls"), [(1, 41), (2, 42), (3, 43), (4, 43), (8, 46)])
def test_four_thousand_responses_cost_few_calls_more(in_flight, most_calls):
    calls = []
    fetch = _list_of(range(1, 4001), calls)
    pages = _walked(fetch, _AllAtOnce(fetch), in_flight)
    assert [key for page in pages for key in page.ids] == [str(second) for second in range(1, 4001)]
    assert len(calls) <= most_calls


@pytest.mark.parametrize("n_responses", [0, 1, 100, 350, 590])
def test_a_few_pages_cost_no_call_more(n_responses):
    alone, together = [], []
    for calls, in_flight in ((alone, 1), (together, 8)):
        fetch = _list_of(range(1, n_responses + 1), calls)
        _walked(fetch, _AllAtOnce(fetch), in_flight)
    assert together == alone


def test_each_page_says_how_many_are_to_come():
    fetch = _list_of(range(1, 1001), [])
    pages = _walked(fetch, _AllAtOnce(fetch), 3)
    n_come = 0
    for page in pages:
        n_come += len(page.ids)
        assert page.n_to_come == 1000 - n_come
    assert pages[-1].is_last


def test_after_each_miss_twice_as_many_pages_are_walked_one_at_a_time():
    calls = []
    fetch = _list_of(range(1, 20_001), calls)
    beside = _AllAtOnce(fetch, lost=range(1, 1000))
    pages = _walked(fetch, beside, 2)
    assert sum(len(page.ids) for page in pages) == 20_000
    # Two hundred pages: after 2, 4, 8, 16 … of them one more is asked for in vain.
    assert beside.n_rounds == 7


def test_nothing_is_handed_on_after_the_last_page():
    calls = []
    whole = _list_of(range(1, 5001), calls)
    totals = iter((150, 5000, 3))

    def fetch(modified_from, number):
        # It grows at once, and then nearly all of it vanishes.
        page, total = whole(modified_from, number), next(totals)
        return Page(page.rows[:total], total, page.number, page.per_page)

    pages = _walked(fetch, _AllAtOnce(whole), 3)
    assert calls[-1] == (1, 100)
    assert len(calls) == 5
    assert [page.is_last for page in pages] == [False, False, True]


def test_in_a_crowded_second_too_each_page_says_how_many_are_to_come():
    fetch = _list_of([7] * 250 + [9], [])

    def distinct(modified_from, number):
        page = fetch(modified_from, number)
        first = 100 * (number - 1) if page.total > 1 else 250
        rows = [Row(str(first + at), row.modified, row.second, row.body) for at, row in enumerate(page.rows)]
        return Page(rows, page.total, page.number, page.per_page)

    pages = list(walk(distinct, Cursor(), lambda: None))
    assert sum(len(page.ids) for page in pages) == 251
    assert [page.n_to_come for page in pages][:3] == [151, 51, 0]
    assert pages[-1].n_to_come == 0
