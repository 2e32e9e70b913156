"""Each fault can be seen by a client, and comes where the plan says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from connectors.sandbox.server.serve import TOKEN, SandboxError
from connectors.sandbox.world.pledge import SURVEY_ID
from tests.faulty_sandbox import Fault, FaultKind, FaultPlan, open_sandbox

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
BULK = f"/surveys/{SURVEY_ID}/responses/bulk"
RISING = {"sort_by": "date_modified", "sort_order": "ASC"}
MINUTE_LEFT = "X-Ratelimit-App-Global-Minute-Remaining"
DAY_LEFT = "X-Ratelimit-App-Global-Day-Remaining"


@pytest.fixture(scope="module")
def served():
    with open_sandbox(230, seed=3, until=UNTIL, per_minute=None, per_day=None) as server:
        yield server


@pytest.fixture
def sandbox(served):
    yield served
    served.faults.script.clear()


def get(sandbox, path=BULK, timeout=5, **params):
    return requests.get(
        sandbox.url + path,
        params=RISING | params,
        headers={"Authorization": f"bearer {TOKEN}"},
        timeout=timeout,
        allow_redirects=False,
    )


def next_call(sandbox, fault):
    sandbox.faults.script[len(sandbox.calls) + 1] = fault


def ids_of(answer):
    return [item["id"] for item in answer.json()["data"]]


@pytest.mark.parametrize(
    ("kind", "status", "error_id"),
    [("minute_limit", 429, "1040"), ("day_limit", 429, "1040"), ("error_500", 500, "1050")],
)
def test_refusals_have_the_platforms_body(sandbox, kind, status, error_id):
    next_call(sandbox, kind)
    answer = get(sandbox)
    assert (answer.status_code, answer.json()["error"]["id"]) == (status, error_id)
    assert get(sandbox).status_code == 200


def test_a_limit_says_in_its_headers_which_one_it_is(sandbox):
    next_call(sandbox, FaultKind.MINUTE_LIMIT)
    minute = get(sandbox).headers
    next_call(sandbox, FaultKind.DAY_LIMIT)
    day = get(sandbox).headers
    assert minute[MINUTE_LEFT] == day[DAY_LEFT] == "0"
    assert minute[DAY_LEFT] != "0"
    assert day[MINUTE_LEFT] != "0"
    assert sandbox.limits.calls_over_limit == 0


@pytest.mark.parametrize(
    ("kind", "status", "begins"),
    [
        ("html_502", 502, "<html>"),
        ("empty_503", 503, ""),
        ("timeout_504", 504, "<html>"),
        ("html_200", 200, "<html>"),
    ],
)
def test_a_gateway_answers_without_json_and_without_the_platforms_headers(sandbox, kind, status, begins):
    next_call(sandbox, kind)
    answer = get(sandbox)
    assert answer.status_code == status
    assert answer.text[:6] == begins
    assert MINUTE_LEFT not in answer.headers


def test_an_answer_may_be_json_of_another_type(sandbox):
    next_call(sandbox, "wrong_type")
    assert get(sandbox).json() == []


def test_a_redirect_leads_to_where_nothing_listens(sandbox):
    next_call(sandbox, FaultKind.REDIRECT)
    answer = get(sandbox, "/users/me")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("http://127.0.0.1:9/v3/users/me?")


def test_a_revoked_grant_has_its_own_body(sandbox):
    next_call(sandbox, "revoked_grant")
    assert get(sandbox).json()["errmsg"] == "Client revoked access grant"


def test_a_slow_body_outlasts_a_read_timeout_and_comes_whole_to_the_patient(sandbox):
    next_call(sandbox, Fault(FaultKind.SLOW_BODY, seconds=0.3))
    with pytest.raises(requests.ConnectionError, match="timed out"):
        get(sandbox, timeout=0.1)
    next_call(sandbox, Fault(FaultKind.SLOW_BODY, seconds=0.1))
    assert len(ids_of(get(sandbox))) == 50


def test_a_connection_breaks_off_in_the_middle_of_a_body(sandbox):
    next_call(sandbox, "broken_off")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(sandbox)


def test_truncated_json_arrives_as_if_whole(sandbox):
    next_call(sandbox, "truncated_json")
    answer = get(sandbox)
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_total_may_be_wrong(sandbox):
    next_call(sandbox, Fault(FaultKind.WRONG_TOTAL, rows=-30))
    assert get(sandbox).json()["total"] == 200
    assert get(sandbox).json()["total"] == 230


def test_a_page_may_come_twice(sandbox):
    first = get(sandbox, page=1)
    next_call(sandbox, "repeated_page")
    assert get(sandbox, page=2).content == first.content
    assert ids_of(get(sandbox, page=2)) != ids_of(first)


@pytest.mark.parametrize(("rows", "lost", "twice"), [(1, 1, 0), (-2, 0, 2)])
def test_a_shifted_page_loses_rows_or_repeats_them(sandbox, rows, lost, twice):
    first, second = ids_of(get(sandbox, page=1)), ids_of(get(sandbox, page=2))
    next_call(sandbox, Fault(FaultKind.SHIFTED_PAGE, rows=rows))
    shifted = ids_of(get(sandbox, page=2))
    assert len(set(second) - set(shifted)) == abs(rows)
    assert len(set(first) & set(shifted)) == twice
    assert (second[0] not in shifted) == bool(lost)


def test_a_page_may_be_smaller_than_asked(sandbox):
    next_call(sandbox, Fault(FaultKind.SMALL_PAGE, rows=7))
    body = get(sandbox, per_page=100).json()
    assert (body["per_page"], len(body["data"]), body["total"]) == (7, 7, 230)


def test_every_kind_is_seen_by_a_test_of_this_file():
    text = Path(__file__).read_text("utf-8")
    assert [kind for kind in FaultKind if kind.value not in text and kind.name not in text] == []


def test_chance_strikes_the_same_calls_for_the_same_seed_and_only_where_it_may():
    plan = FaultPlan(probability=0.3, kinds=("error_500", "html_502"), seed=5, only="bulk")
    struck = [number for number in range(1, 1001) if plan.decide(number, "/v3/x/bulk")]
    again = FaultPlan(probability=0.3, kinds=("error_500", "html_502"), seed=5, only="bulk")
    assert struck == [number for number in range(1, 1001) if again.decide(number, "/v3/x/bulk")]
    assert 250 < len(struck) < 350
    assert {plan.decide(number, "/v3/x/bulk").kind for number in struck} == {"error_500", "html_502"}
    assert plan.decide(struck[0], "/v3/users/me") is None


def test_a_kind_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="no_such_kind"):
        FaultPlan(script={1: "no_such_kind"}).decide(1, "/")


def test_a_hook_may_change_rows_in_the_middle_of_a_walk():
    with open_sandbox(120, seed=3, until=UNTIL) as sandbox:
        rows = sorted(sandbox.platform.signatories(), key=lambda one: (one.modified_at, int(one.response_id)))

        def delete_before_the_second_page(number, path):
            if number == 2:
                assert "page=2" in path
                sandbox.platform.delete(rows[0].response_id)

        sandbox.faults.on_call = delete_before_the_second_page
        seen = ids_of(get(sandbox, page=1)) + ids_of(get(sandbox, page=2))
    assert rows[50].response_id not in seen
    assert rows[51].response_id in seen


def call_once_with(hook):
    with open_sandbox(1, seed=1, until=UNTIL) as sandbox:
        sandbox.faults.on_call = hook
        assert get(sandbox).status_code == 500


def test_a_hook_that_breaks_is_told_when_the_sandbox_closes():
    def broken(number, path):
        raise LookupError(number, path)

    with pytest.raises(SandboxError) as caught:
        call_once_with(broken)
    assert isinstance(caught.value.__cause__, LookupError)


def test_it_stops_at_once_even_while_a_body_is_held_back():
    with open_sandbox(
        1, seed=1, until=UNTIL, faults=FaultPlan({1: Fault(FaultKind.SLOW_BODY, seconds=60)})
    ) as sandbox:
        with pytest.raises(requests.ConnectionError, match="timed out"):
            get(sandbox, timeout=0.1)
        leaving = time.monotonic()
    assert time.monotonic() - leaving < 1.0
