"""Who is let in, and the errors that others meet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests

from connectors.sandbox.server.refusals import SCOPES
from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world.pledge import SURVEY_ID

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def served():
    with open_sandbox(5, seed=1, until=UNTIL, per_minute=None, per_day=None) as server:
        yield server


@pytest.fixture
def sandbox(served):
    access = served.access
    yield served
    access.state, access.granted = "valid", SCOPES


def call(sandbox, path, headers=ALLOWED):
    return requests.get(sandbox.url + path, headers=headers, timeout=5)


def error_of(answer):
    error = answer.json()["error"]
    assert error["http_status_code"] == answer.status_code
    return answer.status_code, error["id"]


def test_the_account_is_told_with_its_scopes(sandbox):
    body = call(sandbox, "/users/me").json()
    assert body["scopes"]["granted"] == list(SCOPES)
    assert body["email"] == "pledge@example.org"


@pytest.mark.parametrize(
    ("headers", "error_id"),
    [
        ({}, "1010"),
        ({"Authorization": "bearer wrong"}, "1011"),
        ({"Authorization": TOKEN}, "1011"),
        ({"Authorization": f"bearer  {TOKEN}"}, "1011"),
        ({"Authorization": f"Basic {TOKEN}"}, "1011"),
    ],
)
def test_a_token_that_is_missing_or_wrong_is_refused(sandbox, headers, error_id):
    assert error_of(call(sandbox, "/users/me", headers)) == (401, error_id)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("expired", (401, "1012")), ("revoked", (401, "1013")), ("other_region", (403, "1018"))],
)
def test_a_grant_goes_wrong_with_its_own_error(sandbox, state, expected):
    sandbox.access.state = state
    assert error_of(call(sandbox, "/users/me")) == expected


def test_a_revoked_grant_may_have_a_body_of_another_shape(sandbox):
    sandbox.access.state = "revoked_grant"
    assert call(sandbox, "/users/me").json() == {"status": 1, "errmsg": "Client revoked access grant"}


BULK = f"/surveys/{SURVEY_ID}/responses/bulk"
IDS = f"/surveys/{SURVEY_ID}/responses"


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("users_read", "/users/me"),
        ("surveys_read", "/surveys"),
        ("surveys_read", f"/surveys/{SURVEY_ID}/details"),
        ("collectors_read", f"/surveys/{SURVEY_ID}/collectors"),
        ("responses_read", IDS),
        ("responses_read_detail", BULK),
        ("responses_read_detail", f"/surveys/{SURVEY_ID}/rollups"),
    ],
)
def test_a_call_without_its_scope_is_refused(sandbox, scope, path):
    assert call(sandbox, path).status_code == 200
    sandbox.access.granted = tuple(one for one in SCOPES if one != scope)
    answer = call(sandbox, path)
    assert error_of(answer) == (403, "1014")
    assert scope not in answer.headers["X-OAuth-Scopes-Granted"].split(",")


@pytest.mark.parametrize(
    "path",
    [
        "/surveys/1/details",
        "/surveys/1/collectors",
        "/surveys/1/responses",
        "/surveys/1/responses/bulk",
        "/surveys/1/rollups",
        "/surveys/1/responses/1/details",
        f"{IDS}/1/details",
        f"{IDS}/one/details",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_not_found(sandbox, path):
    assert error_of(call(sandbox, path)) == (404, "1020")


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "per_page=-1",
        "per_page=1.5",
        "sort_by=id",
        "sort_order=asc",
        "start_modified_at=yesterday",
        "start_modified_at=2026-01-01T00:00:00+00:00",
    ],
)
def test_a_bad_parameter_is_refused(sandbox, query):
    assert error_of(call(sandbox, f"{BULK}?{query}")) == (400, "1003")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{BULK}?status=completed", "status"),
        ("/surveys?title=pledge", "title"),
        (f"/surveys/{SURVEY_ID}/collectors?include=url,type", "url"),
    ],
)
def test_a_parameter_that_the_sandbox_lacks_is_not_passed_over_in_silence(sandbox, path, told):
    answer = call(sandbox, path)
    assert answer.status_code == 501
    assert told in answer.text
