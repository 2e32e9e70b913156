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

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

DISK_ERRNOS = frozenset({
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ENOSPC,
    errno.ENOTDIR, errno.EPERM, errno.EROFS,
})  # fmt: skip
UNWRITTEN = (
    "Could not write {name}: {why}. Free some room or mend the folder's rights, then run again; "
    "what was kept before is safe."
)


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
        why = error.strerror or "the system refused"
        raise DiskError(UNWRITTEN.format(name=refused.name, why=why)) from None


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


LOCKED = (
    "{name} is open in another process: most likely a sync that is still running, or a tool that was not "
    "told to open it read-only. Wait for it to end, or close it there, and try again."
)
WRONG_KEY = (
    "The key is not the one {name} was made with; set PLEDGE_VAULT_KEY or PLEDGE_VAULT_KEY_FILE to the right "
    "one. Nothing was changed."
)
NO_KEY = "{name} is encrypted and no key was given; set PLEDGE_VAULT_KEY_FILE."
NOT_ENCRYPTED = (
    "{name} is a database without encryption, so it is no vault of the pipeline's; move it away and put the "
    "vault's own file in its place."
)
DAMAGED = (
    "{name} can't be read: the file is damaged. “pledge restore” puts a backup in its place; the published "
    "figures are untouched."
)
# DuckDB has no codes for these: each error with its sentence, and what DuckDB's own message has in it then.
KNOWN = (
    (VaultLockedError, LOCKED, ("Could not set lock", "Conflicting lock")),
    (VaultKeyError, WRONG_KEY, ("Wrong encryption key",)),
    (VaultKeyError, NO_KEY, ("without a key",)),
    (DiskError, UNWRITTEN.replace("{why}", "no space left on the disk"), (
        "No space left", "Disk quota exceeded", "File too large", "max_temp_directory_size",
    )),
    (DiskError, UNWRITTEN.replace("{why}", "the folder or file may not be written"), (
        "Permission denied", "Operation not permitted", "Read-only file system", "Cannot open file",
        "Is a directory", "Not a directory", "Input/output error",
    )),
    (VaultDamagedError, NOT_ENCRYPTED, ("is not encrypted",)),
    (VaultDamagedError, DAMAGED, (
        "AES tag", "not a valid DuckDB", "Corrupt", "checksum", "Could not read enough bytes", "WAL",
    )),
)  # fmt: skip


def _known(message: str, path: Path) -> WarehouseError | None:
    """The error that *message* means, or None where it is none of those an operator can mend."""
    for error, sentence, parts in KNOWN:
        if any(part in message for part in parts):
            return error(sentence.format(name=path.name))
    return None
