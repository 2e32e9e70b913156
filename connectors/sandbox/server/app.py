"""The platform's endpoints, as a FastAPI application.

This module and ``serve`` import FastAPI and uvicorn, which takes a while; the others don't.
"""

from dataclasses import replace
from typing import Any

import msgspec
from fastapi import Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from connectors.sandbox.errors import NotImitatedError, RefusalError
from connectors.sandbox.server import wire
from connectors.sandbox.server.access import SCOPES
from connectors.sandbox.server.faults import Fault, FaultKind
from connectors.sandbox.server.gate import Gate, Sandbox
from connectors.sandbox.server.pages import ORDER, ListQuery, list_body, own_link, read_query
from connectors.sandbox.server.refusals import refusal
from connectors.sandbox.world import pledge

_MOST_IN_BULK = 100


def make_app(sandbox: Sandbox) -> FastAPI:
    """The endpoints under ``/v3``, behind the gate that counts, checks and misbehaves."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.add_middleware(Gate, sandbox=sandbox)
    app.add_exception_handler(RefusalError, _refused)
    app.add_exception_handler(HTTPException, _unknown_place)
    app.add_exception_handler(NotImitatedError, _not_imitated)
    _add_account(app, sandbox)
    _add_survey(app, sandbox)
    _add_responses(app, sandbox)
    return app


def _add_account(app: FastAPI, sandbox: Sandbox) -> None:
    @app.get("/v3/users/me", dependencies=_needs(sandbox, "users_read"))
    async def me() -> Response:
        scopes = {"available": SCOPES, "granted": sandbox.access.granted}
        return _json(pledge.ACCOUNT | {"scopes": scopes})

    @app.get("/v3/surveys", dependencies=_needs(sandbox, "surveys_read"))
    async def surveys(request: Request) -> Response:
        query = read_query(request.query_params, *ORDER)
        found = sandbox.platform.surveys()
        found.sort(key=lambda survey: survey["date_modified"], reverse=not query.is_ascending)
        kept = ("id", "title", "nickname", "href")
        return _short_list(request, query, [{name: survey[name] for name in kept} for survey in found])


def _add_survey(app: FastAPI, sandbox: Sandbox) -> None:
    platform = sandbox.platform

    @app.get("/v3/surveys/{survey_id}/details", dependencies=_needs(sandbox, "surveys_read"))
    async def details(survey_id: str) -> Response:
        return _json(platform.design(survey_id))

    @app.get("/v3/surveys/{survey_id}/rollups", dependencies=_needs(sandbox, "responses_read_detail"))
    async def rollups(survey_id: str, request: Request) -> Response:
        return _short_list(request, read_query(request.query_params), platform.rollups(survey_id))

    @app.get("/v3/surveys/{survey_id}/collectors", dependencies=_needs(sandbox, "collectors_read"))
    async def collectors(survey_id: str, request: Request) -> Response:
        query = read_query(request.query_params, "include")
        kept = ["name", "id", "href", *filter(None, request.query_params.get("include", "").split(","))]
        if not {"name", "id", "href", "url"}.issuperset(kept):
            raise NotImitatedError("The sandbox includes nothing but url of a collector.")
        found = platform.collectors(survey_id)
        return _short_list(request, query, [{name: one[name] for name in kept} for one in found])


def _add_responses(app: FastAPI, sandbox: Sandbox) -> None:
    ids_allowed = _needs(sandbox, "responses_read")
    answers_allowed = _needs(sandbox, "responses_read_detail")

    @app.get("/v3/surveys/{survey_id}/responses", dependencies=ids_allowed)
    async def ids(survey_id: str, request: Request) -> Response:
        return _responses(request, sandbox, survey_id, in_bulk=False)

    @app.get("/v3/surveys/{survey_id}/responses/bulk", dependencies=answers_allowed)
    async def bulk(survey_id: str, request: Request) -> Response:
        return _responses(request, sandbox, survey_id, in_bulk=True)

    @app.get("/v3/surveys/{survey_id}/responses/{response_id}/details", dependencies=answers_allowed)
    async def whole(survey_id: str, response_id: str) -> Response:
        sandbox.platform.design(survey_id)
        return _body(wire.detail_body(sandbox.platform.response(response_id)))


def _responses(request: Request, sandbox: Sandbox, survey_id: str, *, in_bulk: bool) -> Response:
    """One page of responses, or what the call's fault makes of it."""
    params, platform = request.query_params, sandbox.platform
    most = _MOST_IN_BULK if in_bulk else 1000
    query = read_query(params, *ORDER, "start_modified_at", most=most)
    fault: Fault | None = request.scope["fault"]
    kind, rows = (fault.kind, fault.rows) if fault else (None, 0)
    if kind is FaultKind.SMALL_PAGE:
        query = replace(query, per_page=min(query.per_page, rows))
    first = query.first + (rows if kind is FaultKind.SHIFTED_PAGE else 0)
    items, total = platform.page(survey_id, query, first, in_bulk=in_bulk)
    if kind is FaultKind.WRONG_TOTAL:
        total += rows
    link = own_link(_address(request), params.multi_items(), query)
    return _body(list_body(items, query, total, link))


def _needs(sandbox: Sandbox, scope: str) -> list[Any]:
    async def check() -> None:
        if scope not in sandbox.access.granted:
            raise RefusalError("1014")

    return [Depends(check)]


def _short_list(request: Request, query: ListQuery, found: list[dict[str, Any]]) -> Response:
    items = [msgspec.json.encode(item) for item in found[query.first : query.first + query.per_page]]
    link = own_link(_address(request), request.query_params.multi_items(), query)
    return _body(list_body(items, query, len(found), link))


def _address(request: Request) -> str:
    return str(request.url).partition("?")[0]


def _json(content: Any) -> Response:
    return _body(msgspec.json.encode(content))


def _body(body: bytes) -> Response:
    return Response(body, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    answer = refusal(error.error_id if isinstance(error, RefusalError) else "1050")
    return Response(answer.body, answer.status, dict(answer.headers))


async def _unknown_place(request: Request, _error: Exception) -> Response:
    return await _refused(request, RefusalError("1020"))


async def _not_imitated(_request: Request, error: Exception) -> Response:
    return Response(str(error), 501, media_type="text/plain")
