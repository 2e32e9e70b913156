"""Which responses are held back and which are only remarked upon: facts in, rules out."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest

from checks.row_checks import check_rows
from checks.row_rules import FLAGS, INSTANTS, ROW_RULES

GOOD = {
    "survey_id": "318754279",
    "expected_survey_id": "318754279",
    "created_at": "2026-11-01T09:00:00+00:00",
    "modified_at": "2026-11-01T09:01:30+00:00",
    "believable_until": "2026-11-03T02:15:00+00:00",
    "survey_created_at": "2026-10-01T12:00:00+00:00",
    "id_state": "given",
    "status_state": "completed",
    "mode_state": "known",
    "email_problem": None,
    "name_state": "given",
    "role_state": "known",
    "questions_state": "known",
    "choices_state": "known",
}

# What differs from a good response; the rule it is held back by, or None; the warnings it counts with.
RESPONSES = [
    ({}, None, []),
    # Held back.
    ({"id_state": "damaged"}, "id-damaged", []),
    ({"id_state": "damaged", "email_problem": "missing"}, "id-damaged", []),
    ({"email_problem": "missing"}, "email-missing", []),
    ({"email_problem": "invalid"}, "email-invalid", []),
    ({"modified_at": None}, "modified-at-missing", []),
    ({"survey_id": "999"}, "other-survey", []),
    ({"survey_id": None}, "other-survey", []),
    ({"status_state": "unknown"}, "status-unknown", []),
    ({"modified_at": "2026-11-03T02:15:01+00:00"}, "modified-at-in-future", []),
    ({"modified_at": "2026-11-03T02:15:00+00:00"}, None, []),
    # Only the first reason is published: what belongs to another survey has no email here either.
    ({"survey_id": "999", "email_problem": "missing"}, "other-survey", []),
    ({"email_problem": "invalid", "modified_at": None}, "email-invalid", []),
    # What can't be read has no email either: the first reason is that it can't be read.
    (
        {"status_state": "unknown", "email_problem": "missing", "modified_at": None, "created_at": None},
        "status-unknown",
        [],
    ),
    # Counted, and told.
    ({"created_at": "2026-11-01T09:01:31+00:00"}, None, ["created-after-modified"]),
    ({"created_at": "2026-11-01T09:01:30+00:00"}, None, []),
    ({"created_at": "2026-10-01T11:59:59+00:00"}, None, ["created-before-survey"]),
    ({"created_at": "2026-10-01T12:00:00+00:00"}, None, []),
    ({"mode_state": "unknown"}, None, ["mode-unknown"]),
    ({"name_state": "too long"}, None, ["name-too-long"]),
    ({"name_state": "control characters"}, None, ["name-control-characters"]),
    ({"name_state": "only symbols"}, None, ["name-only-symbols"]),
    ({"questions_state": "unknown"}, None, ["answers-unknown-question"]),
    ({"choices_state": "unknown"}, None, ["answers-unknown-choice"]),
    ({"created_at": None}, None, ["created-at-missing"]),
    ({"name_state": "blank"}, None, ["name-blank"]),
    ({"role_state": "unknown choice"}, None, ["role-unknown-choice"]),
    ({"role_state": "no answer"}, None, ["role-no-answer"]),
    ({"role_state": "several"}, None, ["role-several"]),
    ({"name_state": "blank", "role_state": "no answer"}, None, ["name-blank", "role-no-answer"]),
    # A response that doesn't count isn't warned about as one that does.
    ({"email_problem": "missing", "name_state": "blank"}, "email-missing", []),
    # Nothing to remark: the form doesn't ask, or the person answered in their own words.
    ({"role_state": "other"}, None, []),
    ({"role_state": "not asked"}, None, []),
    ({"name_state": "not asked"}, None, []),
    ({"mode_state": "missing"}, None, []),
    # Nothing to compare with.
    ({"survey_created_at": None}, None, []),
    ({"believable_until": None}, None, []),
]


def candidates(responses):
    frame = pd.DataFrame([GOOD | changes for changes in responses])
    frame.insert(0, "response_id", [str(10_000_000_000 + n) for n in range(len(frame))])
    for column in INSTANTS:
        frame[column] = pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")
    return frame


@pytest.mark.long
@pytest.mark.parametrize("text_type", ["str", "object"])
@pytest.mark.parametrize(("changes", "held_by", "warned"), RESPONSES)
def test_a_response_is_held_back_or_counts_with_warnings(changes, held_by, warned, text_type):
    frame = candidates([changes]).astype(dict.fromkeys(("survey_id", *FLAGS), text_type))
    outcome = check_rows([frame])
    assert [rule for _, rule, *_ in outcome.held] == ([held_by] if held_by else [])
    assert outcome.warned == dict.fromkeys(warned, 1)


@pytest.mark.parametrize("text_type", ["str", "object"])
def test_all_of_them_at_once_come_out_as_one_by_one(text_type):
    frame = candidates([changes for changes, _, _ in RESPONSES])
    outcome = check_rows([frame.astype(dict.fromkeys(("survey_id", *FLAGS), text_type))])
    assert {response_id: rule for response_id, rule, *_ in outcome.held} == {
        str(10_000_000_000 + n): held_by for n, (_, held_by, _) in enumerate(RESPONSES) if held_by
    }
    assert outcome.warned == dict(Counter(name for _, _, warned in RESPONSES for name in warned))


def test_a_response_held_back_is_told_with_its_reason_and_every_rule_that_holds_it():
    everything = {
        "email_problem": "missing",
        "modified_at": None,
        "name_state": "blank",
        "role_state": "several",
    }
    assert check_rows([candidates([{}, everything])]).held == [
        (
            "10000000001",
            "email-missing",
            "email-missing,modified-at-missing",
            "The email question was left empty, so this person can't be told apart from others.",
        )
    ]


def test_the_rules_published_are_these():
    assert [(rule.name, rule.severity) for rule in ROW_RULES] == [
        ("other-survey", "hold"),
        ("id-damaged", "hold"),
        ("status-unknown", "hold"),
        ("email-missing", "hold"),
        ("email-invalid", "hold"),
        ("modified-at-missing", "hold"),
        ("modified-at-in-future", "hold"),
        ("created-at-missing", "warn"),
        ("created-after-modified", "warn"),
        ("created-before-survey", "warn"),
        ("mode-unknown", "warn"),
        ("name-blank", "warn"),
        ("name-too-long", "warn"),
        ("name-control-characters", "warn"),
        ("name-only-symbols", "warn"),
        ("role-unknown-choice", "warn"),
        ("role-no-answer", "warn"),
        ("role-several", "warn"),
        ("answers-unknown-question", "warn"),
        ("answers-unknown-choice", "warn"),
    ]


@pytest.mark.parametrize("rule", ROW_RULES, ids=lambda rule: rule.name)
def test_a_rule_says_why_and_what_to_do_in_whole_sentences(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    for text in (rule.reason, rule.next_step):
        assert re.fullmatch(r"[A-Z].{20,}\.", text)
