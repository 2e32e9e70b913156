"""The platform's endpoints: each makes the JSON that answers one call."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from connectors.sandbox.server import wire
from connectors.sandbox.server.pages import ORDER, ListQuery, list_body, read_query
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import (
    SCOPES,
    Access,
    Answer,
    RefusedError,
    json_answer,
    not_imitated,
    refusal,
)
from connectors.sandbox.world import pledge

_MOST_IN_BULK = 100  # the platform gives no more, whatever is asked for


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was let in.

    address: scheme, host and path. params: name and value of each, in the order given.
    """

    platform: Platform
    access: Access
    address: str
    params: list[tuple[str, str]]


def answered(call: Call, path: str) -> Answer:
    """The answer to a call for *path*, or the platform's refusal."""
    for shape, scope, endpoint in _ENDPOINTS:
        found = shape.fullmatch(path)
        if found and scope not in call.access.granted:
            return refusal("1014")
        if found:
            try:
                return json_answer(endpoint(call, *found.groups()))
            except RefusedError as refused:
                return refused.answer
    return refusal("1020")


def _account(call: Call) -> bytes:
    scopes = {"available": SCOPES, "granted": call.access.granted}
    return msgspec.json.encode(pledge.ACCOUNT | {"scopes": scopes})


def _surveys(call: Call) -> bytes:
    query = read_query(call.params, *ORDER)
    found = call.platform.surveys()
    found.sort(key=lambda survey: survey["date_modified"], reverse=not query.is_ascending)
    return _short_list(call, query, found, ["id", "title", "nickname", "href"])


def _details(call: Call, survey_id: str) -> bytes:
    return msgspec.json.encode(call.platform.design(survey_id))


def _rollups(call: Call, survey_id: str) -> bytes:
    query = read_query(call.params)
    return _short_list(call, query, call.platform.rollups(survey_id))


def _collectors(call: Call, survey_id: str) -> bytes:
    query = read_query(call.params, "include")
    shown = ["name", "id", "href", *filter(None, dict(call.params).get("include", "").split(","))]
    if not {"name", "id", "href", "url"}.issuperset(shown):
        raise not_imitated("The sandbox includes nothing but url of a collector.")
    return _short_list(call, query, call.platform.collectors(survey_id), shown)


def _responses(call: Call, survey_id: str, *, in_bulk: bool) -> bytes:
    most = _MOST_IN_BULK if in_bulk else 1000
    query = read_query(call.params, *ORDER, "start_modified_at", most=most)
    items, total = call.platform.page(survey_id, query, query.first, in_bulk=in_bulk)
    return list_body(items, total, query, call.address, call.params)


def _response(call: Call, survey_id: str, response_id: str) -> bytes:
    call.platform.design(survey_id)
    return wire.detail_body(call.platform.response(response_id))


def _short_list(
    call: Call, query: ListQuery, found: list[dict[str, Any]], shown: list[str] | None = None
) -> bytes:
    """One page of what was *found*; *shown* names what is told of each item, None: all."""
    page = found[query.first : query.first + query.per_page]
    items = [msgspec.json.encode({name: item[name] for name in shown or item}) for item in page]
    return list_body(items, len(found), query, call.address, call.params)


_SURVEY = "/v3/surveys/([^/]+)"
_ENDPOINTS: list[tuple[re.Pattern[str], str, Callable[..., bytes]]] = [
    (re.compile("/v3/users/me"), "users_read", _account),
    (re.compile("/v3/surveys"), "surveys_read", _surveys),
    (re.compile(f"{_SURVEY}/details"), "surveys_read", _details),
    (re.compile(f"{_SURVEY}/rollups"), "responses_read_detail", _rollups),
    (re.compile(f"{_SURVEY}/collectors"), "collectors_read", _collectors),
    (re.compile(f"{_SURVEY}/responses"), "responses_read", partial(_responses, in_bulk=False)),
    (re.compile(f"{_SURVEY}/responses/bulk"), "responses_read_detail", partial(_responses, in_bulk=True)),
    (re.compile(f"{_SURVEY}/responses/([^/]+)/details"), "responses_read_detail", _response),
]
