"""`pledge restore`: the kept copies of the vault, and one of them back in its place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flows.errors import DONE, SettingsError, UsageError
from flows.output import rendered
from flows.run.clock import now_in_utc
from flows.run.record import run_name
from flows.vault.key import find_key
from warehouse.backups.backup import Copy, kept_copies, responses_in
from warehouse.backups.restore import restore as put_back
from warehouse.errors import VaultDamagedError, VaultKeyError

if TYPE_CHECKING:
    import argparse

    from flows.settings.keys import KeySettings


COLUMNS = ("name", "made_at", "why", "responses", "megabytes")


def restore(options: argparse.Namespace, settings: KeySettings) -> int:
    """List the kept copies, or put one in the vault's place; what is there is kept aside."""
    key = find_key(settings)
    if key is None:
        raise SettingsError(
            "There is no key for the vault's copies; set PLEDGE_VAULT_KEY_FILE to its key file, or put the "
            "file back as keys/vault.key under PLEDGE_HOME."
        )
    copies = kept_copies(settings.backups_folder)
    if options.name is None:
        sys.stdout.write(rendered(COLUMNS, [_row(copy, key) for copy in copies], "table") + "\n")
        return DONE
    chosen = next((copy for copy in copies if copy.name == options.name.removesuffix(".duckdb")), None)
    if chosen is None:
        raise UsageError("No kept copy has that name; “pledge restore” lists them.")
    n_responses, replaced = put_back(
        chosen, settings.vault_path, key, settings.backups_folder, stamp=run_name(now_in_utc())
    )
    aside = f"What was there is kept as {replaced.stem}. " if replaced else ""
    sys.stderr.write(
        f"{chosen.name} is in the vault's place, with {n_responses:,} responses, each version counted. "
        f"{aside}Run “pledge sync”: it fetches what has come or changed since.\n"
    )
    return DONE


def _row(copy: Copy, key: str) -> tuple[str, str, str, str, str]:
    try:
        n_responses = f"{responses_in(copy.path, key):,}"
    except VaultDamagedError:
        n_responses = "can't be read"
    except VaultKeyError:
        n_responses = "another key"
    megabytes = f"{copy.path.stat().st_size / 1_000_000:.1f}"
    return copy.name, f"{copy.made_at:%Y-%m-%d %H:%M} UTC", copy.why, n_responses, megabytes
