"""What the platform's answers say of the calls left, and whether the next call may be made."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.errors import DayBudgetSpentError

HEADER_PREFIX = "X-Ratelimit-App-Global-"

# The platform counts whole minutes; its Reset is rounded, so a second is added.
MINUTE_MARGIN_SECONDS = 1.0
LONGEST_MINUTE_WAIT_SECONDS = 65.0
# Taken where the platform says that nothing is left but not until when.
UNKNOWN_MINUTE_RESET_SECONDS = 60
UNKNOWN_DAY_RESET_SECONDS = 24 * 3600


@dataclass(slots=True)
class _Allowance:
    """Calls left until a moment of the monotonic clock."""

    unknown_reset_seconds: int
    remaining: int | None = None
    resets_at: float = 0.0

    def left(self, now: float) -> int | None:
        """Calls left; None where nothing is known, as after a reset."""
        return self.remaining if now < self.resets_at else None

    def learn(self, remaining: int | None, reset_seconds: int | None, now: float) -> None:
        if remaining is not None:
            self.remaining = max(0, remaining)
            self.resets_at = now + (self.unknown_reset_seconds if reset_seconds is None else reset_seconds)

    def spend(self) -> None:
        if self.remaining:
            self.remaining -= 1


class Budget:
    """Keeps the calls within both limits of the platform, which hold for all users and jobs of the app.

    Args:
        reserve: calls a day that are left for other users of the same app.
        known: calls left today and seconds until the platform's day ends, from the record of an earlier
            run; so a spent day is known without a call.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        *,
        reserve: int = 0,
        known: tuple[int, int] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reserve = reserve
        self._monotonic = monotonic
        self._minute = _Allowance(UNKNOWN_MINUTE_RESET_SECONDS)
        self._day = _Allowance(UNKNOWN_DAY_RESET_SECONDS)
        if known is not None:
            self._day.learn(*known, monotonic())

    @property
    def calls_left_today(self) -> int | None:
        """Calls that the platform still grants the app today, the reserve among them; None if unknown."""
        return self._day.left(self._monotonic())

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers say; what they don't say stays as it was known."""
        now = self._monotonic()
        for period, allowance in (("Minute", self._minute), ("Day", self._day)):
            remaining = _whole_number(headers.get(f"{HEADER_PREFIX}{period}-Remaining"))
            allowance.learn(remaining, _whole_number(headers.get(f"{HEADER_PREFIX}{period}-Reset")), now)

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
            raise self._day_is_spent(left, round(self._day.resets_at - now))
        if self._minute.left(now) != 0:
            return 0.0
        return min(self._minute.resets_at - now + MINUTE_MARGIN_SECONDS, LONGEST_MINUTE_WAIT_SECONDS)

    def _day_is_spent(self, left: int, seconds: int) -> DayBudgetSpentError:
        reserved = f", of which {self.reserve} are kept for other users of the app" if self.reserve else ""
        return DayBudgetSpentError(
            f"SurveyMonkey grants {left} more calls today{reserved}; what was fetched is kept. "
            f"Go on after 00:00 UTC, in {seconds // 3600} h {seconds % 3600 // 60} min: the next run does.",
            resets_in_seconds=seconds,
        )


def _whole_number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
