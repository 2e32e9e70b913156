"""From what people and the platform send to what the rules make of it: responses in, rules out."""

from __future__ import annotations

from collections import Counter

import pytest

from checks.row_checks import check_rows
from tests.builders import EMAIL, NAME, OTHER, PARENT, ROLE, a_design, a_response
from tests.vaults import a_vault
from warehouse.ingest import designs
from warehouse.transform import build

LATER = "2026-11-25T02:15:01+00:00"  # more than a day after it is fetched
A_BOX, A_MATRIX = [{"text": "a comment"}], [{"row_id": "91", "choice_id": "92"}]

# What differs from a good response; the rule that holds it back, or None; the rules it is told by.
RESPONSES = [
    ({}, None, []),
    # The status.
    ({"response_status": "sealed"}, "status-unknown", []),
    ({"response_status": "Completed"}, "status-unknown", []),
    ({"response_status": ""}, "status-unknown", []),
    ({"response_status": None}, "status-unknown", []),
    # The mode.
    ({"collection_mode": "data_entry"}, None, []),
    ({"collection_mode": "edit"}, None, []),
    ({"collection_mode": None}, None, []),
    ({"collection_mode": ""}, None, []),
    ({"collection_mode": "carrier pigeon"}, None, ["mode-unknown"]),
    # The instants.
    ({"date_modified": LATER}, "modified-at-in-future", []),
    ({"date_modified": "2026-11-25T02:15:00+00:00"}, None, []),
    # One minute past ten in London's summer is one past nine in UTC.
    ({"date_created": "2026-03-01T10:01:00+01:00"}, None, []),
    ({"date_created": "2026-03-01T10:01:01+01:00"}, None, ["created-after-modified"]),
    ({"date_created": "1970-01-01T00:00:00+00:00"}, None, ["created-before-survey"]),
    # The name.
    ({"name": None}, None, ["name-blank"]),
    ({"name": "   "}, None, ["name-blank"]),
    ({"name": "x" * 200}, None, []),
    ({"name": "x" * 201}, None, ["name-too-long"]),
    ({"name": "\N{GRINNING FACE}" * 201}, None, ["name-too-long"]),
    ({"name": "Morag\tInvented"}, None, ["name-control-characters"]),
    ({"name": "Morag\u0000Invented"}, None, ["name-control-characters"]),
    ({"name": "..."}, None, ["name-only-symbols"]),
    ({"name": "\N{GRINNING FACE}"}, None, ["name-only-symbols"]),
    ({"name": '""'}, None, ["name-only-symbols"]),
    ({"name": "12"}, None, ["name-only-symbols"]),
    ({"name": "Mary-Jane O'Invented 3rd"}, None, []),
    ({"name": "X"}, None, []),
    ({"name": "\u6797"}, None, []),
    ({"name": "\u0645\u0631\u064a\u0645"}, None, []),
    ({"name": "Zoe\u0308 \N{GRINNING FACE}"}, None, []),
    # Answers.
    ({"answers": {"14": A_BOX}}, None, ["answers-unknown-question"]),
    ({"answers": {"15": A_MATRIX}}, None, ["answers-unknown-question"]),
    ({"answers": {EMAIL: [{"text": "a@b.org", "row_id": "93"}]}}, None, ["answers-unknown-choice"]),
    ({"choice": None, "other": "Grandparent"}, None, []),
    ({"answers": {ROLE: [{"choice_id": PARENT}, {"other_id": OTHER, "text": "and so on"}]}}, None, []),
    ({"answers": {ROLE: [{"choice_id": "0"}]}}, None, ["answers-unknown-choice", "role-unknown-choice"]),
    ({"answers": {NAME: [{"text": "Ada", "row_id": "", "choice_id": ""}]}}, None, []),
]  # fmt: skip


@pytest.fixture
def vault(tmp_path):
    """A new vault; its survey was made on the first day of 2026."""
    with a_vault(tmp_path) as opened:
        design = a_design()
        survey = {**design["survey"], "version": "v2", "created_at": "2026-01-01T00:00:00+00:00"}
        designs.load_design(opened.connection, **{**design, "survey": survey})
        yield opened


def checked(vault):
    """The outcome of what came in."""
    vault.stage()
    return check_rows(build.facts(vault.connection, vault.form))


def of_response(vault, body):
    """The rule that holds the one response back, and those it is told by."""
    vault.receive([body])
    outcome = checked(vault)
    assert outcome.n_checked == 1
    return next((rule for _, rule, *_ in outcome.held), None), sorted(outcome.warned)


def test_all_of_them_at_once_are_held_back_or_count_and_are_told(vault):
    vault.receive([a_response(n, **changes) for n, (changes, _, _) in enumerate(RESPONSES)])
    outcome = checked(vault)
    assert {response_id: rule for response_id, rule, *_ in outcome.held} == {
        str(n): held_by for n, (_, held_by, _) in enumerate(RESPONSES) if held_by
    }
    assert outcome.warned == Counter(name for _, _, told in RESPONSES for name in told)


@pytest.mark.long
@pytest.mark.parametrize(("changes", "held_by", "told"), RESPONSES, ids=str)
def test_a_response_is_held_back_or_counts_and_is_told(vault, changes, held_by, told):
    assert of_response(vault, a_response(1, **changes)) == (held_by, told)


@pytest.mark.parametrize("status", ["partial", "overquota", "disqualified"])
def test_a_status_that_is_known_not_to_count_is_not_checked(vault, status):
    vault.receive([a_response(1, response_status=status, email=None)])
    assert checked(vault).n_checked == 0


def test_before_the_day_that_the_survey_was_made_is_not_told_where_that_is_not_known(tmp_path):
    with a_vault(tmp_path) as vault:
        body = a_response(1, date_created="1970-01-01T00:00:00+00:00")
        assert of_response(vault, body) == (None, [])


def test_a_choice_of_an_earlier_form_is_known(vault):
    vault.form_becomes("v3", "id\n99")
    assert of_response(vault, a_response(1, choice=PARENT)) == (None, [])


def test_a_new_word_of_the_platform_is_held_back_until_it_is_a_known_one(vault):
    vault.night("""
        id | status  | email
        1  | archived | a@b.org
        2  | -        | b@b.org
        3  | partial  | c@b.org
    """)
    assert [(row["id"], row["place"], row["reason"]) for row in vault.places()] == [
        ("1", "held back", "status-unknown"),
        ("2", "held back", "status-unknown"),
        ("3", "not counted", "status partial"),
    ]
    assert vault.failed_measures() == []
    vault.night("""
        id | status    | email   | modified
        1  | completed | a@b.org | 2026-03-02T09:00:00+00:00
    """)
    assert vault.places()[0] == {"id": "1", "place": "signatory", "reason": "counts"}
