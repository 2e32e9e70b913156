"""Calls on their way beside the one that is waited for, so that the waiting is shared.

Each has a connection and a thread of its own and is made once, without waits. The threads do nothing
but fetch: the thread that walks counts the calls before they begin, and reads what came.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from connectors.surveymonkey.transport.connection import Answer, Connection
    from connectors.surveymonkey.transport.rate_limits import Budget
    from connectors.surveymonkey.transport.requester import Caller


T = TypeVar("T")

# For calls that were given up to end, all together; what takes longer ends by its own bounds.
SECONDS_TO_END = 1.0


class Lane:
    """A connection with at most one call on its way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._thread: threading.Thread | None = None
        self._outcome: Future[Answer] | None = None

    @property
    def is_free(self) -> bool:
        """Whether no call is on its way."""
        return self._outcome is None or self._outcome.done()

    def start(self, path: str, params: Mapping[str, str]) -> Callable[[], Answer]:
        """Begin a call; give what waits for its answer, or raises as `Connection.fetch` does."""
        outcome: Future[Answer] = Future()
        self._outcome = outcome

        def fetch() -> None:
            try:
                outcome.set_result(self._connection.fetch(path, params))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                outcome.set_exception(error)

        # A daemon, so that a process told to stop never waits for the platform.
        self._thread = threading.Thread(target=fetch, daemon=True)
        self._thread.start()
        return outcome.result

    def give_up(self) -> None:
        """Break off the call on its way, if there is one."""
        if not self.is_free:
            self._connection.break_off()

    def wait(self, seconds: float) -> None:
        """Wait for the call on its way to end, so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Lanes:
    """The lanes beside the first connection.

    Args:
        caller: counts their calls, and makes of their answers what it makes of its own.
    """

    def __init__(self, connections: Sequence[Connection], caller: Caller, budget: Budget) -> None:
        self._lanes = [Lane(connection) for connection in connections]
        self._caller = caller
        self._budget = budget

    @contextmanager
    def calls(
        self,
        path: str,
        queries: Sequence[Mapping[str, str]],
        read: Callable[[Answer], T],
        *,
        calls_to_end: int,
    ) -> Iterator[Iterator[T | None]]:
        """Ask *path* all *queries* at once; give what *read* makes of each in turn, None where nothing came.

        Gives nothing where the budget has no room for them: see `Budget.has_room`. Leaving the block
        gives up what is still on its way.
        """
        lanes = [lane for lane in self._lanes if lane.is_free][: len(queries)]
        enough = 0 < len(queries) == len(lanes)
        if not enough or not self._budget.has_room(len(queries), calls_to_end=calls_to_end):
            yield iter(())
            return
        try:
            calls = [self._start(lane, path, params) for lane, params in zip(lanes, queries, strict=True)]
            yield (self._caller.land(path, call, read) for call in calls)
        finally:
            self._caller.n_beside = 0
            _give_up(lanes)

    def close(self) -> None:
        """Give up what is on its way, and close the connections."""
        _give_up(self._lanes)
        for lane in self._lanes:
            lane.close()

    def _start(self, lane: Lane, path: str, params: Mapping[str, str]) -> Callable[[], Answer]:
        self._caller.count()
        self._caller.n_beside += 1
        return lane.start(path, params)


def _give_up(lanes: Sequence[Lane]) -> None:
    for lane in lanes:
        lane.give_up()
    for lane in lanes:
        lane.wait(SECONDS_TO_END / len(lanes))
