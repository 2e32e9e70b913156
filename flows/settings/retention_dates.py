"""From which day on something is kept no longer: dates alone, nothing is read or erased.

A time of so many days or months after a day ends with the day of that number: with 30 days what was made on
1 March is kept to the end of 31 March, and is due on 1 April. A month without that day ends on its last one.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.settings.model import Home, UpkeepSettings

MONTHS = 12
ONE_DAY = timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The day of the same number so many months later, or the last of that month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def names_due_on(settings: UpkeepSettings) -> date | None:
    """The first day on which names and addresses aren't kept any more; None: kept while the vault is."""
    closed_on, months = settings.pledge_closed_on, settings.names_months
    return None if closed_on is None or months is None else months_after(closed_on, months) + ONE_DAY


def begin_of(settings: Home, day: date, now: datetime) -> datetime:
    """The instant at which a day begins, in the time zone of *now*."""
    return datetime.combine(day, time.min, ZoneInfo(settings.zone)).astimezone(now.tzinfo)


def today(settings: Home, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.zone)).date()
