"""Instants as the platform writes them and as it wants them in a filter, in whole seconds since 1970 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


def seconds_of(text: object) -> int | None:
    """The second in which *text* lies, any offset or none (which means UTC), any fraction.

    None if it is no date, or one before 1970, which the platform can't have meant.
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return int(seconds) if 0 <= seconds <= LAST_SECOND else None


def filter_text(seconds: int) -> str:
    """*seconds* as the platform's filters take it: UTC, to the second, without offset."""
    return (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
