"""Days and instants in words, the same in every format; ends of weeks and months."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta


def instant_in_words(at: datetime) -> str:
    """As "24 November 2026 at 02:15 GMT"."""
    return f"{in_words(at)} at {at:%H:%M %Z}"


def moment_in_words(at: datetime) -> str:
    """As "31 October 2026" for the end of that day, else as an instant."""
    return in_words(at) if at.time() == time.max else instant_in_words(at)


def in_words(day: date) -> str:
    """As "4 October 2026"."""
    return f"{day.day} {day:%B %Y}"


def week_ends_on(day: date) -> date:
    """The Sunday of its week."""
    return day + timedelta(days=6 - day.weekday())


def period_ends(first: date, last: date, most: int) -> list[date]:
    """The ends of months from that of *first*, before *last*.

    Where they are more than *most*: the last few of those of quarters and of the last two months.
    """
    ends = []
    end = _month_ends_on(first)
    while end < last:
        ends.append(end)
        end = _month_ends_on(end + timedelta(days=1))
    if len(ends) > most:
        ends = [end for end in ends if end.month % 3 == 0 or end in ends[-2:]][-most:]
    return ends


def _month_ends_on(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
