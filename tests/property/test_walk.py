"""The walk over a platform that changes under it: nothing that stays is missed, and it ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import event, given
from hypothesis import strategies as st

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.walk import rewound, walk
from connectors.surveymonkey.payloads import Page, Row, filter_text, seconds_of
from tests.examples import examples

BEGIN = 1_790_000_000


@dataclass
class Platform:
    """Responses by id with the second of their last change; each call may bring changes with it.

    has_steady_ties: whether those of one second always come in the same order.
    """

    modified: dict[int, int]
    changes: dict[int, list[tuple[str, int]]]
    takes_in_bound: bool
    per_page: int
    has_steady_ties: bool = True
    now: int = BEGIN + 100_000
    n_calls: int = 0
    touched: set[int] = field(default_factory=set)

    def fetch(self, modified_from: str | None, number: int) -> Page:
        self.n_calls += 1
        per_page = self.per_page
        for kind, which in self.changes.get(self.n_calls, []):
            self._change(kind, which)
        since = seconds_of(modified_from)
        turn = 1 if self.has_steady_ties else (-1) ** self.n_calls
        found = sorted(
            ((second, key) for key, second in self.modified.items() if self._is_in(second, since)),
            key=lambda one: (one[0], turn * one[1]),
        )
        first = (number - 1) * per_page
        rows = [_row(key, second) for second, key in found[first : first + per_page]]
        return Page(rows, len(found), number, per_page, clock=self.now)

    def _is_in(self, second: int, since: int | None) -> bool:
        return since is None or second > since or (self.takes_in_bound and second == since)

    def _change(self, kind: str, which: int) -> None:
        self.now += which % 3
        if kind == "add" or not self.modified:
            key = max(self.modified, default=0) + 1
            self.modified[key] = self.now
            self.touched.add(key)
            return
        key = sorted(self.modified)[which % len(self.modified)]
        self.touched.add(key)
        if kind == "edit":
            self.modified[key] = self.now
        else:
            del self.modified[key]


def _row(key: int, second: int) -> Row:
    modified = filter_text(second) + "+00:00"
    return Row(str(key), modified, second, f'{{"id":"{key}","date_modified":"{modified}"}}')


KINDS = ("edit", "delete", "add")


@st.composite
def platforms(
    draw: st.DrawFn, sizes=(0, 1, 5, 30, 120), seconds=(1, 3, 10, 50), pages=(3, 7, 20, 100), steady=(True,)
):
    """Few seconds for many responses: crowded ones are the rule here."""
    chance = draw(st.randoms(use_true_random=False))
    n_responses = draw(st.sampled_from(sizes))
    n_seconds = draw(st.sampled_from(seconds))
    calls = chance.sample(range(1, 61), draw(st.integers(0, 40)))
    modified = {key: BEGIN + chance.randrange(n_seconds) for key in range(1, n_responses + 1)}
    per_page = draw(st.sampled_from(pages))
    return Platform(
        modified=modified,
        changes={
            call: [(chance.choice(KINDS), chance.randrange(10_000)) for _ in range(chance.randrange(1, 5))]
            for call in calls
        },
        takes_in_bound=draw(st.booleans()),
        per_page=per_page,
        has_steady_ties=draw(st.sampled_from(steady)) or _is_crowded(modified, per_page),
    )


def _is_crowded(modified: dict[int, int], per_page: int) -> bool:
    """Whether some seconds hold so much that the walk goes by position: then ties must be steady."""
    held = Counter(modified.values())
    seconds = list(held)
    return any(held[one] + held[one + 1] + held[one + 2] > per_page / 2 for one in seconds)


def large_platforms():
    """Many pages by time, of seconds whose responses may come in another order with each call."""
    return platforms(
        sizes=(300, 900), seconds=(600, 3000, 20_000), pages=(40, 60), steady=(True, False, False)
    )


def _kept(
    platform: Platform, cursor: Cursor, *, calls: int | None = None
) -> tuple[dict[str, str], Cursor, bool]:
    """What a walk hands on, the cursor kept last, and whether it came to its end; stopped after *calls*."""
    kept: dict[str, str] = {}
    stop_at = None if calls is None else platform.n_calls + calls
    for page in walk(platform.fetch, cursor, lambda: None):
        kept.update(zip(page.ids, page.bodies, strict=True))
        cursor = page.after
        if page.is_last:
            return kept, cursor, True
        if stop_at is not None and platform.n_calls >= stop_at:
            return kept, cursor, False
    raise AssertionError("a walk ends with a page that says so")


@examples(4)
@given(platforms() | large_platforms())
def test_a_response_that_stays_as_it_is_during_the_walk_is_handed_on(platform):
    n_first = len(platform.modified)

    try:
        kept, _, _ = _kept(platform, Cursor())
    except SourceUnreachableError:
        event("counts disagreed")
        return

    still = {str(key) for key in platform.modified if key not in platform.touched}
    assert still <= kept.keys()
    assert platform.n_calls <= 50 + 6 * -(-2 * (n_first + 100) // platform.per_page)


@examples(3)
@given(platforms() | large_platforms(), st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_walks_cut_off_anywhere_together_bring_the_platform_as_it_is_in_the_end(platform, cuts):
    kept: dict[str, str] = {}
    cursor = Cursor()
    for calls in cuts:
        try:
            some, cursor, _ = _kept(platform, cursor, calls=calls)
        except SourceUnreachableError:
            event("counts disagreed")
            return
        kept.update(some)
    platform.changes.clear()
    is_over = False
    for _ in range(3):
        some, cursor, is_over = _kept(platform, cursor)
        kept.update(some)

    assert is_over
    assert {key: kept.get(key) for key in _held(platform)} == _held(platform)


def _held(platform: Platform) -> dict[str, str]:
    return {str(key): _row(key, second).body for key, second in platform.modified.items()}


@given(platforms())
def test_nothing_is_handed_on_twice_and_a_second_walk_brings_only_the_overlap(platform):
    platform.changes.clear()
    handed_on = [key for page in walk(platform.fetch, Cursor(), lambda: None) for key in page.ids]
    assert sorted(handed_on) == sorted(map(str, platform.modified))

    _, cursor, _ = _kept(platform, Cursor())
    before = platform.n_calls
    again, after, _ = _kept(platform, cursor)
    latest = max(platform.modified.values(), default=0)
    assert {seconds_of(cursor.modified_from)} <= {None, *range(latest - 2, latest + 1)}
    assert all(platform.modified[int(key)] >= latest - 1 for key in again)
    assert after == cursor
    assert platform.n_calls - before <= 1 + 2 * (len(again) // platform.per_page + 1)


@given(platforms(), st.randoms(use_true_random=False))
def test_pages_in_no_order_are_walked_by_position_until_the_counts_agree(platform, chance):
    platform.changes.clear()
    order = sorted(platform.modified)
    chance.shuffle(order)

    def fetch(modified_from: str | None, number: int) -> Page:
        page = platform.fetch(modified_from, 1)
        since = seconds_of(modified_from)
        found = [key for key in order if platform._is_in(platform.modified[key], since)]
        first = (number - 1) * platform.per_page
        rows = [_row(key, platform.modified[key]) for key in found[first : first + platform.per_page]]
        return Page(rows, page.total, number, platform.per_page)

    pages = list(walk(fetch, Cursor(), lambda: None))

    assert sorted(key for page in pages for key in page.ids) == sorted(map(str, order))
    assert pages[-1].is_last


@given(platforms(), st.sampled_from(["empty", "first", "short", "too many", "too few"]), st.integers(1, 9))
def test_a_platform_that_always_answers_wrongly_ends_the_walk_with_an_error_or_all_responses(
    platform, fault, every
):
    def fetch(modified_from: str | None, number: int) -> Page:
        page = platform.fetch(modified_from, number)
        if platform.n_calls % every:
            return page
        if fault == "empty":
            return Page([], page.total, page.number, page.per_page)
        if fault == "first":
            return Page(platform.fetch(None, 1).rows, page.total, page.number, page.per_page)
        if fault == "short":
            return Page(page.rows[: len(page.rows) // 2], page.total, page.number, page.per_page)
        return Page(page.rows, page.total + (3 if fault == "too many" else -3), page.number, page.per_page)

    platform.changes.clear()
    kept: dict[str, str] = {}
    try:
        for page in walk(fetch, Cursor(), lambda: None):
            kept.update(zip(page.ids, page.bodies, strict=True))
    except SourceUnreachableError:
        event("refused")
        return
    event("all came")
    assert kept.keys() == {str(key) for key in platform.modified}


def test_a_cursor_is_set_back_by_seconds_but_not_within_a_crowded_second():
    assert rewound(Cursor("2026-11-24T02:15:00"), 900) == Cursor("2026-11-24T02:00:00")
    assert rewound(Cursor("1970-01-01T00:00:10"), 900) == Cursor("1970-01-01T00:00:00")
    assert rewound(Cursor("2026-11-24T02:15:00", page=3), 900) == Cursor("2026-11-24T02:15:00", page=3)
    assert rewound(Cursor(), 900) == Cursor()
