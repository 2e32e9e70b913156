"""What one cell of dates says, by either order of day and month; pure."""

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, UNSEEN

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
YEARS = range(1900, 2200)
DIGITS_OF_A_SHORT_YEAR = 2
LAST_SHORT_YEAR_OF_THIS_CENTURY = 68  # as in POSIX strptime: 69 to 99 are of the 20th
HALF_A_DAY = 12  # hours
DAY_SECONDS = 86_400

BLANK, UNREADABLE, NUMBERED, ISO, NAMED, SERIAL = range(6)  # how a date is written
STORED = {ISO: "ISO", NAMED: "month by its name", SERIAL: "spreadsheet serial number"}  # all but NUMBERED
NO_CLOCK, OF_12, OF_24, NO_TIME = range(4)
CLOCKS = ("", "12-hour clock", "24-hour clock", "no time of day")
FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}  # of serial numbers; since 1904 if True

_EPOCH = date(1970, 1, 1)
_UNSEEN = dict.fromkeys(map(ord, UNSEEN))  # inside dates that were copied
# Of the names of zones only those are read that mean one offset everywhere.
_CLOCK = (
    r"(?:(?:,?\s+(?:at\s+)?|T)(?P<hour>[0-9]{1,2})(?P<colon>[:.])(?P<minute>[0-9]{2})"
    r"(?:(?P=colon)(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?(?:\s*(?P<half>[AP])\.?\s*M\.?)?"
    r"(?:\s*(?P<offset>(?:UTC|GMT)?[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?|Z|UTC|GMT))?)?"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_DAY, _MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?", r"(?P<month>[A-Z]{3,9})[.,]?"
_YEAR, _FULL_YEAR, _PART = r"(?P<year>[0-9]{4}|[0-9]{2})", r"(?P<year>[0-9]{4})", r"(?:\s+|[/.-])"
_MARK, _NUMBER = r"(?P<mark>[/.-])", r"[0-9]{1,2}"
_FORMS = [
    (way, re.compile(day + _CLOCK, re.IGNORECASE))
    for way, day in (
        (NUMBERED, rf"(?P<month>{_NUMBER}){_MARK}\s?(?P<day>{_NUMBER})(?P=mark)\s?{_YEAR}\.?"),
        (ISO, rf"{_FULL_YEAR}{_MARK}(?P<month>{_NUMBER})(?P=mark)(?P<day>{_NUMBER})"),
        (NAMED, _WEEKDAY + _DAY + _PART + _MONTH + _PART + _YEAR),
        (NAMED, _WEEKDAY + _MONTH + _PART + _DAY + r",?\s+" + _FULL_YEAR),
        (NAMED, _FULL_YEAR + _PART + _MONTH + _PART + rf"(?P<day>{_NUMBER})"),
    )
]
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTH_NUMBERS = {name: at for at, long in enumerate(_MONTHS, 1) for name in (long, long[:3])} | {"sept": 9}
_DAYS = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")


class DateCell(NamedTuple):
    """What a cell says.

    by_month, by_day: days since 1970 by either order of day and month; None where it gives no day.
    way, clock: how it is written, one of the numbers above. seconds: since midnight on that clock.
    offset: of the clock from UTC in seconds, if stated.
    """

    way: int
    by_month: int | None = None
    by_day: int | None = None
    clock: int = NO_CLOCK
    seconds: int = 0
    offset: int | None = None


def read_date(cell: str, *, first_day: date = FIRST_DAY[False]) -> DateCell:
    """*first_day*: the day nought of serial numbers, see FIRST_DAY."""
    text = cell.translate(_UNSEEN).strip(BLANK_CHARACTERS)
    if not text:
        return DateCell(BLANK)
    if _DAYS.fullmatch(text):
        return _counted(text, first_day)
    for way, form in _FORMS:
        if found := form.fullmatch(text):
            return _dated(way, found)
    return DateCell(UNREADABLE)


def _dated(way: int, found: re.Match[str]) -> DateCell:
    month = _MONTH_NUMBERS.get(found["month"].lower(), 0) if way == NAMED else int(found["month"])
    day, year, offset = int(found["day"]), int(found["year"]), found["offset"]
    if len(found["year"]) <= DIGITS_OF_A_SHORT_YEAR:
        year += 2000 if year <= LAST_SHORT_YEAR_OF_THIS_CENTURY else 1900
    by_month = _day(year, month, day)
    by_day = _day(year, day, month) if way == NUMBERED else by_month
    seconds = _seconds(found)
    if seconds is None or (by_month is None and by_day is None):
        return DateCell(UNREADABLE)
    clock = OF_12 if found["half"] else OF_24 if found["hour"] else NO_TIME
    return DateCell(way, by_month, by_day, clock, seconds, _offset(offset) if offset else None)


def _counted(text: str, first_day: date) -> DateCell:
    seconds = round(float(text.replace(",", ".")) * DAY_SECONDS)
    counted = first_day + timedelta(seconds // DAY_SECONDS)
    day = _day(counted.year, counted.month, counted.day)
    return DateCell(UNREADABLE if day is None else SERIAL, day, day, NO_CLOCK, seconds % DAY_SECONDS)


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return (date(year, month, day) - _EPOCH).days if year in YEARS else None
    except ValueError:
        return None


def _seconds(found: re.Match[str]) -> int | None:
    """Since midnight; None where no clock shows that."""
    hour, minute, second = (int(text or 0) for text in found.group("hour", "minute", "second"))
    half = found["half"]
    if half and not 1 <= hour <= HALF_A_DAY:
        return None
    if half:
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half in "Pp" else 0)
    try:
        time(hour, minute, second)
    except ValueError:
        return None
    return (hour * 60 + minute) * 60 + second


def _offset(text: str) -> int:
    digits = text.upper().lstrip("UTCGMZ+-").replace(":", "").ljust(4, "0")
    ahead = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -ahead if "-" in text else ahead
