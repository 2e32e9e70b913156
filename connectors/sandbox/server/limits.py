"""Calls a minute and a day, counted for the whole app as the platform counts them; and a clock for tests."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

PREFIX = "X-Ratelimit-App-Global"
_NO_LIMIT = 1_000_000_000
_PERIODS = {"Minute": 60, "Day": 86_400}

Clock = Callable[[], datetime]


class StillClock:
    """Called, it gives the aware UTC instant that it was set to, until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Move on; a client's ``sleep`` may be this method, so that its waits take no time."""
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after one call, as the six headers of every answer tell it.

    is_over: the call was one too many, and did not count.
    """

    headers: dict[str, str]
    is_over: bool


class Limits:
    """Counts calls in whole minutes and days of GMT.

    per_minute, per_day: may be changed at any time; None is no limit, told as a very large number.
    calls_over_limit: calls refused so far because the limit was reached.
    """

    def __init__(self, clock: Clock, *, per_minute: int | None = 120, per_day: int | None = 500) -> None:
        self.clock = clock
        self.per_minute = per_minute
        self.per_day = per_day
        self.calls_over_limit = 0
        self._used = dict.fromkeys(_PERIODS, 0)
        self._window = dict.fromkeys(_PERIODS, -1)

    def take(self) -> Allowance:
        """Count one call, unless it is one too many."""
        now = self.clock().timestamp()
        for period, seconds in _PERIODS.items():
            window = int(now // seconds)
            if window != self._window[period]:
                self._window[period], self._used[period] = window, 0
        limits = {
            "Minute": _NO_LIMIT if self.per_minute is None else self.per_minute,
            "Day": _NO_LIMIT if self.per_day is None else self.per_day,
        }
        is_over = any(self._used[period] >= limit for period, limit in limits.items())
        self.calls_over_limit += is_over
        headers = {}
        for period, limit in limits.items():
            self._used[period] += not is_over
            headers[f"{PREFIX}-{period}-Limit"] = str(limit)
            headers[f"{PREFIX}-{period}-Remaining"] = str(max(0, limit - self._used[period]))
            headers[f"{PREFIX}-{period}-Reset"] = str(math.ceil(_PERIODS[period] - now % _PERIODS[period]))
        return Allowance(headers, is_over)
