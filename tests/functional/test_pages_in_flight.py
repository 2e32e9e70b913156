"""Several pages in flight at the imitation platform, over real HTTP: limits, faults, changes, stops."""

from __future__ import annotations

import signal
import threading
import time
from datetime import UTC, datetime

import pytest

from connectors.errors import DayBudgetSpentError, SourceRefusedError
from connectors.sandbox.server.faults import Fault, FaultKind, FaultPlan
from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world.pledge import SURVEY_ID
from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
PASSING = (
    FaultKind.MINUTE_LIMIT,
    FaultKind.ERROR_500,
    FaultKind.HTML_502,
    FaultKind.EMPTY_503,
    FaultKind.HTML_200,
    FaultKind.BROKEN_OFF,
    FaultKind.TRUNCATED_JSON,
    FaultKind.WRONG_TOTAL,
    FaultKind.REPEATED_PAGE,
    FaultKind.SHIFTED_PAGE,
    FaultKind.SMALL_PAGE,
)


def _client(server, *, in_flight=3, reserve=0, on_request=None):
    clock = server.clock
    return SurveyMonkey(
        TOKEN,
        server.url,
        budget=Budget(reserve=reserve, monotonic=lambda: clock().timestamp()),
        sleep=clock.advance,
        monotonic=lambda: clock().timestamp(),
        in_flight=in_flight,
        on_request=on_request,
    )


def _walked(client, cursor=None):
    """Bodies by response id, the cursor kept last, and whether the walk came to its end."""
    kept, cursor, is_whole = {}, cursor or Cursor(), False
    try:
        for page in client.responses(SURVEY_ID, cursor):
            kept.update(zip(page.ids, page.bodies, strict=True))
            cursor, is_whole = page.after, page.is_last
    except DayBudgetSpentError:
        pass
    return kept, cursor, is_whole


def _held(server):
    return {str(one.response_id) for one in server.platform.signatories()}


def _n_before_their_turn(server):
    return sum("page=1&" not in path for _, path in server.calls)


@pytest.mark.parametrize("bounds_inclusive", [True, False])
def test_all_responses_come_and_the_minutes_limit_is_waited_for_once(bounds_inclusive):
    with open_sandbox(2500, seed=4, until=UNTIL, per_minute=9, bounds_inclusive=bounds_inclusive) as server:
        with _client(server) as client:
            kept, _, is_whole = _walked(client)
        assert is_whole
        assert kept.keys() == _held(server)
        assert _n_before_their_turn(server) > 5
        assert server.limits.calls_over_limit == 0
        assert client.requests == len(server.calls) <= 28
        minutes = (server.clock() - UNTIL).total_seconds() / 61
        assert minutes <= -(-client.requests // 9)


@pytest.mark.parametrize("n_responses", [0, 300, 590])
def test_a_night_of_few_pages_costs_no_call_more(n_responses):
    n_calls = []
    for in_flight in (1, 8):
        with (
            open_sandbox(n_responses, seed=3, until=UNTIL) as server,
            _client(server, in_flight=in_flight) as client,
        ):
            _walked(client)
            assert _n_before_their_turn(server) == 0
            n_calls.append(client.requests)
    assert n_calls[0] == n_calls[1]


def test_where_todays_calls_may_not_suffice_pages_come_one_after_another_and_none_twice():
    with open_sandbox(2400, seed=1, until=UNTIL, per_day=15) as server:
        kept, cursor, is_whole, nights = {}, Cursor(), False, 0
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
        assert _n_before_their_turn(server) == 0


def test_calls_that_others_spend_meanwhile_lead_to_one_refusal_at_most():
    with open_sandbox(3000, seed=1, until=UNTIL, per_minute=None, per_day=90) as server:

        def others_call(number, _path):
            for _ in range(3 if number > 4 else 0):
                server.limits.take()

        server.faults.on_call = others_call
        told = []
        with _client(server, on_request=lambda _, status: told.append(status)) as client:
            kept, cursor, is_whole = _walked(client)
        assert not is_whole
        assert _n_before_their_turn(server) > 0
        # The others' last calls may take what an answer has just promised to ours.
        assert told.count(429) <= 1
        server.faults.on_call = lambda *_: None
        server.clock.advance(24 * 3600)
        with _client(server) as client:
            later, _, is_whole = _walked(client, cursor)
        assert is_whole
        assert kept.keys() | later.keys() == _held(server)
        assert len(kept.keys() & later.keys()) < 10


@pytest.mark.parametrize("seed", range(4))
def test_faults_on_two_calls_in_ten_change_nothing_in_what_comes(seed):
    plan = FaultPlan(probability=0.2, kinds=PASSING, seed=seed, only="/bulk")
    with open_sandbox(1500, seed=seed, until=UNTIL, per_minute=None, per_day=None, faults=plan) as server:
        with _client(server) as client:
            kept, _, is_whole = _walked(client)
        assert is_whole
        assert kept.keys() == _held(server)


@pytest.mark.parametrize("in_flight", [2, 4])
def test_rows_edited_and_deleted_while_pages_are_in_flight_cause_no_miss(in_flight):
    with open_sandbox(2500, seed=2, until=UNTIL, per_minute=None) as server:
        before = sorted(_held(server))
        touched = set()

        def change(number, _path):
            if 3 < number < 25:
                server.clock.advance(1)
                gone, edited = before[number * 23], before[-number * 37]
                server.platform.delete(gone)
                server.platform.edit(edited, name="Invented Person")
                touched.update((gone, edited))

        server.faults.on_call = change
        with _client(server, in_flight=in_flight) as client:
            kept, cursor, is_whole = _walked(client)
            assert _n_before_their_turn(server) > 0
            server.faults.on_call = lambda *_: None
            later, _, _ = _walked(client, cursor)
        assert is_whole
        assert set(before) - touched <= kept.keys()
        assert touched & _held(server) <= kept.keys() | later.keys()


def _are_free(client):
    return all(lane.is_free for lane in client._lanes._lanes)


@pytest.fixture
def hanging():
    """A client of a platform on which pages asked for before their turn hang."""
    plan = FaultPlan(probability=1.0, kinds=(Fault(FaultKind.SLOW_BODY, seconds=30.0),), only="page=2&")
    with (
        open_sandbox(1500, seed=1, until=UNTIL, per_minute=None, faults=plan) as server,
        _client(server) as client,
    ):
        yield server, client


def test_a_walk_that_is_left_gives_up_what_is_in_flight_and_can_be_begun_again(hanging):
    server, client = hanging
    pages = client.responses(SURVEY_ID, Cursor())
    next(pages)
    kept = next(pages)
    assert not _are_free(client)
    began = time.monotonic()
    pages.close()
    assert time.monotonic() - began < 2
    assert _are_free(client)

    server.faults.kinds = ()
    later, _, is_whole = _walked(client, kept.after)
    assert is_whole
    assert len(later) >= 1500 - 200


def test_a_refusal_ends_what_is_in_flight(hanging):
    server, client = hanging

    def refuse(number, path):
        if number > 1 and "&page=1&" in path:
            time.sleep(0.1)
            server.access.state = "revoked"

    server.faults.on_call = refuse
    pages = client.responses(SURVEY_ID, Cursor())
    next(pages)
    began = time.monotonic()
    with pytest.raises(SourceRefusedError, match="revoked"):
        next(pages)
    assert time.monotonic() - began < 2
    assert _are_free(client)


class _StopError(Exception):
    """Stands for whatever a signal raises."""


def test_a_signal_ends_the_wait_for_a_page_in_flight(hanging):
    _, client = hanging

    def stop(*_):
        raise _StopError

    before = signal.signal(signal.SIGALRM, stop)
    pages = client.responses(SURVEY_ID, Cursor())
    kept = [next(pages), next(pages)]
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    began = time.monotonic()
    try:
        with pytest.raises(_StopError):
            next(pages)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 2
    assert _are_free(client)
    assert len(kept[0].ids) + len(kept[1].ids) > 190


def test_closing_the_client_ends_what_is_in_flight(hanging):
    _, client = hanging
    pages = client.responses(SURVEY_ID, Cursor())
    next(pages)
    next(pages)
    began = time.monotonic()
    client.close()
    assert time.monotonic() - began < 2
    assert _are_free(client)
    assert threading.active_count() < 10


def test_a_bug_in_a_thread_is_raised_by_the_thread_that_walks(hanging):
    _, client = hanging
    client.who()
    with (
        client._lanes.calls("no path", [{}], lambda answer: answer, calls_to_end=0) as coming,
        pytest.raises(ValueError, match="slash"),
    ):
        next(coming)
