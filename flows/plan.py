"""What a night will cost in calls, before the dear ones are made."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from math import ceil
from typing import TYPE_CHECKING

from connectors.contract import Cursor
from flows.errors import DONE
from flows.gather import open_platform, settled_survey, where_from
from flows.night import now_in_utc
from flows.record import read_records
from flows.show import print_json
from flows.vault_key import find_key

if TYPE_CHECKING:
    from flows.settings import Settings

PER_PAGE = 100
IDS_PER_CALL = 1_000
OVERLAP_SHARE = 0.01  # each page begins one second before the last row of the page before


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a night, and how many are left.

    spent: calls already made for the plan itself; left_today: None if the platform doesn't say.
    pull, sweep: for the responses, and for comparing all ids (only done if the totals differ, or
        every few days). nights: how many nights the pull will take.
    """

    n_responses: int
    n_to_fetch: int
    spent: int
    left_today: int | None
    reserved: int
    pull: int
    sweep: int
    nights: int


def make_plan(
    *, n_responses: int, n_to_fetch: int, spent: int, left_today: int | None, day_limit: int, reserved: int
) -> Plan:
    """Work out the calls of a night; a day after today has *day_limit* of them."""
    pull = max(1, ceil(n_to_fetch * (1 + OVERLAP_SHARE) / PER_PAGE))
    sweep = max(1, ceil(n_responses / IDS_PER_CALL))
    today = pull if left_today is None else max(0, left_today - reserved)
    later = max(1, day_limit - reserved)
    nights = 1 if pull <= today else 1 + ceil((pull - today) / later)
    return Plan(
        n_responses=n_responses,
        n_to_fetch=n_to_fetch,
        spent=spent,
        left_today=left_today,
        reserved=reserved,
        pull=pull,
        sweep=sweep,
        nights=nights,
    )


DAY_LIMIT = 500  # of a draft or private app; docs/operations.md


def show_plan(settings: Settings, *, is_full: bool, as_json: bool) -> int:
    """Ask the platform a few cheap questions and show what a night would cost; write nothing."""
    with ExitStack() as stack:
        platform = stack.enter_context(
            open_platform(settings, now_in_utc(), read_records(settings.runs_folder))
        )
        platform.who()
        survey_id = settled_survey(settings, platform)
        begin = Cursor() if is_full else _begin(settings, survey_id)
        n_responses = platform.count(survey_id)
        n_to_fetch = platform.count(survey_id, begin.modified_from) if begin.modified_from else n_responses
        plan = make_plan(
            n_responses=n_responses,
            n_to_fetch=n_to_fetch,
            spent=platform.requests,
            left_today=platform.budget.calls_left_today,
            day_limit=DAY_LIMIT,
            reserved=settings.calls_reserved,
        )
    if as_json:
        print_json(asdict(plan))
    else:
        sys.stdout.write(_told(plan) + "\n")
    return DONE


def _begin(settings: Settings, survey_id: str) -> Cursor:
    from warehouse.connection import open_vault

    key = find_key(settings)
    if key is None or not settings.vault_path.exists():
        return Cursor()
    with open_vault(settings.vault_path, key, now=now_in_utc(), read_only=True) as vault:
        return where_from(vault, survey_id)


def _told(plan: Plan) -> str:
    left = "not told by the platform" if plan.left_today is None else f"{plan.left_today:,}"
    lines = [
        f"Responses at the platform   {plan.n_responses:>8,}",
        f"To fetch                    {plan.n_to_fetch:>8,}",
        f"Calls to fetch them         {plan.pull:>8,}",
        f"Calls to compare all ids    {plan.sweep:>8,}   only if the totals differ, or every few days",
        f"Calls spent for this plan   {plan.spent:>8,}",
        f"Calls left today            {left:>8}"
        + (f"   {plan.reserved:,} reserved" if plan.reserved else ""),
    ]
    if plan.nights > 1:
        lines.append(
            f"That is more than today has: it will take {plan.nights} nights. "
            "An export file takes minutes: see docs/operations.md."
        )
    return "\n".join(lines) + "\nNothing was written."
