"""Which responses have been withdrawn: the platform never says so, they only stop appearing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.contract import Cursor
from connectors.errors import DayBudgetSpentError, SourceUnreachableError
from flows import full_walk
from flows.gather import API, walk
from flows.plan import ROLLUPS, calls_to_pull, calls_to_sweep, suffices
from flows.rollups import ask_counts, note_standing
from warehouse import load

if TYPE_CHECKING:
    from connectors.contract import IdSweep
    from flows.night import Night

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


def sweep(night: Night) -> None:
    """Look for responses that have vanished at the platform."""
    if not night.is_walk_whole:
        return
    try:
        _sweep(night)
        _fetch_all_again_if_due(night)
        ask_counts(night)
    except DayBudgetSpentError as error:
        night.put_off = f"{error} What the walk met is in; looking for withdrawn and late ones is put off."


def _sweep(night: Night) -> None:
    first_ids, total = _first_ids(night)
    held = load.held_ids(night.vault, night.survey_id)
    night.platform_total = total
    note_standing(night, len(held), None)
    if total == len(held) and not _is_due(night):
        return
    if len(first_ids) == total and set(first_ids) == set(held):
        note_standing(night, len(held), first_ids)
        _mark_swept(night)
        return
    if not _is_affordable(night, total):
        return
    swept = night.platform.ids(night.survey_id)
    night.platform_total = swept.total
    _act_on(night, swept, len(held))
    listed = swept.ids if swept.is_whole else None
    note_standing(night, load.count_live(night.vault, night.survey_id), listed)


def _act_on(night: Night, swept: IdSweep, n_held: int) -> None:
    """Fetch what wasn't met, and mark what is gone, as far as one night may."""
    vanished, unseen = load.missing_from(night.vault, night.survey_id, swept.ids)
    _fetch_unseen(night, unseen)
    verdict = judge(
        vanished,
        n_held=n_held,
        swept=swept,
        largest_share=night.settings.largest_withdrawal,
        is_accepted=night.asked.accepts_withdrawals,
    )
    if verdict.warning:
        night.warn(verdict.warning)
        return
    gone = _still_gone(night, verdict.withdraw)
    load.withdraw(night.vault, gone, noticed_at=night.now(), run_id=night.run_id)
    night.boundary("withdrawals marked")
    night.record.responses_withdrawn = len(gone)
    if gone:
        night.progress.say(f"{len(gone):,} responses have been withdrawn at the platform.")
    _mark_swept(night)


def _first_ids(night: Night) -> tuple[list[str], int]:
    """The first ids and how many there are; asked again where the form's own count is another.

    Somebody signed meanwhile, a plan hides some, or one of the answers was an old one.
    """
    first_ids, total = night.platform.first_ids_page(night.survey_id)
    if night.design.response_count in {None, total}:
        return first_ids, total
    return night.platform.first_ids_page(night.survey_id)


def _is_affordable(night: Night, total: int) -> bool:
    """Today's calls suffice for all ids, with a few for a second look; half a sweep would tell nothing."""
    calls = calls_to_sweep(total) + FOR_A_SECOND_LOOK
    if suffices(night.platform.budget, calls):
        return True
    night.put_off = (
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


def _still_gone(night: Night, ids: list[str]) -> list[str]:
    """A second look: only what is gone both times is gone."""
    if not ids:
        return []
    if len(ids) <= MOST_ASKED_SINGLY:
        return [
            response_id
            for response_id in ids
            if night.platform.response(night.survey_id, response_id) is None
        ]
    again = night.platform.ids(night.survey_id)
    there = set(again.ids)
    return [response_id for response_id in ids if again.is_whole and response_id not in there]


def _fetch_unseen(night: Night, ids: list[str]) -> None:
    """Fetch what the walk didn't meet: rows that came since, or that the platform committed late with an
    earlier time.

    Too many of the second kind for single calls, and all are fetched again. Those that no walk brings are
    told, and not looked for again while they are as many.
    """
    if not ids:
        return
    modified_from, page, _ = load.cursor_of(night.vault, night.survey_id)
    walk(night, Cursor(modified_from, page))  # what came during the night stands on one more page
    unmet = _unmet(night, ids)
    if len(unmet) > MOST_ASKED_SINGLY and load.mark(night.vault, UNMET_MARK) != str(len(unmet)):
        night.warn(f"{len(unmet):,} responses were not met by tonight's walk, so all are fetched again.")
        night.is_walk_whole = False
        night.is_walk_whole = walk(night, Cursor())
        unmet = _unmet(night, ids)
        load.set_mark(night.vault, UNMET_MARK, str(len(unmet)))
    if len(unmet) > MOST_ASKED_SINGLY:
        night.warn(
            f"{len(unmet):,} responses that SurveyMonkey lists are on none of its pages, so they can't be "
            "counted. Compare with the survey's page there: a plan's limit hides responses."
        )
        return
    _fetch_singly(night, unmet)


def _unmet(night: Night, ids: list[str]) -> list[str]:
    held = set(load.held_ids(night.vault, night.survey_id))
    return [response_id for response_id in ids if response_id not in held]


def _fetch_singly(night: Night, ids: list[str]) -> None:
    late = {response_id: night.platform.response(night.survey_id, response_id) for response_id in ids}
    found = {response_id: body for response_id, body in late.items() if body is not None}
    load.load_responses(
        night.vault,
        survey_id=night.survey_id,
        ids=list(found),
        bodies=list(found.values()),
        source=API,
        run_id=night.run_id,
        fetched_at=night.now(),
        cursor=None,
    )
    night.record.responses_seen += len(found)
    night.record.responses_new, night.record.responses_changed = load.count_received(
        night.vault, night.run_id
    )


def _fetch_all_again_if_due(night: Night) -> None:
    """Every few weeks, after all that is worth more: what breaks it off costs no night."""
    if night.asked.is_full:
        full_walk.mark_done(night.vault, now=night.now())
        return
    full_walk.begin_to_count(night.vault, now=night.now())
    total, every_days = night.platform_total or 0, night.settings.full_every_days
    is_due = full_walk.is_due(night.vault, every_days=every_days, now=night.now())
    if not is_due or not suffices(night.platform.budget, calls_to_pull(total) + ROLLUPS):
        return
    reached = load.cursor_of(night.vault, night.survey_id)
    night.progress.say(f"Fetching all {total:,} responses again, as every {every_days} days.")
    try:
        night.is_walk_whole = walk(night, Cursor())
    except (DayBudgetSpentError, SourceUnreachableError) as error:
        load.set_cursor(night.vault, night.survey_id, reached)
        night.warn(f"Fetching every response again was broken off; the next night tries it again. {error}")
        return
    full_walk.mark_done(night.vault, now=night.now())


def _is_due(night: Night) -> bool:
    """Compare all ids every few days even if totals agree: one lost and one gained look like none."""
    last = load.mark(night.vault, SWEEP_MARK)
    if night.asked.is_full or last is None:
        return True
    days = (night.now().date() - type(night.now()).fromisoformat(last).date()).days
    return days >= night.settings.sweep_every_days


def _mark_swept(night: Night) -> None:
    """All ids were compared: who is there no more is known, but for those whom only a file ever gave."""
    n_from_files = len(load.ids_from_files_alone(night.vault, night.survey_id))
    if n_from_files:
        night.warn(
            f"The platform lacks {n_from_files:,} responses that came from export files alone. They stay; "
            "“pledge import --replace” with a file of today withdraws those that aren't in it."
        )
    load.set_mark(night.vault, SWEEP_MARK, night.now().isoformat())
