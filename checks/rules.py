"""What a good response is: each rule once, with its reason in plain words.

The rules are about facts, not about answers: the warehouse says of each response *that* its
email is missing, never what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.suite import Expectation

# What each flag may say; null is no flag at all, so it is allowed only where it stands here.
FLAGS: dict[str, tuple[str | None, ...]] = {
    "id_state": ("given", "damaged"),
    "email_problem": (None, "missing", "invalid"),
    "name_state": ("given", "blank", "not asked"),
    "role_state": ("known", "other", "unknown choice", "no answer", "several", "not asked"),
}
INSTANTS = ("created_at", "modified_at")
SURVEYS = ("survey_id", "expected_survey_id")


@dataclass(frozen=True, slots=True)
class RowRule:
    """One rule about each response.

    name: published in held_back_by_rule, so it never changes.
    severity: "hold": a response that fails doesn't count until it is put right;
        "warn": it counts, and staff are told.
    reason, next_step: sentences for somebody who has never seen this code.
    """

    name: str
    severity: Literal["hold", "warn"]
    reason: str
    next_step: str
    expectation: Expectation


def _not_flagged(column: str, flag: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeInSet", {"column": column, "value_set": [flag]})


def _present(column: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeNull", {"column": column})


ROW_RULES = (
    RowRule(
        "other-survey",
        "hold",
        "The response belongs to another survey than the pledge.",
        "Check the survey id in the settings; if it is right, nothing else needs doing.",
        Expectation(
            "ExpectColumnPairValuesToBeEqual",
            {"column_A": "survey_id", "column_B": "expected_survey_id", "ignore_row_if": "neither"},
        ),
    ),
    RowRule(
        "id-damaged",
        "hold",
        "A spreadsheet has shortened or lost the respondent's id, so the response can't be told from others.",
        "Export the file anew from the survey platform, and import it as it comes, "
        "never saved in a spreadsheet.",
        _not_flagged("id_state", "damaged"),
    ),
    RowRule(
        "email-missing",
        "hold",
        "The email question was left empty, so this person can't be told apart from others.",
        "If you know the address, add it to the response on the survey platform; "
        "it counts from the next night.",
        _not_flagged("email_problem", "missing"),
    ),
    RowRule(
        "email-invalid",
        "hold",
        "What stands in the email question isn't a complete email address.",
        "If you can tell what was meant, correct the response on the survey platform; "
        "it counts from the next night.",
        _not_flagged("email_problem", "invalid"),
    ),
    RowRule(
        "modified-at-missing",
        "hold",
        "The response has no readable time of its last change, "
        "so it can't be ranked among this person's other signatures.",
        "Run pledge sync --full to fetch it again; if it stays, tell the survey platform's support its id.",
        _present("modified_at"),
    ),
    RowRule(
        "created-at-missing",
        "warn",
        "The response has no readable time of its beginning.",
        "Nothing needs doing for one response; if there are many, "
        "look at them on the survey platform or in the export file.",
        _present("created_at"),
    ),
    RowRule(
        "name-blank",
        "warn",
        "The name was left blank.",
        "Nothing needs doing: a signature counts by its email address.",
        _not_flagged("name_state", "blank"),
    ),
    RowRule(
        "role-unknown-choice",
        "warn",
        "The chosen role isn't among the choices of any form that was seen.",
        "See whether the choice was taken off the form before the first night; "
        "the signature is shown under (unknown choice).",
        _not_flagged("role_state", "unknown choice"),
    ),
    RowRule(
        "role-no-answer",
        "warn",
        "The role question was left empty.",
        "Nothing needs doing: the signature is shown under (no answer). "
        "To have a role from everybody, make the question required.",
        _not_flagged("role_state", "no answer"),
    ),
    RowRule(
        "role-several",
        "warn",
        "More than one role was chosen.",
        "Let the role question take one choice only.",
        _not_flagged("role_state", "several"),
    ),
)
