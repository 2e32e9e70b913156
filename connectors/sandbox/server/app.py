"""The platform's endpoints, as a FastAPI application.

This module and ``serve`` import FastAPI and uvicorn, which takes a while; the others don't.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from connectors.sandbox.errors import NotImitatedError, RefusalError
from connectors.sandbox.server import wire
from connectors.sandbox.server.faults import Fault, FaultKind
from connectors.sandbox.server.filters import read_instant, read_query
from connectors.sandbox.server.gate import Gate, Sandbox
from connectors.sandbox.server.pages import Paging, links, list_body, read_paging
from connectors.sandbox.server.refusals import DOCS, ERRORS, refusal
from connectors.sandbox.world import pledge

_MOST = 1000
_MOST_IN_BULK = 100
_SURVEY_EXTRAS = {
    "response_count",
    "date_created",
    "date_modified",
    "language",
    "question_count",
    "analyze_url",
    "preview",
}
_COLLECTOR_EXTRAS = {"type", "status", "response_count", "date_created", "date_modified", "url"}
_SORTED_SURVEYS = {"title": "title", "date_modified": "date_modified", "num_responses": "response_count"}


def make_app(sandbox: Sandbox) -> FastAPI:
    """The endpoints under ``/v3``, behind the gate that counts, checks and misbehaves."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.add_middleware(Gate, sandbox=sandbox)
    app.add_exception_handler(RefusalError, _refused)
    app.add_exception_handler(HTTPException, _unknown_place)
    app.add_exception_handler(NotImitatedError, _not_imitated)
    _add_account(app, sandbox)
    _add_surveys(app, sandbox)
    _add_collectors(app, sandbox)
    _add_responses(app, sandbox)
    return app


def _add_account(app: FastAPI, sandbox: Sandbox) -> None:
    access = sandbox.access

    @app.get("/v3/users/me", dependencies=_needs(sandbox, "users_read"))
    async def me() -> Response:
        scopes = {"available": list(access.available), "granted": list(access.granted)}
        return _json(pledge.account() | {"scopes": scopes})

    @app.get("/v3/errors")
    async def errors(request: Request) -> Response:
        known = [
            {"id": error_id, "href": f"{pledge.API}/errors/{error_id}", "name": error.name}
            for error_id, error in ERRORS.items()
        ]
        return _short_list(request, known)

    @app.get("/v3/errors/{error_id}")
    async def error(error_id: str) -> Response:
        if error_id not in ERRORS:
            raise RefusalError("1020")
        found = ERRORS[error_id]
        return _json(
            {
                "id": error_id,
                "message": found.message,
                "href": f"{pledge.API}/errors/{error_id}",
                "name": found.name,
                "docs": DOCS,
            }
        )


def _add_surveys(app: FastAPI, sandbox: Sandbox) -> None:
    platform = sandbox.platform

    @app.get("/v3/surveys", dependencies=_needs(sandbox, "surveys_read"))
    async def surveys(request: Request) -> Response:
        params = request.query_params
        found = [survey for survey in platform.surveys() if _is_asked_for(survey, params)]
        key = _SORTED_SURVEYS.get(params.get("sort_by", "date_modified"))
        if key is None:
            raise RefusalError("1003")
        found.sort(key=lambda survey: survey[key], reverse=params.get("sort_order", "DESC") == "DESC")
        kept = ["id", "title", "nickname", "href", *_extras(params, _SURVEY_EXTRAS)]
        return _short_list(request, [{name: survey[name] for name in kept} for survey in found])

    @app.get("/v3/surveys/{survey_id}", dependencies=_needs(sandbox, "surveys_read"))
    async def survey(survey_id: str) -> Response:
        return _json({name: value for name, value in platform.design(survey_id).items() if name != "pages"})

    @app.get("/v3/surveys/{survey_id}/details", dependencies=_needs(sandbox, "surveys_read"))
    async def details(survey_id: str) -> Response:
        return _json(platform.design(survey_id))

    @app.get("/v3/surveys/{survey_id}/rollups", dependencies=_needs(sandbox, "responses_read_detail"))
    async def survey_rollups(survey_id: str, request: Request) -> Response:
        return _short_list(request, platform.rollups(survey_id, read_query(request.query_params)))


def _add_collectors(app: FastAPI, sandbox: Sandbox) -> None:
    platform = sandbox.platform

    @app.get("/v3/surveys/{survey_id}/collectors", dependencies=_needs(sandbox, "collectors_read"))
    async def collectors(survey_id: str, request: Request) -> Response:
        kept = ["name", "id", "href", "type", *_extras(request.query_params, _COLLECTOR_EXTRAS)]
        wanted = request.query_params.get("name", "")
        found = [
            {name: one[name] for name in kept}
            for one in platform.collectors(survey_id)
            if wanted in one["name"]
        ]
        return _short_list(request, found)

    @app.get("/v3/collectors/{collector_id}", dependencies=_needs(sandbox, "collectors_read"))
    async def collector(collector_id: str) -> Response:
        return _json(platform.collector(collector_id))


def _add_responses(app: FastAPI, sandbox: Sandbox) -> None:
    platform = sandbox.platform
    ids_allowed = _needs(sandbox, "responses_read")
    answers_allowed = _needs(sandbox, "responses_read_detail")

    @app.get("/v3/{parent}/{parent_id}/responses", dependencies=ids_allowed)
    async def ids(parent: str, parent_id: str, request: Request) -> Response:
        return _responses(request, sandbox, parent, parent_id, in_bulk=False)

    @app.get("/v3/{parent}/{parent_id}/responses/bulk", dependencies=answers_allowed)
    async def bulk(parent: str, parent_id: str, request: Request) -> Response:
        return _responses(request, sandbox, parent, parent_id, in_bulk=True)

    @app.get("/v3/{parent}/{parent_id}/responses/{response_id}", dependencies=ids_allowed)
    async def bare(parent: str, parent_id: str, response_id: str) -> Response:
        _collector_of(sandbox, parent, parent_id)
        return _body(wire.bare_body(platform.response(response_id)))

    @app.get("/v3/{parent}/{parent_id}/responses/{response_id}/details", dependencies=answers_allowed)
    async def whole(parent: str, parent_id: str, response_id: str) -> Response:
        _collector_of(sandbox, parent, parent_id)
        return _body(wire.detail_body(platform.response(response_id)))


def _responses(request: Request, sandbox: Sandbox, parent: str, parent_id: str, *, in_bulk: bool) -> Response:
    """One page of responses, or what the call's fault makes of it."""
    params = request.query_params
    query = read_query(params, collector_id=_collector_of(sandbox, parent, parent_id))
    paging = read_paging(params, most=_MOST_IN_BULK if in_bulk else _MOST)
    fault: Fault | None = request.scope["fault"]
    kind, rows = (fault.kind, fault.rows) if fault else (None, 0)
    if kind is FaultKind.SMALL_PAGE:
        paging = Paging(paging.page, min(paging.per_page, rows))
    first = paging.first + (rows if kind is FaultKind.SHIFTED_PAGE else 0)
    page_of = sandbox.platform.bulk_page if in_bulk else sandbox.platform.id_page
    items, total = page_of(query, first, paging.per_page)
    if parent_id == pledge.DRAFT_ID:
        items, total = [], 0
    if kind is FaultKind.WRONG_TOTAL:
        total += rows
    found = links(_address(request), params.multi_items(), paging, total)
    if fault and kind is FaultKind.FOREIGN_NEXT:
        own = str(request.base_url) + "v3"
        found["next"] = found.get("next", found["self"]).replace(own, fault.base, 1)
    return _body(list_body(items, paging, total, found))


def _collector_of(sandbox: Sandbox, parent: str, parent_id: str) -> str | None:
    """The collector whose responses are meant, or None for all of a survey."""
    if parent == "surveys":
        sandbox.platform.design(parent_id)
        return None
    if parent != "collectors":
        raise RefusalError("1020")
    sandbox.platform.collector(parent_id)
    return parent_id


def _needs(sandbox: Sandbox, scope: str) -> list[Any]:
    async def check() -> None:
        error_id = sandbox.access.error_for_scope(scope)
        if error_id:
            raise RefusalError(error_id)

    return [Depends(check)]


def _is_asked_for(survey: Mapping[str, Any], params: Mapping[str, str]) -> bool:
    modified = read_instant(survey, "date_modified") or 0.0
    start, end = read_instant(params, "start_modified_at"), read_instant(params, "end_modified_at")
    return (
        params.get("title", "").casefold() in survey["title"].casefold()
        and (start is None or modified >= start)
        and (end is None or modified <= end)
    )


def _extras(params: Mapping[str, str], known: set[str]) -> list[str]:
    asked = [name for name in params.get("include", "").split(",") if name]
    if not known.issuperset(asked):
        raise RefusalError("1003")
    return asked


def _short_list(request: Request, found: list[dict[str, Any]]) -> Response:
    paging = read_paging(request.query_params, most=_MOST)
    items = [msgspec.json.encode(item) for item in found[paging.first : paging.first + paging.per_page]]
    links_found = links(_address(request), request.query_params.multi_items(), paging, len(found))
    return _body(list_body(items, paging, len(found), links_found))


def _address(request: Request) -> str:
    return str(request.url).partition("?")[0]


def _json(content: Any) -> Response:
    return _body(msgspec.json.encode(content))


def _body(body: bytes) -> Response:
    return Response(body, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    answer = refusal(error.error_id if isinstance(error, RefusalError) else "1050")
    return Response(answer.body, answer.status, dict(answer.headers))


async def _unknown_place(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return await _refused(
        _request, RefusalError("1061" if status == HTTPStatus.METHOD_NOT_ALLOWED else "1020")
    )


async def _not_imitated(_request: Request, error: Exception) -> Response:
    return Response(str(error), 501, media_type="text/plain")
