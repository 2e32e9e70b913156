"""Open the vault and the published database; a transaction keeps nothing unless it ends well."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.migrations import migrate, pending
from warehouse.database.private_files import flush, make_private_folder
from warehouse.errors import NotPublishedError, VaultDamagedError, VaultKeyError, WarehouseError, told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


MEMORY_LIMIT = "256MB"  # a first load of 400,000 responses costs no more with it than with 1 GB
THREADS = 1  # two take a third more processor time for a usual night, and save it no second; see memory.LARGE
CHECKPOINT_AT = "128MB"  # with DuckDB's own 16 MB a large first load spends half its time on checkpoints
KEY_LENGTH = 32


@contextmanager
def open_vault(
    path: Path, key: str, *, now: datetime, read_only: bool = False
) -> Iterator[DuckDBPyConnection]:
    """The vault at *path*, opened with *key*, as the connection's default database, in UTC.

    Made, with its folder, where it is missing, and its tables brought up to date, unless
    *read_only*. Leaving the block closes it.

    Raises:
        NotPublishedError: *read_only*, and there is no vault yet.
        VaultKeyError: *key* is malformed or is not this vault's.
        VaultLockedError: another process has it open.
        VaultDamagedError: the file can't be read.
        DiskError: no room, or no right to write.
        WarehouseError: *read_only*, and its tables are of an earlier version.
    """
    _refuse_malformed(key)
    if read_only and not path.exists():
        raise NotPublishedError("There is no vault yet; run: pledge sync")
    if not read_only:
        with told_plainly(path):
            make_private_folder(path.parent)
            if not path.exists():
                _make(path, key, now)
    with attached(path, key, read_only=read_only) as connection:
        if not read_only:
            path.chmod(0o600)
            migrate(connection, now)
        elif pending(connection):
            raise WarehouseError(
                f"{path.name} is of an earlier version of the pipeline. The next sync brings it up to date; "
                "“pledge recount” does so now, without a call. A copy is kept before."
            )
        yield connection


@contextmanager
def attached(path: Path, key: str, *, read_only: bool = False) -> Iterator[DuckDBPyConnection]:
    """A vault's file as it is, its tables not brought up to date; see `open_vault`."""
    _refuse_malformed(key)
    with told_plainly(path):
        connection = engine(path.parent / "tmp")
        try:
            _attach(connection, path, key, read_only=read_only)
            yield connection
        finally:
            connection.close()


def take_in_the_log(path: Path, key: str) -> None:
    """Have the vault's file take in the log that a killed process left beside it: then it is whole alone."""
    if path.exists() and path.with_name(f"{path.name}.wal").exists():
        with attached(path, key):
            pass


def load_encryption() -> None:
    """Load what DuckDB needs to write an encrypted file.

    Raises:
        WarehouseError: it is not installed, or is of another version of DuckDB.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"load '{_openssl()}'")
    except duckdb.Error:
        raise WarehouseError(
            "DuckDB's httpfs extension can't be loaded: it is of another version; run: "
            "pip install -r requirements.lock"
        ) from None
    finally:
        connection.close()


def attach_fresh(connection: DuckDBPyConnection, path: Path, key: str) -> None:
    """Attach a new file with *key*, as ``fresh``, beside the vault."""
    connection.execute(f"load '{_openssl()}'")
    connection.execute(f"attach '{_quoted(path)}' as fresh (type duckdb, encryption_key '{key}')")


def _make(path: Path, key: str, now: datetime) -> None:
    """Make the vault aside and link it to its name: a killed first run leaves none, not a part of one."""
    aside = path.with_name(f".{path.name}.{now:%Y%m%dT%H%M%S_%f}.new")
    for leftover in path.parent.glob(f".{path.name}.*.new*"):
        leftover.unlink(missing_ok=True)
    try:
        with attached(aside, key) as connection:
            migrate(connection, now)
        flush(aside)
        with suppress(FileExistsError, FileNotFoundError):  # another process was first
            os.link(aside, path)
        flush(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def open_published(path: Path) -> DuckDBPyConnection:
    """The published database at *path*, read-only, in UTC, and cut off from every other file.

    Raises:
        NotPublishedError: nothing has been published yet.
        WarehouseError: the file can't be opened.
    """
    if not path.exists():
        raise NotPublishedError("Nothing has been published yet; run: pledge sync")
    try:
        with told_plainly(path):
            connection = duckdb.connect(
                os.fspath(path), read_only=True, config={"enable_external_access": "false"}
            )
            connection.execute("set TimeZone = 'UTC'")
    except VaultDamagedError:
        raise WarehouseError(
            f"{path.name} can't be read: the file is damaged. Run “pledge sync” to have it made anew, or "
            "“pledge rollback” for the one before."
        ) from None
    return connection


def _refuse_malformed(key: str) -> None:
    if len(key) < KEY_LENGTH or not key.isascii() or not key.isalnum():
        raise VaultKeyError(
            f"The vault's key must be at least {KEY_LENGTH} letters and digits; "
            "set PLEDGE_VAULT_KEY or PLEDGE_VAULT_KEY_FILE to the key the vault was made with."
        )


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
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set checkpoint_threshold = '{CHECKPOINT_AT}'")
    return connection


def _attach(connection: DuckDBPyConnection, path: Path, key: str, *, read_only: bool) -> None:
    connection.execute(
        f"load '{_openssl()}'"
    )  # to read alone, too: what doesn't fit the memory is written aside
    mode = ", read_only" if read_only else ""
    connection.execute(f"attach '{_quoted(path)}' as vault (type duckdb, encryption_key '{key}'{mode})")
    connection.execute("use vault")


def _openssl() -> str:
    """Where the extension lies that lets DuckDB write encrypted files."""
    found = sorted((files("duckdb_extension_httpfs") / "extensions").glob("*/httpfs.duckdb_extension"))  # type: ignore[attr-defined]
    if not found:
        raise WarehouseError(
            "DuckDB's httpfs extension is not installed; run: pip install -r requirements.lock"
        )
    return _quoted(Path(str(found[-1])))


def _quoted(path: Path) -> str:
    return os.fspath(path).replace("'", "''")
