"""Dates of an export file made instants: how they are written is found out over all of them together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.ids import BLANKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from zoneinfo import ZoneInfo

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
YEARS = range(1900, 2200)
DIGITS_OF_A_SHORT_YEAR = 2
LAST_SHORT_YEAR_OF_THIS_CENTURY = 68  # as in POSIX strptime: 69 to 99 are of the 20th
HALF_A_DAY = 12  # hours
# An end may stand before its start on the clock where the clock was set back between them: nowhere by more.
MOST_SET_BACK = timedelta(hours=3)
CELLS_REMEMBERED = 2**16

_OTHER = {MONTH_FIRST: DAY_FIRST, DAY_FIRST: MONTH_FIRST}
_IN_EITHER, _ALIKE = "in either order", "alike in both"
_NUMBERED, _ISO, _SERIAL = "day and month in numbers", "ISO", "spreadsheet serial number"
_BLANK, _UNREADABLE = "blank", "unreadable"

_CLOCK = (
    r"(?:(?:,?\s+|T)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?(?:\s*([AP])\.?M\.?)?"
    r"\s*(Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _CLOCK, re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})" + _CLOCK, re.IGNORECASE)
_DAYS = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
_FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_DAY_SECONDS = 86_400
_SAY_WHICH = f"run again with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"


@dataclass(frozen=True, slots=True)
class Instants:
    """The instants of one file's columns of dates.

    texts: for each column its cells, ISO 8601 in UTC to the second (``2026-11-24T02:15:00+00:00``);
        None where the cell is blank or unreadable.
    format: how the dates are written, in words for people.
    n_unreadable: cells that hold something and are no date as *format* says.
    n_folded: times that the clock showed twice as summer time ended; the first of both is taken.
    n_missing_hour: times that the clock skipped as summer time began; moved forward by what it skipped.
    """

    texts: list[list[str | None]]
    format: str
    n_unreadable: int
    n_folded: int
    n_missing_hour: int


class _Cell(NamedTuple):
    """What a cell says: the day by either order of day and month, None where the order gives none.

    clock: which one, in words. seconds: since midnight on it. offset: of the clock from UTC, if stated.
    """

    way: str
    by_month: date | None = None
    by_day: date | None = None
    clock: str = ""
    seconds: int = 0
    offset: str | None = None

    @property
    def fits(self) -> str:
        if self.by_month == self.by_day:
            return _ALIKE
        if self.by_month and self.by_day:
            return _IN_EITHER
        return MONTH_FIRST if self.by_month else DAY_FIRST


def read_instants(
    columns: Sequence[Sequence[str]], *, order: str | None, zone: ZoneInfo, date_1904: bool = False
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
    read = lru_cache(CELLS_REMEMBERED)(partial(_read, first_day=_FIRST_DAY[date_1904]))
    seen = Counter((cell.way, cell.fits, cell.clock) for cell in map(read, chain.from_iterable(columns)))
    _refuse_mixed_ways(seen)
    chosen = _order(seen, order, partial(_order_by_rows, columns, read, zone))

    changes: Counter[str] = Counter()
    texts = [list(_texts(map(read, column), chosen, zone, changes)) for column in columns]
    return Instants(
        texts, _words(seen, chosen), changes["unreadable"], changes["folded"], changes["missing hour"]
    )


def _texts(cells: Iterator[_Cell], order: str, zone: ZoneInfo, changes: Counter[str]) -> Iterator[str | None]:
    for cell in cells:
        wall = _wall(cell, order, zone)
        if wall is None:
            changes["unreadable"] += cell.way != _BLANK
            yield None
            continue
        instant, if_second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if instant != if_second:
            changes["folded" if instant < if_second else "missing hour"] += 1
        yield instant.isoformat()


def _wall(cell: _Cell, order: str, zone: ZoneInfo) -> datetime | None:
    day = cell.by_month if order == MONTH_FIRST else cell.by_day
    if day is None:
        return None
    minutes, second = divmod(cell.seconds, 60)
    hour, minute = divmod(minutes, 60)
    tz = _offset(cell.offset) if cell.offset else zone
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=tz)


def _read(cell: str, *, first_day: date) -> _Cell:
    text = cell.strip(BLANKS)
    if not text:
        return _Cell(_BLANK)
    if numbered := _YEAR_LAST.fullmatch(text):
        first, _, second, year, *clock = numbered.groups()
        return _dated(_NUMBERED, _days(first, second, year), clock)
    if iso := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *clock = iso.groups()
        return _dated(_ISO, (_days(month, day, year)[0],) * 2, clock)
    if _DAYS.fullmatch(text):
        return _counted(text, first_day)
    return _Cell(_UNREADABLE)


def _dated(way: str, days: tuple[date | None, date | None], clock: list[str | None]) -> _Cell:
    hour, minute, second, half, offset = clock
    seconds = _seconds(int(hour or 0), int(minute or 0), int(second or 0), half)
    if seconds is None or days == (None, None):
        return _Cell(_UNREADABLE)
    named = "12-hour clock" if half else "24-hour clock" if hour else "no time of day"
    return _Cell(way, *days, named, seconds, offset)


def _counted(text: str, first_day: date) -> _Cell:
    seconds = round(float(text.replace(",", ".")) * _DAY_SECONDS)
    day = first_day + timedelta(seconds // _DAY_SECONDS)
    return _Cell(_SERIAL, day, day, "", seconds % _DAY_SECONDS) if day.year in YEARS else _Cell(_UNREADABLE)


@lru_cache(CELLS_REMEMBERED)
def _days(first: str, second: str, year: str) -> tuple[date | None, date | None]:
    full = int(year)
    if len(year) <= DIGITS_OF_A_SHORT_YEAR:
        full += 2000 if full <= LAST_SHORT_YEAR_OF_THIS_CENTURY else 1900
    return _day(full, int(first), int(second)), _day(full, int(second), int(first))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _seconds(hour: int, minute: int, second: int, half: str | None) -> int | None:
    if half:
        if not 1 <= hour <= HALF_A_DAY:
            return None
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half in "Pp" else 0)
    try:
        time(hour, minute, second)
    except ValueError:
        return None
    return (hour * 60 + minute) * 60 + second


@lru_cache(CELLS_REMEMBERED)
def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)


def _order(seen: Counter[tuple[str, str, str]], order: str | None, by_rows: Callable[[], str | None]) -> str:
    fits: Counter[str] = Counter()
    for (_, fit, _), n in seen.items():
        fits[fit] += n
    n_month, n_day, n_either = fits[MONTH_FIRST], fits[DAY_FIRST], fits[_IN_EITHER]
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


def _order_by_rows(
    columns: Sequence[Sequence[str]], read: Callable[[str], _Cell], zone: ZoneInfo
) -> str | None:
    """The one order by which no end lies before its start, if by the other some do."""
    starts, *others = columns
    if not others:
        return None
    backwards: set[str] = set()
    for cells in zip(starts, *others, strict=False):
        start, end = map(read, cells)
        for order in _OTHER.keys() - backwards:
            began, ended = _wall(start, order, zone), _wall(end, order, zone)
            if began and ended and ended.astimezone(UTC) < began.astimezone(UTC) - MOST_SET_BACK:
                backwards.add(order)
    return _OTHER[backwards.pop()] if len(backwards) == 1 else None


def _refuse_mixed_ways(seen: Counter[tuple[str, str, str]]) -> None:
    ways: Counter[str] = Counter()
    for (way, _, _), n in seen.items():
        ways[way] += n
    n_numbered, n_stored = ways[_NUMBERED], ways[_ISO] + ways[_SERIAL]
    if n_numbered and n_stored:
        # It took as dates what fitted the order of its own country, and left the days above 12 as texts.
        raise ExportRefusedError(
            f"The dates are written in two ways: {n_numbered} with {_NUMBERED} and {n_stored} as a"
            " spreadsheet keeps them; it may have swapped day and month there. Export the responses again"
            " and don't save the file in a spreadsheet."
        )


def _words(seen: Counter[tuple[str, str, str]], order: str) -> str:
    ways = {way for way, _, _ in seen} - {_BLANK, _UNREADABLE}
    if _NUMBERED not in ways:
        return " and ".join(sorted(ways)) or "no dates"
    first = order.replace("-", " ") if {fit for _, fit, _ in seen} != {_ALIKE} else "day and month alike"
    clocks = " and ".join(sorted({clock for _, _, clock in seen} - {""}))
    return f"{first}, {clocks}"
