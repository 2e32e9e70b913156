"""What the platform's answers say of the calls left, and whether the next call may be made."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import DayBudgetSpentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


HEADER_PREFIX = "x-ratelimit-app-global-"

# The platform counts whole minutes; its Reset is rounded, so a second is added.
MINUTE_MARGIN_SECONDS = 1.0
LONGEST_MINUTE_WAIT_SECONDS = 65.0
# Taken where the platform says that nothing is left but not until when.
UNKNOWN_MINUTE_RESET_SECONDS = 60
UNKNOWN_DAY_RESET_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The six figures that come with an answer; None where one is absent or no number.

    They hold for the app: all its users and jobs together. Reset is in seconds from the answer.
    """

    minute_limit: int | None = None
    minute_remaining: int | None = None
    minute_reset_seconds: int | None = None
    day_limit: int | None = None
    day_remaining: int | None = None
    day_reset_seconds: int | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> RateLimits:
        """Read them whatever the case of the headers' names."""
        figures = {name.lower(): value for name, value in headers.items()}

        def figure(name: str) -> int | None:
            return _whole_number(figures.get(HEADER_PREFIX + name))

        return cls(
            minute_limit=figure("minute-limit"),
            minute_remaining=figure("minute-remaining"),
            minute_reset_seconds=figure("minute-reset"),
            day_limit=figure("day-limit"),
            day_remaining=figure("day-remaining"),
            day_reset_seconds=figure("day-reset"),
        )


@dataclass(slots=True)
class _Allowance:
    """Calls left until a reset, as seen at a moment of the monotonic clock."""

    remaining: int | None
    reset_seconds: int | None
    longest_seconds: int
    seen_at: float

    def seconds_to_reset(self, now: float) -> float:
        whole = self.longest_seconds if self.reset_seconds is None else self.reset_seconds
        return max(0.0, whole - (now - self.seen_at))

    def left(self, now: float) -> int | None:
        """Calls left; None where nothing is known, as after a reset."""
        return self.remaining if self.seconds_to_reset(now) > 0 else None

    def learn(self, remaining: int | None, reset_seconds: int | None, now: float) -> None:
        if remaining is not None:
            self.remaining, self.reset_seconds, self.seen_at = max(0, remaining), reset_seconds, now

    def spend(self) -> None:
        if self.remaining:
            self.remaining -= 1


class Budget:
    """Keeps the calls within both limits of the platform.

    Args:
        reserve: calls a day that are left for other users of the same app.
        known: what is known before the first call, from the record of an earlier run of the same
            UTC day, its reset counted from now; so a spent day is known without a call.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        *,
        reserve: int = 0,
        known: RateLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reserve = reserve
        self._monotonic = monotonic
        now = monotonic()
        self._minute = _Allowance(None, None, UNKNOWN_MINUTE_RESET_SECONDS, now)
        self._day = _Allowance(None, None, UNKNOWN_DAY_RESET_SECONDS, now)
        if known is not None:
            self.learn(known)

    @property
    def calls_left_today(self) -> int | None:
        """Calls that the platform still grants the app today, the reserve among them; None if unknown."""
        return self._day.left(self._monotonic())

    @property
    def day_resets_in_seconds(self) -> int:
        """Seconds until the day's calls begin anew; a whole day where the platform hasn't said."""
        return round(self._day.seconds_to_reset(self._monotonic()))

    def learn(self, limits: RateLimits) -> None:
        """Take over what an answer says; what it doesn't say stays as it was known."""
        now = self._monotonic()
        self._minute.learn(limits.minute_remaining, limits.minute_reset_seconds, now)
        self._day.learn(limits.day_remaining, limits.day_reset_seconds, now)

    def spend(self) -> None:
        """Count a call that is about to be made, in case its answer brings no figures."""
        self._minute.spend()
        self._day.spend()

    def wait_before_call(self) -> float:
        """Seconds to wait for the minute before the next call, at most 65; 0 means go.

        Raises:
            DayBudgetSpentError: only the reserve is left of today's calls. A day is never slept through.
        """
        now = self._monotonic()
        left = self._day.left(now)
        if left is not None and left <= self.reserve:
            raise self._day_is_spent(left)
        return self._seconds_for_the_minute(now)

    def _seconds_for_the_minute(self, now: float) -> float:
        if self._minute.left(now) != 0:
            return 0.0
        return min(self._minute.seconds_to_reset(now) + MINUTE_MARGIN_SECONDS, LONGEST_MINUTE_WAIT_SECONDS)

    def _day_is_spent(self, left: int) -> DayBudgetSpentError:
        seconds = self.day_resets_in_seconds
        kept = f", of which {self.reserve} are kept for other users of the app" if self.reserve else ""
        return DayBudgetSpentError(
            f"SurveyMonkey grants {left} more calls today{kept}; what was fetched is kept. "
            f"Go on after 00:00 UTC, in {seconds // 3600} h {seconds % 3600 // 60} min: the next run does.",
            resets_in_seconds=seconds,
        )


def _whole_number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
