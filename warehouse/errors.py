"""Errors of the warehouse, each one sentence with a next step.

WarehouseError
├── VaultLockedError       another process has the vault open
├── VaultKeyError          the key is missing or is not this vault's
├── VaultDamagedError      the file can't be read as it is
├── DiskError              no room, or no right to write
├── NotPublishedError      there is no published database yet
├── NoHistoryError         nothing is known of so early a time
├── DecisionError          there is no such thing to decide or to undo
└── QueryError             a reader's own SQL was refused

DuckDB's own messages may quote values, so none of them is passed on, but for a reader's query
on the published database, which holds no person.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

DISK_ERRNOS = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EEXIST,
        errno.EFBIG,
        errno.EIO,
        errno.EISDIR,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
    }
)
# The same, as DuckDB words them.
NO_ROOM = ("No space left", "Disk quota exceeded", "File too large", "max_temp_directory_size")
NO_RIGHT = (
    "Permission denied", "Operation not permitted", "Read-only file system", "Cannot open file",
    "Is a directory", "Not a directory", "Input/output error",
)  # fmt: skip


class WarehouseError(Exception):
    """The warehouse could not do what was asked of it."""


class VaultLockedError(WarehouseError):
    """Another process has the vault open."""


class VaultKeyError(WarehouseError):
    """The key is missing, or is not the one this vault was made with."""


class VaultDamagedError(WarehouseError):
    """The vault's file can't be read."""


class DiskError(WarehouseError):
    """The disk is full, or the folder may not be written."""


class NotPublishedError(WarehouseError):
    """There is no published database yet."""


class NoHistoryError(WarehouseError):
    """Nothing is known of so early a time; the sentence names the first day of which something is."""


class DecisionError(WarehouseError):
    """There is no such thing to decide, or to undo."""


class QueryError(WarehouseError):
    """A reader's SQL was refused; the message is DuckDB's own."""


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what DuckDB and the system say about *path* into a sentence; bugs pass through."""
    try:
        with engine_told_plainly(path):
            yield
    except OSError as error:
        if error.errno not in DISK_ERRNOS:
            raise
        refused = Path(error.filename) if isinstance(error.filename, str) else path
        raise DiskError(_disk_sentence(refused, error.strerror or "the system refused")) from None


@contextmanager
def engine_told_plainly(path: Path) -> Iterator[None]:
    """The same for what DuckDB says alone."""
    try:
        yield
    except duckdb.Error as error:
        known = _known(str(error), path)
        if known is None:
            raise
        raise known from None


def _known(message: str, path: Path) -> WarehouseError | None:
    """The error that *message* means, or None where it is none of those an operator can mend."""
    return _lock_or_key(message, path) or _disk_or_damage(message, path)


def _lock_or_key(message: str, path: Path) -> WarehouseError | None:
    if "Could not set lock" in message or "Conflicting lock" in message:
        return VaultLockedError(
            f"{path.name} is open in another process: most likely a sync that is still running, or a tool "
            "that was not told to open it read-only. Wait for it to end, or close it there, and try again."
        )
    if "Wrong encryption key" in message:
        return VaultKeyError(
            f"The key is not the one {path.name} was made with; set PLEDGE_VAULT_KEY or "
            "PLEDGE_VAULT_KEY_FILE to the right one. Nothing was changed."
        )
    if "without a key" in message:
        return VaultKeyError(f"{path.name} is encrypted and no key was given; set PLEDGE_VAULT_KEY_FILE.")
    return None


def _disk_or_damage(message: str, path: Path) -> WarehouseError | None:
    if any(words in message for words in NO_ROOM):
        return DiskError(_disk_sentence(path, "no space left on the disk"))
    if any(words in message for words in NO_RIGHT):
        return DiskError(_disk_sentence(path, "the folder or file may not be written"))
    if "is not encrypted" in message:
        return VaultDamagedError(
            f"{path.name} is a database without encryption, so it is no vault of the pipeline's; move it "
            "away and put the vault's own file in its place."
        )
    damaged = ("AES tag", "not a valid DuckDB", "Corrupt", "checksum", "Could not read enough bytes", "WAL")
    if any(word in message for word in damaged):
        return VaultDamagedError(
            f"{path.name} can't be read: the file is damaged. “pledge restore” puts a backup in its "
            "place; the published figures are untouched."
        )
    return None


def _disk_sentence(path: Path, why: str) -> str:
    return (
        f"Could not write {path.name}: {why}. Free some room or mend the folder's rights, then run again; "
        "what was kept before is safe."
    )
