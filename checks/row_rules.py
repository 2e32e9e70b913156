"""What a good response is: each rule once, with its reason in plain words.

The rules are about facts, not about answers: the warehouse says of each response *that* its
email is missing, never what stands there.
"""

from dataclasses import dataclass
from typing import Literal

from checks.expectations import Expectation, no_less

# What each flag may say; null is no flag at all, so it is allowed only where it stands here.
FLAGS: dict[str, tuple[str | None, ...]] = {
    "id_state": ("given", "damaged"),
    "status_state": ("completed", "unknown"),
    "mode_state": ("known", "unknown", "missing"),
    "email_problem": (None, "missing", "invalid"),
    "name_state": (
        "given", "blank", "control characters", "too long", "only symbols", "not asked",
    ),
    "role_state": ("known", "other", "unknown choice", "no answer", "several", "not asked"),
    "questions_state": ("known", "unknown"),
    "choices_state": ("known", "unknown"),
}  # fmt: skip
INSTANTS = ("created_at", "modified_at", "believable_until", "survey_created_at")
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

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is about."""
        named = (self.expectation.arguments.get(name) for name in ("column", "column_A", "column_B"))
        return tuple(str(column) for column in named if column)


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
        "status-unknown",
        "hold",
        "The response can't be read, or has a status that isn't known: neither completed nor partial, "
        "overquota or disqualified.",
        "Look at the response on the survey platform. If it is a complete signature, accept it; "
        "if many have this status, the platform has a new word: tell whoever maintains the pipeline.",
        _not_flagged("status_state", "unknown"),
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
        "modified-at-in-future",
        "hold",
        "The response says it was last changed more than a day after it was fetched, "
        "so it can't be ranked among this person's other signatures.",
        "See that this computer's clock is right, then run pledge sync --full; "
        "of a file, see that its dates were read in the right order, or give --dates.",
        no_less("believable_until", than="modified_at"),
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
        "created-after-modified",
        "warn",
        "The response says it was begun after its last change.",
        "Nothing needs doing for one response; if there are many from a file, "
        "see that its dates were read in the right order.",
        no_less("modified_at", than="created_at"),
    ),
    RowRule(
        "created-before-survey",
        "warn",
        "The response says it was begun before the survey was made.",
        "Nothing needs doing if it was moved here from an earlier survey; "
        "else look at it on the survey platform.",
        no_less("created_at", than="survey_created_at"),
    ),
    RowRule(
        "mode-unknown",
        "warn",
        "The response came in a way that isn't known (its collection mode), and might be a test.",
        "Look at one of them on the survey platform; if they are tests, delete them there.",
        _not_flagged("mode_state", "unknown"),
    ),
    RowRule(
        "name-blank",
        "warn",
        "The name was left blank.",
        "Nothing needs doing: a signature counts by its email address.",
        _not_flagged("name_state", "blank"),
    ),
    RowRule(
        "name-too-long",
        "warn",
        "The name is longer than 200 characters.",
        "See whether something else was pasted there, and correct the response on the survey platform.",
        _not_flagged("name_state", "too long"),
    ),
    RowRule(
        "name-control-characters",
        "warn",
        "The name holds characters that can't be seen, such as tabs or ends of lines.",
        "Nothing needs doing for one response; if there are many, see how they were entered or exported.",
        _not_flagged("name_state", "control characters"),
    ),
    RowRule(
        "name-only-symbols",
        "warn",
        "The name has no letter of any script.",
        "Look at the response on the survey platform; if nobody signed with it, reject it.",
        _not_flagged("name_state", "only symbols"),
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
    RowRule(
        "answers-unknown-question",
        "warn",
        "The response answers a question that is on no form that was seen.",
        "Nothing needs doing: the answer is kept. "
        "The question was probably deleted from the form before the first night.",
        _not_flagged("questions_state", "unknown"),
    ),
    RowRule(
        "answers-unknown-choice",
        "warn",
        "The response ticks a choice or line that is on no form that was seen.",
        "Nothing needs doing: the answer is kept. "
        "The choice was probably deleted from the form before the first night.",
        _not_flagged("choices_state", "unknown"),
    ),
)
