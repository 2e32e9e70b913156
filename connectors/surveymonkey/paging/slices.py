"""Pages asked for before their turn, and whether they join on: decided here, without network or clock.

The list is sorted by date_modified, so a page of it, whenever it was taken, holds every response of
the seconds between that of its first row and that of its last. If it begins in an earlier second
than that at which the walk has arrived, nothing that stays as it is can lie between, whatever
shifted the positions meanwhile. So pages are asked for at positions that overlap by a few rows; one
that begins too late is thrown away, and the walk goes on by time as if it had never been asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from connectors.surveymonkey.paging.next_page import is_sorted, latest_row

if TYPE_CHECKING:
    from connectors.surveymonkey.paging.next_page import Place
    from connectors.surveymonkey.payloads import Page


# Where no more pages than this are to come, one after another costs the fewest calls.
FEW_PAGES = 5
# Rows of overlap beside those of the fullest second: one must be earlier, the others let rows vanish.
SPARE_ROWS = 2
# Of a slice's rows at least as large a share must be new, or it isn't worth its call: where seconds are
# crowded, and with many in flight, the overlaps grow.
LEAST_NEW = 0.75
# What a walk may cost over a call for each full page, as a share and in calls.
SPARE_SHARE = 0.2
SPARE_CALLS = 10


@dataclass(frozen=True, slots=True)
class Slice:
    """A page to ask for before its turn: its number, from 2, and how many rows a page is to hold."""

    number: int
    per_page: int

    @property
    def end(self) -> int:
        """How many rows of the list come up to its end."""
        return self.number * self.per_page


def slices_after(page: Page, size: int, n_to_come: int, most: int) -> list[Slice]:
    """Up to *most* slices that follow the page to be asked for next; none where they don't pay.

    page: the one that came last. size: rows that a page holds. n_to_come: responses after *page*.
    """
    overlap = _fullest_second(page) + SPARE_ROWS
    if n_to_come <= FEW_PAGES * size:
        return []
    slices: list[Slice] = []
    end = size
    for number in range(2, most + 2):
        found = Slice(number, (end - overlap) // (number - 1))
        # The last pages are left to the walk itself: it alone knows an end when it sees one.
        if found.end - end < LEAST_NEW * size or found.end + size > n_to_come:
            break
        slices.append(found)
        end = found.end
    return slices


def joins(place: Place, page: Page, asked: Slice, last_id: str | None) -> bool:
    """Whether *page*, which came for *asked*, holds all that follows *place* up to its last second.

    last_id: the response at which the walk has arrived.
    """
    seconds = [row.second for row in page.rows if row.second is not None]
    return (
        is_plain(place)
        and len(seconds) == len(page.rows) <= page.total
        and page.number in {None, asked.number}
        and is_sorted(page.rows)
        and any(row.response_id == last_id for row in page.rows)
        and latest_row(place.since, page) is page.rows[-1]
        and seconds[0] <= (place.since or 0) < seconds[-1] - 1
    )


def is_plain(place: Place) -> bool:
    """Whether the walk has just arrived at *place* by time: what it asks for next is a list's first page."""
    is_by_time = place.by_time and not place.top and place.page == 1
    return is_by_time and bool(place.since) and place.looks == 0 and place.rounds == 1


def calls_to_end(size: int, n_to_come: int) -> int:
    """Calls that suffice for so many responses, *size* a page, with something to spare."""
    return SPARE_CALLS + round((1 + SPARE_SHARE) * n_to_come / max(1, size))


def _fullest_second(page: Page) -> int:
    return max((len(list(rows)) for _, rows in groupby(row.second for row in page.rows)), default=0)
