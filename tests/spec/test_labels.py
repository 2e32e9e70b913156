"""What readers see for the pipeline's own names: every one has a label, and no label a machine's word."""

from __future__ import annotations

import re

import pytest

from checks.row_rules import ROW_RULES
from reports.figures import HELD_BACK, PLACES, SIGNATORY
from reports.labels import NO_ROLE, PLACE_LABELS, REASON_LABELS, WITHOUT_ROLE, place_label, role_label
from tests.house import SQL, text_of

DISPOSITIONS = text_of("warehouse/sql/staging/dispositions.sql")
OF_STATUS = "concat('status ', "
A_TEXT = r"'((?:[^']|'')*)'"
OF_MACHINES = re.compile(
    r"\b(?:api|choice_id|dispositions?|duplicates?|e?mail keys?|hash\w*|ids?|keys?|modes?|null|overquota"
    r"|partial|records?|responses?|rules?|schema|status\w*|tables?|tombstones?|vault|\w+_\w+)\b|[(){}]",
    re.IGNORECASE,
)


def reasons_of_the_sql():
    """Each reason that the dispositions can have, but for the rules that hold back and strange statuses."""
    plain = re.findall(rf"'reason': {A_TEXT}", DISPOSITIONS)
    (stated,) = re.findall(r"signatures\.status in \(([^)]*)\)", DISPOSITIONS)
    statuses = re.findall(A_TEXT, stated)
    (fallback,) = re.findall(rf"nullif\(signatures\.status, ''\), {A_TEXT}", DISPOSITIONS)
    (of_duplicates,) = re.findall(rf"then {A_TEXT}\s+else reason\s+end as reason", DISPOSITIONS)
    found = [*plain, *(f"status {status}" for status in (*statuses, fallback)), of_duplicates]
    return [reason.replace("''", "'") for reason in found]


def test_every_reason_of_the_dispositions_is_read_here():
    n_plain = len(re.findall(rf"'reason': {A_TEXT}", DISPOSITIONS))
    n_of_rules = DISPOSITIONS.count("'reason': held_back.rule")
    assert DISPOSITIONS.count("'reason'") == n_plain + n_of_rules + DISPOSITIONS.count(OF_STATUS)
    assert (n_of_rules, DISPOSITIONS.count(OF_STATUS)) == (1, 2)
    assert DISPOSITIONS.count("as reason") == 1


@pytest.mark.parametrize(
    "reason", [*reasons_of_the_sql(), *(rule.name for rule in ROW_RULES if rule.severity == "hold")]
)
def test_every_reason_that_there_is_has_a_label(reason):
    assert reason in REASON_LABELS


def test_every_place_has_a_label_and_no_label_is_of_a_reason_that_is_not():
    holding = {rule.name for rule in ROW_RULES if rule.severity == "hold"}
    assert set(PLACE_LABELS) == set(PLACES)
    assert set(REASON_LABELS) == holding | set(reasons_of_the_sql())


@pytest.mark.parametrize("label", [NO_ROLE, *PLACE_LABELS.values(), *REASON_LABELS.values()])
def test_no_label_has_a_word_of_the_machine_s(label):
    assert OF_MACHINES.findall(label) == []
    assert label == label[0].upper() + label[1:]


def test_responses_apart_for_different_reasons_have_different_labels():
    others = [label for reason, label in REASON_LABELS.items() if reason != "counts"]
    assert len(set(others)) == len(others)


@pytest.mark.parametrize(
    ("place", "reason", "rule", "label"),
    [
        ("duplicate", "a later signature with the same email key", "", "Signed again by the same person"),
        ("duplicate", "", "", "Signed again by the same person"),
        ("not counted", "status partial", "", "Left unfinished"),
        ("not counted", "status overquota", "", REASON_LABELS["status overquota"]),
        ("not counted", "status sealed", "", "Not counted: not known to be finished"),
        ("not counted", "", "", "Not counted"),
        (HELD_BACK, "email-invalid", "", "Held back: no valid email address"),
        (HELD_BACK, "What was said of it then.", "email-invalid", "Held back: no valid email address"),
        (HELD_BACK, "Status and key are missing.", "own-rule", "Held back: Status and key are missing."),
        (HELD_BACK, "status of the school unknown.", "own-rule", "Held back: status of the school unknown."),
        (SIGNATORY, "counts", "", "Signed"),
        (SIGNATORY, "", "", "Signed"),
    ],
)
def test_a_place_and_its_reason_in_plain_words(place, reason, rule, label):
    assert place_label(place, reason, rule) == label


def test_who_has_no_role_stands_under_one_label_whyever():
    in_sql = {text for path in SQL for text in re.findall(r"'(\([a-z ]+\))'", path.read_text("utf-8"))}
    of_roles = {text for text in in_sql if text not in {"(erased)", "(without a text)"}}
    assert of_roles == set(WITHOUT_ROLE)
    assert {role_label(role) for role in WITHOUT_ROLE} == {NO_ROLE}


@pytest.mark.parametrize("role", ["Parent or carer", "Other", "(not yet decided)", ""])
def test_any_other_role_is_shown_as_it_is(role):
    assert role_label(role) == role
