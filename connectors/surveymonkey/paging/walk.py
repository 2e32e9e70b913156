"""The walk over the responses: each handed on once, with a cursor after each page from which to go on."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Cursor, ResponsePage
from connectors.surveymonkey.paging.next_page import (
    ASKED_PER_PAGE,
    LOOKS_AGAIN,
    Finished,
    Request,
    advance,
    is_doubtful,
    latest_row,
)
from connectors.surveymonkey.payloads import Page, Row, filter_text, seconds_of

# A walk ends by construction: a quiet one takes one call a page, a crowded second up to six.
CALLS_A_PAGE = 6
SPARE_CALLS = 50
# As many responses may come in during a walk as there were before it, and these.
GROWTH = 10_000


def walk(
    fetch: Callable[[str | None, int], Page], cursor: Cursor, pause: Callable[[], None]
) -> Iterator[ResponsePage]:
    """Hand on every response modified since a cursor, each version once, page by page.

    A response that stays as it is during the walk is handed on, whatever happens to the
    others; one that is changed meanwhile is handed on by this walk or by the next.
    ``after`` of each page is safe to go on from, and the last page alone has ``is_last``.

    *fetch* asks for the page at a position among the responses modified since an instant (as the
    platform's filters take it; None: all), sorted by date_modified. *pause* waits a little before
    a page that can't be right is asked for again.

    Raises:
        SourceUnreachableError: the platform's counts and what it gives disagree, or the calls
            that such a walk can need are used up. What was handed on stays good.
    """
    walked = _Walked(cursor)
    while not walked.is_over:
        fresh = walked.take(fetch(_text(walked.request.since), walked.request.page))
        # A page without rows is handed on too where it alone tells that the cursor was set back.
        if fresh or walked.is_over or walked.went_back:
            yield walked.handed_on(fresh)
        if walked.error is not None:
            raise walked.error
        if walked.request.looks:
            pause()


def rewound(cursor: Cursor, seconds: int) -> Cursor:
    """*cursor* set back by *seconds*, for a new night: responses that the platform stored late under an
    earlier instant are met then. One that points into a crowded second stays as it is.
    """
    since = _second(cursor)
    return cursor if since is None or cursor.page > 1 else Cursor(filter_text(max(0, since - seconds)))


class _Walked:
    """What a walk knows: its request, what it has handed on, and what the platform counted at its start.

    request: what to ask for next. cursor: where a later walk may go on.
    is_over: it came to its end. went_back: the last page made it begin once more, by position.
    error: to be raised once what came is handed on.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._start = _second(cursor)
        self.request = Request(self._start, max(1, cursor.page))
        self.cursor = cursor
        self.is_over = False
        self.went_back = False
        self.error: SourceUnreachableError | None = None
        self._handed_on: dict[str, str | None] = {}  # id to date_modified: of an edited one the latest
        self._in_stretch: set[str] = set()  # ids that came since the walk arrived at request.since
        self._last_id: str | None = None  # the response at which it left off to arrive there
        self._latest_id: str | None = None  # that of the page at which it will leave off next
        self._first_total: int | None = None
        self._page_size = ASKED_PER_PAGE
        self._n_to_come = 0
        self._n_calls = 0
        self._minds_links = True
        self._claimed_end: Finished | None = None
        self._has_gone_back = False

    def take(self, page: Page) -> list[Row]:
        """Take the page that came for the request, move on, and give the rows to hand on."""
        self._n_calls += 1
        self.went_back = False
        page = self._believed(page)
        # Rows of a doubtful page are good whatever was asked for: only what they say of the order isn't.
        fresh = [row for row in page.rows if self._is_new(row)]
        came = self._handed_on if self._has_gone_back or self._claimed_end else self._in_stretch
        self._n_to_come = max(0, page.total - len(came))
        if is_doubtful(self.request, page, self._last_id) and self.request.looks < LOOKS_AGAIN:
            self._look_again()
        elif self._claimed_end is not None:
            self._check_end(self._claimed_end, page)
        else:
            self._move(page)
        if not self.is_over and self.error is None and self._n_calls >= self._calls_allowed():
            self.error = _endless(self._n_calls, len(self._handed_on))
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

    def _believed(self, page: Page) -> Page:
        """*page*, without what its link says if that disagrees however often: so the platform writes it.

        A link of another time once or twice shows an old answer, given again by something in between.
        """
        if page.since not in {None, self.request.since} and self.request.looks == LOOKS_AGAIN:
            self._minds_links = False
        return page if self._minds_links else replace(page, since=None)

    def _is_new(self, row: Row) -> bool:
        """Whether this version of the response has not been handed on: pages overlap, and rows are edited."""
        self._in_stretch.add(row.response_id)
        is_known = row.response_id in self._handed_on
        if is_known and self._handed_on[row.response_id] == row.modified:
            return False
        self._handed_on[row.response_id] = row.modified
        return True

    def _look_again(self) -> None:
        self.request = replace(self.request, looks=self.request.looks + 1)

    def _move(self, page: Page) -> None:
        if self._first_total is None:
            self._first_total = page.total
            self._page_size = _size_of(page)
        if not self.request.top:
            latest = latest_row(self.request.since, page)
            self._latest_id = latest.response_id if latest else None
        if page.total < len(page.rows):
            self.error = _disagreement(len(self._in_stretch))
            return
        onward = advance(self.request, page, len(self._in_stretch))
        if isinstance(onward, Finished):
            self._finish(onward)
            return
        if onward.since != self.request.since:
            self._in_stretch.clear()
            self._last_id = self._latest_id
        self._go_to(onward)

    def _go_to(self, request: Request) -> None:
        self.request = request
        # A walk that goes on half-way down has to come down again, so it begins at the top.
        self.cursor = Cursor(_text(request.since), request.top or request.page)

    def _finish(self, end: Finished) -> None:
        if not end.agrees:
            self.error = _disagreement(len(self._in_stretch))
        elif self._has_gone_back or len(self._handed_on) >= (self._first_total or 0):
            self.is_over = True
            self._go_to(Request(end.since))
        else:
            # Fewer than were counted at first: deleted since, or missed. A look at the count from the
            # start tells, and the cursor waits for it.
            self._claimed_end = end
            self._last_id = None
            self.request = Request(self._start)

    def _check_end(self, end: Finished, page: Page) -> None:
        """End if *page*, the first one asked for anew, counts no more than came; else go back, once."""
        if page.total <= len(self._handed_on):
            self.is_over = True
            self._go_to(Request(end.since))
        elif self.request.looks < LOOKS_AGAIN:
            self._look_again()
        else:
            self._claimed_end = None
            self._has_gone_back = self.went_back = True
            self._in_stretch.clear()
            # By position from the start: the order by time is what has missed them.
            self._go_to(Request(self._start, by_time=False, onward=end.since))

    def _calls_allowed(self) -> int:
        first = self._first_total or 0
        expected = min(max(first, len(self._handed_on)), 2 * first + GROWTH)
        return SPARE_CALLS + CALLS_A_PAGE * -(-expected // self._page_size)


def _second(cursor: Cursor) -> int | None:
    if cursor.modified_from is None:
        return None
    second = seconds_of(cursor.modified_from)
    if second is None:
        raise ValueError("a cursor's modified_from is an ISO 8601 instant, or None")
    return second


def _text(second: int | None) -> str | None:
    return None if second is None else filter_text(second)


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
