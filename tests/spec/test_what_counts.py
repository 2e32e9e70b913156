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
    ("status", "place", "reason"),
    [
        ("partial", "not counted", "status partial"),
        ("disqualified", "not counted", "status disqualified"),
        ("overquota", "not counted", "status overquota"),
        ("new", "held back", "status-unknown"),
        ("COMPLETED", "held back", "status-unknown"),
        ("''", "held back", "status-unknown"),
        ("-", "held back", "status-unknown"),
    ],
)
def test_only_completed_responses_count_and_an_unknown_status_is_held_back(vault, status, place, reason):
    vault.night(f"""
        id | email   | status
        1  | a@b.org | {status}
        2  | c@d.org | completed
    """)
    assert vault.places() == drawn(f"""
        id | place     | reason
        1  | {place}   | {reason}
        2  | signatory | counts
    """)
    assert vault.failed_measures() == []


def test_a_response_without_a_status_at_all_is_held_back(vault):
    vault.receive(['{"id": "1", "pages": []}'])
    vault.decide()
    assert vault.places() == drawn("""
        id | place     | reason
        1  | held back | status-unknown
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
