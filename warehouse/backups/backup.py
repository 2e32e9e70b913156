"""Backups of the vault: made while nobody else can write it, proven to open, the last few kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.connection import attached, is_key_of, take_in_the_log
from warehouse.database.private_files import copy_private, make_private_folder, put_in_place, throw_away
from warehouse.database.proof import contents, counts, prove
from warehouse.database.sql_files import statement, value
from warehouse.errors import VaultDamagedError, WarehouseError, told_plainly
from warehouse.privacy.erase_withdrawn import last_erased_at

NIGHTLY, MIGRATION, VERSION, ROTATION = "nightly", "migration", "version", "rotation"
REPLACED = "replaced"
STAMP = "%Y%m%dT%H%M%S_%fZ"
NAME = re.compile(
    rf"vault-(?P<stamp>\d{{8}}T\d{{6}}_\d{{6}}Z)-"
    rf"(?P<why>{NIGHTLY}|{MIGRATION}|{VERSION}|{ROTATION}|{REPLACED})\.duckdb"
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A kept backup of the vault.

    made_at: when the run that made it began (UTC).
    why: ``nightly``, ``migration`` or ``version`` (made before the vault was changed by one), ``rotation``
        (made with a new key), or ``replaced`` (the vault that a restored one took the place of; it may be
        damaged).
    """

    path: Path
    made_at: datetime
    why: str

    @property
    def name(self) -> str:
        return self.path.stem


def kept_backups(folder: Path) -> list[Backup]:
    """The backups in *folder*, newest first; any other file is left out."""
    found = ((path, NAME.fullmatch(path.name)) for path in folder.glob("vault-*.duckdb"))
    backups = [
        Backup(path, datetime.strptime(match["stamp"], STAMP).replace(tzinfo=UTC), match["why"])
        for path, match in found
        if match
    ]
    return sorted(backups, key=lambda backup: (backup.made_at, backup.why), reverse=True)


def back_up(vault: Path, key: str, folder: Path, *, run_id: str, why: str) -> Path:
    """Copy the closed vault into *folder* as ``vault-<run_id>-<why>.duckdb``, and prove the backup.

    Whatever fails, no half backup stays.

    Raises:
        WarehouseError: the vault is open elsewhere, there is no room, or the backup can't be read.
    """
    target = folder / f"vault-{run_id}-{why}.duckdb"
    with _locked(vault, key) as (connection, file):
        _copy(connection, file, key, target)
    return target


def back_up_nightly(
    vault: Path, key: str, folder: Path, *, run_id: str, keep: int, now: datetime
) -> Path | None:
    """The same, unless the newest backup is good and holds the same; then drop those not kept any longer.

    Gives back the backup made, or None. See `drop_old`.
    """
    target = folder / f"vault-{run_id}-{NIGHTLY}.duckdb"
    with _locked(vault, key) as (connection, file):
        erased_at = last_erased_at(connection)
        is_kept = _is_kept(connection, folder, key)
        if not is_kept:
            _copy(connection, file, key, target)
    drop_old(folder, keep=keep, now=now, erased_at=erased_at)
    return None if is_kept else target


@contextmanager
def _locked(vault: Path, key: str) -> Iterator[tuple[DuckDBPyConnection, BinaryIO]]:
    """The vault, open to read and so locked against writers, and its file to copy from.

    The file is closed last: to close it drops every lock that this process has on it, DuckDB's too.
    """
    take_in_the_log(vault, key)
    with told_plainly(vault), vault.open("rb") as file, attached(vault, key, read_only=True) as connection:
        yield connection, file


def _copy(connection: DuckDBPyConnection, file: BinaryIO, key: str, target: Path) -> None:
    with told_plainly(target):
        make_private_folder(target.parent)
        for leftover in target.parent.glob(".vault-*"):
            leftover.unlink()
        with put_in_place(target) as aside:
            copy_private(file, aside)
            prove(aside, key, counts(connection))


def responses_in(path: Path, key: str) -> int:
    """Read all that a vault's file holds, and return how many responses that is, in all versions.

    Raises:
        VaultDamagedError: a part of it can't be read.
        VaultKeyError: *key* is not its key.
    """
    return int(prove(path, key)["raw.responses"][0])


def count_responses(connection: DuckDBPyConnection) -> int:
    """How many responses are kept, each version by itself."""
    return value(connection, "select count(*) from raw.responses")


def newest_good(folder: Path, key: str) -> Backup | None:
    """The newest backup that can be read whole with *key*; None where there is none.

    A vault that was replaced is none: there was a reason.
    """
    for backup in kept_backups(folder):
        if backup.why == REPLACED:
            continue
        try:
            prove(backup.path, key)
        except (WarehouseError, duckdb.Error):
            continue
        return backup
    return None


def drop_unopened(folder: Path, key: str) -> list[Backup]:
    """Delete the backups that *key* doesn't open, the damaged ones too, and return them."""
    unopened = [backup for backup in kept_backups(folder) if not _opens(backup.path, key)]
    with told_plainly(folder):
        for backup in unopened:
            throw_away(backup.path)
    return unopened


def _opens(path: Path, key: str) -> bool:
    try:
        return is_key_of(path, key)
    except VaultDamagedError:
        return False


def drop_old(folder: Path, *, keep: int, now: datetime, erased_at: datetime | None) -> list[Backup]:
    """Delete the backups that are not to be kept any longer, and return them.

    The newest *keep* stay, and the newest one made before a migration. erased_at: when somebody's
    answers were last erased from the vault; what was made before goes once it is *keep* days old and a
    newer one is there.
    """
    backups = kept_backups(folder)
    before_migration = next((backup for backup in backups if backup.why == MIGRATION), None)
    old = [backup for backup in backups[keep:] if backup is not before_migration]
    with_erased = [backup for backup in backups if erased_at and not _is_after(backup, erased_at)]
    if len(with_erased) < len(backups):
        oldest_allowed = now - timedelta(days=keep)
        old += [backup for backup in with_erased if backup.made_at < oldest_allowed and backup not in old]
    with told_plainly(folder):
        for backup in old:
            throw_away(backup.path)
    return old


def _is_after(backup: Backup, erased_at: datetime) -> bool:
    """The backup was made after that erasure; a run that changes the vault backs it up first."""
    return backup.made_at > erased_at or (backup.made_at == erased_at and backup.why == NIGHTLY)


def _is_kept(connection: DuckDBPyConnection, folder: Path, key: str) -> bool:
    newest = next((backup for backup in kept_backups(folder) if backup.why != REPLACED), None)
    if newest is None:
        return False
    try:
        with attached(newest.path, key, read_only=True) as backup:
            if _content(backup) != _content(connection):
                return False
            contents(backup)
    except (WarehouseError, duckdb.Error):  # damaged, or its tables are of an earlier version
        return False
    return True


def _content(connection: DuckDBPyConnection) -> Any:
    return connection.execute(statement("ledger/worth_keeping")).fetchone()
