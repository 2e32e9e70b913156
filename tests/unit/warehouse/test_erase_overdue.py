"""IP addresses taken out of what was received, and only they."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.privacy.retention import due_now
from flows.settings.model import Settings
from tests.builders import a_response
from tests.looking import look, signals
from warehouse.privacy.erase_overdue import IPS, due_ips, erase_ips

MADE = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = MADE + timedelta(days=1)
NASTY = 'They asked for my "ip_address": "192.0.2.1", {"ip_address":"192.0.2.2"} \\'


def bodies(vault):
    return [row["body"] for row in vault.rows("select body from raw.responses order by received_no")]


def erase(vault, made_before=LATER, run_id="run-9", **changes):
    return erase_ips(vault.connection, made_before=made_before, at=vault.now, run_id=run_id, **changes)


TEXTS = {
    "as the platform sends it": '{"id":"1","ip_address":"203.0.113.9","date_created":"2026-03-01T09:00:00Z"}',
    "with spaces": '{"id": "1", "ip_address" : "203.0.113.9", "date_created": "2026-03-01T09:00:00+00:00"}',
    "first": '{"ip_address":"203.0.113.9","id":"1","date_created":"2026-03-01T09:00:00+00:00"}',
    "on lines": '{\n  "ip_address":\n "203.0.113.9",\n "date_created": "2026-03-01T09:00:00+00:00"\n}',
    "of another kind": '{"ip_address":"2001:db8::9","date_created":"2026-03-01T09:00:00+00:00"}',
    "with an escape": '{"ip_address":"203.0.113.9\\u0020\\"","date_created":"2026-03-01T09:00:00+00:00"}',
    "without a time": '{"id":"1","ip_address":"203.0.113.9"}',
    "no JSON": '{"id":"1","ip_address":"203.0.113.9", and then',
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_value_becomes_empty_and_the_rest_stays_byte_for_byte(vault, text):
    vault.breaks_the_sum = True  # some have no id
    vault.connection.execute(
        "insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)"
        " select '1', '4100', $body, md5_number($body), 'api', 'run-1', $at",
        {"body": text, "at": vault.now},
    )
    vault.stage()
    assert erase(vault) == 1
    (found,) = bodies(vault)
    before, _, rest = text.partition('"203' if '"203' in text else '"2001')
    _, _, after = rest.replace('\\"', "..").partition('"')
    assert found == f'{before}""{rest[len(rest) - len(after) :]}'
    assert vault.rows("select body_md5 = md5_number(body) as fits from raw.responses") == [{"fits": True}]


def test_an_answer_that_speaks_of_the_field_stays_as_it_was_typed(vault):
    body = a_response(1, name=NASTY, other='"ip_address":"192.0.2.3"')
    vault.receive([body])
    vault.decide()
    erase(vault)
    (found,) = bodies(vault)
    assert json.loads(found) == {**json.loads(body), "ip_address": ""}
    assert found == body.replace('"203.0.113.9"', '""')


def test_only_responses_older_than_allowed_lose_theirs_in_all_their_versions(vault):
    young = a_response(2, date_created=LATER.isoformat(), date_modified=LATER.isoformat())
    vault.receive([a_response(1), a_response(1, name="Changed Invented"), young])
    vault.decide()
    assert due_ips(vault.connection, made_before=LATER) == (1, [LATER])
    assert erase(vault) == 1
    assert [json.loads(body)["ip_address"] for body in bodies(vault)] == ["", "", "203.0.113.9"]
    assert due_ips(vault.connection, made_before=LATER) == (0, [LATER])
    assert erase(vault, run_id="run-10") == 0
    assert vault.rows("select what, run_id, n_responses from privacy.retention") == [
        {"what": IPS, "run_id": "run-9", "n_responses": 1}
    ]


def test_what_comes_again_is_known_as_the_same_and_brings_no_address_back(vault):
    old, young = a_response(1), a_response(2, date_created=LATER.isoformat())
    vault.receive([old, young])
    vault.decide()
    erase(vault)
    assert vault.receive([old, young]) == 0
    assert vault.receive([a_response(1, name="Changed Invented")]) == 1
    assert vault.receive([old], source="file") == 1
    vault.decide()
    assert [json.loads(body)["ip_address"] for body in bodies(vault)] == ["", "203.0.113.9", "", ""]


def test_a_longer_time_set_later_brings_no_address_back(vault):
    vault.receive([a_response(1)])
    vault.decide()
    erase(vault)
    erase(vault, made_before=MADE - timedelta(days=100), run_id="run-10")
    assert vault.receive([a_response(1)]) == 0


@pytest.mark.parametrize(("made_before", "n_in_a_burst"), [(LATER, 10), (None, 0)])
def test_old_responses_come_in_without_addresses_which_the_signals_of_that_run_still_know(
    vault, made_before, n_in_a_burst
):
    erase(vault, made_before=made_before)
    people = [a_response(number) for number in range(10)]
    assert vault.receive([*people, people[0]]) == 10
    assert vault.receive(people) == 0
    vault.decide()
    assert {json.loads(body)["ip_address"] for body in bodies(vault)} == {""}
    look(vault)
    assert len(signals(vault, "burst")) == n_in_a_burst
    assert vault.rows("select 1 from duckdb_tables() where database_name = 'temp'") == []


def test_where_none_is_kept_none_comes_in(vault):
    erase(vault, made_before=None)
    vault.receive([a_response(1), a_response(2, date_created="2126-01-01T09:00:00+00:00"), a_response(1)])
    vault.decide()
    assert {json.loads(body)["ip_address"] for body in bodies(vault)} == {""}
    assert erase(vault, made_before=None, run_id="run-10") == 0
    assert vault.receive([a_response(1)]) == 0


def test_the_preview_counts_withdrawn_responses_and_says_when_their_answers_go(vault):
    vault.receive([a_response(number) for number in (1, 2, 3)])
    vault.decide()
    vault.withdraw("1", "3")
    vault.decide()
    settings = Settings(home=Path("home"))
    tomorrow, later = vault.now + timedelta(days=1), vault.now + timedelta(days=31)
    *_, withdrawn = due_now(vault.connection, settings, tomorrow)
    assert (withdrawn.n_due, withdrawn.next_on, withdrawn.next_n) == (0, "2026-12-24", 2)
    *_, withdrawn = due_now(vault.connection, settings, later)
    assert (withdrawn.n_due, withdrawn.next_on, withdrawn.next_n) == (2, None, 0)
