"""The imitation on a port: in a thread for the demo and tests, or in the foreground for training."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

import uvicorn

from connectors.sandbox.errors import SandboxError
from connectors.sandbox.server.access import Access
from connectors.sandbox.server.app import make_app
from connectors.sandbox.server.clock import Clock, StillClock
from connectors.sandbox.server.faults import FaultPlan
from connectors.sandbox.server.gate import Sandbox
from connectors.sandbox.server.limits import Limits
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.world.people import invent

TOKEN = "sandbox-token"  # noqa: S105 - it opens nothing but the imitation
_SECONDS_TO_START = 20.0
_SECONDS_TO_STOP = 5.0


class SandboxServer:
    """Serves a sandbox on a free port of this machine while its ``with`` block lasts.

    url: the base address with ``/v3``.
    platform, limits, access, faults, calls: as in Sandbox; all may be used during a run.
    clock: the one that the limits and changes go by.

    Raises:
        SandboxError: on leaving the block, where the imitation or a hook broke during a call.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.platform = sandbox.platform
        self.limits = sandbox.limits
        self.access = sandbox.access
        self.faults = sandbox.faults
        self.calls = sandbox.calls
        self.clock = sandbox.limits.clock
        self._bugs = sandbox.bugs
        self._listener = _listener("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v3"
        self._server = _quiet_server(sandbox)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self._listener.close()
                raise SandboxError("The sandbox did not start; see whether uvicorn is installed whole.")
            time.sleep(0.002)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(0.5)
        self._server.force_exit = True
        self._thread.join(_SECONDS_TO_STOP)
        if self._bugs and error is None:
            raise SandboxError("A call broke inside the sandbox or a test's hook.") from self._bugs[0]


def open_sandbox(
    n_responses: int,
    *,
    seed: int,
    until: datetime,
    token: str = TOKEN,
    clock: Clock | None = None,
    per_minute: int | None = 120,
    per_day: int | None = 500,
    faults: FaultPlan | None = None,
    bounds_inclusive: bool = True,
) -> SandboxServer:
    """A server, not yet started, holding *n_responses* invented responses of before *until*.

    clock: None stands still at *until* (a StillClock, which the server's ``clock`` gives back).
    per_minute, per_day: None is no limit.
    """
    now = clock or StillClock(until)
    platform = Platform(invent(n_responses, seed, until), clock=now, bounds_inclusive=bounds_inclusive)
    limits = Limits(now, per_minute=per_minute, per_day=per_day)
    return SandboxServer(Sandbox(platform, limits, Access(token), faults or FaultPlan()))


def serve(sandbox: Sandbox, host: str, port: int, *, on_ready: Callable[[str], None]) -> None:
    """Serve in the foreground until SIGINT or SIGTERM, which then take their usual course.

    port: 0 takes a free one.
    on_ready: called once with the base address, when calls may come.

    Raises:
        OSError: the port is taken.
    """
    with _listener(host, port) as listener:
        on_ready(f"http://{host}:{listener.getsockname()[1]}/v3")
        _quiet_server(sandbox).run([listener])


def _listener(host: str, port: int) -> socket.socket:
    """A listening socket: calls that come before the server runs wait in its queue."""
    listener = socket.create_server((host, port), backlog=512)
    # Handed down to each connection: asyncio leaves it out, and then an answer's second part waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _quiet_server(sandbox: Sandbox) -> uvicorn.Server:
    config = uvicorn.Config(
        make_app(sandbox),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
    )
    return uvicorn.Server(config)
