"""Every error that the platform documents, over real HTTP: what it becomes, and what the operator is told."""

from __future__ import annotations

import pytest

from connectors.errors import SourceRefusedError, SourceUnreachableError
from connectors.surveymonkey.transport.api_errors import NotHeldError

NEW_TOKEN = "set SURVEYMONKEY_ACCESS_TOKEN"
REPORT = "report it"
LATER = "run again later"

# Number, HTTP status, class, what the next step says; in the order of the platform's list.
DOCUMENTED = [
    ("1000", 400, SourceRefusedError, REPORT),
    ("1001", 400, SourceRefusedError, REPORT),
    ("1002", 400, SourceRefusedError, REPORT),
    ("1003", 400, SourceRefusedError, "Check PLEDGE_SURVEY_ID"),
    ("1004", 400, SourceRefusedError, REPORT),
    ("1005", 402, SourceRefusedError, "pledge import"),
    ("1010", 401, SourceRefusedError, NEW_TOKEN),
    ("1011", 401, SourceRefusedError, NEW_TOKEN),
    ("1012", 401, SourceRefusedError, NEW_TOKEN),
    ("1013", 401, SourceRefusedError, NEW_TOKEN),
    ("1014", 403, SourceRefusedError, "Require it under Scopes"),
    ("1015", 403, SourceRefusedError, "pledge import"),
    ("1016", 403, SourceRefusedError, "Ask the survey's owner to share it"),
    ("1017", 403, SourceRefusedError, "plan's limits"),
    ("1018", 403, SourceRefusedError, "Set PLEDGE_REGION"),
    ("1020", 404, NotHeldError, "Check PLEDGE_SURVEY_ID"),
    ("1025", 409, SourceRefusedError, REPORT),
    ("1026", 409, SourceRefusedError, REPORT),
    ("1030", 413, SourceRefusedError, "pledge import"),
    ("1040", 429, SourceUnreachableError, LATER),
    ("1050", 500, SourceUnreachableError, LATER),
    ("1051", 503, SourceUnreachableError, LATER),
    ("1052", 404, SourceRefusedError, NEW_TOKEN),
    ("1053", 410, SourceRefusedError, NEW_TOKEN),
    ("1054", 502, SourceUnreachableError, LATER),
    ("1055", 504, SourceUnreachableError, LATER),
    ("1056", 400, SourceRefusedError, REPORT),
    ("1057", 401, SourceRefusedError, NEW_TOKEN),
    ("1058", 403, SourceRefusedError, "follow the link in its message"),
    ("1059", 400, SourceRefusedError, REPORT),
    ("1060", 400, SourceRefusedError, REPORT),
    ("1061", 405, SourceRefusedError, "Check that SURVEYMONKEY_API_URL"),
    ("1062", 400, SourceRefusedError, "plan's limits"),
    ("1063", 401, SourceRefusedError, "share it"),
]
SECRET = "Ailsa Invented <ailsa@example.org>"


def _body(error_id, status):
    error = {"id": error_id, "name": "Name", "message": SECRET, "docs": SECRET, "http_status_code": status}
    return {"error": error}


@pytest.mark.parametrize(("error_id", "status", "kind", "next_step"), DOCUMENTED)
def test_each_documented_error_ends_in_a_sentence_with_a_next_step(
    *, platform, client, token, error_id, status, kind, next_step
):
    is_retried = kind is SourceUnreachableError
    for _ in range(5 if is_retried else 1):
        platform.says(_body(error_id, status), status)
    with pytest.raises(kind) as caught:
        client.design("7")

    sentence = str(caught.value)
    assert type(caught.value) is kind
    assert next_step in sentence
    assert f"HTTP {status}, error {error_id}" in sentence
    assert sentence.endswith(".")
    assert "Ailsa" not in sentence
    assert token not in sentence
    assert client.requests == (5 if is_retried else 1)


@pytest.mark.parametrize(
    ("error_id", "status"), [(one[0], one[1]) for one in DOCUMENTED if one[2] is SourceUnreachableError]
)
def test_each_error_that_passes_is_outlasted(platform, client, error_id, status):
    platform.says(_body(error_id, status), status).says(_body(error_id, status), status)
    platform.says({"id": "1"})
    assert client.who().account_id == "1"
    assert client.requests == 3


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 503])
def test_both_forms_of_a_revoked_grant_say_the_same_whatever_the_status(platform, client, status):
    platform.says({"status": 1, "errmsg": "Client revoked access grant"}, status)
    platform.says(_body("1013", 401), 401)
    told = []
    for _ in range(2):
        with pytest.raises(SourceRefusedError) as caught:
            client.who()
        told.append(str(caught.value).partition(" (")[0])
    assert told == ["SurveyMonkey refused the access token: its access was revoked"] * 2
    assert client.requests == 2


@pytest.mark.parametrize(
    ("status", "kind", "next_step"),
    [
        (400, SourceRefusedError, "SURVEYMONKEY_API_URL"),
        (401, SourceRefusedError, NEW_TOKEN),
        (402, SourceRefusedError, "pledge import"),
        (403, SourceRefusedError, "SURVEYMONKEY_API_URL"),
        (404, SourceRefusedError, "SURVEYMONKEY_API_URL"),
        (405, SourceRefusedError, "SURVEYMONKEY_API_URL"),
        (407, SourceRefusedError, "HTTPS_PROXY"),
        (408, SourceUnreachableError, LATER),
        (410, SourceRefusedError, NEW_TOKEN),
        (413, SourceRefusedError, "pledge import"),
        (429, SourceUnreachableError, LATER),
        (500, SourceUnreachableError, LATER),
        (501, SourceUnreachableError, LATER),
        (502, SourceUnreachableError, LATER),
        (503, SourceUnreachableError, LATER),
        (504, SourceUnreachableError, LATER),
        (511, SourceUnreachableError, LATER),
        (201, SourceUnreachableError, LATER),
        (206, SourceUnreachableError, LATER),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html><body>Ailsa</body></html>", b'{"error": "Ailsa"}', b"[]"])
def test_an_answer_of_a_gateway_is_told_by_its_status_alone(
    *, platform, client, status, kind, next_step, body
):
    for _ in range(5):
        platform.says(body, status)
    with pytest.raises(kind) as caught:
        client.design("7")
    assert next_step in str(caught.value)
    assert f"HTTP {status}" in str(caught.value)
    assert "Ailsa" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<html></html>",
        b"{",
        b'{"id": "1"',
        b'{"id": "1"}}',
        b'{"id": ["1"]}',
        b'{"id": null}',
        b'{"id": ""}',
        b'{"id": true}',
        b"null",
        b"[]",
        b"'id'",
        b'{"id": NaN}',
    ],
)
def test_a_success_that_is_not_the_json_expected_is_asked_for_again_and_then_told(platform, client, body):
    for _ in range(5):
        platform.says(body)
    with pytest.raises(SourceUnreachableError) as caught:
        client.who()
    assert "5 attempts" in str(caught.value)
    assert LATER in str(caught.value)
