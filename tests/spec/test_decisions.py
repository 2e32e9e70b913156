"""What people decide: who is let in or taken out, who is one person or two, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.vaults import drawn, held_by_a_plain_rule
from warehouse.errors import DecisionError
from warehouse.privacy.erase_withdrawn import erase_withdrawn
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision, groups_of

LATER = "a later signature with the same email key"


@pytest.fixture
def decided(vault):
    """A vault with a decision function: kind, subject, verdict and the rest."""
    vault.check = held_by_a_plain_rule

    def decide(kind, subject, verdict, **more):
        decision = Decision(kind, str(subject), verdict, "as a test", "a tester", **more)
        return decisions.keep(vault.connection, decision, at=vault.now)

    return decide


def undo(vault, number):
    decisions.undo(vault.connection, number, who="a tester", because="as a test", at=vault.now)


def id_of(vault, key):
    found = vault.connection.execute("select signatory_id from core.signatory_ids where email_key = ?", [key])
    return found.fetchone()[0]


def test_an_accepted_response_counts_for_the_rules_it_failed_then_and_no_others(vault, decided):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T10:00:00+00:00
        2  | nothing | 2026-03-01T10:00:00+00:00
        3  | nobody  | 2026-03-01T10:00:00+00:00
    """)
    decided("response", 2, "accept", detail="invalid")
    decided("response", 3, "accept", detail="some-other-rule")
    vault.night()
    assert vault.places() == drawn("""
        id | place     | reason
        1  | signatory | counts
        2  | signatory | accepted by a person
        3  | held back | invalid
    """)


def test_an_accepted_response_without_an_address_is_a_person_of_its_own(vault, decided):
    vault.night("""
        id | email | modified
        1  | -     | 2026-03-01T10:00:00+00:00
        2  | -     | 2026-03-01T10:00:00+00:00
    """)
    for response_id in (1, 2):
        decided("response", response_id, "accept", detail="missing")
    vault.night()
    assert [row["place"] for row in vault.places()] == ["signatory", "signatory"]
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-02T10:00:00+00:00
    """)
    assert vault.places() == drawn("""
        id | place     | reason
        1  | signatory | counts
        2  | signatory | accepted by a person
    """)


def test_an_accepted_response_without_any_time_stays_held_back(vault, decided):
    vault.night("""
        id | email   | created | modified
        1  | a@b.org | -       | -
    """)
    decided("response", 1, "accept", detail="undated")
    vault.night()
    assert [row["place"] for row in vault.places()] == ["held back"]


def test_a_rejected_response_counts_no_more_and_an_earlier_one_of_the_person_stands_in(vault, decided):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T10:00:00+00:00
        2  | a@b.org | 2026-03-02T10:00:00+00:00
        3  | nothing | 2026-03-02T10:00:00+00:00
    """)
    number = decided("response", 2, "reject")
    decided("response", 3, "reject")
    vault.night()
    assert vault.places() == drawn("""
        id | place       | reason
        1  | signatory   | counts
        2  | not counted | rejected by a person
        3  | not counted | rejected by a person
    """)
    undo(vault, number)
    vault.night()
    assert vault.places() == drawn(f"""
        id | place       | reason
        1  | duplicate   | {LATER}
        2  | signatory   | counts
        3  | not counted | rejected by a person
    """)


def test_of_two_decisions_about_one_response_the_later_stands_until_it_is_undone(vault, decided):
    vault.night("""
        id | email   | modified
        1  | nothing | 2026-03-02T10:00:00+00:00
    """)
    decided("response", 1, "accept", detail="invalid")
    number = decided("response", 1, "reject")
    vault.night()
    assert [row["reason"] for row in vault.places()] == ["rejected by a person"]
    undo(vault, number)
    vault.night()
    assert [row["reason"] for row in vault.places()] == ["accepted by a person"]


THREE = """
    id | email   | modified
    1  | a@b.org | 2026-03-01T10:00:00+00:00
    2  | c@d.org | 2026-03-02T10:00:00+00:00
    3  | e@f.org | 2026-03-03T10:00:00+00:00
"""


def test_two_keys_decided_to_be_one_person_are_counted_once_and_apart_again_when_undone(vault, decided):
    vault.night(THREE)
    one, other = id_of(vault, "a@b.org"), id_of(vault, "c@d.org")
    number = decided("pair", one, "same", other_subject=str(other))
    vault.night()
    assert vault.places() == drawn(f"""
        id | place     | reason
        1  | duplicate | {LATER}
        2  | signatory | counts
        3  | signatory | counts
    """)
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-05T10:00:00+00:00
    """)
    assert [row["place"] for row in vault.places()] == ["signatory", "duplicate", "signatory"]
    undo(vault, number)
    vault.night()
    assert [row["place"] for row in vault.places()] == ["signatory", "signatory", "signatory"]
    assert [row["n_signatures"] for row in vault.people("n_signatures")] == ["1", "1", "1"]
    assert id_of(vault, "a@b.org") == one


def test_a_person_made_of_two_can_be_decided_to_be_a_third(vault, decided):
    vault.night(THREE)
    one, two, three = (id_of(vault, key) for key in ("a@b.org", "c@d.org", "e@f.org"))
    decided("pair", one, "same", other_subject=str(two))
    vault.night()
    made = id_of(vault, f"person {one}")
    assert made not in {one, two, three}
    last = decided("pair", three, "same", other_subject=str(made))
    vault.night()
    assert [row["place"] for row in vault.places()] == ["duplicate", "duplicate", "signatory"]
    undo(vault, last)
    vault.night()
    assert [row["place"] for row in vault.places()] == ["duplicate", "signatory", "signatory"]
    assert id_of(vault, f"person {one}") == made


def test_a_response_of_another_person_on_the_same_address_is_counted_apart(vault, decided):
    vault.night("""
        id | email   | modified
        1  | a@b.org | 2026-03-01T10:00:00+00:00
        2  | a@b.org | 2026-03-02T10:00:00+00:00
    """)
    number = decided("apart", 1, "apart")
    vault.night()
    assert [row["place"] for row in vault.places()] == ["signatory", "signatory"]
    undo(vault, number)
    vault.night()
    assert [row["place"] for row in vault.places()] == ["duplicate", "signatory"]


@pytest.mark.parametrize(
    ("first", "decision"),
    [
        ("a@b.org | 2026-03-01", ("apart", 1, "apart")),
        ("-       | 2026-03-01", ("response", 1, "accept")),
        ("-       | 2026-04-01", ("response", 1, "accept")),
    ],
)
def test_undoing_what_made_a_person_leaves_the_other_whom_it_was_joined_with(vault, decided, first, decision):
    vault.night(f"""
        id | email   | modified
        1  | {first}T10:00:00+00:00
        2  | a@b.org | 2026-03-02T10:00:00+00:00
        3  | e@f.org | 2026-03-03T10:00:00+00:00
    """)
    before = vault.places()
    number = decided(*decision, detail="missing")
    vault.night()
    ids = sorted((id_of(vault, "response 1"), id_of(vault, "e@f.org")))
    decided("pair", ids[0], "same", other_subject=str(ids[1]))
    vault.night()
    assert sorted(row["place"] for row in vault.places()) == ["duplicate", "signatory", "signatory"]
    undo(vault, number)
    vault.night()
    assert vault.places() == before


def test_an_accepted_response_of_an_unknown_status_counts(vault, decided):
    def sealed(facts):
        return [
            (one, "status-unknown", "status-unknown", "why")
            for frame in facts
            for one in frame["response_id"]
        ]

    vault.check = sealed
    vault.night("""
        id | email   | status
        1  | a@b.org | sealed
    """)
    assert [row["place"] for row in vault.places()] == ["held back"]
    decided("response", 1, "accept", detail="status-unknown")
    vault.check = sealed
    vault.night()
    assert [(row["place"], row["reason"]) for row in vault.places()] == [
        ("signatory", "accepted by a person")
    ]


def test_a_text_in_a_decision_goes_when_nobodys_answer_has_it_any_more(vault, decided):
    vault.night("""
        id | email   | choice | other
        1  | a@b.org | -      | Morag of the Glen
        2  | c@d.org | -      | Childminder
    """)
    for kind, subject in (
        ("exact text", "Morag of the Glen"),
        ("other text", "morag of the glen"),
        ("other text", "childminder"),
    ):
        decided(kind, subject, "Parent or carer")
    vault.withdraw("1")
    vault.night()
    erase_withdrawn(vault.connection, before=vault.now + timedelta(days=1), at=vault.now)
    subjects = vault.rows("select subject from core.decisions order by decision_no")
    assert [row["subject"] for row in subjects] == ["erased 1", "erased 2", "childminder"]


def test_decisions_outlive_a_rebuild_of_everything(vault, decided):
    vault.night(THREE)
    one, other = id_of(vault, "a@b.org"), id_of(vault, "c@d.org")
    decided("pair", one, "same", other_subject=str(other))
    decided("response", 3, "reject")
    vault.night()
    before = vault.places(), vault.people("n_signatures")
    vault.rules = "other rules"
    vault.night()
    assert (vault.places(), vault.people("n_signatures")) == before


def test_each_change_of_place_is_noted_once(vault, decided):
    vault.night(THREE)
    vault.night()
    vault.rules = "other rules"
    vault.night()
    decided("response", 3, "reject")
    vault.night()
    found = vault.connection.execute(
        "select response_id, disposition, reason, run_id from core.disposition_changes order by change_no"
    ).fetchall()
    assert sorted(found[:3]) == [
        ("1", "signatory", "counts", "run-001"),
        ("2", "signatory", "counts", "run-001"),
        ("3", "signatory", "counts", "run-001"),
    ]
    assert found[3:] == [("3", "not counted", "rejected by a person", "run-004")]


def test_only_what_is_in_force_can_be_undone(vault, decided):
    vault.night(THREE)
    number = decided("response", 3, "reject")
    undo(vault, number)
    for missing in (number, 99):
        with pytest.raises(DecisionError, match=f"{missing} isn't in force"):
            undo(vault, missing)


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        ([], {}),
        ([(2, 1)], {1: 1, 2: 1}),
        ([(1, 2), (3, 4)], {1: 1, 2: 1, 3: 3, 4: 3}),
        ([(3, 4), (2, 3), (9, 4)], {2: 2, 3: 2, 4: 2, 9: 2}),
        ([(1, 2), (2, 3), (3, 1)], {1: 1, 2: 1, 3: 1}),
    ],
)
def test_numbers_that_pairs_lead_to_each_other_are_one_group(pairs, groups):
    assert groups_of(pairs) == groups
