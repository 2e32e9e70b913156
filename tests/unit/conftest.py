"""A platform that answers as it is told to, over real HTTP on loopback, and a clock that waits in no time."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@dataclass
class FakeClock:
    """Seconds that pass only by sleeping."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let the seconds pass at once, and remember them."""
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        """The moment that it is."""
        return self.now


@dataclass(frozen=True)
class Received:
    """One request as it came in; target is path and query as sent."""

    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's values, decoded."""
        return dict(parse_qsl(urlsplit(self.target).query))


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that hang up are what the tests are about."""


class ScriptedPlatform:
    """Gives the answers of its script, one a request, and remembers what was asked.

    context: where there is one, it speaks TLS.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        self._script: deque[Callable[[BaseHTTPRequestHandler], None]] = deque()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        if context:
            # The handshake is left to the thread of the call, so that none holds up the others.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}/v3"

    def says(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> ScriptedPlatform:
        """Answer the next request so; *body* is sent as it is if it is bytes, else as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(raw)))
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(raw)

        return self.does(answer)

    def does(self, act: Callable[[BaseHTTPRequestHandler], None]) -> ScriptedPlatform:
        """Let *act* answer the next request."""
        self._script.append(act)
        return self

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                platform.received.append(Received(self.path, dict(self.headers.items())))
                if platform._script:
                    with contextlib.suppress(ConnectionError):
                        platform._script.popleft()(self)
                else:
                    self.send_error(418, "the script has no more answers")

        return Handler


@pytest.fixture
def clock() -> FakeClock:
    """A clock that waits in no time."""
    return FakeClock()


@pytest.fixture
def platform() -> Iterator[ScriptedPlatform]:
    """A platform that answers by script."""
    scripted = ScriptedPlatform()
    yield scripted
    scripted.close()


@pytest.fixture
def elsewhere() -> Iterator[ScriptedPlatform]:
    """Another host, which must never hear of the token."""
    scripted = ScriptedPlatform()
    yield scripted
    scripted.close()


@pytest.fixture
def token() -> str:
    """A token of nobody."""
    return "invented-token-of-nobody"


@pytest.fixture
def client(platform: ScriptedPlatform, clock: FakeClock, token: str) -> Iterator[SurveyMonkey]:
    """A client of the scripted platform that waits in no time."""
    budget = Budget(monotonic=clock.monotonic)
    with SurveyMonkey(
        token, platform.url, budget=budget, sleep=clock.sleep, monotonic=clock.monotonic
    ) as opened:
        yield opened
