"""`pledge import`: export files into the same warehouse, by the steps of a night but for the first ones."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.errors import DONE, StoppedError, UsageError, is_stop, sentence_of
from flows.orchestration.run import begun, open_run, record_of_failure, timed
from flows.output import counted, print_json
from flows.pipelines import the_import
from flows.run.clock import Clock, now_in_utc
from flows.run.context import Files
from flows.run.progress import LOG, log_to_stderr, shown_progress
from flows.run.shutdown import stopping_clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from flows.run.progress import Progress
    from flows.run.record import RunRecord
    from flows.settings.model import Settings


STOPPED_DRY_RUN = "Told to stop; nothing was written."


def import_files(options: argparse.Namespace, settings: Settings) -> int:
    """Take in export files, or show what would be taken in."""
    files = Files(
        paths=options.files,
        zone=_zone(options.timezone),
        order=options.dates,
        is_answers_only=options.answers_only,
        replaces=options.replace,
    )
    if files.replaces and files.is_answers_only:
        raise UsageError("--replace is for the pledge's own files; leave it or --answers-only out.")
    if options.dry_run:
        with _stopping(STOPPED_DRY_RUN, as_json=False):
            return show_understood(settings, files, as_json=options.json)
    log_to_stderr()
    try:
        with _stopping(STOPPED_IMPORT, as_json=options.json), shown_progress() as progress:
            record = run_import(settings, files, progress)
    except BaseException as error:
        if options.json:
            print_json(record_of_failure(settings.runs_folder, error, command="import").as_json())
        raise
    if options.json:
        print_json(record.as_json())
    else:
        LOG.info("%s", _in_a_sentence(record))
    return DONE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(f"--timezone {name} is no time zone; write one like Europe/London.") from None


@contextmanager
def _stopping(sentence: str, *, as_json: bool) -> Iterator[None]:
    """End clean when told to stop, with *sentence*."""

    def last_words() -> None:
        if as_json and begun:
            print_json(begun[-1].as_json())
            sys.stdout.flush()
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()

    try:
        with stopping_clean(last_words):
            yield
    except BaseException as error:
        if is_stop(error):
            raise StoppedError(sentence) from None
        raise


def _in_a_sentence(record: RunRecord) -> str:
    return (
        f"{record.state}: {counted(record.n_signatories, 'signatory', 'signatories')}; "
        f"{record.responses_new:,} new, {record.responses_changed:,} changed, "
        f"{record.responses_withdrawn:,} withdrawn; {sum(record.held_back.values()):,} held back."
    )


def show_understood(settings: Settings, files: Files, *, as_json: bool) -> int:
    """Show what the import would make of the files, and end as it would; write nothing.

    Raises:
        ExportRefusedError, SettingsError, FieldsError, WarehouseError: as the import would.
    """
    from flows.commands.import_preview import show_tried
    from flows.commands.import_trial import Tried, try_import

    tried = Tried()
    refused = None
    try:
        with shown_progress() as progress:
            try_import(settings, files, tried, progress)
    except BaseException as error:
        refused = sentence_of(error)
        raise
    finally:
        show_tried(files, tried, as_json=as_json, refused=refused)
    return DONE


STOPPED_IMPORT = (
    "Told to stop; what was taken in is kept. Import the same files again: the rest is taken in then, and "
    "all of it decided and published."
)


def run_import(settings: Settings, files: Files, progress: Progress, *, now: Clock = now_in_utc) -> RunRecord:
    """Import the files; the record is kept like a night's.

    Raises:
        ExportRefusedError: a file can't be taken; nothing of any was.
        StoppedError: with what an import has to say of it.
        PledgeError, WarehouseError, CheckError: as a night's.
    """
    with open_run(settings, command="import", progress=progress, now=now) as run:
        run.files = files
        try:
            the_import(lambda step: timed(run, step), files)
        except BaseException as error:
            if is_stop(error):
                raise StoppedError(STOPPED_IMPORT) from None
            raise
    return run.record
