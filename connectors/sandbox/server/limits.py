"""Calls a minute and a day, counted for the whole app as the platform counts them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from connectors.sandbox.server.clock import Clock


_NO_LIMIT = 1_000_000_000
_MINUTE, _DAY = 60, 86_400


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after one call.

    minute_reset, day_reset: seconds until the count starts again.
    is_over: the call was one too many, and did not count.
    """

    minute_limit: int
    minute_left: int
    minute_reset: int
    day_limit: int
    day_left: int
    day_reset: int
    is_over: bool

    def headers(self, *, spent: Literal["minute", "day"] | None = None) -> dict[str, str]:
        """The six headers of every answer; *spent* claims that nothing is left of that one."""
        prefix = "X-Ratelimit-App-Global"
        return {
            f"{prefix}-Minute-Limit": str(self.minute_limit),
            f"{prefix}-Minute-Remaining": "0" if spent == "minute" else str(self.minute_left),
            f"{prefix}-Minute-Reset": str(self.minute_reset),
            f"{prefix}-Day-Limit": str(self.day_limit),
            f"{prefix}-Day-Remaining": "0" if spent == "day" else str(self.day_left),
            f"{prefix}-Day-Reset": str(self.day_reset),
        }


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
        self._used = {_MINUTE: 0, _DAY: 0}
        self._window = {_MINUTE: -1, _DAY: -1}

    def take(self) -> Allowance:
        """Count one call, unless it is one too many."""
        now = self.clock().timestamp()
        for length in (_MINUTE, _DAY):
            self._start_window_if_new(length, now)
        minute_limit = _NO_LIMIT if self.per_minute is None else self.per_minute
        day_limit = _NO_LIMIT if self.per_day is None else self.per_day
        is_over = self._used[_MINUTE] >= minute_limit or self._used[_DAY] >= day_limit
        if is_over:
            self.calls_over_limit += 1
        else:
            self._used[_MINUTE] += 1
            self._used[_DAY] += 1
        return Allowance(
            minute_limit,
            max(0, minute_limit - self._used[_MINUTE]),
            _seconds_left(_MINUTE, now),
            day_limit,
            max(0, day_limit - self._used[_DAY]),
            _seconds_left(_DAY, now),
            is_over,
        )

    def _start_window_if_new(self, length: int, now: float) -> None:
        window = int(now // length)
        if window != self._window[length]:
            self._window[length] = window
            self._used[length] = 0


def _seconds_left(length: int, now: float) -> int:
    return math.ceil(length - now % length)
