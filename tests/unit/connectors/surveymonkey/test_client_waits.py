"""The client over real HTTP: it tries again, keeps to the limits, and never waits without end."""

from __future__ import annotations

import gzip
import json

import pytest

from connectors.errors import DayBudgetSpentError, SourceRefusedError, SourceUnreachableError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget

BUSY = {
    "error": {
        "id": "1051",
        "name": "Service Unreachable",
        "message": "person@example.org",
        "http_status_code": 503,
    }
}


def _limits(**figures):
    return {f"X-Ratelimit-App-Global-{name.replace('_', '-')}": str(value) for name, value in figures.items()}


def _response(number, second=0):
    return {"id": number, "date_modified": f"2026-03-05T18:05:{second:02}+00:00", "pages": []}


def _listed(*items, total=None):
    return {"data": items, "page": 1, "per_page": 100, "total": len(items) if total is None else total}


# Retries and limits


def test_a_fault_that_passes_is_asked_for_again_after_growing_waits(platform, client, clock):
    platform.says(BUSY, status=503).says(b"<html>", status=502).says(b"not json").says({"id": "1"})
    assert client.who().account_id == "1"
    assert clock.slept == [1, 4, 15]
    assert client.requests == 4


def test_after_five_attempts_it_gives_up_and_quotes_nothing_of_the_body(platform, client, clock):
    for _ in range(5):
        platform.says(BUSY, status=503)
    with pytest.raises(SourceUnreachableError, match=r"HTTP 503, error 1051; 5 attempts in 50 s") as caught:
        client.who()
    assert clock.slept == [1, 4, 15, 30]
    assert "example.org" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data": [',
        b'{"data": [{"id": "1"}]}',
        b'{"data": [{"id": null}], "total": 1}',
        b'{"data": [{"id": ""}], "total": 1}',
        b'{"data": [{"id": "1", "text": "\xff"}], "total": 1}',
        b'{"data": [' + b"[" * 100_000 + b'], "total": 1}',
    ],
)
def test_a_page_that_cannot_be_read_is_asked_for_again(platform, client, body):
    platform.says(body).says(_listed(_response("1")))
    (page,) = client.responses("7", Cursor())
    assert page.ids == ["1"]
    assert client.requests == 2


def test_a_refusal_is_not_asked_for_again(platform, client):
    platform.says({"error": {"id": "1016"}}, status=403)
    with pytest.raises(SourceRefusedError, match="share it"):
        client.design("7")
    assert client.requests == 1


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_revoked_grant_is_known_in_its_own_form_whatever_the_status(platform, client, status):
    platform.says({"status": 1, "errmsg": "Client revoked access grant"}, status=status)
    with pytest.raises(SourceRefusedError, match="access was revoked"):
        client.who()


def test_a_spent_minute_is_waited_for_before_the_next_call(platform, client, clock):
    platform.says({"id": "1"}, headers=_limits(minute_remaining=0, minute_reset=20)).says({"id": "1"})
    client.who()
    client.who()
    assert clock.slept == [21]


def test_too_many_requests_in_a_minute_waits_for_its_reset(platform, client, clock):
    headers = _limits(minute_remaining=0, minute_reset=30, day_remaining=9, day_reset=3600)
    platform.says({"error": {"id": "1040"}}, 429, headers).says({"id": "1"})
    client.who()
    assert clock.slept == [31]


def test_too_many_requests_without_a_reason_waits_what_is_asked_or_the_least(platform, client, clock):
    platform.says({"error": {"id": "1040"}}, 429, {"Retry-After": "7"}).says({}, 429).says({"id": "1"})
    client.who()
    assert clock.slept == [7, 4]


def test_the_platforms_headers_are_known_in_any_case(platform, client, clock):
    headers = {name.lower(): value for name, value in _limits(minute_remaining=0, minute_reset=30).items()}
    platform.says({"error": {"id": "1040"}}, 429, headers).says({}, 429, {"RETRY-AFTER": "40"})
    platform.says({"id": "1"})
    client.who()
    assert clock.slept == [31, 40]


def test_too_many_requests_today_stops_at_once(platform, client, clock):
    headers = _limits(minute_remaining=5, day_remaining=0, day_reset=36_000)
    platform.says({"error": {"id": "1040"}}, 429, headers)
    with pytest.raises(DayBudgetSpentError) as caught:
        client.who()
    assert caught.value.resets_in_seconds == 36_000
    assert (client.requests, clock.slept) == (1, [])


def test_a_day_known_to_be_spent_makes_no_call(platform, clock, token):
    budget = Budget(known=(0, 60), monotonic=clock.monotonic)
    with SurveyMonkey(token, platform.url, budget=budget) as client, pytest.raises(DayBudgetSpentError):
        client.who()
    assert platform.received == []


def test_a_walk_cut_short_by_the_day_goes_on_from_what_was_kept(platform, client):
    first = [_response(number, second) for number, second in ((1, 1), (2, 5), (3, 9))]
    platform.says({**_listed(*first, total=4), "per_page": 3}, headers=_limits(day_remaining=0, day_reset=60))
    walk = client.responses("7", Cursor())
    kept = next(walk)
    with pytest.raises(DayBudgetSpentError):
        next(walk)
    assert kept.after == Cursor("2026-03-05T18:05:08")


# Answers that come whole, and none at all


def test_a_packed_body_in_pieces_is_read(platform, client):
    def answer(handler):
        packed = gzip.compress(json.dumps({"id": "1"}).encode())
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for piece in (packed[:9], packed[9:]):
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    platform.does(answer)
    assert client.who().account_id == "1"


def test_a_host_that_does_not_speak_tls_is_unreachable(platform, clock, token):
    url = platform.url.replace("http://", "https://")
    with (
        SurveyMonkey(token, url, budget=Budget(), sleep=clock.sleep) as client,
        pytest.raises(SourceUnreachableError, match="the secure connection broke off"),
    ):
        client.who()
