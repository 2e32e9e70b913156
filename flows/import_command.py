"""`pledge import`: what the command line asks for, and what it shows."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.errors import DONE, UsageError
from flows.import_refusals import refuse_others
from flows.importing import Files, known_design, left_out, run_import, understand
from flows.night import now_in_utc, record_of_failure
from flows.progress import LOG, log_to_stderr, shown_progress
from flows.show import print_json, rendered
from flows.vault_key import find_key

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from connectors.export_files.reading import Export
    from flows.settings import Settings

COLUMNS = ("column", "heading", "holds", "of")


def import_files(options: argparse.Namespace, settings: Settings) -> int:
    """Take in export files, or show what would be taken in."""
    from flows.commands import sentence_of
    from flows.stopping import stopping_clean

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
        return show_understood(settings, files, as_json=options.json)
    log_to_stderr()
    try:
        with stopping_clean(lambda: None), shown_progress() as progress:
            record = run_import(settings, files, progress)
    except BaseException as error:
        if options.json:
            print_json(record_of_failure(settings.runs_folder, error, command="import").as_json())
        raise
    if options.json:
        print_json(record.as_json())
    else:
        LOG.info("%s", sentence_of(record))
    return DONE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(f"--timezone {name} is no time zone; write one like Europe/London.") from None


def show_understood(settings: Settings, files: Files, *, as_json: bool) -> int:
    """Show what each column of the files will be; write nothing.

    Raises:
        ExportRefusedError: a file can't be taken.
    """
    told: list[dict[str, Any]] = []
    gone: list[str] = []
    try:
        with _vault(settings) as vault:
            known = known_design(vault, settings, files)
            understand(files, known, told)
            if vault:
                refuse_others(vault, files)
            gone = left_out(vault, files, known[0]) if vault and files.replaces else []
    finally:
        if as_json:
            print_json({"files": told, "to_be_withdrawn": gone})
        else:
            sys.stdout.write("".join(f"{_summary(one)}\n" for one in told))
    if not as_json:
        for export in files.exports:
            sys.stdout.write(f"\n{export.name}\n{rendered(COLUMNS, _columns(export), 'table')}\n")
            sys.stdout.write("".join(f"{note}\n" for note in export.notes))
        if files.replaces:
            sys.stdout.write(f"{len(gone):,} responses of earlier files are not in these: to be withdrawn.\n")
        sys.stdout.write("Nothing was written.\n")
    return DONE


@contextmanager
def _vault(settings: Settings) -> Iterator[Any]:
    """The vault, to read; None where there is none yet."""
    from flows.keeping import pointing_to_copies
    from warehouse.connection import open_vault

    key = find_key(settings)
    if key is None or not settings.vault_path.exists():
        yield None
        return
    with (
        pointing_to_copies(settings),
        open_vault(settings.vault_path, key, now=now_in_utc(), read_only=True) as vault,
    ):
        yield vault


def _summary(told: dict[str, Any]) -> str:
    if told["refused"]:
        return f"{told['name']}: refused. {told['refused']}"
    return (
        f"{told['name']}: {told['encoding']}, {told['layout']}; {told['rows_read']:,} rows, "
        f"{told['responses']:,} responses, {told['answers']:,} answers, "
        f"{told['held_back']:,} to be held back."
    )


def _columns(export: Export) -> list[tuple[int, str, str, str]]:
    _, layout = export.source
    fixed = [(index, name.replace("_", " "), "fixed column", "") for name, index in layout.fixed.items()]
    asked = [
        (column.index, f"{question.heading} {column.label}".strip(), column.part, known.question_id)
        for question, known in zip(layout.questions, export.form.questions, strict=False)
        for column in question.columns
    ]
    extra = [(column.index, column.label, "extra column", "") for column in layout.extra]
    rows = sorted([*fixed, *asked, *extra])
    return [(index + 1, heading[:80], holds, of) for index, heading, holds, of in rows]
