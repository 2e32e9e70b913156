"""What `pledge doctor` tries at the platform, in four calls at most."""

from collections.abc import Iterator
from datetime import datetime

from connectors.errors import DayBudgetSpentError, FieldsError, SourceError, SourceRefusedError
from connectors.survey.contract import FieldRef, Question, SurveyDesign
from connectors.survey.fields import find_fields
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.payloads import Account
from flows.doctor.findings import Finding, ok, problem, warning
from flows.doctor.vault_checks import Remembered
from flows.errors import SettingsError
from flows.run.record import read_records
from flows.settings.model import SourceSettings
from flows.settings.values import HOSTS
from flows.steps.preflight import open_platform, settled_survey

NEEDED_SCOPES = ("users_read", "surveys_read", "responses_read", "responses_read_detail")
LINK_SCOPE = "collectors_read"
LARGEST_SKEW_SECONDS = 120  # a cursor is an instant; the walk's overlap of an hour forgives less than that
FEW_CALLS = 10
NEEDS_A_CALL = "token, scopes, survey, questions, clock and calls left were not tried"


def platform(settings: SourceSettings, now: datetime, remembered: Remembered) -> Iterator[Finding]:
    """Token, scopes, region, clock, survey, questions, calls left."""
    records = read_records(settings.runs_folder)
    if not settings.token:
        has_nights = any(record.command == "sync" for record in records)
        yield (problem if has_nights else warning)(
            "token",
            f"None is set, so {NEEDS_A_CALL}.",
            "set SURVEYMONKEY_ACCESS_TOKEN for pledge sync; pledge import needs none",
        )
        return
    with open_platform(settings, now, records, is_tried_once=True) as opened:
        try:
            account = opened.account()
            yield ok("token", f"accepted at {_where(settings)}")
            yield from _of_account(settings, account, now)
            yield from _of_survey(settings, opened, remembered)
        except DayBudgetSpentError as error:
            yield warning("calls", str(error))
            return
        except SourceError as error:
            yield problem("platform", str(error))
        yield _calls(opened)


def _where(settings: SourceSettings) -> str:
    region = next((region for region, url in HOSTS.items() if url == settings.api_url), None)
    return f"{settings.api_url} (region {region})" if region else settings.api_url


def _of_account(settings: SourceSettings, account: Account, now: datetime) -> Iterator[Finding]:
    is_by_link = settings.survey_link is not None and settings.survey_id is None
    needed = (*NEEDED_SCOPES, LINK_SCOPE) if is_by_link else NEEDED_SCOPES
    if account.scopes is None:
        yield warning(
            "scopes", "The platform doesn't tell them.", f"see that the app has {', '.join(needed)}"
        )
    elif missing := [scope for scope in needed if scope not in account.scopes]:
        yield problem(
            "scopes",
            f"The token lacks {', '.join(missing)}.",
            "require them in the app's settings at developer.surveymonkey.com, authorise the app anew, and "
            "set SURVEYMONKEY_ACCESS_TOKEN",
        )
    else:
        yield ok("scopes", f"all that a night needs: {', '.join(needed)}")
    if account.clock is not None:
        skew = round(now.timestamp()) - account.clock
        text = f"{abs(skew):,} s {'before' if skew > 0 else 'behind'} the platform's"
        is_right = abs(skew) <= LARGEST_SKEW_SECONDS
        yield ok("clock", text) if is_right else problem("clock", f"{text}.", "set the machine's clock")


def _of_survey(settings: SourceSettings, opened: SurveyMonkey, remembered: Remembered) -> Iterator[Finding]:
    try:
        survey_id, by = _survey(settings, opened, remembered)
    except SettingsError as error:
        yield problem("survey", str(error))
        return
    except SourceRefusedError as error:
        yield warning(
            "survey", f"{error} No more were searched: each costs a call; pledge sync looks through 50."
        )
        return
    design = opened.design(survey_id)
    text = f"{survey_id} “{design.title[:40]}”, found by {by}"
    is_set = settings.survey_id is not None
    yield ok("survey", text if is_set else f"{text}; to save calls, set PLEDGE_SURVEY_ID={survey_id}")
    known = remembered.fields if remembered.survey_id == survey_id else ()
    yield from _questions(settings, design, known)


def _survey(settings: SourceSettings, opened: SurveyMonkey, remembered: Remembered) -> tuple[str, str]:
    """The survey's id, and how it was found."""
    if settings.survey_id:
        return settings.survey_id, "its id"
    if settings.survey_link and remembered.survey_id:
        return remembered.survey_id, "its link, by the last night"
    if settings.survey_link:
        return opened.survey_of_link(settings.survey_link, most=1), "its link"
    by = "its title" if settings.survey_title else "being the only one"
    return settled_survey(settings, opened), by


def _questions(
    settings: SourceSettings, design: SurveyDesign, known: tuple[tuple[str, FieldRef], ...]
) -> Iterator[Finding]:
    try:
        fields = find_fields(design, settings.questions, known)
    except FieldsError as error:
        yield problem("questions", str(error))
        return
    for name, ref in (("email", fields.email), ("name", fields.name), ("role", fields.role)):
        if ref is not None:
            question = next((one for one in design.questions if one.question_id == ref.question_id), None)
            rule = _rule(settings, name, ref, question, (name, ref) in known)
            heading = f" “{question.heading[:40]}”" if question else ""
            yield ok(name, f"id:{ref.question_id}{f'/{ref.row_id}' if ref.row_id else ''}{heading}, {rule}")
    for note in fields.notes:
        yield warning("questions", note)


def _rule(
    settings: SourceSettings, name: str, ref: FieldRef, question: Question | None, is_remembered: bool
) -> str:
    """By which rule the question was found."""
    if settings.questions.get(name):
        return "by the setting"
    if is_remembered:
        return "as in the last night"
    line = next((one for one in question.options if one.option_id == ref.row_id), None) if question else None
    is_typed = question is not None and (question.validation or (line and line.row_type)) == name
    return "by its type" if is_typed else "by its heading"


def _calls(opened: SurveyMonkey) -> Finding:
    left = opened.budget.calls_left_today
    spent = f"{opened.requests} spent on this"
    if left is None:
        return ok("calls", f"the platform doesn't tell how many are left today; {spent}")
    text = f"{left:,} left today, {opened.budget.reserve:,} of them reserved; {spent}"
    if left - opened.budget.reserve < FEW_CALLS:
        return warning("calls", f"{text}.", "nothing: the next day has its own, from 00:00 UTC on")
    return ok("calls", text)
