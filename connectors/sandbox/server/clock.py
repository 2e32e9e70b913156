"""A clock that stands still until it is moved, for whoever must not depend on the time of day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


class StillClock:
    """Called, it gives the aware UTC instant that it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Move on; a client's ``sleep`` may be this method, so that its waits take no time."""
        self.now += timedelta(seconds=seconds)
