"""Which responses have been withdrawn: the platform never says so, they only stop appearing."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.errors import DayBudgetSpentError, SourceUnreachableError
from connectors.survey.contract import Cursor, IdSweep
from flows.run.call_plan import ROLLUPS, calls_to_pull, calls_to_sweep, suffices
from flows.run.clock import days_since
from flows.run.context import Platform, RunContext, SurveyForm, Walk
from flows.steps.platform_counts import ask_counts, note_standing
from flows.steps.pull import API, FULL_WALK_MARK, is_full_walk_due, mark_full_walk, walk_from
from warehouse import failpoints
from warehouse.database import marks
from warehouse.ingest import responses

FOR_A_SECOND_LOOK = 5  # calls
MOST_ASKED_SINGLY = 25  # above it a second sweep of all ids costs fewer calls
ALWAYS_ALLOWED = 10  # a small pledge loses a few in a night without a person's word
SWEEP_MARK = "last sweep of all ids"
UNMET_MARK = "listed and never met"


def sweep(run: RunContext, platform: Platform, form: SurveyForm, walk: Walk) -> Walk:
    """Look for responses that have vanished at the platform."""
    if not walk.is_whole:
        return walk
    looking = _Sweep(run, platform, form)
    try:
        looking.compare_ids()
        looking.fetch_all_again_if_due()
        looking.ask_counts()
    except DayBudgetSpentError as error:
        looking.put_off = f"{error} What the walk met is in; looking for withdrawn and late ones is put off."
    run.record.requests = platform.client.requests  # the published list of runs has it before the run's end
    return looking.found()


def why_not_withdrawn(
    n_vanished: int, *, n_held: int, swept: IdSweep, largest_share: float, is_accepted: bool
) -> str | None:
    """Why vanished ids are not to be marked withdrawn, for the operator; None: they are.

    A sweep that didn't come to its end marks nothing. More than *largest_share* of those held
    (and more than a handful) need a person's word, since a platform in trouble looks the same.
    """
    if not swept.is_whole:
        return (
            "The platform's list of ids was short of its own total, so nothing was marked withdrawn tonight."
        )
    if n_vanished > max(ALWAYS_ALLOWED, largest_share * n_held) and not is_accepted:
        return (
            f"{n_vanished:,} of {n_held:,} responses have vanished at the platform, more than one night "
            "may take; nothing was marked. If they were deleted on purpose, run: "
            "pledge sync --accept-withdrawals"
        )
    return None


@dataclass(slots=True)
class _Sweep:
    """One look over all ids, and what it has found out so far: calls may run out at any of its steps."""

    run: RunContext
    platform: Platform
    form: SurveyForm
    is_walk_whole: bool = True
    put_off: str | None = None
    total: int | None = None
    rollups: Mapping[str, int] | None = None

    def found(self) -> Walk:
        return Walk(
            is_whole=self.is_walk_whole, put_off=self.put_off, platform_total=self.total, rollups=self.rollups
        )

    @property
    def survey_id(self) -> str:
        return self.form.survey_id

    def compare_ids(self) -> None:
        """Compare as much as the totals ask for: nothing, the first page of ids, or all ids."""
        first_ids, total = self._first_ids()
        held = responses.held_ids(self.run.vault, self.survey_id)
        self.total = total
        note_standing(self.run, self.survey_id, total, len(held), None)
        if total == len(held) and not self._is_due():
            return
        if len(first_ids) == total and set(first_ids) == set(held):  # so few that one page has all
            note_standing(self.run, self.survey_id, total, len(held), first_ids)
            self._mark_swept()
            return
        if not self._is_affordable(total):
            return
        swept = self.platform.client.ids(self.survey_id)
        self.total = swept.total
        self._act_on(swept, len(held))
        n_live = responses.count_live(self.run.vault, self.survey_id)
        note_standing(self.run, self.survey_id, swept.total, n_live, swept.ids if swept.is_whole else None)

    def _first_ids(self) -> tuple[list[str], int]:
        """The first ids and how many there are; asked again where the form's own count is another.

        Somebody signed meanwhile, a plan hides some, or one of the answers was an old one.
        """
        first_ids, total = self.platform.client.ids_page(self.survey_id)
        if self.form.design.response_count in {None, total}:
            return first_ids, total
        return self.platform.client.ids_page(self.survey_id)

    def _is_due(self) -> bool:
        """Compare all ids every few days even if totals agree: one lost and one gained look like none."""
        last = marks.mark(self.run.vault, SWEEP_MARK)
        every_days = self.run.settings.sweep_every_days
        return self.run.options.is_full or last is None or days_since(last, self.run.now()) >= every_days

    def _is_affordable(self, total: int) -> bool:
        """Today's calls suffice for all ids and a few for a second look; half a sweep would tell nothing."""
        calls = calls_to_sweep(total) + FOR_A_SECOND_LOOK
        if suffices(self.platform.client.budget, calls):
            return True
        self.put_off = (
            f"Comparing all {total:,} ids takes {calls} calls, more than SurveyMonkey "
            "grants today, so looking for withdrawn responses is put off; the responses themselves "
            "are all in."
        )
        return False

    def _act_on(self, swept: IdSweep, n_held: int) -> None:
        """Fetch what wasn't met, and mark what is gone, as far as one night may."""
        run = self.run
        vanished, unseen = responses.missing_from(run.vault, self.survey_id, swept.ids)
        self._fetch_unseen(unseen)
        doubt = why_not_withdrawn(
            len(vanished),
            n_held=n_held,
            swept=swept,
            largest_share=run.settings.largest_withdrawal,
            is_accepted=run.options.accepts_withdrawals,
        )
        if doubt:
            run.warn(doubt)
            return
        gone = self._still_gone(vanished)
        responses.withdraw(run.vault, gone, noticed_at=run.now(), run_id=run.run_id)
        failpoints.reached("withdrawals marked")
        run.record.responses_withdrawn = len(gone)
        if gone:
            run.progress.say(f"{len(gone):,} responses have been withdrawn at the platform.")
        self._mark_swept()

    def _still_gone(self, ids: list[str]) -> list[str]:
        """A second look: only what is gone both times is gone."""
        if not ids:
            return []
        if len(ids) <= MOST_ASKED_SINGLY:
            return [one for one in ids if self.platform.client.response(self.survey_id, one) is None]
        again = self.platform.client.ids(self.survey_id)
        there = set(again.ids)
        return [one for one in ids if again.is_whole and one not in there]

    def _fetch_unseen(self, ids: list[str]) -> None:
        """Fetch what the walk didn't meet: rows that came since, or that the platform committed late with an
        earlier time.

        Too many of the second kind for single calls, and all are fetched again. Those that no walk brings are
        told, and not looked for again while they are as many.
        """
        if not ids:
            return
        vault = self.run.vault
        modified_from, page, _ = responses.cursor_of(vault, self.survey_id)
        self._walk(Cursor(modified_from, page))  # what came during the night stands on one more page
        unmet = self._unmet(ids)
        if len(unmet) > MOST_ASKED_SINGLY and marks.mark(vault, UNMET_MARK) != str(len(unmet)):
            self.run.warn(
                f"{len(unmet):,} responses were not met by tonight's walk, so all are fetched again."
            )
            self.is_walk_whole = False  # and stays so where the calls run out on the way
            self.is_walk_whole = self._walk(Cursor())
            unmet = self._unmet(ids)
            marks.set_mark(vault, UNMET_MARK, str(len(unmet)))
        if len(unmet) > MOST_ASKED_SINGLY:
            self.run.warn(
                f"{len(unmet):,} responses that SurveyMonkey lists are on none of its pages, so they can't "
                "be counted. Compare with the survey's page there: a plan's limit hides responses."
            )
            return
        self._fetch_singly(unmet)

    def _walk(self, begin: Cursor) -> bool:
        return walk_from(self.run, self.platform, self.form, begin)

    def _unmet(self, ids: list[str]) -> list[str]:
        held = set(responses.held_ids(self.run.vault, self.survey_id))
        return [response_id for response_id in ids if response_id not in held]

    def _fetch_singly(self, ids: list[str]) -> None:
        run = self.run
        late = {
            response_id: self.platform.client.response(self.survey_id, response_id) for response_id in ids
        }
        found = {response_id: body for response_id, body in late.items() if body is not None}
        responses.load_responses(
            run.vault,
            survey_id=self.survey_id,
            ids=list(found),
            bodies=list(found.values()),
            source=API,
            run_id=run.run_id,
            fetched_at=run.now(),
            cursor=None,
        )
        run.record.responses_seen += len(found)
        run.record.responses_new, run.record.responses_changed = responses.count_received(
            run.vault, run.run_id
        )

    def _mark_swept(self) -> None:
        """All ids were compared: who is there no more is known, but for those whom only a file ever gave."""
        n_from_files = len(responses.ids_from_files_alone(self.run.vault, self.survey_id))
        if n_from_files:
            self.run.warn(
                f"The platform lacks {n_from_files:,} responses that came from export files alone. They "
                "stay; “pledge import --replace” with a file of today withdraws those that aren't in it."
            )
        marks.set_mark(self.run.vault, SWEEP_MARK, self.run.now().isoformat())

    def fetch_all_again_if_due(self) -> None:
        """Every few weeks, after all that is worth more: what breaks it off costs no night."""
        run, every_days = self.run, self.run.settings.full_every_days
        # The first load is a full walk too, however many nights it took.
        if run.options.is_full or marks.mark(run.vault, FULL_WALK_MARK) is None:
            mark_full_walk(run.vault, now=run.now())
            return
        total = self.total or 0
        is_due = is_full_walk_due(run.vault, every_days=every_days, now=run.now())
        if not is_due or not suffices(self.platform.client.budget, calls_to_pull(total) + ROLLUPS):
            return
        reached = responses.cursor_of(run.vault, self.survey_id)
        run.progress.say(f"Fetching all {total:,} responses again, as every {every_days} days.")
        try:
            self.is_walk_whole = self._walk(Cursor())
        except (DayBudgetSpentError, SourceUnreachableError) as error:
            responses.set_cursor(run.vault, self.survey_id, reached)
            run.warn(f"Fetching every response again was broken off; the next night tries it again. {error}")
            return
        mark_full_walk(run.vault, now=run.now())

    def ask_counts(self) -> None:
        """Ask for the platform's own counts of each role, once the ids agree."""
        if self.is_walk_whole and responses.count_live(self.run.vault, self.survey_id) == self.total:
            self.rollups = ask_counts(self.run, self.platform, self.form)
