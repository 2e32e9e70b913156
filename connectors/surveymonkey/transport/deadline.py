"""Calls that end: one moment after which nothing more of an answer is awaited.

A read time-out starts anew with each byte, so a server that drips could hold a call for
hours, in its headers as well as in its body. Here each read is given only what is left.
"""

from __future__ import annotations

import http.client
import io
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3.poolmanager import PoolManager


class Deadline:
    """The moment, on *monotonic*'s clock, at which the call in hand must be over."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._at = 0.0

    def set(self, seconds: float) -> None:
        """Allow *seconds* from now."""
        self._at = self._monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        seconds = self._at - self._monotonic()
        if seconds <= 0:
            raise TimeoutError("the time for this call is over")
        return seconds


class DeadlineAdapter(HTTPAdapter):
    """An adapter that never tries again by itself, and whose answers keep to *deadline*."""

    def __init__(self, deadline: Deadline) -> None:
        self._pools = _pools_of(deadline)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        """Make the pools of connections through *proxy*."""
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _DeadlineReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: Any, deadline: Deadline) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline.left()
        usual = self._sock.gettimeout()
        self._sock.settimeout(left if usual is None else min(usual, left))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _pools_of(deadline: Deadline) -> dict[str, Any]:
    """Pools whose connections read through a `_DeadlineReader`, by scheme."""

    class Answer(http.client.HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            buffered: Any = self.fp
            self.fp = io.BufferedReader(_DeadlineReader(buffered.detach(), sock, deadline))

    class PlainConnection(HTTPConnection):
        response_class = Answer

    class SecureConnection(HTTPSConnection):
        response_class = Answer

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}
