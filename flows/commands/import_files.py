"""`pledge import`: export files into the same warehouse, by the steps of a night but for the first ones."""

import argparse
from functools import partial
from zoneinfo import ZoneInfo

from flows.errors import DONE, UsageError
from flows.orchestration.run import run_for_command, tell
from flows.pipelines import importing
from flows.run.context import ImportOptions, RunOptions
from flows.run.shutdown import stopping_clean
from flows.settings.model import Settings

STOPPED_DRY_RUN = "Told to stop; nothing was written."
STOPPED_IMPORT = (
    "Told to stop; what was taken in is kept. Import the same files again: the rest is taken in then, and "
    "all of it decided and published."
)


def import_files(options: argparse.Namespace, settings: Settings) -> int:
    """Take in export files, or show what would be taken in."""
    files = ImportOptions(
        paths=options.files,
        zone=_zone(options.timezone),
        order=options.dates,
        is_answers_only=options.answers_only,
        replaces=options.replace,
    )
    if files.replaces and files.is_answers_only:
        raise UsageError("--replace is for the pledge's own files; leave it or --answers-only out.")
    asked = RunOptions(accepts_fall=files.replaces)
    if options.dry_run:
        from flows.commands.import_preview import preview

        with stopping_clean(STOPPED_DRY_RUN):
            return preview(settings, files, asked, as_json=options.json)
    pipeline = partial(importing, files=files)
    record = run_for_command(options, settings, pipeline, asked, stopped=STOPPED_IMPORT)
    tell(record, as_json=options.json)
    return DONE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(f"--timezone {name} is no time zone; write one like Europe/London.") from None
