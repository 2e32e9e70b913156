"""`pledge sync` and `pledge recount`: the night, and the same from the vault alone; how each ends."""

import argparse
import sys
from dataclasses import asdict

from connectors.survey.contract import Cursor
from flows import pipelines
from flows.errors import BUDGET, DONE, SettingsError
from flows.orchestration.run import run_for_command, tell
from flows.output import print_json, rendered
from flows.run.call_plan import Plan, make_plan
from flows.run.clock import now_in_utc
from flows.run.context import RunOptions
from flows.run.progress import log_to_stderr
from flows.run.record import PARTIAL, read_records
from flows.run.shutdown import stopping_clean
from flows.settings.model import Settings, SourceSettings
from flows.steps.preflight import open_platform, settled_survey
from flows.steps.pull import is_full_walk_due, where_from
from flows.vault.backups import pointing_to_backups
from flows.vault.key import find_key
from warehouse.database.connection import open_vault

STOPPED_RECOUNT = "Told to stop; the figures published before stay. Run pledge recount again."


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """A night; see flows.pipelines for its steps."""
    log_to_stderr()
    if options.dry_run:
        with stopping_clean():
            return _show_plan(settings, is_full=options.full, as_json=options.json)
    asked = RunOptions(options.full, options.accept_withdrawals, options.accept_fall, options.recheck)
    if options.direct:
        record = run_for_command(options, settings, pipelines.nightly, asked)
    else:
        from flows.orchestration.prefect_runner import run_under_prefect

        with stopping_clean(as_json=options.json):
            record = run_under_prefect(settings, asked)
    tell(record, as_json=options.json)
    return BUDGET if record.state == PARTIAL else DONE


def recount(options: argparse.Namespace, settings: Settings) -> int:
    """Who counts, decided anew from what the vault holds, and published; no call is made."""
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is nothing to count; run: pledge sync")
    asked = RunOptions(accepts_fall=options.accept_fall, rechecks=options.recheck)
    record = run_for_command(options, settings, pipelines.recount, asked, stopped=STOPPED_RECOUNT)
    tell(record, as_json=options.json)
    return DONE


def _show_plan(settings: SourceSettings, *, is_full: bool, as_json: bool) -> int:
    """Ask the platform a few cheap questions and show what a night would cost; write nothing."""
    with open_platform(settings, now_in_utc(), read_records(settings.runs_folder)) as platform:
        platform.who()
        survey_id = settled_survey(settings, platform)
        begin, is_full_due = (Cursor(), False) if is_full else _begin(settings, survey_id)
        n_responses = platform.count(survey_id)
        n_to_fetch = platform.count(survey_id, begin.modified_from) if begin.modified_from else n_responses
        plan = make_plan(
            n_responses=n_responses,
            n_to_fetch=n_to_fetch,
            spent=platform.requests,
            left_today=platform.budget.calls_left_today,
            reserved=settings.calls_reserved,
            is_full_due=is_full_due,
        )
    if as_json:
        print_json(asdict(plan))
    else:
        sys.stdout.write(_plan_as_text(plan) + "\n")
    return DONE


def _begin(settings: SourceSettings, survey_id: str) -> tuple[Cursor, bool]:
    """Where the walk would begin, and whether every response is to be fetched again after it."""
    key = find_key(settings)
    if key is None or not settings.vault_path.exists():
        return Cursor(), False
    with (
        pointing_to_backups(settings),
        open_vault(settings.vault_path, key, now=now_in_utc(), read_only=True) as vault,
    ):
        is_due = is_full_walk_due(vault, every_days=settings.full_every_days, now=now_in_utc())
        return where_from(vault, survey_id), is_due


def _plan_as_text(plan: Plan) -> str:
    left = "not told by the platform" if plan.left_today is None else plan.left_today
    rows = [
        ("responses at the platform", plan.n_responses, ""),
        ("responses to fetch", plan.n_to_fetch, ""),
        ("calls to fetch them", plan.pull, ""),
        ("calls to compare all ids", plan.sweep, "only if the totals differ, or every few days"),
        ("calls to compare the roles", plan.rollups, "only if something has changed, or every few days"),
        ("calls to fetch all again", plan.full, "every few weeks"),
        ("calls spent for this plan", plan.spent, ""),
        ("calls left today", left, f"{plan.reserved:,} reserved" if plan.reserved else ""),
    ]
    lines = [rendered(("what", "how many", "when"), rows, "table")]
    if plan.put_off:
        lines.append(f"Today's calls don't suffice for all of it; put off: {', '.join(plan.put_off)}.")
    if plan.nights > 1:
        lines.append(
            f"That is more than today has: it will take {plan.nights} nights. "
            "An export file takes minutes: pledge import."
        )
    return "\n".join([*lines, "Nothing was written."])
