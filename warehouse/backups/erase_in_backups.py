"""The vault's backups, without a person who was forgotten in the vault."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse import failpoints
from warehouse.backups.backup import kept_backups
from warehouse.backups.rewrite import is_rewrite_due, rewrite
from warehouse.database.connection import attached, open_vault
from warehouse.database.private_files import throw_away
from warehouse.errors import DiskError, VaultLockedError, WarehouseError, told_plainly
from warehouse.privacy.erase_person import erase_person
from warehouse.privacy.erase_withdrawn import is_settled, is_staged
from warehouse.privacy.person import Person, person_of, responses_alone
from warehouse.transform.stage import staging_area


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased in each backup as it was in the vault.

    address, key: as asked for, and its email key; see `person_of`. None: by responses alone.
    person: as found in the vault. salt: the vault's secret of tombstones. at: when it was erased there (UTC).
    """

    address: str | None
    key: str | None
    person: Person
    salt: str
    who: str
    at: datetime


def erase_in_backups(vault: Path, vault_key: str, folder: Path, erasure: Erasure) -> tuple[int, list[str]]:
    """Erase a person in each backup and write its file anew; return how many, and the names of those deleted.

    One that can't be read, or that was made in the middle of something, is deleted: nobody can tell what is
    in it. The vault is held meanwhile, so no run makes a backup or drops one.

    Raises:
        VaultLockedError: the vault, or a backup, is open elsewhere.
        DiskError: there is no room.
    """
    n_rewritten, deleted = 0, []
    with attached(vault, vault_key, read_only=True):
        for backup in kept_backups(folder):
            if _erase_in(backup.path, vault_key, erasure):
                n_rewritten += 1
            else:
                with told_plainly(folder):
                    throw_away(backup.path)
                deleted.append(backup.name)
            failpoints.reached("backup looked through")
    return n_rewritten, deleted


def _erase_in(path: Path, key: str, erasure: Erasure) -> bool:
    at = erasure.at
    try:
        with open_vault(path, key, now=at) as backup, staging_area(backup):
            is_done = backup.execute("select 1 from privacy.erasures where erased_at = ?", [at]).fetchone()
            if is_done and not is_rewrite_due(backup):
                return True
            if not (is_staged(backup) or is_settled(backup)):
                return False
            person = _person_in(backup, erasure)
            only_here = person.response_ids - erasure.person.response_ids
            erase_person(backup, person, salt=erasure.salt, who=erasure.who, at=at, only_here=only_here)
        rewrite(path, key)
    except (DiskError, VaultLockedError):
        raise  # neither says anything about the backup, which would be deleted for it
    except (WarehouseError, duckdb.Error):
        return False
    return True


def _person_in(backup: DuckDBPyConnection, erasure: Erasure) -> Person:
    if erasure.address is None:
        return responses_alone(backup, erasure.person.response_ids)
    known = erasure.person
    return person_of(backup, erasure.address, erasure.key, forms=known.forms, also=known.response_ids)
