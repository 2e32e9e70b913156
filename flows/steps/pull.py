"""What is new or changed at the platform, brought into the vault as received."""

import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import DayBudgetSpentError
from connectors.survey.contract import Cursor, ResponsePage
from connectors.surveymonkey.paging.walk import rewound
from flows.run.call_plan import make_plan
from flows.run.clock import days_since
from flows.run.context import Platform, RunContext, SurveyForm, Walk
from warehouse import failpoints
from warehouse.database import marks
from warehouse.ingest import responses

OVERLAP_SECONDS = 3600  # rows that the platform commits late are met again within it
COMMIT_EVERY_SECONDS = 0.25  # pages that come faster than this share a commit
COMMIT_EVERY_CHARACTERS = (
    3_000_000  # fewer than load.PART_SIZE: a commit of several parts takes twice the time
)
API = "api"


def pull(run: RunContext, platform: Platform, form: SurveyForm) -> Walk:
    """Bring what is new or changed into the vault, page by page."""
    if run.options.is_full:
        responses.forget_cursor(run.vault, form.survey_id)
    record = run.record
    try:
        is_whole = walk_from(run, platform, form, where_from(run.vault, form.survey_id))
        found = Walk(is_whole=is_whole)
    except DayBudgetSpentError as error:
        found = Walk(put_off=str(error))
    run.progress.say(
        f"Fetched {record.responses_seen:,} responses on {record.pages:,} pages: "
        f"{record.responses_new:,} new, {record.responses_changed:,} changed."
    )
    return found


def walk_from(run: RunContext, platform: Platform, form: SurveyForm, begin: Cursor) -> bool:
    """Keep every page from *begin* on, and say whether the walk came to its end.

    Raises:
        SourceError: as the platform does; the pages before it are kept.
    """
    keeper = PageKeeper(run, form.survey_id)
    record = run.record
    try:
        for page in platform.client.responses(form.survey_id, begin):
            keeper.take(page)
            if record.plan is None:
                _settle_plan(run, platform, form, page)
    finally:
        keeper.keep()  # also of a walk that breaks off: its cursor says how far it came
        record.responses_new, record.responses_changed = responses.count_received(run.vault, run.run_id)
    return keeper.is_whole


def _settle_plan(run: RunContext, platform: Platform, form: SurveyForm, first: ResponsePage) -> None:
    """Work out what the rest of the night costs, now that the first page has told how much there is."""
    budget = platform.client.budget
    plan = make_plan(
        n_responses=form.design.response_count,
        n_to_fetch=len(first.ids) + first.n_to_come,
        spent=platform.client.requests,
        left_today=budget.calls_left_today,
        reserved=budget.reserve,
        is_full_due=is_full_walk_due(run.vault, every_days=run.settings.full_every_days, now=run.now()),
    )
    run.record.plan = asdict(plan)
    if plan.nights > 1:
        run.warn(
            f"{plan.n_to_fetch:,} responses are to fetch, more than today's calls can: it will take "
            f"{plan.nights} nights. An export file of the survey takes minutes: pledge import."
        )


def where_from(vault: Any, survey_id: str) -> Cursor:
    """The cursor of the next walk.

    A new one begins *OVERLAP_SECONDS* before the last instant seen. One that was cut short goes on where it
    was, unless it had come so near to its own present that what is stored late may lie before it.
    """
    modified_from, page, is_walk_complete = responses.cursor_of(vault, survey_id)
    cursor = Cursor(modified_from, page)
    if modified_from is None:
        return cursor
    walked_at = responses.last_fetched_at(vault, survey_id)
    reached = datetime.fromisoformat(modified_from).replace(tzinfo=UTC)
    is_recent = walked_at is not None and walked_at - reached < timedelta(seconds=OVERLAP_SECONDS)
    return rewound(cursor, OVERLAP_SECONDS) if is_walk_complete or is_recent else cursor


class PageKeeper:
    """Keeps pages in the vault, each with the cursor that it moves.

    Pages that come fast share a commit, so that a first load isn't spent on commits; at a real
    platform's pace each has its own.
    """

    def __init__(self, run: RunContext, survey_id: str) -> None:
        self._run, self._survey_id = run, survey_id
        self._pages: list[ResponsePage] = []
        self._size = 0
        self._kept_at = time.monotonic()
        self.is_whole = False

    def take(self, page: ResponsePage) -> None:
        record = self._run.record
        record.pages += 1
        record.responses_seen += len(page.ids)
        self._pages.append(page)
        self._size += sum(map(len, page.bodies))
        is_due = time.monotonic() - self._kept_at >= COMMIT_EVERY_SECONDS
        if is_due or page.is_last or self._size >= COMMIT_EVERY_CHARACTERS:
            self.keep()
            self._run.progress.far(f"{record.responses_seen:,} responses")

    def keep(self) -> None:
        """Commit what was taken since the last time."""
        pages, self._pages, self._size = self._pages, [], 0
        if not pages:
            return
        last = pages[-1]
        responses.load_responses(
            self._run.vault,
            survey_id=self._survey_id,
            ids=[response_id for page in pages for response_id in page.ids],
            bodies=[body for page in pages for body in page.bodies],
            source=API,
            run_id=self._run.run_id,
            fetched_at=self._run.now(),
            cursor=(last.after.modified_from, last.after.page, last.is_last),
        )
        self._kept_at = time.monotonic()
        self.is_whole = last.is_last
        failpoints.reached("page kept")


FULL_WALK_MARK = "last full walk"


def is_full_walk_due(vault: Any, *, every_days: int, now: datetime) -> bool:
    """Whether the last walk over all responses is *every_days* ago; 0 is never. Before the first none is due.

    An edit that the platform stores later than the next walk's overlap, under its earlier time, is met by no
    other walk, and its id and the totals stay as they were.
    """
    last = marks.mark(vault, FULL_WALK_MARK)
    return last is not None and every_days > 0 and days_since(last, now) >= every_days


def mark_full_walk(vault: Any, *, now: datetime) -> None:
    """The next one is due *every_days* after *now*."""
    marks.set_mark(vault, FULL_WALK_MARK, now.isoformat())
