"""When invented people sign: a launch, the rhythm of weeks and school holidays, and a second wave."""

import math
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from connectors.sandbox.world.chance import happens

DAYS_OPEN = 430
"""How long before *until* the pledge was launched."""

_SECOND_WAVE_DAY = 260
_BY_WEEKDAY = (1.0, 1.1, 1.2, 1.1, 0.8, 0.35, 0.6)
_QUIET_MONTHS = {7: 0.2, 8: 0.6, 12: 0.4}
_BY_HOUR = (3, 1, 1, 1, 1, 2, 5, 12, 22, 24, 22, 20, 24, 22, 18, 22, 20, 18, 24, 38, 44, 36, 22, 9)
_SHARED_INSTANT = 0.006


def signing_instants(rng: Random, n: int, until: datetime) -> list[int]:
    """*n* instants before *until* in rising order, in seconds since 1970; a few are equal."""
    opened = (until - timedelta(days=DAYS_OPEN)).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [opened + timedelta(days=number) for number in range(DAYS_OPEN)]
    by_day = list(accumulate(_weight(number, day) for number, day in enumerate(days)))
    by_hour = list(accumulate(_BY_HOUR))
    start = int(opened.timestamp())
    chosen_days = rng.choices(range(DAYS_OPEN), cum_weights=by_day, k=n)
    chosen_hours = rng.choices(range(24), cum_weights=by_hour, k=n)
    instants = sorted(
        start + day * 86_400 + hour * 3600 + rng.randrange(3600)
        for day, hour in zip(chosen_days, chosen_hours, strict=True)
    )
    return _with_shared_instants(rng, instants)


def from_seconds(seconds: int) -> datetime:
    """The aware UTC instant of a number of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def _weight(number: int, day: datetime) -> float:
    launch = 30 * math.exp(-number / 6)
    second_wave = 14 * math.exp(-(((number - _SECOND_WAVE_DAY) / 4) ** 2))
    return (1 + launch + second_wave) * _BY_WEEKDAY[day.weekday()] * _QUIET_MONTHS.get(day.month, 1.0)


def _with_shared_instants(rng: Random, instants: list[int]) -> list[int]:
    """Let a few take the instant of the one before, now and then several in a row."""
    shared = list(instants)
    for position in range(1, len(shared)):
        if happens(rng, _SHARED_INSTANT):
            for following in range(position, min(position + rng.choice((1, 1, 2, 11)), len(shared))):
                shared[following] = shared[position - 1]
    return shared
