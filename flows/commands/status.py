"""`pledge status`: how things stand, from the run records alone: no vault, no key, also while a sync runs."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from flows.errors import DONE
from flows.output import counted, print_json, sections
from flows.run.clock import now_in_utc
from flows.run.record import RUNNING, RunRecord, read_records
from flows.run.runs_page import COLUMNS, checks_page, in_words, of_record
from flows.settings.model import UpkeepSettings

MOST_RUNS = 5


def status(options: argparse.Namespace, settings: UpkeepSettings) -> int:
    """Freshness, the last runs, and where each response is."""
    records = read_records(settings.runs_folder, last=MOST_RUNS)
    standing = standing_of(settings, records)
    if options.json:
        print_json(standing)
    else:
        sys.stdout.write(as_text(standing, records) + "\n")
    return DONE


def standing_of(settings: UpkeepSettings, records: Sequence[RunRecord]) -> dict[str, Any]:
    """The last run's record with ``last_run``, ``fresh_as_of``, ``stale`` and ``checks_page``.

    last_run: run_id, state, started_at and ended_at of the last run; None if there was none.
    checks_page: the path of the list of runs; None if none was written.
    """
    if not records:
        return {"last_run": None, "fresh_as_of": None, "stale": True}
    last = records[0]
    return {
        **last.as_json(),
        "last_run": {name: getattr(last, name) for name in ("run_id", "state", "started_at", "ended_at")},
        "stale": last.is_stale(now_in_utc(), settings.stale_after_hours),
        "checks_page": str(page) if (page := checks_page(settings)).exists() else None,
    }


def as_text(standing: dict[str, Any], records: Sequence[RunRecord]) -> str:
    """The standing for people. records: the last runs, newest first."""
    if standing["last_run"] is None:
        return "No run yet. Start one with: pledge sync   (or try: pledge demo)"
    last = records[0]
    tables = sections(
        [
            ("Where each response is", COLUMNS, in_words(of_record(last))),
            ("Signatories by role", ("role", "signatories"), list(last.by_role.items())),
            ("Last runs", ("run", "command", "state", "calls"), [_row(record) for record in records]),
        ]
    )
    warnings = (f"! {warning}" for warning in last.warnings)
    return "\n".join([*_facts(standing, last), "", tables, *warnings])


def _facts(standing: dict[str, Any], last: RunRecord) -> list[str]:
    left = last.calls_left_today
    facts = [
        f"Fresh as of: {last.fresh_as_of or 'never'}{'   STALE' if standing['stale'] else ''}",
        f"Every response in one place: {'yes' if last.conservation_ok else 'NO'}",
        f"Calls left today: {'not known' if left is None else f'{left:,}'}",
        f"Pages of runs: {standing['checks_page'] or 'none was written yet'}",
        *(
            f"Erased by the last run: {what.replace('_', ' ')} of {counted(n, 'response')}"
            for what, n in last.retention.items()
        ),
    ]
    if last.names_erased_at:
        facts.append(
            f"Names and addresses were erased on {last.names_erased_at[:10]}: the figures are final."
        )
    return facts


def _row(record: RunRecord) -> tuple[str, str, str, int]:
    state = "running or killed" if record.state == RUNNING else record.state
    return record.run_id, record.command, state, record.requests
