"""`pledge import`: what the command line asks for, and how it ends."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.errors import DONE, StoppedError, UsageError, is_stop, sentence_of
from flows.importing import STOPPED_IMPORT, Files, run_import
from flows.night import begun, record_of_failure
from flows.plural import counted
from flows.progress import LOG, log_to_stderr, shown_progress
from flows.show import print_json
from flows.stopping import stopping_clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from flows.record import RunRecord
    from flows.settings import Settings

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
    from flows.import_dry_run import Tried, try_import
    from flows.import_shown import show_tried

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
