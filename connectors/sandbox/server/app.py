"""The sandbox as an application: what every call passes on its way in and out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from connectors.sandbox.server.endpoints import Call, answered
from connectors.sandbox.server.faults import Fault, FaultKind, FaultPlan
from connectors.sandbox.server.limits import PREFIX, Limits
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import Access, Answer, json_answer, refusal, revoked_grant

_NOWHERE = "http://127.0.0.1:9/v3"  # nothing listens there


def _of_a_gateway(status: int, title: str) -> Answer:
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    return Answer(status, {"content-type": "text/html"}, page.encode())


_INSTEAD = {
    FaultKind.MINUTE_LIMIT: refusal("1040"),
    FaultKind.DAY_LIMIT: refusal("1040"),
    FaultKind.ERROR_500: refusal("1050"),
    FaultKind.WRONG_TYPE: json_answer(b"[]"),
    FaultKind.REVOKED_GRANT: revoked_grant(),
}
# A gateway stands before the platform, so that none of its headers are told.
_OF_A_GATEWAY = {
    FaultKind.HTML_502: _of_a_gateway(502, "502 Bad Gateway"),
    FaultKind.EMPTY_503: Answer(503, {}, b""),
    FaultKind.TIMEOUT_504: _of_a_gateway(504, "504 Gateway Time-out"),
    FaultKind.HTML_200: _of_a_gateway(200, "Back soon"),
}
_SPENT: dict[FaultKind | None, dict[str, str]] = {
    FaultKind.MINUTE_LIMIT: {f"{PREFIX}-Minute-Remaining": "0"},
    FaultKind.DAY_LIMIT: {f"{PREFIX}-Day-Remaining": "0"},
}


@dataclass(eq=False)
class Sandbox:
    """All that one imitation consists of, and the ASGI application that it is.

    calls: method, and path with query, of each call so far.
    bugs: what was raised inside instead of an answer: a mistake of the imitation or of a test's hook.
    """

    platform: Platform
    limits: Limits
    access: Access
    faults: FaultPlan = field(default_factory=FaultPlan)
    calls: list[tuple[str, str]] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)
    _last_lists: dict[str, Answer] = field(default_factory=dict)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        self.calls.append((scope["method"], path))
        number = len(self.calls)
        try:
            self.faults.on_call(number, path)
            fault = self.faults.decide(number, path)
            answer = self._answer(scope, path, fault)
        except Exception as bug:
            self.bugs.append(bug)
            raise
        await _deliver(send, answer, fault)

    def _answer(self, scope: Any, path: str, fault: Fault | None) -> Answer:
        allowance = self.limits.take()
        kind = fault.kind if fault else None
        if kind in _OF_A_GATEWAY:
            return _OF_A_GATEWAY[kind]
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if kind is FaultKind.REDIRECT:
            answer: Answer | None = Answer(302, {"location": _NOWHERE + path.removeprefix("/v3")}, b"")
        elif kind in _INSTEAD:
            answer = _INSTEAD[kind]
        elif allowance.is_over:
            answer = refusal("1040")
        else:
            answer = self.access.refused(headers.get("authorization", ""))
        status, own_headers, body = answer or self._of_the_endpoint(scope, headers["host"], fault)
        scopes = {"X-OAuth-Scopes-Granted": ",".join(self.access.granted)}
        return Answer(status, {**own_headers, **scopes, **allowance.headers, **_SPENT.get(kind, {})}, body)

    def _of_the_endpoint(self, scope: Any, host: str, fault: Fault | None) -> Answer:
        path = scope["path"]
        if fault and fault.kind is FaultKind.REPEATED_PAGE and path in self._last_lists:
            return self._last_lists[path]
        params = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        call = Call(self.platform, self.access, f"http://{host}{path}", params, fault)
        answer = answered(call, path) if scope["method"] == "GET" else refusal("1020")
        if path.endswith(("/responses", "/bulk")):
            self._last_lists[path] = answer
        return answer


async def _deliver(send: Any, answer: Answer, fault: Fault | None) -> None:
    body, kind = answer.body, fault.kind if fault else None
    half = len(body) // 2
    if kind is FaultKind.TRUNCATED_JSON:
        body = body[:half]
    headers = {**answer.headers, "content-length": str(len(body))}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    if fault and kind in {FaultKind.SLOW_BODY, FaultKind.BROKEN_OFF}:
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        if kind is FaultKind.BROKEN_OFF:
            return  # The server closes a connection whose answer was promised longer than it came.
        await asyncio.sleep(fault.seconds)
        body = body[half:]
    await send({"type": "http.response.body", "body": body})
