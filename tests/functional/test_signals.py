"""Cases from night to night: open until somebody decides, and of no force on any figure until then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import a_response
from tests.looking import look
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.database.sql_files import statement
from warehouse.privacy.erase_withdrawn import erase_withdrawn
from warehouse.queries import figures
from warehouse.transform.decisions import Decision, keep, undo

PEOPLE = """
    id | email                    | name            | modified
    1  | fiona.macleod@gmail.com  | Fiona MacLeod   | 2026-03-01T09:00:00+00:00
    2  | fionamacleod@gmail.com   | Fiona MacLeod   | 2026-03-02T09:00:00+00:00
    3  | grants@sky.com           | Hamish Grant    | 2026-03-03T09:00:00+00:00
    4  | grants@sky.com           | Ayesha Grant    | 2026-03-04T09:00:00+00:00
    5  | x@mailinator.com         | Iain Ross       | 2026-03-05T09:00:00+00:00
    6  | iainrosss@sky.com        | Iain Ross       | 2026-03-06T09:00:00+00:00
    7  | iainross@sky.com         | Iain Ross       | 2026-03-07T09:00:00+00:00
"""
ALL_CASES = ["address-typo 5 6", "disposable-domain 4", "same-mailbox 1 2", "two-people-one-address 3 3"]


@pytest.fixture
def vault(tmp_path):
    """A vault after its first night, looked at."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.night(PEOPLE)
        look(opened)
        yield opened


def cases(vault):
    """The names of the open cases."""
    return [case["case_name"] for case in figures.cases(vault.connection)]


def headline(vault):
    """Signatories, lowest, highest, cases; maybe one person, maybe two, maybe not genuine."""
    (row,) = vault.rows(statement("marts/headline"))
    return tuple(row.values())


def decide(vault, kind, subject, verdict, other_subject=None):
    """Keep a decision, build, and look again; return its number."""
    decision = Decision(kind, subject, verdict, "known to staff", "Staff", other_subject)
    number = keep(vault.connection, decision, at=vault.now)
    vault.decide()
    look(vault)
    return number


def test_the_range_goes_from_all_open_cases_true_to_all_shared_addresses_two_people(vault):
    assert cases(vault) == ALL_CASES
    assert headline(vault) == (6, 3, 7, 4, 2, 1, 1)
    rows = vault.rows(statement("marts/signals"))
    assert {row["signal"]: (row["n_open"], row["n_decided"]) for row in rows} == {
        "address-typo": (1, 0),
        "burst": (0, 0),
        "disposable-domain": (1, 0),
        "same-mailbox": (1, 0),
        "too-fast": (0, 0),
        "two-people-one-address": (1, 0),
    }
    assert all(row["reason"].endswith(".") for row in rows)


def test_two_decided_to_be_one_person_count_once_and_their_case_is_closed_until_it_is_undone(vault):
    number = decide(vault, "pair", "1", "same", "2")
    assert headline(vault) == (5, 3, 6, 3, 1, 1, 1)
    assert "same-mailbox 1 2" not in cases(vault)

    undo(vault.connection, number, who="Staff", because="a mistake", at=vault.now)
    vault.decide()
    look(vault)
    assert headline(vault) == (6, 3, 7, 4, 2, 1, 1)
    assert cases(vault) == ALL_CASES


def test_two_decided_to_be_two_people_stay_two_and_are_not_asked_about_again(vault):
    decide(vault, "pair", "1", "different", "2")
    assert headline(vault) == (6, 4, 7, 3, 1, 1, 1)

    vault.rules = "other rules"  # everything is staged and built anew
    vault.decide()
    look(vault)
    assert headline(vault) == (6, 4, 7, 3, 1, 1, 1)
    assert {row["signal"]: row["n_decided"] for row in vault.rows(statement("marts/signals"))}[
        "same-mailbox"
    ] == 1


def test_a_signature_decided_to_be_another_person_s_counts_for_itself_and_raises_no_new_case(vault):
    decide(vault, "apart", "3", "apart")

    assert headline(vault) == (7, 4, 7, 3, 2, 0, 1)
    assert cases(vault) == [case for case in ALL_CASES if not case.startswith("two-people")]


@pytest.mark.parametrize(
    "subject", ["disposable-domain 4", "two-people-one-address 3", "two-people-one-address 3 3"]
)
def test_a_case_with_nothing_in_it_is_closed(vault, subject):
    decide(vault, "signal", subject, "dismissed")

    assert cases(vault) == [case for case in ALL_CASES if not case.startswith(subject)]


def test_a_review_shows_both_sides_of_a_case_by_name(vault):
    by_name = {case["case_name"]: case for case in figures.cases(vault.connection)}
    shared = by_name["two-people-one-address 3 3"]
    alone = by_name["disposable-domain 4"]

    assert shared["names"] == ["Ayesha Grant", "Hamish Grant"]
    assert shared["response_ids"] == ["4", "3"]
    assert alone["emails"] == ["x@mailinator.com"]
    assert by_name["address-typo 5 6"]["emails"][1] == "iainross@sky.com"


def test_who_withdraws_leaves_no_signal_and_after_the_erasure_nothing_known(vault):
    vault.receive(
        [a_response(8, email="fast@sky.com", total_time=1, date_created="2026-11-24T09:00:00+00:00")]
    )
    vault.decide()
    look(vault)
    assert "too-fast 7" in cases(vault)
    vault.withdraw(*"12345678")
    vault.decide()
    look(vault)

    for table in ("signals", "mailboxes", "noticed"):
        assert vault.rows(f"select * from core.{table}") == [], table
    assert headline(vault) == (0, 0, 0, 0, 0, 0, 0)
    erase_withdrawn(vault.connection, before=vault.now + timedelta(days=1), at=vault.now)
    for table in ("address_blocks", "quick_responses"):
        assert vault.rows(f"select * from core.{table}") == [], table


def test_a_signal_comes_back_with_the_response(vault):
    body = a_response(8, email="fast@sky.com", total_time=1, date_created="2026-11-24T09:00:00+00:00")
    for step in (lambda: vault.receive([body]), lambda: vault.withdraw("8"), lambda: vault.receive([body])):
        step()
        vault.decide()
        look(vault)
    assert "too-fast 7" in cases(vault)


def test_people_that_a_killed_night_left_unnoticed_are_looked_at_the_next_time(vault):
    vault.night("""
        id | email            | name
        9  | y@mailinator.com | Another Name
    """)  # and no look
    vault.night("id\n10")
    look(vault)

    assert "disposable-domain 7" in cases(vault)


def test_a_body_that_is_no_json_stops_nobody(vault):
    vault.connection.execute(
        "insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)"
        " select '11', survey_id, 'no json', 0, source, run_id, fetched_at from raw.responses limit 1"
    )
    vault.night("id\n12")

    assert look(vault)[0] == 1
