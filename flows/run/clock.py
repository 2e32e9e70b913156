"""The clock that a run goes by: handed down, so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    return datetime.now(UTC)


def days_since(instant: str, now: datetime) -> int:
    """Midnights (UTC) between an instant in ISO 8601 and *now*."""
    return (now.date() - datetime.fromisoformat(instant).date()).days


def run_name(now: datetime) -> str:
    """The name of a run that starts *now* (aware, UTC): sorts by time, safe in a file name."""
    return now.strftime("%Y%m%dT%H%M%S_%fZ")
