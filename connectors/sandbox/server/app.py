"""The sandbox as an application: what every call passes on its way in and out."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from connectors.sandbox.server.endpoints import Call, answered
from connectors.sandbox.server.limits import Allowance, Limits
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import Access, Answer, refusal


@dataclass(eq=False)
class Sandbox:
    """All that one imitation consists of, and the ASGI application that it is.

    calls: method, and path with query, of each call so far.
    bugs: what was raised inside instead of an answer, a mistake of the imitation.
    """

    platform: Platform
    limits: Limits
    access: Access
    calls: list[tuple[str, str]] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        self.calls.append((scope["method"], path))
        try:
            await self._serve(scope, path, send)
        except Exception as bug:
            self.bugs.append(bug)
            raise

    async def _serve(self, scope: Any, _path: str, send: Any) -> None:
        answer = self._answer(scope)
        await send(answer.beginning())
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, scope: Any) -> Answer:
        allowance = self.limits.take()
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if allowance.is_over:
            refused: Answer | None = refusal("1040")
        else:
            refused = self.access.refused(headers.get("authorization", ""))
        return self._with_headers(refused or self._endpoint(scope, headers["host"]), allowance)

    def _with_headers(self, answer: Answer, allowance: Allowance) -> Answer:
        scopes = {"X-OAuth-Scopes-Granted": ",".join(self.access.granted)}
        return answer._replace(headers={**answer.headers, **scopes, **allowance.headers})

    def _endpoint(self, scope: Any, host: str) -> Answer:
        if scope["method"] != "GET":
            return refusal("1020")
        params = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        call = Call(self.platform, self.access, f"http://{host}{scope['path']}", params)
        return answered(call, scope["path"])
