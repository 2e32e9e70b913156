"""Run a night, in this process or under Prefect, and give back its record."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flows.night import NOTHING_ASKED, Asked, Clock, Night, now_in_utc, open_night, timed
from flows.nightly import the_night

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flows.progress import Progress
    from flows.record import RunRecord
    from flows.settings import Settings


def run_direct(
    settings: Settings,
    progress: Progress,
    *,
    asked: Asked = NOTHING_ASKED,
    now: Clock = now_in_utc,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    command: str = "sync",
    warnings: Sequence[str] = (),
) -> RunRecord:
    """A whole night in this process, without Prefect.

    sleep, monotonic: how to wait for the platform, and a clock for such waits; both in seconds.
    warnings: sentences that the record is to begin with.

    Raises:
        PledgeError, SourceError, WarehouseError: a sentence and an exit code; see flows.errors.
    """
    with (
        open_night(
            settings,
            command=command,
            progress=progress,
            now=now,
            sleep=sleep,
            monotonic=monotonic,
            asked=asked,
        ) as night,
        closing_platform(night),
    ):
        for sentence in warnings:
            night.warn(sentence)
        the_night(lambda step: timed(night, step), is_final=night.is_final)
    return night.record


@contextmanager
def closing_platform(night: Night) -> Iterator[None]:
    """Write down what the platform was asked, however the night ends, and hang up."""
    try:
        yield
    finally:
        with suppress(AttributeError):  # preflight never came so far
            night.record.requests = night.platform.requests
            night.record.calls_left_today = night.platform.budget.calls_left_today
            night.platform.close()
