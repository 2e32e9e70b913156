"""What counts as a signature, and whose: responses drawn in, places and signatories drawn out."""

from __future__ import annotations

import pytest

from tests.vaults import drawn

LATER = "a later signature with the same email key"


def test_one_signatory_for_each_email_key(vault):
    vault.night("""
        id | email                 | modified
        1  | ada@example.org       | 2026-03-01T10:00:00+00:00
        2  | " Ada@Example.ORG "   | 2026-03-02T10:00:00+00:00
        3  | ada+pta@example.org   | 2026-03-01T10:00:00+00:00
        4  | a.da@example.org      | 2026-03-01T10:00:00+00:00
        5  | ada@bücher.example    | 2026-03-01T10:00:00+00:00
        6  | ADA@xn--bcher-kva.example | 2026-03-03T10:00:00+00:00
    """)
    assert vault.places() == drawn(f"""
        id | place     | reason
        1  | duplicate | {LATER}
        2  | signatory | counts
        3  | signatory | counts
        4  | signatory | counts
        5  | duplicate | {LATER}
        6  | signatory | counts
    """)
    assert vault.people("email_key email n_signatures") == drawn("""
        email_key                 | email                     | n_signatures
        a.da@example.org          | a.da@example.org          | 1
        ada+pta@example.org       | ada+pta@example.org       | 1
        ada@example.org           | " Ada@Example.ORG "       | 2
        ada@xn--bcher-kva.example | ADA@xn--bcher-kva.example | 2
    """)


def test_the_latest_change_wins_as_an_instant_whatever_its_offset(vault):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T12:00:00+02:00
        2  | a@b.org | 2026-03-01T10:30:00+00:00
        3  | c@d.org | 2026-03-01T23:30:00-05:00
        4  | c@d.org | 2026-03-02T04:29:00Z
        5  | e@f.org | 2026-03-01T10:00:00
        6  | e@f.org | 2026-03-01T10:59:59+01:00
        7  | g@h.org | 2026-03-01T10:00:00.000001+00:00
        8  | g@h.org | 2026-03-01T10:00:00+00:00
    """)
    assert vault.people("email_key id") == drawn("""
        email_key | id
        a@b.org   | 2
        c@d.org   | 3
        e@f.org   | 5
        g@h.org   | 7
    """)


def test_of_equal_instants_the_larger_id_as_a_number_wins(vault):
    vault.night("""
        id                    | email   | modified
        999999999             | a@b.org | 2026-03-01T10:00:00+00:00
        12706126725           | a@b.org | 2026-03-01T11:00:00+01:00
        9007199254740992      | c@d.org | 2026-03-01T10:00:00+00:00
        9007199254740993      | c@d.org | 2026-03-01T10:00:00+00:00
        9223372036854775809   | e@f.org | 2026-03-01T10:00:00+00:00
        9223372036854775807   | e@f.org | 2026-03-01T10:00:00+00:00
        18446744073709551617  | g@h.org | 2026-03-01T10:00:00+00:00
        9999999999999999999   | g@h.org | 2026-03-01T10:00:00+00:00
    """)
    assert vault.people("email_key id") == drawn("""
        email_key | id
        a@b.org   | 12706126725
        c@d.org   | 9007199254740993
        e@f.org   | 9223372036854775809
        g@h.org   | 18446744073709551617
    """)


def test_signed_at_is_the_earliest_start_of_any_signature_that_counts(vault):
    vault.night("""
        id | email   | created                   | modified                  | status    | mode
        1  | a@b.org | 2026-01-05T09:00:00+00:00 | 2026-02-01T09:00:00+00:00 | completed | default
        2  | a@b.org | 2026-01-02T01:00:00+02:00 | 2026-01-09T09:00:00+00:00 | completed | default
        3  | a@b.org | 2026-01-03T09:00:00+00:00 | 2026-03-01T09:00:00+00:00 | completed | default
        4  | a@b.org | 2025-12-01T09:00:00+00:00 | 2026-01-01T09:00:00+00:00 | partial   | default
        5  | a@b.org | 2025-12-01T09:00:00+00:00 | 2026-01-01T09:00:00+00:00 | completed | preview
        6  | a@b.org | 2025-12-01T09:00:00+00:00 | 2026-01-01T09:00:00+00:00 | completed | default
    """)
    vault.withdraw("6")
    vault.night()
    assert vault.people("id signed_at modified_at n_signatures") == drawn("""
        id | signed_at              | modified_at            | n_signatures
        3  | 2026-01-01 23:00:00+00 | 2026-03-01 09:00:00+00 | 3
    """)


def test_without_a_readable_start_the_time_of_the_last_change_stands_in(vault):
    vault.night("""
        id | email   | created    | modified
        1  | a@b.org | -          | 2026-03-01T09:00:00+00:00
        2  | c@d.org | not a time | 2026-03-02T09:00:00+00:00
        3  | e@f.org | ''         | 2026-03-03T09:00:00+00:00
    """)
    assert vault.people("id signed_at") == drawn("""
        id | signed_at
        1  | 2026-03-01 09:00:00+00
        2  | 2026-03-02 09:00:00+00
        3  | 2026-03-03 09:00:00+00
    """)


def test_name_and_role_are_those_of_the_winner(vault):
    vault.night("""
        id | email   | name          | choice | modified
        1  | a@b.org | Ailsa Old     | 21     | 2026-03-01T09:00:00+00:00
        2  | a@b.org | Ailsa New     | 22     | 2026-03-02T09:00:00+00:00
        3  | c@d.org | Bruce Old     | 21     | 2026-03-01T09:00:00+00:00
        4  | c@d.org | -             | -      | 2026-03-02T09:00:00+00:00
    """)
    assert vault.people("id name role") == drawn("""
        id | name      | role
        2  | Ailsa New | School or nursery
        4  | -         | (no answer)
    """)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("partial", "status partial"),
        ("disqualified", "status disqualified"),
        ("overquota", "status overquota"),
        ("new", "status new"),
        ("COMPLETED", "status COMPLETED"),
        ("''", "status missing"),
        ("-", "status missing"),
    ],
)
def test_only_completed_responses_count(vault, status, reason):
    vault.night(f"""
        id | email   | status
        1  | a@b.org | {status}
        2  | c@d.org | completed
    """)
    assert vault.places() == drawn(f"""
        id | place       | reason
        1  | not counted | {reason}
        2  | signatory   | counts
    """)
    assert vault.failed_measures() == []


def test_a_response_without_a_status_at_all_does_not_count(vault):
    vault.receive(['{"id": "1", "pages": []}'])
    vault.decide()
    assert vault.places() == drawn("""
        id | place       | reason
        1  | not counted | status missing
    """)


def test_previews_do_not_count_and_paper_sheets_and_edits_do(vault):
    vault.night("""
        id | email   | mode
        1  | a@b.org | default
        2  | c@d.org | data_entry
        3  | e@f.org | edit
        4  | g@h.org | preview
        5  | i@j.org | survey_preview
        6  | k@l.org | -
    """)
    assert vault.places() == drawn("""
        id | place       | reason
        1  | signatory   | counts
        2  | signatory   | counts
        3  | signatory   | counts
        4  | not counted | preview
        5  | not counted | preview
        6  | signatory   | counts
    """)


def test_an_unfinished_preview_is_counted_under_its_status_alone(vault):
    vault.night("""
        id | status  | mode
        1  | partial | preview
    """)
    assert vault.places() == drawn("""
        id | place       | reason
        1  | not counted | status partial
    """)


def test_without_a_valid_email_a_response_is_held_back(vault):
    vault.night("""
        id | email           | status
        1  | -               | completed
        2  | ''              | completed
        3  | '\\u00a0\\u200b'  | completed
        4  | ada at home     | completed
        5  | ada@localhost   | completed
        6  | -               | partial
    """)
    assert vault.places() == drawn("""
        id | place       | reason
        1  | held back   | email-missing
        2  | held back   | email-missing
        3  | held back   | email-missing
        4  | held back   | email-invalid
        5  | held back   | email-invalid
        6  | not counted | status partial
    """)
    assert vault.people("id") == []
    assert vault.failed_measures() == []


def test_without_a_readable_time_of_its_last_change_a_response_is_held_back(vault):
    vault.night("""
        id | email   | modified
        1  | a@b.org | -
        2  | a@b.org | soon
        3  | a@b.org | 2026-03-01T09:00:00+00:00
    """)
    assert vault.places() == drawn("""
        id | place     | reason
        1  | held back | modified-at-missing
        2  | held back | modified-at-missing
        3  | signatory | counts
    """)


def test_a_response_of_another_survey_is_held_back(vault):
    vault.night("""
        id | email   | survey
        1  | a@b.org | 999
        2  | c@d.org | 4100
        3  | e@f.org | ''
    """)
    assert vault.places() == drawn("""
        id | place     | reason
        1  | held back | other-survey
        2  | signatory | counts
        3  | signatory | counts
    """)


def test_responses_fetched_from_another_survey_are_in_no_place_of_the_pledge(vault):
    vault.receive(['{"id": "7", "survey_id": "999", "response_status": "completed"}'], survey_id="999")
    vault.night("""
        id
        1
    """)
    assert vault.places() == drawn("""
        id | place     | reason
        1  | signatory | counts
    """)
    assert vault.failed_measures() == []


@pytest.mark.parametrize(
    "name", ["-", "''", "'   '", "'\\u00a0\\u2003'", "'\\u200b\\ufeff\\u2060'", "'\\t\\n'"]
)
def test_a_blank_name_counts(vault, name):
    vault.night(f"""
        id | email   | name
        1  | a@b.org | {name}
    """)
    assert vault.people("id name email_key") == drawn("""
        id | name | email_key
        1  | -    | a@b.org
    """)


def test_a_name_is_kept_as_typed(vault):
    vault.night("""
        id | name
        1  | '  Seonaidh  Ó Invented\\u200d '
    """)
    assert vault.people("name") == drawn("""
        name
        '  Seonaidh  Ó Invented\\u200d '
    """)


def test_a_night_in_which_nothing_could_count_goes_by(vault):
    vault.night("""
        id | status
        1  | partial
    """)
    vault.night()
    assert vault.places() == drawn("""
        id | place       | reason
        1  | not counted | status partial
    """)


# What happens over several nights.


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
        "core.places",
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
