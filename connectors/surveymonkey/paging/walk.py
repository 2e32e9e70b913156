"""The walk over the responses: each handed on once, with a place after each page from which to go on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.walk_state import Walked, text_of
from connectors.surveymonkey.transport.instants import filter_text, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from connectors.survey.contract import ResponsePage
    from connectors.surveymonkey.paging.slices import Slice
    from connectors.surveymonkey.payloads import Page

    # Asks for slices of the responses since an instant, told how many calls the walk may still need.
    # Gives their pages in turn, None for one that didn't come, or none at all; leaving it gives up the rest.
    Beside = Callable[[str | None, Sequence[Slice], int], AbstractContextManager[Iterator[Page | None]]]


@contextmanager
def nothing_beside(*_: object) -> Iterator[Iterator[Page | None]]:
    """Ask for no page before its turn."""
    yield iter(())


def walk(
    fetch: Callable[[str | None, int], Page],
    cursor: Cursor,
    pause: Callable[[], None],
    *,
    in_flight: int = 1,
    beside: Beside = nothing_beside,
) -> Iterator[ResponsePage]:
    """Hand on every response modified since a cursor, each version once, page by page.

    A response that stays as it is during the walk is handed on, whatever happens to the
    others; one that is changed meanwhile is handed on by this walk or by the next.
    ``after`` of each page is safe to go on from, and the last page alone has ``is_last``.

    *fetch* asks for the page at a position among the responses modified since an instant (as the
    platform's filters take it; None: all), sorted by date_modified. *pause* waits a little before
    a page that can't be right is asked for again. Where many pages are to come, up to *in_flight* are
    asked for at a time, those after the first by *beside*.

    Raises:
        SourceUnreachableError: the platform's counts and what it gives disagree, or the calls
            that such a walk can need are used up. What was handed on stays good.
    """
    walked = Walked(cursor)
    while not walked.is_over:
        since = text_of(walked.place.since)
        slices = walked.slices(in_flight - 1)
        with beside(since, slices, walked.calls_to_end) as coming:
            fresh = walked.take(fetch(since, walked.place.page))
            if fresh or walked.is_over or walked.went_back:
                yield walked.handed_on(fresh)
            if walked.error is not None:
                raise walked.error
            for asked, page in zip(slices, coming, strict=False):
                joined = walked.join(asked, page)
                if joined is None:
                    break
                if joined:
                    yield walked.handed_on(joined)
        if walked.place.looks:
            pause()


def rewound(cursor: Cursor, seconds: int) -> Cursor:
    """*cursor* set back by *seconds*, for a new night: responses that the platform stored late under an
    earlier instant are met then. One that points into a crowded second stays as it is.
    """
    since = seconds_of(cursor.modified_from)
    if since is None or cursor.page > 1:
        return cursor
    return Cursor(filter_text(max(0, since - seconds)))
