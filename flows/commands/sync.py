"""`pledge sync` and `pledge recount`: the night, and the same from the vault alone; how each ends."""

from __future__ import annotations

import argparse

from flows import pipelines
from flows.errors import BUDGET, DONE, SettingsError
from flows.orchestration.run import run_for_command, tell
from flows.run.context import RunOptions
from flows.run.progress import log_to_stderr
from flows.run.record import PARTIAL
from flows.run.shutdown import stopping_clean
from flows.settings.model import Settings

STOPPED_RECOUNT = "Told to stop; the figures published before stay. Run pledge recount again."


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """A night; see flows.pipelines for its steps."""
    log_to_stderr()
    if options.dry_run:
        from flows.commands.sync_preview import show_plan

        with stopping_clean():
            return show_plan(settings, is_full=options.full, as_json=options.json)
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
