"""`pledge recount`: who counts, decided anew from what the vault holds, and published; no call is made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flows.errors import DONE, SettingsError
from flows.orchestration.run import open_run, timed
from flows.output import print_json
from flows.pipelines import the_recount
from flows.run.context import RunOptions

if TYPE_CHECKING:
    import argparse

    from flows.settings.model import Settings


def recount(options: argparse.Namespace, settings: Settings) -> int:
    """The steps of a night from the fifth on; see flows.pipelines."""
    from flows.commands.sync import sentence_of
    from flows.run.progress import LOG, log_to_stderr, shown_progress

    log_to_stderr()
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is nothing to count; run: pledge sync")
    with (
        shown_progress() as progress,
        open_run(
            settings,
            command="recount",
            progress=progress,
            asked=RunOptions(accepts_fall=options.accept_fall, rechecks=options.recheck),
        ) as run,
    ):
        the_recount(lambda step: timed(run, step))
    if options.json:
        print_json(run.record.as_json())
    else:
        LOG.info("%s", sentence_of(run.record))
    sys.stdout.flush()
    return DONE
