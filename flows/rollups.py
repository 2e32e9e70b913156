"""The platform's own counts of each choice beside the vault's: one call, where it may tell something."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.errors import DayBudgetSpentError, SourceError
from flows.plan import ROLLUPS, suffices
from warehouse import load
from warehouse.comparison import content_live, keep_comparison, last_comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from connectors.contract import Question
    from flows.night import Night

DAYS_AFTER_A_REFUSAL = 7
REFUSED_MARK = "the platform's counts refused"
MOST_IDS = 100  # that a record names
FAMILIES = ("single_choice", "multiple_choice")
OF_RESPONSES, OF_CHOICES = "platform-total", "roles-as-platform"
SUBJECT = "choice "


def ask_counts(night: Night) -> None:
    """Ask the platform for its own counts of each role, where that may tell something new; fail no night.

    Only once the ids agree: before, a difference would say no more than theirs does.
    """
    question = _role_question(night)
    if question is None or not night.is_walk_whole or not _is_due(night):
        return
    if not suffices(night.platform.budget, ROLLUPS):
        return
    if load.count_live(night.vault, night.survey_id) != night.platform_total:
        return
    try:
        counts = night.platform.rollups(night.survey_id, question.question_id)
    except DayBudgetSpentError:
        return
    except SourceError as error:
        load.set_mark(night.vault, REFUSED_MARK, night.now().isoformat())
        night.warn(
            "The platform's own counts of each role can't be compared; they are asked for again in "
            f"{DAYS_AFTER_A_REFUSAL} days. {error}"
        )
        return
    load.set_mark(night.vault, REFUSED_MARK, "")
    night.rollups = _by_option(question, counts)


def _role_question(night: Night) -> Question | None:
    """The question for the role on the form as it is now, if the platform counts its choices one by one."""
    asked = next((one for one in night.form.fields if one[0] == "role"), None)
    return next(
        (
            question
            for question in night.design.questions
            if asked and asked[2] is None and question.question_id == asked[1] and question.family in FAMILIES
        ),
        None,
    )


def _is_due(night: Night) -> bool:
    """Something has come since the last comparison, or that was some days ago."""
    if night.asked.is_full:
        return True
    refused = load.mark(night.vault, REFUSED_MARK)
    if refused and _days_since(night, refused) < DAYS_AFTER_A_REFUSAL:
        return False
    last = last_comparison(night.vault)
    return (
        last.choices_at is None
        or last.content != content_live(night.vault, night.survey_id)
        or _days_since(night, last.choices_at) >= night.settings.sweep_every_days
    )


def _days_since(night: Night, instant: str) -> int:
    return (night.now().date() - datetime.fromisoformat(instant).date()).days


def _by_option(question: Question, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts by the form's own ids: the text of one's own has one too, where it is an answer."""
    from connectors.surveymonkey.answers import OTHER

    others = [one.option_id for one in question.options if one.kind == "other" and one.is_answer_choice]
    named = {choice_id: n for choice_id, n in counts.items() if choice_id != OTHER}
    return {other: counts[OTHER] for other in others if OTHER in counts} | named


def note_standing(night: Night, n_held: int, listed: list[str] | None) -> None:
    """Write into the record how many responses the platform has and the vault holds of it.

    listed: all ids of the platform; None where they weren't compared. The record names some of those that
    only one of the two has.
    """
    vanished, unseen = ([], []) if listed is None else load.missing_from(night.vault, night.survey_id, listed)
    night.record.platform = {
        "asked_at": night.now().isoformat(),
        "total": night.platform_total,
        "held": n_held,
        "are_ids_compared": listed is not None,
        "n_unseen": len(unseen),
        "unseen": unseen[:MOST_IDS],
        "n_vanished": len(vanished),
        "vanished": vanished[:MOST_IDS],
        "rollups": None,
    }


def keep_counts(night: Night, measures: pd.DataFrame) -> bool:
    """Keep what the audit has measured beside the platform's counts; say whether every role agrees."""
    if night.record.platform is None:
        return True
    now = night.now().isoformat()
    kept = before = last_comparison(night.vault)
    responses = _pairs(measures, OF_RESPONSES)
    choices = {subject.removeprefix(SUBJECT): pair for subject, pair in _pairs(measures, OF_CHOICES).items()}
    if responses and (choices or night.is_new_content):
        kept = replace(kept, responses=next(iter(responses.values())), responses_at=now)
    if choices:
        night.record.platform["rollups"] = {choice_id: n for choice_id, (n, _) in choices.items()}
        content = content_live(night.vault, night.survey_id)
        kept = replace(kept, choices=choices, choices_at=now, content=content)
    if kept != before:  # a night without news changes no row
        keep_comparison(night.vault, kept)
    return all(n_platform == n_here for n_platform, n_here in choices.values())


def _pairs(measures: pd.DataFrame, check: str) -> dict[str, tuple[int, int]]:
    """Subject to what the platform counts and what is here."""
    ours = measures[measures["check"] == check]
    return {
        str(subject): (int(n_platform), int(n_here))
        for subject, n_platform, n_here in zip(
            ours["subject"], ours["expected"], ours["observed"], strict=True
        )
    }
