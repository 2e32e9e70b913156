"""`pledge access-log`: who used the vault, when and why; and whether that list is as it was written."""

import argparse
import sys
from typing import Any

from flows.errors import DONE, ChecksError
from flows.output import rendered
from flows.run.record import read_records
from flows.settings.model import Home, KeySettings
from flows.vault.access import last_seen, open_for_staff
from warehouse.privacy import access_log


def list_accesses(options: argparse.Namespace, settings: KeySettings) -> int:
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


def chain_break(vault: Any, settings: Home) -> str | None:
    """What is wrong with the access log, in a sentence; None where it is whole."""
    found = access_log.first_break(vault, last_seen(read_records(settings.runs_folder)))
    if found is None:
        return None
    return (
        f"Entry {found.entry_no} of the access log does not fit: {found.why}. If an older copy of the vault "
        "was put in its place since, that is why; else somebody with the key has changed the list: compare "
        "it with that of the copies in backups/."
    )
