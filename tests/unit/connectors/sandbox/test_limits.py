"""The counts of calls: what the six headers say, and when they start again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests

from connectors.sandbox.server.limits import Limits, StillClock
from connectors.sandbox.server.serve import TOKEN, open_sandbox

NIGHT = datetime(2026, 11, 24, 23, 58, 30, tzinfo=UTC)
HEADER = "X-Ratelimit-App-Global-{}"


@pytest.fixture
def clock():
    return StillClock(NIGHT)


def test_each_call_takes_one_of_the_minute_and_one_of_the_day(clock):
    limits = Limits(clock)
    limits.take()
    assert limits.take().headers == {
        "X-Ratelimit-App-Global-Minute-Limit": "120",
        "X-Ratelimit-App-Global-Minute-Remaining": "118",
        "X-Ratelimit-App-Global-Minute-Reset": "30",
        "X-Ratelimit-App-Global-Day-Limit": "500",
        "X-Ratelimit-App-Global-Day-Remaining": "498",
        "X-Ratelimit-App-Global-Day-Reset": "90",
    }


def test_a_call_too_many_is_refused_counted_apart_and_takes_nothing(clock):
    limits = Limits(clock, per_minute=2, per_day=10)
    assert [limits.take().is_over for _ in range(4)] == [False, False, True, True]
    assert limits.calls_over_limit == 2
    clock.advance(30)
    assert limits.take().headers[HEADER.format("Day-Remaining")] == "7"


def test_the_day_starts_again_at_midnight_gmt_and_not_before(clock):
    limits = Limits(clock, per_minute=None, per_day=1)
    limits.take()
    clock.advance(89)
    assert limits.take().is_over
    clock.advance(1)
    allowance = limits.take()
    assert not allowance.is_over
    assert allowance.headers[HEADER.format("Day-Reset")] == "86400"


def test_a_limit_may_change_at_any_time(clock):
    limits = Limits(clock, per_minute=5)
    limits.take()
    limits.per_minute = 1
    assert limits.take().is_over


def test_no_limit_is_told_as_a_large_number(clock):
    limits = Limits(clock, per_minute=None, per_day=None)
    for _ in range(600):
        allowance = limits.take()
    assert not allowance.is_over
    assert int(allowance.headers[HEADER.format("Minute-Remaining")]) > 1_000_000
    assert int(allowance.headers[HEADER.format("Day-Remaining")]) > 1_000_000


def test_every_answer_carries_the_headers_refusals_too():
    with open_sandbox(3, seed=1, until=NIGHT, per_minute=2) as sandbox:
        authorization = {"Authorization": f"bearer {TOKEN}"}
        me = requests.get(f"{sandbox.url}/users/me", headers=authorization, timeout=5)
        nowhere = requests.get(f"{sandbox.url}/nowhere", headers=authorization, timeout=5)
        over = requests.get(f"{sandbox.url}/users/me", headers=authorization, timeout=5)
        sandbox.clock.advance(60)
        later = requests.get(f"{sandbox.url}/users/me", headers=authorization, timeout=5)

    answers = (me, nowhere, over, later)
    assert [answer.status_code for answer in answers] == [200, 404, 429, 200]
    assert [answer.headers[HEADER.format("Minute-Remaining")] for answer in answers] == ["1", "0", "0", "1"]
    assert [answer.headers[HEADER.format("Day-Remaining")] for answer in answers] == [
        "499",
        "498",
        "498",
        "497",
    ]
    assert over.json()["error"]["id"] == "1040"
    assert "Retry-After" not in over.headers
    assert sandbox.limits.calls_over_limit == 1
