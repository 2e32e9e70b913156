"""What happens to a signature over several nights: withdrawn, edited, put right, received again."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import FORM, a_response
from tests.vaults import drawn

LATER = "a later signature with the same email key"


def test_a_withdrawn_response_leaves_and_the_other_becomes_the_signatory(vault):
    vault.night("""
        id | email   | name      | created                   | modified
        1  | a@b.org | Ailsa One | 2026-01-01T09:00:00+00:00 | 2026-03-01T09:00:00+00:00
        2  | a@b.org | Ailsa Two | 2026-01-02T09:00:00+00:00 | 2026-03-02T09:00:00+00:00
        3  | c@d.org | Bruce     | 2026-01-03T09:00:00+00:00 | 2026-03-01T09:00:00+00:00
    """)
    vault.withdraw("2", "3")
    vault.night()
    assert vault.places() == drawn("""
        id | place     | reason
        1  | signatory | counts
        2  | withdrawn | gone at the platform
        3  | withdrawn | gone at the platform
    """)
    assert vault.people("email_key id name n_signatures") == drawn("""
        email_key | id | name      | n_signatures
        a@b.org   | 1  | Ailsa One | 1
    """)
    assert vault.failed_measures() == []


def test_signed_at_moves_on_when_the_earliest_signature_is_withdrawn(vault):
    vault.night("""
        id | email   | created                   | modified
        1  | a@b.org | 2026-01-01T09:00:00+00:00 | 2026-03-01T09:00:00+00:00
        2  | a@b.org | 2026-01-02T09:00:00+00:00 | 2026-03-02T09:00:00+00:00
    """)
    vault.withdraw("1")
    vault.night()
    assert vault.people("id signed_at") == drawn("""
        id | signed_at
        2  | 2026-01-02 09:00:00+00
    """)


def test_a_withdrawn_response_that_comes_again_counts_again(vault):
    table = """
        id | email
        1  | a@b.org
    """
    vault.night(table)
    vault.withdraw("1")
    vault.night()
    assert vault.people("id") == []
    vault.night(table)
    assert vault.places() == drawn("""
        id | place     | reason
        1  | signatory | counts
    """)


def test_what_is_withdrawn_is_withdrawn_before_it_is_anything_else(vault):
    vault.night("""
        id | email   | status
        1  | -       | completed
        2  | a@b.org | partial
    """)
    vault.withdraw("1", "2")
    vault.night()
    assert vault.places() == drawn("""
        id | place     | reason
        1  | withdrawn | gone at the platform
        2  | withdrawn | gone at the platform
    """)
    assert vault.failed_measures() == []


def test_a_winner_edited_to_another_address_frees_the_old_one(vault):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T09:00:00+00:00
        2  | a@b.org | 2026-03-02T09:00:00+00:00
        3  | c@d.org | 2026-03-01T09:00:00+00:00
    """)
    vault.night("""
        id | email   | modified
        2  | c@d.org | 2026-03-03T09:00:00+00:00
    """)
    assert vault.people("email_key id n_signatures") == drawn("""
        email_key | id | n_signatures
        a@b.org   | 1  | 1
        c@d.org   | 2  | 2
    """)
    assert vault.places() == drawn(f"""
        id | place     | reason
        1  | signatory | counts
        2  | signatory | counts
        3  | duplicate | {LATER}
    """)


def test_the_only_signature_edited_to_another_address_leaves_nobody_behind(vault):
    vault.night("""
        id | email
        1  | a@b.org
    """)
    vault.night("""
        id | email   | modified
        1  | c@d.org | 2026-03-03T09:00:00+00:00
    """)
    assert vault.people("email_key id") == drawn("""
        email_key | id
        c@d.org   | 1
    """)


def test_an_edit_to_partial_takes_the_signature_back(vault):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T09:00:00+00:00
        2  | a@b.org | 2026-03-02T09:00:00+00:00
    """)
    vault.night("""
        id | email   | modified                  | status
        2  | a@b.org | 2026-03-03T09:00:00+00:00 | partial
    """)
    assert vault.places() == drawn("""
        id | place       | reason
        1  | signatory   | counts
        2  | not counted | status partial
    """)


def test_a_response_held_back_counts_once_it_is_put_right_and_the_other_way_about(vault):
    vault.night("""
        id           | email
        127061267250 | ada at home
        2            | a@b.org
    """)
    vault.night("""
        id           | email   | modified
        127061267250 | a@b.org | 2026-03-03T09:00:00+00:00
    """)
    assert vault.places() == drawn(f"""
        id           | place     | reason
        2            | duplicate | {LATER}
        127061267250 | signatory | counts
    """)
    assert vault.rows("select * from core.held_back") == []
    vault.night("""
        id           | email  | modified
        127061267250 | gone @ | 2026-03-04T09:00:00+00:00
    """)
    assert vault.places() == drawn("""
        id           | place     | reason
        2            | signatory | counts
        127061267250 | held back | email-invalid
    """)
    assert vault.failed_measures() == []


def test_who_is_held_back_by_the_same_rule_stays_so_since_the_first_night(vault):
    vault.night("""
        id | email
        1  | ada at home
        2  | ada at work
    """)
    vault.night("""
        id | email          | modified
        1  | still at home  | 2026-03-03T09:00:00+00:00
        2  | -              | 2026-03-03T09:00:00+00:00
    """)
    held = (
        "select response_id as id, rule, held_since::date::varchar as held_since, run_id from core.held_back"
    )
    assert vault.rows(f"{held} order by id") == drawn("""
        id | rule          | held_since | run_id
        1  | email-invalid | 2026-11-25 | run-001
        2  | email-missing | 2026-11-26 | run-002
    """)


def test_an_edit_there_and_back_leaves_what_was_there_before(vault):
    vault.night("""
        id | email   | name  | modified
        1  | a@b.org | Ailsa | 2026-03-01T09:00:00+00:00
    """)
    vault.night("""
        id | email   | name  | modified
        1  | c@d.org | Bruce | 2026-03-02T09:00:00+00:00
    """)
    vault.night("""
        id | email   | name  | modified
        1  | a@b.org | Ailsa | 2026-03-03T09:00:00+00:00
    """)
    assert vault.people("email_key name") == drawn("""
        email_key | name
        a@b.org   | Ailsa
    """)


def test_an_edit_there_and_back_within_one_second_ends_as_it_was(vault):
    there = """
        id | email   | modified
        1  | a@b.org | 2026-03-01T09:00:00+00:00
    """
    vault.night(there)
    vault.night("""
        id | email   | modified
        1  | c@d.org | 2026-03-01T09:00:00+00:00
    """)
    assert vault.people("email_key") == drawn("""
        email_key
        c@d.org
    """)
    vault.night(there)
    assert vault.people("email_key") == drawn("""
        email_key
        a@b.org
    """)
    before = vault.rows("select * from raw.responses")
    vault.night(there)
    assert vault.rows("select * from raw.responses") == before


def test_an_older_version_that_comes_late_is_kept_and_does_not_win(vault):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-02T09:00:00+00:00
    """)
    vault.night("""
        id | email   | modified
        1  | c@d.org | 2026-03-01T09:00:00+00:00
    """)
    assert vault.people("email_key") == drawn("""
        email_key
        a@b.org
    """)
    assert vault.rows("select count(*) as n from raw.responses") == [{"n": 2}]


def test_the_same_night_again_changes_nothing(vault):
    table = """
        id | email   | status
        1  | a@b.org | completed
        2  | A@B.org | completed
        3  | -       | completed
        4  | c@d.org | partial
    """
    vault.night(table)
    tables = (
        "raw.responses",
        "core.signatures",
        "core.answers",
        "core.dispositions",
        "core.signatories",
        "core.held_back",
    )
    before = {name: vault.rows(f"select * from {name} order by all") for name in tables}
    vault.night(table)
    assert {name: vault.rows(f"select * from {name} order by all") for name in tables} == before


def test_a_person_keeps_the_surrogate_id_and_a_new_one_gets_the_next(vault):
    vault.night("""
        id | email   | created
        1  | b@b.org | 2026-01-02T09:00:00+00:00
        2  | a@b.org | 2026-01-01T09:00:00+00:00
    """)
    vault.withdraw("2")
    vault.night("""
        id | email   | created
        3  | c@b.org | 2025-01-01T09:00:00+00:00
    """)
    vault.night("""
        id | email   | created
        4  | a@b.org | 2026-01-09T09:00:00+00:00
    """)
    assert vault.rows("select signatory_id as n, email_key from core.signatories order by n") == [
        {"n": 1, "email_key": "a@b.org"},
        {"n": 2, "email_key": "b@b.org"},
        {"n": 3, "email_key": "c@b.org"},
    ]


def test_an_address_is_decided_again_when_the_rules_change(vault, monkeypatch):
    monkeypatch.setattr("tests.vaults.email_keys", lambda texts: [(None, "invalid") for _ in texts])
    vault.night("""
        id | email
        1  | àda@example.org
    """)
    assert [row["place"] for row in vault.places()] == ["held back"]
    monkeypatch.undo()
    vault.rules = "the rules of the next version"
    vault.night()
    assert vault.people("email_key") == drawn("""
        email_key
        àda@example.org
    """)


def test_a_signature_keeps_its_place_when_the_form_asks_by_another_question(vault):
    vault.night("""
        id | email
        1  | a@b.org
    """)
    vault.form = replace(FORM, fields=(("email", "99", None), *FORM.fields))
    bodies = [
        a_response(
            2, email=None, answers={"99": [{"text": "A@B.org"}]}, date_modified="2026-03-02T09:00:00Z"
        ),
        a_response(3, email="old@b.org", answers={"99": [{"text": "new@b.org"}]}),
        a_response(4, email="only.old@b.org", answers={"99": [{"text": " "}]}),
    ]
    vault.receive(bodies)
    vault.decide()
    assert vault.people("email_key id name n_signatures") == drawn("""
        email_key      | id | name           | n_signatures
        a@b.org        | 2  | Ailsa Invented | 2
        new@b.org      | 3  | Ailsa Invented | 1
        only.old@b.org | 4  | Ailsa Invented | 1
    """)


def test_a_pledge_that_moves_to_another_survey_counts_that_ones_responses_alone(vault):
    vault.night("""
        id | email
        1  | a@b.org
        2  | c@d.org
    """)
    elsewhere = [a_response(3, email="a@b.org", survey_id="999"), a_response(4, email="-", survey_id="999")]
    vault.receive(elsewhere, survey_id="999")
    vault.form = replace(FORM, survey_id="999")
    vault.decide()
    assert vault.places() == drawn("""
        id | place     | reason
        3  | signatory | counts
        4  | held back | email-invalid
    """)
    assert vault.people("email_key id") == drawn("""
        email_key | id
        a@b.org   | 3
    """)
    assert vault.failed_measures() == []
    vault.form = FORM
    vault.decide()
    assert vault.people("email_key id") == drawn("""
        email_key | id
        a@b.org   | 1
        c@d.org   | 2
    """)
    assert vault.failed_measures() == []
