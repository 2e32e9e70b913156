"""`pledge restore`: the kept backups of the vault, and one of them back in its place."""

import argparse
import sys

from flows.errors import DONE, SettingsError, UsageError
from flows.output import rendered
from flows.run.clock import now_in_utc, run_name
from flows.settings.model import KeySettings
from flows.vault.key import find_key
from warehouse.backups.backup import Backup, kept_backups, responses_in
from warehouse.backups.restore import restore as put_back
from warehouse.errors import VaultDamagedError, VaultKeyError

COLUMNS = ("name", "made_at", "why", "responses", "megabytes")


def restore(options: argparse.Namespace, settings: KeySettings) -> int:
    """List the kept backups, or put one in the vault's place; what is there is kept aside."""
    key = find_key(settings)
    if key is None:
        raise SettingsError(
            "There is no key for the vault's backups; set PLEDGE_VAULT_KEY_FILE to its key file, or put the "
            "file back as keys/vault.key under PLEDGE_HOME."
        )
    backups = kept_backups(settings.backups_folder)
    if options.name is None:
        sys.stdout.write(rendered(COLUMNS, [_row(backup, key) for backup in backups], "table") + "\n")
        return DONE
    chosen = next((backup for backup in backups if backup.name == options.name.removesuffix(".duckdb")), None)
    if chosen is None:
        raise UsageError("No kept backup has that name; “pledge restore” lists them.")
    n_responses, replaced = put_back(
        chosen, settings.vault_path, key, settings.backups_folder, stamp=run_name(now_in_utc())
    )
    aside = f"What was there is kept as {replaced.stem}. " if replaced else ""
    sys.stderr.write(
        f"{chosen.name} is in the vault's place, with {n_responses:,} responses, each version counted. "
        f"{aside}Run “pledge sync”: it fetches what has come or changed since.\n"
    )
    return DONE


def _row(backup: Backup, key: str) -> tuple[str, str, str, str, str]:
    try:
        n_responses = f"{responses_in(backup.path, key):,}"
    except VaultDamagedError:
        n_responses = "can't be read"
    except VaultKeyError:
        n_responses = "another key"
    megabytes = f"{backup.path.stat().st_size / 1_000_000:.1f}"
    return backup.name, f"{backup.made_at:%Y-%m-%d %H:%M} UTC", backup.why, n_responses, megabytes
