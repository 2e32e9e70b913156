"""`pledge recount`: who counts, decided anew from what the vault holds, and published; no call is made."""

from __future__ import annotations

import argparse

from flows import pipelines
from flows.commands.sync import sentence_of
from flows.errors import DONE, SettingsError
from flows.orchestration.run import run_for_command
from flows.output import print_json
from flows.run.context import RunOptions
from flows.run.progress import LOG, log_to_stderr
from flows.settings.model import Settings

STOPPED = "Told to stop; the figures published before stay. Run pledge recount again."


def recount(options: argparse.Namespace, settings: Settings) -> int:
    """Decide and publish anew; see flows.pipelines for the steps."""
    log_to_stderr()
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is nothing to count; run: pledge sync")
    record, _ = run_for_command(
        settings,
        pipelines.recount,
        command="recount",
        options=RunOptions(accepts_fall=options.accept_fall, rechecks=options.recheck),
        stopped=STOPPED,
        as_json=options.json,
    )
    if options.json:
        print_json(record.as_json())
    else:
        LOG.info("%s", sentence_of(record))
    return DONE
