"""The sandbox made to misbehave, as the platform and the net do: what goes wrong, and at which call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urlencode

from connectors.sandbox.server import serve
from connectors.sandbox.server.limits import PREFIX
from connectors.sandbox.server.refusals import Answer, json_answer, refusal, revoked_grant


class FaultKind(StrEnum):
    """What can go wrong.

    The first group answers instead of the platform, the second damages a good answer on its way,
    the third makes a list of responses say something untrue.
    """

    MINUTE_LIMIT = "minute_limit"
    DAY_LIMIT = "day_limit"
    ERROR_500 = "error_500"
    HTML_502 = "html_502"
    EMPTY_503 = "empty_503"
    TIMEOUT_504 = "timeout_504"
    HTML_200 = "html_200"
    WRONG_TYPE = "wrong_type"
    REDIRECT = "redirect"
    REVOKED_GRANT = "revoked_grant"

    SLOW_BODY = "slow_body"
    BROKEN_OFF = "broken_off"
    TRUNCATED_JSON = "truncated_json"

    WRONG_TOTAL = "wrong_total"
    REPEATED_PAGE = "repeated_page"
    SHIFTED_PAGE = "shifted_page"
    SMALL_PAGE = "small_page"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at one call.

    seconds: how long a slow body stops in its middle.
    rows: by how many a page is shifted (negative: rows come twice) or a total is wrong; the size
        of a small page.
    """

    kind: FaultKind
    seconds: float = 2.0
    rows: int = 1


@dataclass
class FaultPlan:
    """Decides what goes wrong at which call; tests change it at any time.

    script: call number, from 1, to what goes wrong there; comes first.
    probability, kinds, seed: each other call fails with that probability, in one of *kinds*;
        the same seed fails at the same call numbers.
    only: chance strikes only paths that hold this text; a script strikes all.
    on_call: called with number and path (with query) before each call is answered.
    """

    script: dict[int, FaultKind | str | Fault] = field(default_factory=dict)
    probability: float = 0.0
    kinds: tuple[FaultKind | str | Fault, ...] = ()
    seed: int = 0
    only: str = ""
    on_call: Callable[[int, str], None] = lambda _number, _path: None

    def decide(self, call_number: int, path: str) -> Fault | None:
        """What goes wrong at that call, or None."""
        scripted = self.script.get(call_number)
        if scripted is not None:
            return _as_fault(scripted)
        if not self.kinds or self.only not in path:
            return None
        rng = Random(f"{self.seed} {call_number}")
        return _as_fault(rng.choice(self.kinds)) if rng.random() < self.probability else None


def _as_fault(given: FaultKind | str | Fault) -> Fault:
    return given if isinstance(given, Fault) else Fault(FaultKind(given))


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
_SPENT = {
    FaultKind.MINUTE_LIMIT: {f"{PREFIX}-Minute-Remaining": "0"},
    FaultKind.DAY_LIMIT: {f"{PREFIX}-Day-Remaining": "0"},
}


@dataclass(eq=False)
class FaultySandbox(serve.SandboxServer):
    """A sandbox that goes wrong as *faults* say; they may be changed at any time."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    _fault: Fault | None = None
    _last_lists: dict[str, Answer] = field(default_factory=dict)

    async def _serve(self, scope: Any, path: str, send: Any) -> None:
        self.faults.on_call(len(self.calls), path)
        fault = self._fault = self.faults.decide(len(self.calls), path)
        answer = self._spoilt(scope, path, fault) if fault else self._answer(scope)
        await _deliver(send, answer, fault)

    def _spoilt(self, scope: Any, path: str, fault: Fault) -> Answer:
        kind = fault.kind
        if kind in _OF_A_GATEWAY:
            self.limits.take()
            return _OF_A_GATEWAY[kind]
        if kind is FaultKind.REDIRECT:
            answer = Answer(302, {"location": _NOWHERE + path.removeprefix("/v3")}, b"")
            return self._with_headers(answer, self.limits.take())
        if kind in _INSTEAD:
            answer = self._with_headers(_INSTEAD[kind], self.limits.take())
            return answer._replace(headers={**answer.headers, **_SPENT.get(kind, {})})
        return self._answer(scope)

    def _endpoint(self, scope: Any, host: str) -> Answer:
        path, kind = scope["path"], self._fault.kind if self._fault else None
        if not path.endswith(("/responses", "/bulk")):
            return super()._endpoint(scope, host)
        if kind is FaultKind.REPEATED_PAGE and path in self._last_lists:
            return self._last_lists[path]
        with mock.patch.object(self.platform, "page", self._page_with(kind)):
            if kind is FaultKind.SMALL_PAGE:
                scope = scope | {"query_string": _with_at_most(self._fault.rows, scope["query_string"])}
            self._last_lists[path] = super()._endpoint(scope, host)
        return self._last_lists[path]

    def _page_with(self, kind: FaultKind | None) -> Callable[..., tuple[list[bytes], int]]:
        """The platform's ``page``, shifted or with a wrong total."""
        page, rows = self.platform.page, self._fault.rows if self._fault else 0
        shift = rows if kind is FaultKind.SHIFTED_PAGE else 0
        more_in_all = rows if kind is FaultKind.WRONG_TOTAL else 0

        def spoilt(survey_id: str, query: Any, first: int, **given: Any) -> tuple[list[bytes], int]:
            items, total = page(survey_id, query, first + shift, **given)
            return items, total + more_in_all

        return spoilt


def open_sandbox(n_responses: int, *, faults: FaultPlan | None = None, **given: Any) -> FaultySandbox:
    """A server, not yet started, that goes wrong as *faults* say; *given*: as the product's own takes it."""
    whole = serve.open_sandbox(n_responses, **given)
    return FaultySandbox(whole.platform, whole.limits, whole.access, faults=faults or FaultPlan())


def _with_at_most(rows: int, query_string: bytes) -> bytes:
    params = dict(parse_qsl(query_string.decode(), keep_blank_values=True))
    return urlencode(params | {"per_page": min(rows, int(params.get("per_page", 50)))}).encode()


async def _deliver(send: Any, answer: Answer, fault: Fault | None) -> None:
    kind = fault.kind if fault else None
    half = len(answer.body) // 2
    if kind is FaultKind.TRUNCATED_JSON:
        answer = answer._replace(body=answer.body[:half])
    await send(answer.beginning())
    body = answer.body
    if fault and kind in {FaultKind.SLOW_BODY, FaultKind.BROKEN_OFF}:
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        if kind is FaultKind.BROKEN_OFF:
            return  # The server closes a connection whose answer was promised longer than it came.
        await asyncio.sleep(fault.seconds)
        body = body[half:]
    await send({"type": "http.response.body", "body": body})
