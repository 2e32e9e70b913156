"""`pledge access-log`: who used the vault, when and why; and whether that list is as it was written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from flows.errors import DONE, ChecksError
from flows.output import rendered
from flows.run.record import read_records
from flows.vault.access import open_for_staff
from warehouse.privacy import access_log
from warehouse.privacy.access_log import Head

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from flows.run.context import RunContext
    from flows.run.record import RunRecord
    from flows.settings.model import Settings


def list_accesses(options: argparse.Namespace, settings: Settings) -> int:
    """Every entry, oldest first; with --verify also whether the list is whole.

    Raises:
        ChecksError: it isn't; the sentence names the first entry that doesn't fit.
    """
    with open_for_staff(settings) as vault:
        rows = access_log.entries(vault)
        found = chain_break(vault, settings) if options.verify else None
    sys.stdout.write(rendered(access_log.COLUMNS, rows, options.format) + "\n")
    if found is not None:
        raise ChecksError(found)
    if options.verify:
        sys.stderr.write(f"All {len(rows):,} entries are as they were written.\n")
    return DONE


def chain_break(vault: Any, settings: Settings) -> str | None:
    """What is wrong with the access log, in a sentence; None where it is whole."""
    found = access_log.first_break(vault, last_seen(read_records(settings.runs_folder)))
    if found is None:
        return None
    return (
        f"Entry {found.entry_no} of the access log does not fit: {found.why}. If an older copy of the vault "
        "was put in its place since, that is why; else somebody with the key has changed the list: compare "
        "it with that of the copies in backups/."
    )


def last_seen(records: Iterable[RunRecord]) -> list[Head]:
    """Where the newest of *records* that says so saw the log end; empty if none does."""
    return [Head(**record.access_log) for record in records if record.access_log][:1]


def note_access_log(run: RunContext) -> None:
    """Write into the record where the log ends, and tell if it is not the one that the last run saw."""
    found = access_log.first_break(run.vault, last_seen(run.earlier))
    end = access_log.head(run.vault)
    run.record.access_log = {"n": end.n, "hash": end.hash}
    if found is not None:
        run.warn(
            f"The access log is not as the last run saw it: entry {found.entry_no} does not fit "
            f"({found.why}). If a copy was restored since, nothing; else see pledge access-log --verify."
        )
