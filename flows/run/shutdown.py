"""How a process ends that is told to stop: clean, and within 5 s in any case."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from flows.errors import STOPPED, StoppedError, is_stop

SECONDS_TO_END = 4.0
SECONDS_BETWEEN_LOOKS = 0.2

_told: list[str] = []


def is_told_to_stop() -> bool:
    """Whether the process was told to stop within the block in hand."""
    return bool(_told)


@contextmanager
def noting_a_stop() -> Iterator[None]:
    """See a stop that another handler of the signal raised: Prefect has its own while a flow runs."""
    try:
        yield
    except BaseException as error:
        if is_stop(error):
            _told.append(type(error).__name__)
        raise


@contextmanager
def stopping_clean(last_words: Callable[[], None]) -> Iterator[None]:
    """Within the block SIGTERM and Ctrl-C raise `StoppedError` where they arrive: what is committed is kept.

    A process that hangs then is ended after *last_words*, which is as safe: where the signal went to a
    whole group of processes, Prefect's temporary server has ended too, and its client would wait minutes
    for it.
    """
    _told.clear()
    is_over = threading.Event()
    threading.Thread(target=_end_if_it_hangs, args=(is_over, last_words), daemon=True).start()
    # A shell keeps Ctrl-C from what runs in its background; that stays so.
    numbers = [one for one in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        is_over.set()


def _stop(_number: int, _frame: FrameType | None) -> None:
    if not _told:  # a second signal must not break off the clean end of the first
        _told.append("signal")
        raise StoppedError


def _end_if_it_hangs(is_over: threading.Event, last_words: Callable[[], None]) -> None:
    while not _told:
        if is_over.wait(SECONDS_BETWEEN_LOOKS):
            return
    if not is_over.wait(SECONDS_TO_END):
        try:
            last_words()
        finally:
            os._exit(STOPPED)
