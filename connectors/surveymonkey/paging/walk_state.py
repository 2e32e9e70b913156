"""What a walk over the responses knows, and what it makes of each page that comes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Cursor, ResponsePage
from connectors.surveymonkey.paging.next_page import (
    ASKED_PER_PAGE,
    LOOKS_AGAIN,
    Finished,
    Place,
    advance,
    is_doubtful,
    is_full,
    latest_row,
)
from connectors.surveymonkey.paging.slices import Slice, calls_to_end, is_plain, joins, slices_after
from connectors.surveymonkey.transport.instants import filter_text, seconds_of

if TYPE_CHECKING:
    from connectors.surveymonkey.payloads import Page, Row


# A walk ends by construction: a quiet one takes one call a page, a crowded second up to six.
CALLS_A_PAGE = 6
SPARE_CALLS = 50
# As many responses may come in during a walk as there were before it, and these.
GROWTH = 10_000

_UNSEEN = object()


class Walked:
    """What a walk knows: its place, what it has handed on, and what the platform counted at its start.

    cursor: where a later walk may go on. Half-way down it would have to come down again.
    is_over: it came to its end. went_back: it has just begun once more, by position.
    error: to be raised once what came is handed on.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._start = _second(cursor)
        self.place = Place(self._start, max(1, cursor.page))
        self.cursor = cursor
        self.is_over = False
        self.went_back = False
        self.error: SourceUnreachableError | None = None
        self._seen: dict[str, str | None] = {}
        self._stretch: set[str] = set()
        self._first_total: int | None = None
        self._calls = 0
        self._page_size = ASKED_PER_PAGE
        self._last_id: str | None = None
        self._up_to_id: str | None = None
        self._claimed_end: Finished | None = None
        self._has_gone_back = False
        self._minds_links = True
        self._n_to_come = 0
        self._in_hand: Page | None = None
        self._rows_a_page = 0
        self._misses = 0
        self._pages_alone = 0

    @property
    def calls_to_end(self) -> int:
        """Calls that suffice for what is to come."""
        return calls_to_end(self._rows_a_page, self._n_to_come)

    def slices(self, most: int) -> list[Slice]:
        """What to ask for beside the page at this place."""
        if self._in_hand is None or self._pages_alone or self._claimed_end or not is_plain(self.place):
            return []
        return slices_after(self._in_hand, self._rows_a_page, self._n_to_come, most)

    def join(self, asked: Slice, page: Page | None) -> list[Row] | None:
        """Take the page that came for a slice and give the rows to hand on; None if it doesn't join on.

        After each miss twice as many pages are walked alone: on a platform that is unwell, or changes
        fast, few calls are wasted.
        """
        if page is None or self.is_over or not joins(self.place, page, asked, self._last_id):
            self._misses += 1
            self._pages_alone = 2**self._misses
            return None
        self._calls += 1
        fresh = [row for row in page.rows if self._is_new(row)]
        self._n_to_come = max(0, page.total - asked.end)
        self._in_hand = page
        self._last_id = page.rows[-1].response_id
        self._stretch.clear()
        self._go_to(Place(_before_last(page)))
        return fresh

    def handed_on(self, rows: list[Row]) -> ResponsePage:
        """*rows* as a page, with what is known once they are taken."""
        return ResponsePage(
            ids=[row.response_id for row in rows],
            bodies=[row.body for row in rows],
            after=self.cursor,
            is_last=self.is_over,
            n_to_come=0 if self.is_over else self._n_to_come,
        )

    def take(self, page: Page) -> list[Row]:
        """Take the page that came for the place, move on, and give the rows to hand on."""
        self._calls += 1
        self.went_back = False
        page = self._believed(page)
        fresh = [row for row in page.rows if self._is_new(row)]
        came = self._seen if self._has_gone_back or self._claimed_end else self._stretch
        self._n_to_come = max(0, page.total - len(came))
        if is_doubtful(self.place, page, self._last_id) and self.place.looks < LOOKS_AGAIN:
            self.place = replace(self.place, looks=self.place.looks + 1)
        elif self._claimed_end is not None:
            self._check_end(self._claimed_end, page)
        else:
            self._move(page)
        if not self.is_over and self.error is None and self._calls >= self._calls_allowed():
            self.error = _endless(self._calls, len(self._seen))
        return fresh

    def _believed(self, page: Page) -> Page:
        """*page*, without what its link says if that disagrees however often: so the platform writes it."""
        if page.since not in {None, self.place.since} and self.place.looks == LOOKS_AGAIN:
            self._minds_links = False
        return page if self._minds_links else replace(page, since=None)

    def _is_new(self, row: Row) -> bool:
        self._stretch.add(row.response_id)
        if self._seen.get(row.response_id, _UNSEEN) == row.modified:
            return False
        self._seen[row.response_id] = row.modified
        return True

    def _move(self, page: Page) -> None:
        if self._first_total is None:
            self._first_total = page.total
            self._page_size = _size_of(page)
        if not self.place.top:
            latest = latest_row(self.place.since, page)
            self._up_to_id = latest.response_id if latest else None
        if page.total < len(page.rows):
            self.error = _disagreement(len(self._stretch))
            return
        onward = advance(self.place, page, len(self._stretch))
        if isinstance(onward, Finished):
            self._finish(onward)
        else:
            if onward.since != self.place.since:
                self._stretch.clear()
                self._last_id = self._up_to_id
            self._in_hand = page
            self._rows_a_page = len(page.rows) if is_full(page) else 0
            self._pages_alone = max(0, self._pages_alone - 1)
            self._go_to(onward)

    def _go_to(self, place: Place) -> None:
        self.place = place
        self.cursor = Cursor(text_of(place.since), place.top or place.page)

    def _finish(self, end: Finished) -> None:
        if not end.agrees:
            self.error = _disagreement(len(self._stretch))
        elif self._has_gone_back or len(self._seen) >= (self._first_total or 0):
            self.is_over = True
            self._go_to(Place(end.since))
        else:
            # Fewer than were counted at first: deleted since, or missed. A look at the count tells,
            # and the cursor waits for it.
            self._claimed_end = end
            self._last_id = None
            self.place = Place(self._start)

    def _check_end(self, end: Finished, page: Page) -> None:
        if page.total <= len(self._seen):
            self.is_over = True
            self._go_to(Place(end.since))
        elif self.place.looks < LOOKS_AGAIN:
            self.place = replace(self.place, looks=self.place.looks + 1)
        else:
            self._claimed_end = None
            self._has_gone_back = self.went_back = True
            self._stretch.clear()
            self._go_to(Place(self._start, by_time=False, onward=end.since))

    def _calls_allowed(self) -> int:
        first = self._first_total or 0
        expected = min(max(first, len(self._seen)), 2 * first + GROWTH)
        return SPARE_CALLS + CALLS_A_PAGE * -(-expected // self._page_size)


def _second(cursor: Cursor) -> int | None:
    if cursor.modified_from is None:
        return None
    second = seconds_of(cursor.modified_from)
    if second is None:
        raise ValueError("a cursor's modified_from is an ISO 8601 instant, or None")
    return second


def text_of(second: int | None) -> str | None:
    return None if second is None else filter_text(second)


def _before_last(page: Page) -> int | None:
    """The second before that of the last row; None where it has none."""
    second = page.rows[-1].second
    return None if second is None else second - 1


def _size_of(page: Page) -> int:
    """Responses that the platform gives a page, as far as its first one shows."""
    size = min(ASKED_PER_PAGE, page.per_page or ASKED_PER_PAGE)
    if 0 < len(page.rows) < page.total:
        size = min(size, len(page.rows))
    return max(1, size)


def _disagreement(n_given: int) -> SourceUnreachableError:
    return SourceUnreachableError(
        f"SurveyMonkey's count of responses and those that it gives ({n_given}) disagree, also when asked "
        "again. What came is kept; run again later. If it stays so, compare with the count on the survey's "
        "page there: a plan's limit hides responses."
    )


def _endless(n_calls: int, n_given: int) -> SourceUnreachableError:
    return SourceUnreachableError(
        f"The walk over the responses took {n_calls} calls for {n_given} responses and came to no end. "
        "What came is kept; run again. If it happens again, the platform's paging has changed: report it."
    )
