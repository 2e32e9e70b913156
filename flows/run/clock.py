"""The clock that a run goes by: handed down, so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    return datetime.now(UTC)
