"""A kept backup put back in the vault's place."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.backups.backup import REPLACED, Backup
from warehouse.database.connection import take_in_the_log
from warehouse.database.private_files import copy_private, log_of, make_private_folder, put_in_place
from warehouse.database.proof import prove
from warehouse.errors import VaultDamagedError, VaultKeyError, VaultLockedError, told_plainly


def restore(backup: Backup, vault: Path, key: str, folder: Path, *, stamp: str) -> tuple[int, Path | None]:
    """Put *backup* in the vault's place, and the vault that is there aside into *folder*.

    stamp: now, as backups have it in their names. Gives back how many responses the backup holds, in all
    versions, and where the vault that was there lies now; None where there was none. Until the backup is
    proven nothing is touched. A power cut between the two leaves no vault, but never a part of one.

    Raises:
        VaultDamagedError, VaultKeyError: the backup can't be read with *key*; nothing was changed.
        VaultLockedError: a sync has the vault open.
    """
    found = prove(backup.path, key)
    with suppress(VaultDamagedError, VaultKeyError):  # then it is put aside as it is
        take_in_the_log(vault, key)
    with told_plainly(vault), locked(vault):
        make_private_folder(vault.parent)
        with put_in_place(vault) as aside:
            with backup.path.open("rb") as file:
                copy_private(file, aside)
            prove(aside, key, found)
            replaced = _put_aside(vault, folder / f"vault-{stamp}-{REPLACED}.duckdb")
    return found["raw.responses"][0], replaced


@contextmanager
def locked(vault: Path) -> Iterator[None]:
    """Keep every other process out of the vault's file, by the lock that DuckDB takes; damaged or not.

    Raises:
        VaultLockedError: another process has it open.
    """
    if not vault.is_file():
        yield
        return
    handle = os.open(vault, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise VaultLockedError(
            f"{vault.name} is open in another process, most likely a sync that is still running; wait for it "
            "to end, then restore. Nothing was changed."
        ) from None
    try:
        yield
    finally:
        os.close(handle)


def _put_aside(vault: Path, target: Path) -> Path | None:
    """Move the vault that is there, with its log, if it has one; another disk will do."""
    log, log_target = log_of(vault), log_of(target)
    was_there = vault.exists()
    if was_there:
        shutil.move(vault, target)
        target.chmod(0o600)
    if log.exists():
        shutil.move(log, log_target)
    return target if was_there else None
