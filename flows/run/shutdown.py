"""How a process ends that is told to stop: clean, and within 5 s in any case."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flows.errors import STOPPED, STOPPED_SENTENCE, StoppedError, is_stop
from flows.output import print_json
from flows.run.record import begun

SECONDS_TO_END = 4.0
SECONDS_BETWEEN_LOOKS = 0.2

_stops: list[str] = []


def is_told_to_stop() -> bool:
    """Whether the process was told to stop within the block in hand."""
    return bool(_stops)


@contextmanager
def noting_a_stop() -> Iterator[None]:
    """See a stop that another handler of the signal raised: Prefect has its own while a flow runs."""
    try:
        yield
    except BaseException as error:
        if is_stop(error):
            _stops.append(type(error).__name__)
        raise


@contextmanager
def stopping_clean(sentence: str = STOPPED_SENTENCE, *, as_json: bool = False) -> Iterator[None]:
    """Within the block SIGTERM and Ctrl-C raise `StoppedError` where they arrive: what is committed is kept.

    A process that hangs then is ended, which is as safe: where the signal went to a whole group of processes,
    Prefect's temporary server has ended too, and its client would wait minutes for it. *sentence* is told in
    any case; *as_json*: the run's record is printed in any case, too.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not _stops:  # a second signal must not break off the clean end of the first
            _stops.append("signal")
            raise StoppedError(sentence)

    def end_if_it_hangs() -> None:
        while not _stops:
            if is_over.wait(SECONDS_BETWEEN_LOOKS):
                return
        if not is_over.wait(SECONDS_TO_END):
            try:
                _last_words(sentence, as_json=as_json)
            finally:
                os._exit(STOPPED)

    _stops.clear()
    is_over = threading.Event()
    threading.Thread(target=end_if_it_hangs, daemon=True).start()
    # A shell keeps Ctrl-C from what runs in its background; that stays so.
    numbers = [one for one in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        is_over.set()


def _last_words(sentence: str, *, as_json: bool) -> None:
    if as_json and begun:
        print_json(begun[-1].as_json())
        sys.stdout.flush()
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
