"""What one cell of dates says, by either order of day and month; pure."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, UNSEEN

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
YEARS = range(1900, 2200)
DIGITS_OF_A_SHORT_YEAR = 2
LAST_SHORT_YEAR_OF_THIS_CENTURY = 68  # as in POSIX strptime: 69 to 99 are of the 20th
HALF_A_DAY = 12  # hours
DAY_SECONDS = 86_400
REMEMBERED = 2**16

NUMBERED, ISO, SERIAL = "day and month in numbers", "ISO", "spreadsheet serial number"
NAMED = "month by its name"
BLANK, UNREADABLE = "blank", "unreadable"
WAYS = (BLANK, UNREADABLE, NUMBERED, ISO, SERIAL, NAMED)
CLOCKS = NO_CLOCK, OF_12, OF_24, NO_TIME = "", "12-hour clock", "24-hour clock", "no time of day"
FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}  # of serial numbers; since 1904 if True

_UNSEEN = dict.fromkeys(map(ord, UNSEEN))  # inside dates that were copied
# Of the names of zones only those are read that mean one offset everywhere.
_CLOCK = (
    r"(?:(?:,?\s+(?:at\s+)?|T)([0-9]{1,2})(?P<colon>[:.])([0-9]{2})"
    r"(?:(?P=colon)([0-9]{2})(?:[.,][0-9]+)?)?(?:\s*([AP])\.?\s*M\.?)?"
    r"(?:\s*((?:UTC|GMT)?[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?|Z|UTC|GMT))?)?"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_DAY, _MONTH, _PART = r"([0-9]{1,2})(?:st|nd|rd|th|\.)?", r"([A-Z]{3,9})[.,]?", r"(?:\s+|[/.-])"


def _cell(day: str) -> re.Pattern[str]:
    return re.compile(day + _CLOCK, re.IGNORECASE)


_YEAR_LAST = _cell(r"([0-9]{1,2})([/.-])\s?([0-9]{1,2})\2\s?([0-9]{4}|[0-9]{2})\.?")
_YEAR_FIRST = _cell(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_NAMED_DAY_FIRST = _cell(_WEEKDAY + _DAY + _PART + _MONTH + _PART + r"([0-9]{4}|[0-9]{2})")
_NAMED_MONTH_FIRST = _cell(_WEEKDAY + _MONTH + _PART + _DAY + r",?\s+([0-9]{4})")
_NAMED_YEAR_FIRST = _cell(r"([0-9]{4})" + _PART + _MONTH + _PART + r"([0-9]{1,2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTH_NUMBERS = {name: at for at, long in enumerate(_MONTHS, 1) for name in (long, long[:3])} | {"sept": 9}
_DAYS = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")


class DateCell(NamedTuple):
    """What a cell says: the day by either order of day and month, None where the order gives none.

    way, clock: how it is written, of WAYS and CLOCKS. seconds: since midnight on that clock. offset: of the
    clock from UTC in seconds, if stated.
    """

    way: str
    by_month: date | None = None
    by_day: date | None = None
    clock: str = NO_CLOCK
    seconds: int = 0
    offset: int | None = None


def read_date(cell: str, *, first_day: date = FIRST_DAY[False]) -> DateCell:
    """*first_day*: the day nought of serial numbers, see FIRST_DAY."""
    text = cell.translate(_UNSEEN).strip(BLANK_CHARACTERS)
    if not text:
        return DateCell(BLANK)
    if numbered := _YEAR_LAST.fullmatch(text):
        first, _, second, year, *clock = numbered.groups()
        return _dated(NUMBERED, _days(first, second, year), clock)
    if iso := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *clock = iso.groups()
        return _dated(ISO, (_days(month, day, year)[0],) * 2, clock)
    if _DAYS.fullmatch(text):
        return _counted(text, first_day)
    return _named(text)


def _named(text: str) -> DateCell:
    if found := _NAMED_DAY_FIRST.fullmatch(text):
        day, month, year, *clock = found.groups()
    elif found := _NAMED_MONTH_FIRST.fullmatch(text):
        month, day, year, *clock = found.groups()
    elif found := _NAMED_YEAR_FIRST.fullmatch(text):
        year, month, day, *clock = found.groups()
    else:
        return DateCell(UNREADABLE)
    number = str(_MONTH_NUMBERS.get(month.lower(), 0))
    return _dated(NAMED, (_days(number, day, year)[0],) * 2, clock)


def _dated(way: str, days: tuple[date | None, date | None], clock: list[str | None]) -> DateCell:
    hour, _, minute, second, half, offset = clock
    seconds = _seconds(int(hour or 0), int(minute or 0), int(second or 0), half)
    if seconds is None or days == (None, None):
        return DateCell(UNREADABLE)
    named = OF_12 if half else OF_24 if hour else NO_TIME
    return DateCell(way, *days, named, seconds, _offset(offset) if offset else None)


def _counted(text: str, first_day: date) -> DateCell:
    seconds = round(float(text.replace(",", ".")) * DAY_SECONDS)
    day = first_day + timedelta(seconds // DAY_SECONDS)
    if day.year not in YEARS:
        return DateCell(UNREADABLE)
    return DateCell(SERIAL, day, day, NO_CLOCK, seconds % DAY_SECONDS)


@lru_cache(REMEMBERED)
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


@lru_cache(REMEMBERED)
def _offset(text: str) -> int:
    digits = text.upper().lstrip("UTCGMZ+-").replace(":", "").ljust(4, "0")
    ahead = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -ahead if "-" in text else ahead
