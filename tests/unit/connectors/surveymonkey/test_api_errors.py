"""Each refusal of the platform becomes a sentence with a next step, and holds nothing of the body's text."""

from __future__ import annotations

import pytest

from connectors.errors import SourceRefusedError
from connectors.surveymonkey.transport.api_errors import (
    NotHeldError,
    error_id_of,
    error_of,
    redirect_error,
)

HOST = "api.surveymonkey.com"
DETAILS = "/surveys/123/details"
BULK = "/surveys/123/responses/bulk"


def _sentence(status, error_id, path=DETAILS, host=HOST):
    return str(error_of(status, error_id, path, host))


@pytest.mark.parametrize(
    ("status", "error_id", "told"),
    [
        (401, "1010", "set SURVEYMONKEY_ACCESS_TOKEN"),
        (401, "1011", "set SURVEYMONKEY_ACCESS_TOKEN"),
        (401, "1012", "expired"),
        (401, "1013", "revoked"),
        (200, "revoked", "revoked"),
        (401, None, "set SURVEYMONKEY_ACCESS_TOKEN"),
        (402, "1005", "pledge import"),
        (403, "1015", "Upgrade the plan"),
        (403, "1016", "share it"),
        (403, "1017", "quota"),
        (403, "1018", "PLEDGE_REGION to eu or ca"),
        (404, "1020", "PLEDGE_SURVEY_ID"),
        (413, "1030", "1,000 questions"),
        (404, "1052", "deleted"),
        (410, "1053", "deleted"),
        (403, "1058", "verified"),
        (403, None, "SURVEYMONKEY_API_URL"),
        (404, None, "SURVEYMONKEY_API_URL"),
        (400, "1003", "error 1003"),
    ],
)
def test_a_refusal_says_what_to_do_next(status, error_id, told):
    sentence = _sentence(status, error_id)
    assert told in sentence
    assert f"HTTP {status}" in sentence


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/users/me", "users_read"),
        ("/surveys", "surveys_read"),
        (DETAILS, "surveys_read"),
        ("/surveys/123/collectors", "collectors_read"),
        ("/surveys/123/responses", "responses_read "),
        (BULK, "responses_read_detail, which needs a paid plan,"),
        ("/surveys/123/responses/9/details", "responses_read_detail, which needs a paid plan,"),
    ],
)
def test_a_missing_scope_is_named(path, scope):
    assert f"lacks the scope {scope}" in _sentence(403, "1014", path)


@pytest.mark.parametrize(
    ("host", "regions"),
    [
        ("api.surveymonkey.com", "eu or ca"),
        ("api.eu.surveymonkey.com", "us or ca"),
        ("api.surveymonkey.ca", "us or eu"),
        ("127.0.0.1", "us or eu or ca"),
    ],
)
def test_the_wrong_region_names_the_others(host, regions):
    assert f"Set PLEDGE_REGION to {regions}," in _sentence(403, "1018", host=host)


def test_what_is_not_held_can_be_told_from_other_refusals():
    assert isinstance(error_of(404, "1020", DETAILS, HOST), NotHeldError)
    assert not isinstance(error_of(404, None, DETAILS, HOST), NotHeldError)


@pytest.mark.parametrize(
    ("body", "error_id"),
    [
        (b'{"error": {"id": "1014", "name": "Permission Error", "http_status_code": 403}}', "1014"),
        (b'{"error": {"id": 1050}}', "1050"),
        (b'{"error": {"name": "?"}}', "0"),
        (b'{"status": 1, "errmsg": "Client revoked access grant"}', "revoked"),
        (b'{"status": 1, "errmsg": "The grant was REVOKED by the client"}', "revoked"),
        (b'{"status": 1, "errmsg": "something else"}', "0"),
        (b'{"data": [], "total": 0}', None),
        (b'{"id": "1", "error": null}', None),
        (b"<html>Bad gateway</html>", None),
        (b'["error"]', None),
        (b"", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
    ],
)
def test_the_platforms_number_is_found_in_both_of_its_forms(body, error_id):
    assert error_id_of(body) == error_id


def test_the_vendors_own_example_of_an_error_is_read(real_data):
    assert error_id_of((real_data / "payloads/official_docs/error_500.json").read_bytes()) == "1050"


def test_an_error_without_a_sensible_number_is_still_a_refusal():
    error = error_of(400, "0", DETAILS, HOST)
    assert isinstance(error, SourceRefusedError)
    assert "HTTP 400" in str(error)


def test_a_redirect_names_only_the_host_it_points_to():
    assert "points to example.org (HTTP 302)" in str(redirect_error(302, HOST, "example.org"))
    assert "points elsewhere (HTTP 304)" in str(redirect_error(304, HOST, None))
