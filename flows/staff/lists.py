"""Lists of people for staff: recorded first, then printed, or with --save put into a file of the owner's."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flows.errors import DONE
from flows.output import rendered
from flows.run.clock import run_name
from flows.settings.model import Home, VaultSettings
from flows.vault.access import open_for_staff, record_use, said, show_roles, who
from warehouse.database.private_files import make_private_folder, write_private
from warehouse.errors import told_plainly
from warehouse.ingest.response_text import IsMeant, without
from warehouse.privacy import access_log
from warehouse.privacy.person import Person

MARKS = ("listed_at", "listed_by", "list_reason", "log_entry", "list_note")
NOTE = "Personal data: use it for this reason only, and delete the file after use."
KEPT_FOR = timedelta(days=30)  # what is older is told by pledge doctor


def list_people(
    options: argparse.Namespace,
    settings: VaultSettings,
    columns: Sequence[str],
    find: Callable[[Any], Iterable[dict[str, Any]]],
    *,
    noun: str,
    more: str = "",
) -> int:
    """Write the use into the access log, then print what *find* finds in the vault, or save it into a file.

    How many rows there are, and where, goes to standard error. noun: what a row is, in the plural.
    """
    reason = said(options.reason, "--reason")
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        rows = [[row[column] for column in columns] for row in find(vault)]
        at = record_use(vault, f"{options.command}{' --save' * options.save}", reason, len(rows))
        marks = (at, who(), reason, access_log.head(vault).n, NOTE)
        path = _save(options, settings, columns, rows, marks) if options.save else None
    if path is None:  # printed once the vault is closed: a reader may take their time
        sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    where, after = (f" in {path}", " Delete the file after use.") if path else ("", "")
    sentence = f"{len(rows):,} {noun}{where}; this use of the vault was recorded.{after}"
    sys.stderr.write(f"{sentence}{f' {more}' if more else ''}\n")
    return DONE


def _save(
    options: argparse.Namespace,
    settings: Home,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    marks: tuple[datetime, str, str, int, str],
) -> Path:
    """Put the list into a file, and return its path. marks: what stands on each row under MARKS."""
    form = "json" if options.format == "json" else "csv"
    text = rendered((*columns, *MARKS), [(*row, *marks) for row in rows], form)
    # Excel takes a CSV without the mark for another encoding.
    content = f"{text}\n".encode() if form == "json" else f"{text}\r\n".encode("utf-8-sig")
    make_private_folder(settings.lists_folder)  # closed again, if somebody has opened it
    for leftover in settings.lists_folder.glob(".*.new"):
        leftover.unlink()  # of a killed command: the vault lets in one at a time
    return write_private(settings.lists_folder / f"{options.command}-{run_name(marks[0])}.{form}", content)


def kept_lists(settings: Home) -> list[Path]:
    """Every file among the lists, one that a killed command left too."""
    return sorted(path for path in settings.lists_folder.rglob("*") if path.is_file())


def old_lists(settings: Home, now: datetime) -> list[Path]:
    """Those of them that are older than a list should be."""
    before = (now - KEPT_FOR).timestamp()
    return [path for path in kept_lists(settings) if path.stat().st_mtime < before]


def delete_lists_with(folder: Path, person: Person) -> int:
    """Delete each list in *folder* that holds one of the person's addresses or response ids; return how many.

    A list of what people wrote as their roles has neither, so each of these goes.
    What lies beside a list under the same name, but for the ending, goes with it.
    """
    if not folder.is_dir():
        return 0
    is_meant = person.matcher()
    with told_plainly(folder):
        files = [path for path in folder.rglob("*") if path.is_file()]
        gone = {path.with_suffix("") for path in files if _holds(path, person, is_meant)}
        for path in files:
            if path.with_suffix("") in gone:
                path.unlink()
    return len(gone)


def _holds(path: Path, person: Person, is_meant: IsMeant) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return (
        path.name.startswith("roles-")
        or any(response_id in text for response_id in person.response_ids)
        or without(text, is_meant) != text
    )
