"""The imitation on a port of this machine, for the demo, for training and for tests."""

import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import uvicorn

from connectors.sandbox.server.app import Sandbox
from connectors.sandbox.server.limits import Clock, Limits, StillClock
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import Access
from connectors.sandbox.world.people import invent

TOKEN = "sandbox-token"  # noqa: S105 - it opens nothing but the imitation
_SECONDS_TO_START = 20.0
_SECONDS_TO_STOP = 5.0


class SandboxError(Exception):
    """The imitation could not do what was asked of it."""


@dataclass(eq=False)
class SandboxServer(Sandbox):
    """A sandbox that is served while its ``with`` block lasts.

    port: 0 takes a free one. url: the base address with ``/v3``, once it is served.

    Raises:
        OSError: the port is taken.
        SandboxError: on leaving the block, where the imitation broke during a call.
    """

    port: int = 0
    url: str = field(init=False)

    @property
    def clock(self) -> Clock:
        """The one that limits and changes go by."""
        return self.limits.clock

    def __enter__(self) -> Self:
        listener = _listener(self.port)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v3"
        quiet: dict[str, Any] = {"log_config": None, "log_level": "critical", "access_log": False}
        config = uvicorn.Config(self, http="h11", ws="none", loop="asyncio", lifespan="off", **quiet)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                listener.close()
                raise SandboxError("The sandbox did not start; see whether uvicorn is installed whole.")
            time.sleep(0.002)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._server.should_exit = True
        self._thread.join(0.5)
        self._server.force_exit = True
        self._thread.join(_SECONDS_TO_STOP)
        if self.bugs and error is None:
            raise SandboxError("A call broke inside the sandbox.") from self.bugs[0]


def open_sandbox(
    n_responses: int,
    *,
    seed: int,
    until: datetime,
    token: str = TOKEN,
    clock: Clock | None = None,
    per_minute: int | None = 120,
    per_day: int | None = 500,
    port: int = 0,
) -> SandboxServer:
    """A server, not yet started, holding *n_responses* invented responses of before *until*.

    clock: None stands still at *until* (a StillClock, which the server's ``clock`` gives back).
    per_minute, per_day: None is no limit.
    """
    now = clock or StillClock(until)
    platform = Platform(invent(n_responses, seed, until), clock=now)
    limits = Limits(now, per_minute=per_minute, per_day=per_day)
    return SandboxServer(platform, limits, Access(token), port=port)


def _listener(port: int) -> socket.socket:
    """A listening socket: calls that come before the server runs wait in its queue."""
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    # Handed down to each connection: asyncio leaves it out, and then an answer's second part waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
