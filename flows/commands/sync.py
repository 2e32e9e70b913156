"""`pledge sync`: the night, and how it ends."""

from __future__ import annotations

import argparse

from flows.errors import BUDGET, DONE
from flows.orchestration.run import run_for_command, stopping_with
from flows.output import print_json
from flows.pipelines import nightly
from flows.run.context import RunOptions
from flows.run.progress import LOG, log_to_stderr
from flows.run.record import PARTIAL, RunRecord
from flows.settings.model import Settings


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """A night; see flows.pipelines for its steps."""
    log_to_stderr()
    if options.dry_run:
        from flows.commands.sync_preview import show_plan

        with stopping_with():
            return show_plan(settings, is_full=options.full, as_json=options.json)
    asked = RunOptions(options.full, options.accept_withdrawals, options.accept_fall, options.recheck)
    if options.direct:
        record, _ = run_for_command(settings, nightly, command="sync", options=asked, as_json=options.json)
    else:
        from flows.orchestration.prefect_runner import run_under_prefect

        with stopping_with(as_json=options.json):
            record = run_under_prefect(settings, asked)
    if options.json:
        print_json(record.as_json())
    else:
        LOG.info("%s", sentence_of(record))
    return BUDGET if record.state == PARTIAL else DONE


def sentence_of(record: RunRecord) -> str:
    """A run in one sentence."""
    return (
        f"{record.state}: {record.n_signatories:,} signatories; {record.responses_new:,} new, "
        f"{record.responses_changed:,} changed, {record.responses_withdrawn:,} withdrawn; "
        f"{sum(record.held_back.values()):,} held back; {record.requests:,} calls."
    )
