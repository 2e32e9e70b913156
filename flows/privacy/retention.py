"""`pledge retention`: erase now what a night would, or show what is due and what comes next."""

import argparse
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flows import pipelines
from flows.errors import DONE, SettingsError
from flows.orchestration.run import run_for_command
from flows.output import print_json, rendered
from flows.run.clock import now_in_utc
from flows.run.context import RunOptions
from flows.run.progress import LOG
from flows.run.record import UNCHANGED
from flows.settings.model import Settings, UpkeepSettings
from flows.settings.retention_dates import names_due_on, today
from flows.vault.access import open_for_staff
from warehouse.ingest import designs, erased_people
from warehouse.privacy import erase_names
from warehouse.privacy import erase_overdue as keeping

NAMES, WITHDRAWN = "names and addresses", "answers of withdrawn responses"
STOPPED = "Told to stop; what was erased stays erased, and the next run goes on from there."
NO_TIME = (
    "No time is set for names and addresses: names_and_addresses_months under [retention] in pledge.toml "
    "says how many months after the pledge closes they are kept; 6 to 24 are usual."
)


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule of retention is about to erase."""

    what: str
    rule: str
    n_due: int  # responses that the next run erases it from
    next_on: str | None  # the day, ISO 8601, on which the next ones are due; None where none is known
    next_n: int  # how many then


def retention(options: argparse.Namespace, settings: Settings) -> int:
    """Erase now what a night would, or show what is due and what comes next."""
    if not options.dry_run:
        return _run(options, settings)
    now = now_in_utc()
    with open_for_staff(settings) as vault:
        dues = due_now(vault, settings, now)
    if options.json:
        print_json([asdict(due) for due in dues])
    else:
        sys.stdout.write(f"{_as_text(dues, settings)}\nNothing was erased.\n")
    return DONE


def _run(options: argparse.Namespace, settings: Settings) -> int:
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is nothing to erase; run: pledge sync")
    asked = RunOptions(accepts_late=options.accept_late)
    record = run_for_command(options, settings, pipelines.retention, asked, stopped=STOPPED)
    if options.json:
        print_json(record.as_json())
    elif record.state == UNCHANGED:
        LOG.info("Nothing was due. See what comes next: pledge retention --dry-run")
    return DONE


def due_now(vault: Any, settings: UpkeepSettings, now: datetime) -> list[Due]:
    """What a run would erase now, and what comes next; counts only. Needs `staging_area`."""
    return [_due_names(vault, settings, now), _due_withdrawn(vault, settings, now)]


def _due_names(vault: Any, settings: UpkeepSettings, now: datetime) -> Due:
    survey_id, _ = designs.last_form(vault)
    due_on, n = names_due_on(settings), erase_names.count_with_names(vault, survey_id)
    is_final = erased_people.is_final(vault, survey_id)
    is_due = is_final or (due_on is not None and due_on <= today(settings, now))
    next_on = due_on.isoformat() if due_on and not is_due and n else None
    return Due(NAMES, _names_rule(settings), n if is_due else 0, next_on, n if next_on else 0)


def _names_rule(settings: UpkeepSettings) -> str:
    if settings.names_months is None:
        return "as long as the vault"
    after = f"{_months(settings.names_months)} after the pledge"
    return (
        f"{after} closed on {settings.pledge_closed_on}" if settings.pledge_closed_on else f"{after} closes"
    )


def _months(n: int) -> str:
    return "1 month" if n == 1 else f"{n} months"


def _due_withdrawn(vault: Any, settings: UpkeepSettings, now: datetime) -> Due:
    kept_for = timedelta(days=settings.erase_after_days)
    found = keeping.withdrawn_with_answers(vault)
    days = [today(settings, at + kept_for) for at in found if at >= now - kept_for]
    rule = f"{settings.erase_after_days} days after they were found withdrawn"
    first = min(days, default=None)
    next_on, next_n = (first.isoformat(), days.count(first)) if first else (None, 0)
    return Due(WITHDRAWN, rule, len(found) - len(days), next_on, next_n)


def _as_text(dues: list[Due], settings: UpkeepSettings) -> str:
    rows = [(one.what, one.rule, one.n_due, one.next_on or "", one.next_n) for one in dues]
    lines = [rendered(("what", "kept", "due now", "next on", "then due"), rows, "table")]
    if settings.names_months is None:
        lines.append(NO_TIME)
    elif settings.pledge_closed_on is None:
        lines.append(
            "Once the pledge has closed, set the day: pledge_closed_on under [retention] in pledge.toml."
        )
    return "\n".join(lines)
