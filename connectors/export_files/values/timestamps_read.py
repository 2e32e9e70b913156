"""Dates of an export file made instants: how they are written is found out over all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from connectors.export_files.cells.cell_text import Cells, n_answered
from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.values.date_column import ALIKE, IN_EITHER, DateColumn, Utc
from connectors.export_files.values.dates import (
    BLANK,
    DAY_FIRST,
    FIRST_DAY,
    ISO,
    MONTH_FIRST,
    NAMED,
    NO_CLOCK,
    NUMBERED,
    SERIAL,
    UNREADABLE,
)

# An end may stand before its start on the clock where the clock was set back between them: nowhere by more.
MOST_SET_BACK = 3 * 3600  # seconds

_OTHER = {MONTH_FIRST: DAY_FIRST, DAY_FIRST: MONTH_FIRST}
_SAY_WHICH = f"run again with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"


@dataclass(frozen=True, slots=True)
class Instants:
    """The instants of one file's columns of dates.

    columns: for each column its cells, ISO 8601 in UTC to the second (``2026-11-24T02:15:00+00:00``);
        null where the cell is blank or unreadable.
    format: how the dates are written, in words for people.
    n_unreadable: cells that hold something and are no date as *format* says.
    n_folded: times that the clock showed twice as summer time ended; the first of both is taken.
    n_missing_hour: times that the clock skipped as summer time began; moved forward by what it skipped.
    """

    columns: list[Cells]
    format: str
    n_unreadable: int
    n_folded: int
    n_missing_hour: int


def read_instants(
    columns: Sequence[Cells], *, order: str | None, zone: ZoneInfo, date_1904: bool = False
) -> Instants:
    """Make the dates in *columns*, the start and end dates of one file or one of them, instants.

    order: ``day-first``, ``month-first``, or None to find it out: from the days above 12, else from the
        ends, which can't lie before their starts. Only dates that don't begin with the year need it.
    zone: of the clock that wrote the dates; an offset in a cell wins over it.
    date_1904: serial numbers count from 1904, as old workbooks of the Mac do.
    A date without a time of day is its midnight.

    Raises:
        ExportRefusedError: the order can't be known, contradicts itself or isn't *order*; or a
            spreadsheet has made other dates of a part of the dates.
    """
    read = [DateColumn(column, FIRST_DAY[date_1904]) for column in columns]
    ways = sum((column.ways() for column in read), Counter[str]())
    orders = sum((column.orders() for column in read), Counter[str]())
    _refuse_mixed_ways(ways)
    chosen = _order(orders, order, partial(_order_by_rows, read, zone))
    found = [column.in_utc(chosen, zone) for column in read]
    return Instants(
        columns=[column.texts(utc) for column, utc in zip(read, found, strict=True)],
        format=_words(read, ways, orders, chosen),
        n_unreadable=sum(column.n_unreadable(utc) for column, utc in zip(read, found, strict=True)),
        n_folded=sum(column.n_cells(utc.is_folded) for column, utc in zip(read, found, strict=True)),
        n_missing_hour=sum(column.n_cells(utc.is_skipped) for column, utc in zip(read, found, strict=True)),
    )


def refuse_undated(name: str, ends: Cells, found: Cells) -> None:
    """*found*: the instants of *ends*, in a file that needs them.

    Raises:
        ExportRefusedError: few were readable, so they are written in a way that isn't known here.
    """
    n_read = len(found) - found.null_count
    n = n_answered(ends) or len(ends)
    if n_read * 2 < n:
        raise ExportRefusedError(
            f"{name}: {n - n_read:,} of {n:,} end dates can't be read, so nobody can tell which of a "
            "person's answers is the latest. Export “All responses data” anew, and import that file as it "
            "comes."
        )


def _order(orders: Counter[str], order: str | None, by_rows: Callable[[], str | None]) -> str:
    n_month, n_day, n_either = orders[MONTH_FIRST], orders[DAY_FIRST], orders[IN_EITHER]
    if n_month and n_day:
        if order is None:
            raise ExportRefusedError(
                f"The dates contradict one another: {n_month} can only be month first and {n_day} only day"
                f" first; {_SAY_WHICH}, and the others are left out as unreadable."
            )
        return order
    proven = (
        MONTH_FIRST if n_month else DAY_FIRST if n_day else by_rows() if n_either else order or MONTH_FIRST
    )
    if proven is None and order is None:
        raise ExportRefusedError(
            f"Day and month can be read both ways in each of the {n_either} dates; {_SAY_WHICH}."
        )
    if order and proven == _OTHER[order]:
        raise ExportRefusedError(
            f"The dates aren't {order}: {n_month or n_day or 'some'} of them make sense only {proven}, and"
            f" none only {order}; run again without --dates {order}."
        )
    return order or proven or MONTH_FIRST


def _order_by_rows(columns: Sequence[DateColumn], zone: ZoneInfo) -> str | None:
    """The one order by which no end lies before its start, if by the other some do."""
    if len(columns) == 1:
        return None
    backwards = [order for order in _OTHER if _goes_backwards(columns, order, zone)]
    return _OTHER[backwards[0]] if len(backwards) == 1 else None


def _goes_backwards(columns: Sequence[DateColumn], order: str, zone: ZoneInfo) -> bool:
    began, ended = (_by_cell(column, column.in_utc(order, zone)) for column in columns)
    n = min(len(began), len(ended))
    return bool((ended[:n] < began[:n] - MOST_SET_BACK).any())


def _by_cell(column: DateColumn, utc: Utc) -> NDArray[np.float64]:
    """The instant of each cell; NaN, which is before nothing, where there is none."""
    return np.where(utc.is_date, utc.seconds, np.nan)[column.codes]


def _refuse_mixed_ways(ways: Counter[str]) -> None:
    n_numbered, n_stored = ways[NUMBERED], ways[ISO] + ways[SERIAL] + ways[NAMED]
    if n_numbered and n_stored:
        # It took as dates what fitted the order of its own country, and left the days above 12 as texts.
        raise ExportRefusedError(
            f"The dates are written in two ways: {n_numbered} with {NUMBERED} and {n_stored} as a"
            " spreadsheet keeps them; it may have swapped day and month there. Export the responses again"
            " and don't save the file in a spreadsheet."
        )


def _words(read: Sequence[DateColumn], ways: Counter[str], orders: Counter[str], order: str) -> str:
    if NUMBERED not in ways:
        return " and ".join(sorted(ways.keys() - {BLANK, UNREADABLE})) or "no dates"
    first = order.replace("-", " ") if orders.keys() != {ALIKE} else "day and month alike"
    clocks = {clock for column in read for clock in column.clocks()} - {NO_CLOCK}
    return f"{first}, {' and '.join(sorted(clocks))}"
