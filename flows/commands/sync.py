"""`pledge sync`: the night, and how it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flows.errors import BUDGET, DONE, STOPPED_SENTENCE
from flows.orchestration.run import begun
from flows.output import print_json
from flows.run.context import RunOptions
from flows.run.record import PARTIAL, RunRecord

if TYPE_CHECKING:
    import argparse

    from flows.settings.model import Settings


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """A night; see flows.pipelines for its steps."""
    from flows.orchestration.run import run_direct
    from flows.run.progress import LOG, log_to_stderr, shown_progress
    from flows.run.shutdown import stopping_clean

    def last_words() -> None:
        if options.json and begun:
            print_json(begun[-1].as_json())
            sys.stdout.flush()
        sys.stderr.write(f"{STOPPED_SENTENCE}\n")
        sys.stderr.flush()

    log_to_stderr()
    asked = RunOptions(options.full, options.accept_withdrawals, options.accept_fall, options.recheck)
    with stopping_clean(last_words):
        if options.dry_run:
            from flows.commands.sync_preview import show_plan

            return show_plan(settings, is_full=options.full, as_json=options.json)
        if options.direct:
            with shown_progress() as progress:
                record = run_direct(settings, progress, asked=asked)
        else:
            from flows.orchestration.prefect_runner import run_under_prefect

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
