"""IP addresses are cut out of what arrives and of what an older vault holds; the rest stays, and a hash."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from flows.privacy.retention import due_now
from flows.settings.model import Settings
from tests.builders import a_response
from tests.looking import look, signals
from warehouse import failpoints
from warehouse.database.marks import drop_mark, mark, set_mark
from warehouse.ingest.ip_addresses import SALT, block_of
from warehouse.privacy import erase_overdue
from warehouse.privacy.erase_names import erase_names
from warehouse.privacy.erase_overdue import CUT_UPTO, IPS, cut_ip_addresses
from warehouse.privacy.erase_person import erase_person
from warehouse.privacy.erase_withdrawn import erase_withdrawn
from warehouse.privacy.person import person_of

NASTY = 'They asked for my "ip_address": "192.0.2.1", {"ip_address":"192.0.2.2"} \\'


def bodies(vault):
    return [row["body"] for row in vault.rows("select body from raw.responses order by received_no")]


def blocks(vault):
    return vault.rows("select response_id, block from core.address_blocks order by received_no")


def cut(vault, run_id="run-9", **changes):
    return cut_ip_addresses(vault.connection, at=vault.now, run_id=run_id, **changes)


def as_before(vault, *texts):
    """Texts as an earlier version of the pipeline kept them: with their addresses."""
    vault.connection.execute(
        "insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)"
        " select coalesce(try(body ->> '$.id'), '1'), '4100', body, md5_number(body), 'api', 'run-1', $at"
        " from (select unnest($texts) as body)",
        {"texts": texts, "at": vault.now},
    )
    set_mark(vault.connection, CUT_UPTO, "0")


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


def without_address(text):
    before, _, rest = text.partition('"203' if '"203' in text else '"2001')
    _, _, after = rest.replace('\\"', "..").partition('"')
    return f'{before}""{rest[len(rest) - len(after) :]}'


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_on_arrival_the_value_becomes_empty_and_the_rest_stays_byte_for_byte(vault, text):
    vault.receive([text], ids=["1"])
    assert bodies(vault) == [without_address(text)]
    vault.decide()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_an_older_vault_holds_is_cut_out_alike(vault, text):
    as_before(vault, text)
    assert cut(vault) == 1
    assert bodies(vault) == [without_address(text)]
    assert vault.rows("select body_md5 = md5_number(body) as fits from raw.responses") == [{"fits": True}]
    assert vault.receive([text], ids=["1"]) == 0
    vault.decide()


def test_an_answer_that_speaks_of_the_field_stays_as_it_was_typed(vault):
    body = a_response(1, name=NASTY, other='"ip_address":"192.0.2.3"')
    vault.receive([body])
    vault.decide()
    (found,) = bodies(vault)
    assert json.loads(found) == {**json.loads(body), "ip_address": ""}
    assert found == body.replace('"203.0.113.9"', '""')


def test_a_block_is_kept_of_what_was_added_and_of_nothing_known_before(vault):
    of_late = vault.now.isoformat()
    one, two = a_response(1, date_created=of_late), a_response(2, ip_address="")
    assert vault.receive([one, two, one]) == 2
    assert vault.receive([one]) == 0
    kept = [{"response_id": "1", "block": block_of("203.0.113.9", "a salt that no other vault has")}]
    assert blocks(vault) == kept
    changed = a_response(1, name="Changed Invented", ip_address="198.51.100.7", date_created=of_late)
    assert vault.receive([changed]) == 1
    assert [row["response_id"] for row in blocks(vault)] == ["1", "1"]
    vault.decide()
    look(vault)
    assert [row["block"] == kept[0]["block"] for row in blocks(vault)] == [False]  # of what counts alone


def test_a_vault_without_a_secret_keeps_no_block_and_no_address_either(vault):
    drop_mark(vault.connection, SALT)
    vault.receive([a_response(1)])
    vault.decide()
    assert [json.loads(body)["ip_address"] for body in bodies(vault)] == [""]
    assert blocks(vault) == []


@pytest.mark.parametrize("erase", ["withdrawn", "person", "names", "mention"])
def test_the_block_goes_with_the_response(vault, erase):
    vault.receive([a_response(number) for number in range(1, 4)])
    vault.decide()
    match erase:
        case "withdrawn":
            vault.withdraw("1")
            vault.decide()
            later = vault.now + timedelta(days=40)
            assert erase_withdrawn(vault.connection, before=later, at=later) == 1
        case "person":
            person = person_of(vault.connection, "person1@example.org", "person1@example.org")
            erase_person(vault.connection, person, salt="s", who="w", at=vault.now)
        case "names":
            erase_names(vault.connection, "4100", salt="s", at=vault.now, run_id="run-9")
        case "mention":  # a version of the person's, of a response that is somebody else's now
            vault.receive([a_response(1, email="other@example.org", ip_address="198.51.100.7")])
            vault.decide()
            person = person_of(vault.connection, "person1@example.org", "person1@example.org")
            erase_person(vault.connection, person, salt="s", who="w", at=vault.now)
    vault.decide()
    left = {"names": []}.get(erase, ["2", "3", *(["1"] if erase == "mention" else [])])
    assert [row["response_id"] for row in blocks(vault)] == left


def test_the_hash_of_a_block_is_of_its_salt_and_of_the_block_alone():
    one, beside, elsewhere = (
        block_of(text, "a salt") for text in ("203.0.113.9", " 203.0.113.200 ", "203.0.114.9")
    )
    assert one == beside != elsewhere
    assert block_of("203.0.113.9", "another salt") != one
    nobody_s = ("", "here", "203.0.113.300", "203.0.113", "::1", "fe80::1", "224.0.0.1")
    assert [block_of(text, "a salt") for text in nobody_s] == [None] * len(nobody_s)


def test_an_older_vault_s_blocks_serve_the_signals_as_they_did(vault):
    as_before(vault, *(a_response(number) for number in range(1, 10)))
    assert cut(vault) == 9
    vault.receive([a_response(10)])
    vault.decide()
    look(vault)
    assert len(signals(vault, "burst")) == 10


def test_one_killed_in_the_middle_goes_on_where_it_was(vault, monkeypatch):
    monkeypatch.setattr(erase_overdue, "BATCH", 2)
    texts = [a_response(number) for number in range(1, 6)]
    as_before(vault, *texts)

    class KilledError(Exception):
        """Power is cut."""

    def kill(_):
        raise KilledError

    with pytest.raises(KilledError), failpoints.installed(kill):
        cut(vault)
    assert [json.loads(body)["ip_address"] for body in bodies(vault)] == ["", "", *["203.0.113.9"] * 3]
    assert cut(vault, run_id="run-10") == 3
    assert {json.loads(body)["ip_address"] for body in bodies(vault)} == {""}
    assert mark(vault.connection, CUT_UPTO) is None
    assert vault.rows("select what, run_id, n_responses from privacy.retention order by run_id desc") == [
        {"what": IPS, "run_id": "run-9", "n_responses": 2},
        {"what": IPS, "run_id": "run-10", "n_responses": 3},
    ]
    assert cut(vault, run_id="run-11") == 0
    assert len(blocks(vault)) == 5
    assert vault.receive(texts) == 0
    vault.decide()


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
