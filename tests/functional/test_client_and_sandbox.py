"""The client against the imitation platform: limits, faults and nights, over real HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import DayBudgetSpentError, SourceRefusedError
from connectors.sandbox.server.serve import TOKEN
from connectors.sandbox.world.pledge import PUBLIC_CODE, SURVEY_ID
from connectors.survey.contract import Cursor
from connectors.survey.fields import find_fields
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.connection import Bounds
from connectors.surveymonkey.transport.rate_limits import Budget
from tests.faulty_sandbox import Fault, FaultKind, FaultPlan, open_sandbox

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
BEGINNING = Cursor()
PASSING = (
    FaultKind.MINUTE_LIMIT,
    FaultKind.ERROR_500,
    FaultKind.HTML_502,
    FaultKind.EMPTY_503,
    FaultKind.TIMEOUT_504,
    FaultKind.HTML_200,
    FaultKind.WRONG_TYPE,
    FaultKind.BROKEN_OFF,
    FaultKind.TRUNCATED_JSON,
    FaultKind.WRONG_TOTAL,
    FaultKind.REPEATED_PAGE,
    FaultKind.SHIFTED_PAGE,
    FaultKind.SMALL_PAGE,
    Fault(FaultKind.SLOW_BODY, seconds=0.3),
)


def _client(server, *, clock=None, reserve=0):
    clock = clock or server.clock
    return SurveyMonkey(
        TOKEN,
        server.url,
        budget=Budget(reserve=reserve, monotonic=lambda: clock().timestamp()),
        bounds=Bounds(read_seconds=0.2),
        sleep=clock.advance,
        monotonic=lambda: clock().timestamp(),
    )


def _walked(client, cursor=BEGINNING):
    """Bodies by response id, the cursor kept last, and whether the walk came to its end."""
    kept = {}
    try:
        for page in client.responses(SURVEY_ID, cursor):
            kept.update(zip(page.ids, page.bodies, strict=True))
            cursor = page.after
    except DayBudgetSpentError:
        return kept, cursor, False
    return kept, cursor, page.is_last


def _held(server):
    return {str(one.response_id) for one in server.platform.signatories()}


@pytest.mark.parametrize("bounds_inclusive", [True, False])
def test_all_responses_come_within_the_minutes_limit(bounds_inclusive):
    with open_sandbox(1500, seed=4, until=UNTIL, per_minute=9) as server:
        server.platform.bounds_inclusive = bounds_inclusive
        with _client(server) as client:
            kept, _, is_whole = _walked(client)
            sweep = client.ids(SURVEY_ID)
            fields = find_fields(client.design(SURVEY_ID), {})
            alone = json.loads(client.response(SURVEY_ID, sweep.ids[0]))
        in_bulk = json.loads(kept[sweep.ids[0]])
        assert {key: alone[key] for key in in_bulk} == in_bulk
        assert is_whole
        assert kept.keys() == set(sweep.ids) == _held(server)
        assert sweep.is_whole
        assert sweep.total == 1500
        assert fields.notes == ()
        assert server.limits.calls_over_limit == 0
        assert client.requests <= 1500 / 100 + 8


@pytest.mark.parametrize("seed", range(4))
def test_faults_on_three_calls_in_ten_change_nothing_in_what_comes(seed):
    plan = FaultPlan(probability=0.3, kinds=PASSING, seed=seed, only="/bulk")
    with open_sandbox(900, seed=seed, until=UNTIL, per_minute=None, per_day=None, faults=plan) as server:
        with _client(server) as client:
            kept, _, is_whole = _walked(client)
        assert is_whole
        assert kept.keys() == _held(server)


def test_a_first_load_larger_than_a_day_goes_on_over_several_nights():
    with open_sandbox(1000, seed=1, until=UNTIL, per_day=8) as server:
        kept, cursor, nights = {}, Cursor(), 0
        is_whole = False
        while not is_whole and nights < 5:
            nights += 1
            with _client(server, reserve=2) as client:
                some, cursor, is_whole = _walked(client, cursor)
            assert len(kept.keys() & some.keys()) < 10
            kept.update(some)
            server.clock.advance(24 * 3600)
        assert kept.keys() == _held(server)
        assert nights == 2
        assert server.limits.calls_over_limit == 0


def test_calls_that_others_spend_meanwhile_lead_to_one_refusal_at_most():
    with open_sandbox(3000, seed=1, until=UNTIL, per_minute=None, per_day=90) as server:
        refused = []

        def others_call(number, _path):
            refused.extend(server.limits.take().is_over for _ in range(3 if number > 4 else 0))

        server.faults.on_call = others_call
        with _client(server) as client:
            kept, cursor, is_whole = _walked(client)
        assert not is_whole
        # The others' last calls may take what an answer has just promised to ours.
        assert server.limits.calls_over_limit - sum(refused) <= 1
        server.faults.on_call = lambda *_: None
        server.clock.advance(24 * 3600)
        with _client(server) as client:
            later, _, is_whole = _walked(client, cursor)
        assert is_whole
        assert kept.keys() | later.keys() == _held(server)
        assert len(kept.keys() & later.keys()) < 10


def test_rows_edited_added_and_deleted_during_the_walk_cause_no_miss():
    with open_sandbox(1200, seed=2, until=UNTIL, per_minute=None) as server:
        before = sorted(_held(server))
        touched = set()

        def change(number, _path):
            if number > 3:
                server.clock.advance(1)
                gone, edited = before[number * 13], before[-number * 17]
                server.platform.delete(gone)
                server.platform.edit(edited, name="Invented Person")
                touched.update((gone, edited))

        server.faults.on_call = change
        with _client(server) as client:
            kept, cursor, is_whole = _walked(client)
            server.faults.on_call = lambda *_: None
            later, _, _ = _walked(client, cursor)
        assert is_whole
        assert set(before) - touched <= kept.keys()
        assert {key for key in touched if key in _held(server)} <= kept.keys() | later.keys()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("expired", "expired"),
        ("revoked", "revoked"),
        ("revoked_grant", "revoked"),
        ("other_region", "PLEDGE_REGION"),
    ],
)
def test_what_is_wrong_with_the_token_is_told(state, told):
    with open_sandbox(1, seed=1, until=UNTIL) as server, _client(server) as client:
        server.access.state = state
        with pytest.raises(SourceRefusedError, match=told):
            client.who()


def test_a_deleted_response_is_gone_and_the_sweep_shows_it():
    with open_sandbox(30, seed=1, until=UNTIL) as server, _client(server) as client:
        gone = client.ids(SURVEY_ID).ids[3]
        server.platform.delete(gone)
        assert client.response(SURVEY_ID, gone) is None
        assert gone not in client.ids_page(SURVEY_ID)[0]
        assert client.count(SURVEY_ID) == 29


def test_the_links_code_leads_to_the_survey():
    with open_sandbox(1, seed=1, until=UNTIL) as server, _client(server) as client:
        assert client.survey_of_link(f"https://www.surveymonkey.co.uk/r/{PUBLIC_CODE}") == SURVEY_ID


def test_a_quiet_night_takes_one_call_and_the_overlap_brings_late_ones():
    with open_sandbox(300, seed=3, until=UNTIL) as server, _client(server) as client:
        _, cursor, _ = _walked(client)
        before = client.requests
        server.clock.advance(timedelta(days=1).total_seconds())
        again, after, is_whole = _walked(client, cursor)
        assert client.requests == before + 1
        assert is_whole
        assert after == cursor
        assert len(again) < 5
