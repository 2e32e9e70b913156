"""One engine a process: the vault, its backups and published files are attached to it, and detached again."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from itertools import count
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.migrations import migrate, pending
from warehouse.database.private_files import log_of, make_private_folder, put_in_place
from warehouse.errors import NotPublishedError, VaultDamagedError, VaultKeyError, WarehouseError, told_plainly

MEMORY_LIMIT = "256MB"  # a first load of 400,000 responses costs no more with it than with 1 GB
THREADS = 1  # two take a third more processor time for a usual night, and save it no second; see memory.LARGE
CHECKPOINT_AT = "128MB"  # with DuckDB's own 16 MB a large first load spends half its time on checkpoints
KEY_LENGTH = 32
VAULT = "vault"

_numbers = count(1)


@contextmanager
def open_vault(
    path: Path, key: str, *, now: datetime, read_only: bool = False
) -> Iterator[DuckDBPyConnection]:
    """The vault at *path*, opened with *key*, as the connection's default database, in UTC.

    Made, with its folder, where it is missing, and its tables brought up to date, unless
    *read_only*. Leaving the block closes it. Its database is named `VAULT`: a home has one open at a time.

    Raises:
        NotPublishedError: *read_only*, and there is no vault yet.
        VaultKeyError: *key* is malformed or is not this vault's.
        VaultLockedError: another process has it open.
        VaultDamagedError: the file can't be read.
        DiskError: no room, or no right to write.
        WarehouseError: *read_only*, and its tables are of an earlier version.
    """
    refuse_malformed(key)
    if read_only and not path.exists():
        raise NotPublishedError("There is no vault yet; run: pledge sync")
    if not read_only:
        with told_plainly(path):
            make_private_folder(path.parent)
            if not path.exists():
                _make(path, key, now)
    with attached(path, key, name=VAULT, read_only=read_only) as connection:
        if not read_only:
            path.chmod(0o600)
            migrate(connection, now)
        else:
            refuse_earlier(connection, path)
        yield connection


def refuse_earlier(connection: DuckDBPyConnection, path: Path) -> None:
    """See that a vault's tables are as this pipeline knows them.

    Raises:
        WarehouseError: they aren't.
    """
    if pending(connection):
        raise WarehouseError(
            f"{path.name} is of an earlier version of the pipeline. The next sync brings it up to date; "
            "“pledge recount” does so now, without a call. It is backed up before."
        )


def _make(path: Path, key: str, now: datetime) -> None:
    """Make the vault aside: a killed first run leaves none, not a part of one."""
    for leftover in path.parent.glob(f".{path.name}.*.new*"):
        leftover.unlink(missing_ok=True)
    with (
        suppress(FileExistsError, FileNotFoundError),  # another process was first
        put_in_place(path, tag=f"{now:%Y%m%dT%H%M%S_%f}", is_new=True) as aside,
        attached(aside, key) as connection,
    ):
        migrate(connection, now)


@contextmanager
def attached(
    path: Path, key: str | None = None, *, name: str | None = None, read_only: bool = False
) -> Iterator[DuckDBPyConnection]:
    """A database file as it is, as the default database of a connection of its own, in UTC.

    key: None where the file isn't encrypted. name: the database's; None for one that nothing else has.

    Raises:
        WarehouseError: as `open_vault`.
    """
    if key is not None:
        refuse_malformed(key)
    name = name or f"file_{next(_numbers)}"
    with (
        told_plainly(path),
        closing(engine_of(path.parent.parent).cursor()) as outside,
        attached_beside(outside, path, name, key, read_only=read_only),
        closing(outside.cursor()) as connection,
    ):
        connection.execute(f"set threads = {THREADS}")  # whatever the one before took; see memory.share_work
        connection.execute(f"use {name}")
        yield connection


@contextmanager
def attached_beside(
    connection: DuckDBPyConnection, path: Path, name: str, key: str | None = None, *, read_only: bool = False
) -> Iterator[None]:
    """Within the block a file is the database *name*, beside what *connection* has open.

    Detaching gives up the lock on the file. What is committed and can't be written to its place then, for
    want of room, stays in the log beside it.
    """
    options = ["type duckdb", *([f"encryption_key '{key}'"] if key else []), *["read_only"] * read_only]
    connection.execute(f"attach '{_quoted(path)}' as {name} ({', '.join(options)})")
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            connection.execute(f"detach {name}")


def take_in_the_log(path: Path, key: str) -> None:
    """Have the vault's file take in the log that a killed process left beside it: then it is whole alone."""
    if path.exists() and log_of(path).exists():
        with attached(path, key):
            pass


def is_key_of(path: Path, key: str) -> bool:
    """A vault's file opens with *key*; False too where there is none, or where *key* is malformed.

    Raises:
        WarehouseError: it is open elsewhere, or damaged.
    """
    if not path.exists():
        return False
    try:
        with attached(path, key, read_only=True):
            return True
    except VaultKeyError:
        return False


@contextmanager
def open_published(path: Path) -> Iterator[DuckDBPyConnection]:
    """The published database at *path*, to read, in UTC.

    Raises:
        NotPublishedError: nothing has been published yet.
        WarehouseError: the file can't be opened.
    """
    with _told_of_published(path), attached(path, read_only=True) as connection:
        yield connection


def open_for_reader(path: Path) -> DuckDBPyConnection:
    """The same for a reader's own SQL: an engine of its own, cut off from the vault and every other file."""
    with _told_of_published(path), told_plainly(path):
        connection = duckdb.connect(
            os.fspath(path), read_only=True, config={"enable_external_access": "false"}
        )
        connection.execute("set TimeZone = 'UTC'")
    return connection


@contextmanager
def _told_of_published(path: Path) -> Iterator[None]:
    if not path.exists():
        raise NotPublishedError("Nothing has been published yet; run: pledge sync")
    try:
        yield
    except VaultDamagedError:
        raise WarehouseError(
            f"{path.name} can't be read: the file is damaged. Run “pledge sync” to have it made anew, or "
            "“pledge rollback” for the one before."
        ) from None


def refuse_malformed(key: str) -> None:
    """See that *key* can be a vault's; it stands in SQL text too.

    Raises:
        VaultKeyError: it can't.
    """
    if len(key) < KEY_LENGTH or not key.isascii() or not key.isalnum():
        raise VaultKeyError(
            f"The vault's key must be at least {KEY_LENGTH} letters and digits; "
            "set PLEDGE_VAULT_KEY or PLEDGE_VAULT_KEY_FILE to the key the vault was made with."
        )


@lru_cache(maxsize=1)  # a process works in one home; only tests go from one to the next
def engine_of(home: Path) -> DuckDBPyConnection:
    """The process's engine. It begins with the first file that is opened, so a fork before that is safe."""
    connection = engine(home / "vault" / "tmp")
    load_encryption(connection)
    return connection


def engine(temporary: Path | None) -> DuckDBPyConnection:
    """DuckDB in UTC with nothing attached; what doesn't fit the memory goes to *temporary*, or is refused."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "temp_directory": str(temporary) if temporary else "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        },
    )
    connection.execute("set temp_file_encryption = true")
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute(f"set checkpoint_threshold = '{CHECKPOINT_AT}'")
    return connection


def load_encryption(connection: DuckDBPyConnection) -> None:
    """Load what DuckDB needs to write encrypted files.

    Raises:
        WarehouseError: it is not installed, or is of another version of DuckDB.
    """
    found = sorted((files("duckdb_extension_httpfs") / "extensions").glob("*/httpfs.duckdb_extension"))  # type: ignore[attr-defined]
    if not found:
        raise WarehouseError(
            "DuckDB's httpfs extension is not installed; run: pip install -r requirements.lock"
        )
    try:
        connection.execute(f"load '{_quoted(Path(str(found[-1])))}'")
    except duckdb.Error:
        raise WarehouseError(
            "DuckDB's httpfs extension can't be loaded: it is of another version; run: "
            "pip install -r requirements.lock"
        ) from None


def _quoted(path: Path) -> str:
    return os.fspath(path).replace("'", "''")
