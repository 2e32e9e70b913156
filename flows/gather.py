"""The first half of a night: what the platform has, brought into the vault as received."""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.contract import Cursor, ResponsePage, SurveyDesign
from connectors.errors import DayBudgetSpentError
from flows import full_walk
from flows.errors import SettingsError
from flows.form import settle_form
from flows.plan import make_plan
from warehouse import load
from warehouse.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connectors.surveymonkey.client import SurveyMonkey
    from connectors.surveymonkey.limits import RateLimits
    from flows.night import Night
    from flows.record import RunRecord
    from flows.settings import Settings

LEAST_FREE_BYTES = 200_000_000  # a night of 100,000 responses needs about half of it
OVERLAP_SECONDS = 3600  # rows that the platform commits late are met again within it
COMMIT_EVERY_SECONDS = 0.25  # pages that come faster than this share a commit
COMMIT_EVERY_CHARACTERS = (
    3_000_000  # fewer than load.PART_SIZE: a commit of several parts takes twice the time
)
API = "api"


def preflight(night: Night) -> None:
    """Look at settings, disk, token and survey before a call is spent."""
    settings = night.settings
    free = shutil.disk_usage(settings.home).free
    if free < LEAST_FREE_BYTES:
        raise DiskError(
            f"Only {free // 1_000_000} MB are free for {settings.home.name}; free some room, then run again."
        )
    night.platform = open_platform(
        settings, night.now(), night.earlier, sleep=night.sleep, monotonic=night.monotonic
    )
    night.platform.who()
    night.survey_id = settled_survey(settings, night.platform)


def open_platform(
    settings: Settings,
    now: datetime,
    earlier: Sequence[RunRecord],
    *,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    is_tried_once: bool = False,
) -> SurveyMonkey:
    """The platform, with what earlier runs of today have learnt about the calls left.

    is_tried_once: a call that brings nothing usable is not made again.

    Raises:
        SettingsError: there is no token.
    """
    from connectors.surveymonkey.client import SurveyMonkey
    from connectors.surveymonkey.limits import Budget
    from connectors.surveymonkey.retry import RetryRules

    if not settings.token:
        raise SettingsError(
            "No token: set SURVEYMONKEY_ACCESS_TOKEN (or SURVEYMONKEY_ACCESS_TOKEN_FILE) to the access "
            "token of the app on SurveyMonkey's developer page; or try “pledge demo”, which needs none."
        )
    known = _known_limits(now, earlier)
    budget = Budget(reserve=settings.calls_reserved, known=known, monotonic=monotonic)
    return SurveyMonkey(
        settings.token,
        settings.api_url,
        budget=budget,
        sleep=sleep,
        monotonic=monotonic,
        in_flight=settings.in_flight,
        retry=RetryRules(waits=()) if is_tried_once else RetryRules(),
    )


def _known_limits(now: datetime, earlier: Sequence[RunRecord]) -> RateLimits | None:
    """What the last run of today left; None if there was none.

    The platform's day ends at 00:00 UTC: a run over midnight may have learnt it before or after.
    """
    from connectors.surveymonkey.limits import RateLimits

    today = now.date().isoformat()
    whole = (one for one in earlier if one.started_at.startswith(today) and (one.ended_at or "") >= today)
    left = next((one.calls_left_today for one in whole if one.calls_left_today is not None), None)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    seconds = round((midnight - now).total_seconds())
    return None if left is None else RateLimits(day_remaining=left, day_reset_seconds=seconds)


def settled_survey(settings: Settings, platform: SurveyMonkey) -> str:
    """The id of the survey that the settings name, or of the only one there is.

    Raises:
        SettingsError: none or several fit; the sentence lists them.
    """
    if settings.survey_id:
        return settings.survey_id
    if settings.survey_link:
        return platform.survey_of_link(settings.survey_link)
    found = platform.find_surveys(settings.survey_title)
    if len(found) == 1:
        return found[0][0]
    listed = "; ".join(f"{survey_id} “{title[:40]}”" for survey_id, title in found[:10]) or "none"
    raise SettingsError(f"Which survey? Set PLEDGE_SURVEY_ID to one of those the token can see: {listed}.")


def survey(night: Night) -> None:
    """Fetch the form's design, keep a new version and tell what has changed."""
    night.design = design = night.platform.design(night.survey_id)
    load.set_mark(night.vault, "survey", night.survey_id)
    keep_design(night, design)
    load.set_mark(night.vault, f"design of {night.survey_id}", design.version)
    night.form = settle_form(night)


def keep_design(night: Night, design: SurveyDesign, *, is_in_force: bool = True) -> None:
    """Keep a version of the form; one that is not in force is known, and changes nothing."""
    load.load_design(
        night.vault,
        survey=_survey_row(design),
        questions=_question_rows(design),
        options=_option_rows(design),
        seen_at=night.now(),
        run_id=night.run_id,
        is_in_force=is_in_force,
    )


def _survey_row(design: SurveyDesign) -> dict[str, Any]:
    return {
        "survey_id": design.survey_id,
        "version": design.version,
        "title": design.title,
        "wording": design.wording,
        "body": design.text,
        "created_at": design.created_at,
    }


def _question_rows(design: SurveyDesign) -> list[Mapping[str, Any]]:
    return [
        {name: getattr(question, name) for name in load.QUESTION_COLUMNS} for question in design.questions
    ]


def _option_rows(design: SurveyDesign) -> list[Mapping[str, Any]]:
    columns = load.OPTION_COLUMNS[1:]
    return [
        {"question_id": question.question_id, **{name: getattr(option, name) for name in columns}}
        for question in design.questions
        for option in question.options
    ]


def pull(night: Night) -> None:
    """Bring what is new or changed into the vault, page by page."""
    if night.asked.is_full:
        load.forget_cursor(night.vault, night.survey_id)
    try:
        night.is_walk_whole = walk(night, where_from(night.vault, night.survey_id))
    except DayBudgetSpentError as error:
        night.put_off = str(error)
    record = night.record
    night.progress.say(
        f"Fetched {record.responses_seen:,} responses on {record.pages:,} pages: "
        f"{record.responses_new:,} new, {record.responses_changed:,} changed."
    )


def walk(night: Night, begin: Cursor) -> bool:
    """Keep every page from *begin* on, and say whether the walk came to its end.

    Raises:
        SourceError: as the platform does; the pages before it are kept.
    """
    keeper = PageKeeper(night)
    record = night.record
    try:
        for page in night.platform.responses(night.survey_id, begin):
            keeper.take(page)
            if record.plan is None:
                _settle_plan(night, page)
    finally:
        keeper.keep()
        record.responses_new, record.responses_changed = load.count_received(night.vault, night.run_id)
    return keeper.is_whole


def _settle_plan(night: Night, first: ResponsePage) -> None:
    """Work out what the rest of the night costs, now that the first page has told how much there is."""
    record, budget = night.record, night.platform.budget
    plan = make_plan(
        n_responses=night.design.response_count,
        n_to_fetch=len(first.ids) + (first.n_to_come or 0),
        spent=night.platform.requests,
        left_today=budget.calls_left_today,
        reserved=budget.reserve,
        is_full_due=full_walk.is_due(night.vault, every_days=night.settings.full_every_days, now=night.now()),
    )
    record.plan = asdict(plan)
    if plan.nights > 1:
        night.warn(
            f"{plan.n_to_fetch:,} responses are to fetch, more than today's calls can: it will take "
            f"{plan.nights} nights. An export file of the survey takes minutes: pledge import."
        )


def where_from(vault: Any, survey_id: str) -> Cursor:
    """The cursor of the next walk.

    A new one begins *OVERLAP_SECONDS* before the last instant seen. One that was cut short goes on where it
    was, unless it had come so near to its own present that what is stored late may lie before it.
    """
    from connectors.surveymonkey.walk import rewound

    modified_from, page, is_walk_complete = load.cursor_of(vault, survey_id)
    cursor = Cursor(modified_from, page)
    if modified_from is None:
        return cursor
    walked_at = load.last_fetched_at(vault, survey_id)
    reached = datetime.fromisoformat(modified_from).replace(tzinfo=UTC)
    is_recent = walked_at is not None and walked_at - reached < timedelta(seconds=OVERLAP_SECONDS)
    return rewound(cursor, OVERLAP_SECONDS) if is_walk_complete or is_recent else cursor


class PageKeeper:
    """Keeps pages in the vault, each with the cursor that it moves.

    Pages that come fast share a commit, so that a first load isn't spent on commits; at a real
    platform's pace each has its own.
    """

    def __init__(self, night: Night) -> None:
        self._night = night
        self._pages: list[ResponsePage] = []
        self._size = 0
        self._kept_at = time.monotonic()
        self.is_whole = False

    def take(self, page: ResponsePage) -> None:
        record = self._night.record
        record.pages += 1
        record.responses_seen += len(page.ids)
        self._pages.append(page)
        self._size += sum(map(len, page.bodies))
        is_due = time.monotonic() - self._kept_at >= COMMIT_EVERY_SECONDS
        if is_due or page.is_last or self._size >= COMMIT_EVERY_CHARACTERS:
            self.keep()
            self._night.progress.far(f"{record.responses_seen:,} responses")

    def keep(self) -> None:
        """Commit what was taken since the last time."""
        pages, self._pages, self._size = self._pages, [], 0
        if not pages:
            return
        last = pages[-1]
        load.load_responses(
            self._night.vault,
            survey_id=self._night.survey_id,
            ids=[response_id for page in pages for response_id in page.ids],
            bodies=[body for page in pages for body in page.bodies],
            source=API,
            run_id=self._night.run_id,
            fetched_at=self._night.now(),
            cursor=(last.after.modified_from, last.after.page, last.is_last),
        )
        self._kept_at = time.monotonic()
        self.is_whole = last.is_last
        self._night.boundary("page kept")
