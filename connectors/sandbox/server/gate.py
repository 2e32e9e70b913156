"""What every call passes on its way in and out: the count, the token, the limits, the faults."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connectors.sandbox.server.access import Access
from connectors.sandbox.server.faults import Fault, FaultKind, FaultPlan
from connectors.sandbox.server.limits import PREFIX, Limits
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import Answer, json_answer, refusal, revoked_grant

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


_NOWHERE = "http://127.0.0.1:9/v3"  # nothing listens there


def _of_a_gateway(status: int, title: str) -> Answer:
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    return Answer(status, {"content-type": "text/html"}, page.encode())


_ANSWERS = {
    FaultKind.MINUTE_LIMIT: refusal("1040"),
    FaultKind.DAY_LIMIT: refusal("1040"),
    FaultKind.ERROR_500: refusal("1050"),
    FaultKind.HTML_502: _of_a_gateway(502, "502 Bad Gateway"),
    FaultKind.EMPTY_503: Answer(503, {}, b""),
    FaultKind.TIMEOUT_504: _of_a_gateway(504, "504 Gateway Time-out"),
    FaultKind.HTML_200: _of_a_gateway(200, "Back soon"),
    FaultKind.WRONG_TYPE: json_answer([]),
    FaultKind.REVOKED_GRANT: revoked_grant(),
}
_FROM_A_GATEWAY = {FaultKind.HTML_502, FaultKind.EMPTY_503, FaultKind.TIMEOUT_504, FaultKind.HTML_200}
_SPENT = {
    FaultKind.MINUTE_LIMIT: f"{PREFIX}-Minute-Remaining",
    FaultKind.DAY_LIMIT: f"{PREFIX}-Day-Remaining",
}


@dataclass
class Sandbox:
    """All that one imitation consists of.

    calls: method, and path with query, of each call so far.
    bugs: what was raised inside instead of an answer: a mistake of the imitation or of a test's hook.
    """

    platform: Platform
    limits: Limits
    access: Access
    faults: FaultPlan = field(default_factory=FaultPlan)
    calls: list[tuple[str, str]] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)


class Gate:
    """ASGI middleware around all endpoints."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox
        self._last_lists: dict[str, Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        try:
            answer, fault = await self._answer(scope, path, receive)
        except Exception as bug:
            self._sandbox.bugs.append(bug)
            raise
        await _deliver(send, answer, fault)

    async def _answer(self, scope: Scope, path: str, receive: Receive) -> tuple[Answer, Fault | None]:
        sandbox = self._sandbox
        sandbox.calls.append((scope["method"], path))
        number = len(sandbox.calls)
        sandbox.faults.on_call(number, path)
        fault = sandbox.faults.decide(number, path)
        allowance = sandbox.limits.take()
        answer = _instead(fault, path) if fault else None
        if fault and answer and fault.kind in _FROM_A_GATEWAY:
            return answer, fault
        if answer is None and allowance.is_over:
            answer = refusal("1040")
        if answer is None:
            answer = sandbox.access.refused(_authorization(scope))
        if answer is None:
            answer = await self._of_the_endpoint(scope, receive, fault)
        headers = {**answer.headers, **sandbox.access.headers(), **allowance.headers}
        if fault and fault.kind in _SPENT:
            headers[_SPENT[fault.kind]] = "0"
        return Answer(answer.status, headers, answer.body), fault

    async def _of_the_endpoint(self, scope: Scope, receive: Receive, fault: Fault | None) -> Answer:
        path = scope["path"]
        if fault and fault.kind is FaultKind.REPEATED_PAGE and path in self._last_lists:
            return self._last_lists[path]
        answer = await _captured(self._app, {**scope, "fault": fault}, receive)
        if path.endswith(("/responses", "/bulk")):
            self._last_lists[path] = answer
        return answer


async def _captured(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    status, headers, body = 500, {}, b""

    async def keep(message: Message) -> None:
        nonlocal status, headers, body
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            body += message.get("body", b"")

    await app(scope, receive, keep)
    headers.pop("content-length", None)
    return Answer(status, headers, body)


async def _deliver(send: Send, answer: Answer, fault: Fault | None) -> None:
    body, kind = answer.body, fault.kind if fault else None
    half = len(body) // 2
    if kind is FaultKind.TRUNCATED_JSON:
        body = body[:half]
    headers = {**answer.headers, "content-length": str(len(body))}
    start: dict[str, Any] = {"type": "http.response.start", "status": answer.status}
    await send({**start, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})
    if fault and kind in {FaultKind.SLOW_BODY, FaultKind.BROKEN_OFF}:
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        if kind is FaultKind.BROKEN_OFF:
            return  # The server closes a connection whose answer was promised longer than it came.
        await asyncio.sleep(fault.seconds)
        body = body[half:]
    await send({"type": "http.response.body", "body": body})


def _instead(fault: Fault, path: str) -> Answer | None:
    """What comes instead of any answer of the platform, or None where one still comes."""
    if fault.kind is FaultKind.REDIRECT:
        return Answer(302, {"location": _NOWHERE + path.removeprefix("/v3")}, b"")
    return _ANSWERS.get(fault.kind)


def _authorization(scope: Scope) -> str | None:
    found: bytes | None = dict(scope["headers"]).get(b"authorization")
    return None if found is None else found.decode("latin-1")
