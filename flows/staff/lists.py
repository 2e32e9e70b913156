"""Lists of people for staff: recorded first, then printed, or with --save put into a file of the owner's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flows.errors import DONE
from flows.output import rendered
from flows.run.record import run_name
from flows.settings.model import Settings
from flows.vault.access import record_use, who
from warehouse.database.private_files import make_private_folder, write_private
from warehouse.privacy import access_log

MARKS = ("listed_at", "listed_by", "list_reason", "log_entry", "list_note")
NOTE = "Personal data: use it for this reason only, and delete the file after use."
KEPT_FOR = timedelta(days=30)  # what is older is told by pledge doctor


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that a command shows: *command* is the command's name, *rows* have the order of *columns*."""

    command: str
    reason: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @classmethod
    def of(
        cls, command: str, reason: str, columns: Sequence[str], found: Iterable[dict[str, Any]]
    ) -> Listing:
        """The same of rows that are mappings, which may hold more."""
        return cls(command, reason, columns, [[row[column] for column in columns] for row in found])


def record(vault: Any, settings: Settings, options: argparse.Namespace, listing: Listing) -> Path | None:
    """Write the use into the access log; then, with --save, the list into a file, and return its path."""
    command = f"{listing.command} --save" if options.save else listing.command
    at = record_use(vault, command, listing.reason, len(listing.rows))
    if not options.save:
        return None
    marks = (at, who(), listing.reason, access_log.head(vault).n, NOTE)
    form = "json" if options.format == "json" else "csv"
    text = rendered((*listing.columns, *MARKS), [(*row, *marks) for row in listing.rows], form)
    name = f"{listing.command}-{run_name(at)}.{form}"
    # Excel takes a CSV without the mark for another encoding.
    content = f"{text}\n".encode() if form == "json" else f"{text}\r\n".encode("utf-8-sig")
    make_private_folder(settings.lists_folder)  # closed again, if somebody has opened it
    for leftover in settings.lists_folder.glob(".*.new"):
        leftover.unlink()  # of a killed command: the vault lets in one at a time
    return keep_private(settings.lists_folder, name, content)


def keep_private(folder: Path, name: str, content: bytes) -> Path:
    """Put a file in place whole, for its owner alone."""
    if not folder.exists():
        make_private_folder(folder)
    return write_private(folder / name, content)


def show(
    options: argparse.Namespace, listing: Listing, path: Path | None, *, noun: str, more: str = ""
) -> int:
    """Print the list, unless a file has it; how many rows, and where, goes to standard error."""
    if path is None:
        sys.stdout.write(rendered(listing.columns, listing.rows, options.format) + "\n")
    where, after = ("", "") if path is None else (f" in {path}", " Delete the file after use.")
    told = f"{len(listing.rows):,} {noun}{where}; this use of the vault was recorded.{after}"
    sys.stderr.write(f"{told}{f' {more}' if more else ''}\n")
    return DONE


def kept_lists(settings: Settings) -> list[Path]:
    """Every file among the lists, one that a killed command left too."""
    return sorted(path for path in settings.lists_folder.rglob("*") if path.is_file())


def old_lists(settings: Settings, now: datetime) -> list[Path]:
    """Those of them that are older than a list should be."""
    before = (now - KEPT_FOR).timestamp()
    return [path for path in kept_lists(settings) if path.stat().st_mtime < before]
