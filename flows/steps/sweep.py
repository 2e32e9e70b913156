"""Which responses have been withdrawn: the platform never says so, they only stop appearing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import DayBudgetSpentError, SourceUnreachableError
from connectors.survey.contract import Cursor
from flows.run.call_plan import ROLLUPS, calls_to_pull, calls_to_sweep, suffices
from flows.steps import full_walk
from flows.steps.platform_counts import ask_counts, note_standing
from flows.steps.pull import API, walk
from warehouse.database import marks
from warehouse.ingest import responses

if TYPE_CHECKING:
    from connectors.survey.contract import IdSweep
    from flows.run.context import RunContext


FOR_A_SECOND_LOOK = 5  # calls
MOST_ASKED_SINGLY = 25  # above it a second sweep of all ids costs fewer calls
ALWAYS_ALLOWED = 10  # a small pledge loses a few in a night without a person's word
SWEEP_MARK = "last sweep of all ids"
UNMET_MARK = "listed and never met"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about ids that vanished: mark them, or only tell the operator why not."""

    withdraw: list[str]
    warning: str | None


def sweep(run: RunContext) -> None:
    """Look for responses that have vanished at the platform."""
    if not run.is_walk_whole:
        return
    try:
        _sweep(run)
        _fetch_all_again_if_due(run)
        ask_counts(run)
    except DayBudgetSpentError as error:
        run.put_off = f"{error} What the walk met is in; looking for withdrawn and late ones is put off."


def _sweep(run: RunContext) -> None:
    first_ids, total = _first_ids(run)
    held = responses.held_ids(run.vault, run.survey_id)
    run.platform_total = total
    note_standing(run, len(held), None)
    if total == len(held) and not _is_due(run):
        return
    if len(first_ids) == total and set(first_ids) == set(held):
        note_standing(run, len(held), first_ids)
        _mark_swept(run)
        return
    if not _is_affordable(run, total):
        return
    swept = run.platform.ids(run.survey_id)
    run.platform_total = swept.total
    _act_on(run, swept, len(held))
    listed = swept.ids if swept.is_whole else None
    note_standing(run, responses.count_live(run.vault, run.survey_id), listed)


def _act_on(run: RunContext, swept: IdSweep, n_held: int) -> None:
    """Fetch what wasn't met, and mark what is gone, as far as one night may."""
    vanished, unseen = responses.missing_from(run.vault, run.survey_id, swept.ids)
    _fetch_unseen(run, unseen)
    verdict = judge(
        vanished,
        n_held=n_held,
        swept=swept,
        largest_share=run.settings.largest_withdrawal,
        is_accepted=run.asked.accepts_withdrawals,
    )
    if verdict.warning:
        run.warn(verdict.warning)
        return
    gone = _still_gone(run, verdict.withdraw)
    responses.withdraw(run.vault, gone, noticed_at=run.now(), run_id=run.run_id)
    run.boundary("withdrawals marked")
    run.record.responses_withdrawn = len(gone)
    if gone:
        run.progress.say(f"{len(gone):,} responses have been withdrawn at the platform.")
    _mark_swept(run)


def _first_ids(run: RunContext) -> tuple[list[str], int]:
    """The first ids and how many there are; asked again where the form's own count is another.

    Somebody signed meanwhile, a plan hides some, or one of the answers was an old one.
    """
    first_ids, total = run.platform.first_ids_page(run.survey_id)
    if run.design.response_count in {None, total}:
        return first_ids, total
    return run.platform.first_ids_page(run.survey_id)


def _is_affordable(run: RunContext, total: int) -> bool:
    """Today's calls suffice for all ids, with a few for a second look; half a sweep would tell nothing."""
    calls = calls_to_sweep(total) + FOR_A_SECOND_LOOK
    if suffices(run.platform.budget, calls):
        return True
    run.put_off = (
        f"Comparing all {total:,} ids takes {calls} calls, more than SurveyMonkey "
        "grants today, so looking for withdrawn responses is put off; the responses themselves are all in."
    )
    return False


def judge(
    vanished: list[str], *, n_held: int, swept: IdSweep, largest_share: float, is_accepted: bool
) -> Verdict:
    """Decide what vanished ids mean.

    A sweep that didn't come to its end marks nothing. More than *largest_share* of those held
    (and more than a handful) need a person's word, since a platform in trouble looks the same.
    """
    if not swept.is_whole:
        return Verdict(
            [],
            "The platform's list of ids was short of its own total, so nothing was marked withdrawn tonight.",
        )
    if len(vanished) > max(ALWAYS_ALLOWED, largest_share * n_held) and not is_accepted:
        return Verdict(
            [],
            f"{len(vanished):,} of {n_held:,} responses have vanished at the platform, more than one night "
            "may take; nothing was marked. If they were deleted on purpose, run: "
            "pledge sync --accept-withdrawals",
        )
    return Verdict(vanished, None)


def _still_gone(run: RunContext, ids: list[str]) -> list[str]:
    """A second look: only what is gone both times is gone."""
    if not ids:
        return []
    if len(ids) <= MOST_ASKED_SINGLY:
        return [
            response_id for response_id in ids if run.platform.response(run.survey_id, response_id) is None
        ]
    again = run.platform.ids(run.survey_id)
    there = set(again.ids)
    return [response_id for response_id in ids if again.is_whole and response_id not in there]


def _fetch_unseen(run: RunContext, ids: list[str]) -> None:
    """Fetch what the walk didn't meet: rows that came since, or that the platform committed late with an
    earlier time.

    Too many of the second kind for single calls, and all are fetched again. Those that no walk brings are
    told, and not looked for again while they are as many.
    """
    if not ids:
        return
    modified_from, page, _ = responses.cursor_of(run.vault, run.survey_id)
    walk(run, Cursor(modified_from, page))  # what came during the night stands on one more page
    unmet = _unmet(run, ids)
    if len(unmet) > MOST_ASKED_SINGLY and marks.mark(run.vault, UNMET_MARK) != str(len(unmet)):
        run.warn(f"{len(unmet):,} responses were not met by tonight's walk, so all are fetched again.")
        run.is_walk_whole = False
        run.is_walk_whole = walk(run, Cursor())
        unmet = _unmet(run, ids)
        marks.set_mark(run.vault, UNMET_MARK, str(len(unmet)))
    if len(unmet) > MOST_ASKED_SINGLY:
        run.warn(
            f"{len(unmet):,} responses that SurveyMonkey lists are on none of its pages, so they can't be "
            "counted. Compare with the survey's page there: a plan's limit hides responses."
        )
        return
    _fetch_singly(run, unmet)


def _unmet(run: RunContext, ids: list[str]) -> list[str]:
    held = set(responses.held_ids(run.vault, run.survey_id))
    return [response_id for response_id in ids if response_id not in held]


def _fetch_singly(run: RunContext, ids: list[str]) -> None:
    late = {response_id: run.platform.response(run.survey_id, response_id) for response_id in ids}
    found = {response_id: body for response_id, body in late.items() if body is not None}
    responses.load_responses(
        run.vault,
        survey_id=run.survey_id,
        ids=list(found),
        bodies=list(found.values()),
        source=API,
        run_id=run.run_id,
        fetched_at=run.now(),
        cursor=None,
    )
    run.record.responses_seen += len(found)
    run.record.responses_new, run.record.responses_changed = responses.count_received(run.vault, run.run_id)


def _fetch_all_again_if_due(run: RunContext) -> None:
    """Every few weeks, after all that is worth more: what breaks it off costs no night."""
    if run.asked.is_full:
        full_walk.mark_done(run.vault, now=run.now())
        return
    full_walk.begin_to_count(run.vault, now=run.now())
    total, every_days = run.platform_total or 0, run.settings.full_every_days
    is_due = full_walk.is_due(run.vault, every_days=every_days, now=run.now())
    if not is_due or not suffices(run.platform.budget, calls_to_pull(total) + ROLLUPS):
        return
    reached = responses.cursor_of(run.vault, run.survey_id)
    run.progress.say(f"Fetching all {total:,} responses again, as every {every_days} days.")
    try:
        run.is_walk_whole = walk(run, Cursor())
    except (DayBudgetSpentError, SourceUnreachableError) as error:
        responses.set_cursor(run.vault, run.survey_id, reached)
        run.warn(f"Fetching every response again was broken off; the next night tries it again. {error}")
        return
    full_walk.mark_done(run.vault, now=run.now())


def _is_due(run: RunContext) -> bool:
    """Compare all ids every few days even if totals agree: one lost and one gained look like none."""
    last = marks.mark(run.vault, SWEEP_MARK)
    if run.asked.is_full or last is None:
        return True
    days = (run.now().date() - type(run.now()).fromisoformat(last).date()).days
    return days >= run.settings.sweep_every_days


def _mark_swept(run: RunContext) -> None:
    """All ids were compared: who is there no more is known, but for those whom only a file ever gave."""
    n_from_files = len(responses.ids_from_files_alone(run.vault, run.survey_id))
    if n_from_files:
        run.warn(
            f"The platform lacks {n_from_files:,} responses that came from export files alone. They stay; "
            "“pledge import --replace” with a file of today withdraws those that aren't in it."
        )
    marks.set_mark(run.vault, SWEEP_MARK, run.now().isoformat())
