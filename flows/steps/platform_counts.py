"""The platform's own counts of each choice beside the vault's: one call, where it may tell something."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.errors import DayBudgetSpentError, SourceError
from connectors.survey.contract import Question
from connectors.surveymonkey.payloads import OTHER
from flows.run.call_plan import ROLLUPS, suffices
from flows.run.clock import days_since
from flows.run.context import Platform, RunContext, SurveyForm
from warehouse.database import marks
from warehouse.ingest import responses
from warehouse.transform.platform_comparison import content_live, keep_comparison, last_comparison

if TYPE_CHECKING:
    import pandas as pd


DAYS_AFTER_A_REFUSAL = 7
REFUSED_MARK = "the platform's counts refused"
MOST_IDS = 100  # that a record names
FAMILIES = ("single_choice", "multiple_choice")
OF_RESPONSES, OF_CHOICES = "platform-total", "roles-as-platform"
SUBJECT = "choice "


def ask_counts(run: RunContext, platform: Platform, form: SurveyForm) -> Mapping[str, int] | None:
    """Ask the platform for its own counts of each role, where that may tell something new; fail no night.

    To be asked only once the ids agree: before, a difference would say no more than theirs does.
    """
    question = _role_question(form)
    if question is None or not _is_due(run, form.survey_id) or not suffices(platform.client.budget, ROLLUPS):
        return None
    try:
        counts = platform.client.rollups(form.survey_id, question.question_id)
    except DayBudgetSpentError:
        return None
    except SourceError as error:
        marks.set_mark(run.vault, REFUSED_MARK, run.now().isoformat())
        run.warn(
            "The platform's own counts of each role can't be compared; they are asked for again in "
            f"{DAYS_AFTER_A_REFUSAL} days. {error}"
        )
        return None
    marks.set_mark(run.vault, REFUSED_MARK, "")
    return _by_option(question, counts)


def _role_question(form: SurveyForm) -> Question | None:
    """The question for the role on the form as it is now, if the platform counts its choices one by one."""
    asked = next((one for one in form.form.fields if one[0] == "role"), None)
    return next(
        (
            question
            for question in form.design.questions
            if asked and asked[2] is None and question.question_id == asked[1] and question.family in FAMILIES
        ),
        None,
    )


def _is_due(run: RunContext, survey_id: str) -> bool:
    """Something has come since the last comparison, or that was some days ago."""
    if run.options.is_full:
        return True
    refused = marks.mark(run.vault, REFUSED_MARK)
    if refused and days_since(refused, run.now()) < DAYS_AFTER_A_REFUSAL:
        return False
    last = last_comparison(run.vault)
    return (
        last.choices_at is None
        or last.content != content_live(run.vault, survey_id)
        or days_since(last.choices_at, run.now()) >= run.settings.sweep_every_days
    )


def _by_option(question: Question, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts by the form's own ids: the text of one's own has one too, where it is an answer."""
    others = [one.option_id for one in question.options if one.kind == "other" and one.is_answer_choice]
    named = {choice_id: n for choice_id, n in counts.items() if choice_id != OTHER}
    return {other: counts[OTHER] for other in others if OTHER in counts} | named


def note_standing(run: RunContext, survey_id: str, total: int, n_held: int, listed: list[str] | None) -> None:
    """Write into the record how many responses the platform has and the vault holds of it.

    listed: all ids of the platform; None where they weren't compared. The record names some of those that
    only one of the two has.
    """
    vanished, unseen = ([], []) if listed is None else responses.missing_from(run.vault, survey_id, listed)
    run.record.platform = {
        "asked_at": run.now().isoformat(),
        "total": total,
        "held": n_held,
        "are_ids_compared": listed is not None,
        "n_unseen": len(unseen),
        "unseen": unseen[:MOST_IDS],
        "n_vanished": len(vanished),
        "vanished": vanished[:MOST_IDS],
        "rollups": None,
    }


def keep_counts(run: RunContext, form: SurveyForm, measures: "pd.DataFrame", *, is_new_content: bool) -> bool:
    """Keep what the audit has measured beside the platform's counts; say whether every role agrees."""
    if run.record.platform is None:
        return True
    now = run.now().isoformat()
    kept = before = last_comparison(run.vault)
    totals = _pairs(measures, OF_RESPONSES)
    choices = {subject.removeprefix(SUBJECT): pair for subject, pair in _pairs(measures, OF_CHOICES).items()}
    if totals and (choices or is_new_content):
        kept = replace(kept, responses=next(iter(totals.values())), responses_at=now)
    if choices:
        run.record.platform["rollups"] = {choice_id: n for choice_id, (n, _) in choices.items()}
        content = content_live(run.vault, form.survey_id)
        kept = replace(kept, choices=choices, choices_at=now, content=content)
    if kept != before:  # a night without news changes no row
        keep_comparison(run.vault, kept)
    return all(n_platform == n_here for n_platform, n_here in choices.values())


def _pairs(measures: "pd.DataFrame", check: str) -> dict[str, tuple[int, int]]:
    """Subject to what the platform counts and what is here."""
    ours = measures[measures["check"] == check]
    pairs = zip(ours["subject"], ours["expected"], ours["observed"], strict=True)
    return {str(subject): (int(n_platform), int(n_here)) for subject, n_platform, n_here in pairs}
