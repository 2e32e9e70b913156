"""Open the vault and the published database; a transaction keeps nothing unless it ends well."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import VaultKeyError, WarehouseError, told_plainly
from warehouse.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MEMORY_LIMIT = "1GB"  # a night's batches need less; the rest of the machine is the reader's
CHECKPOINT_AT = "256MB"  # with DuckDB's own 16 MB a large first load spends half its time on checkpoints
KEY_LENGTH = 32


@contextmanager
def open_vault(
    path: Path, key: str, *, now: datetime, read_only: bool = False
) -> Iterator[DuckDBPyConnection]:
    """The vault at *path*, opened with *key*, as the connection's default database, in UTC.

    Made, with its folder, where it is missing, and its tables brought up to date, unless
    *read_only*. Leaving the block closes it.

    Raises:
        VaultKeyError: *key* is malformed or is not this vault's.
        VaultLockedError: another process has it open.
        VaultDamagedError: the file can't be read.
        DiskError: no room, or no right to write.
    """
    _refuse_malformed(key)
    with told_plainly(path):
        if not read_only:
            _make_private_folder(path.parent)
        connection = _engine(path.parent / "tmp")
        try:
            _attach(connection, path, key, read_only=read_only)
            if not read_only:
                path.chmod(0o600)
                migrate(connection, now)
            yield connection
        finally:
            connection.close()


def _refuse_malformed(key: str) -> None:
    if len(key) < KEY_LENGTH or not key.isascii() or not key.isalnum():
        raise VaultKeyError(
            f"The vault's key must be at least {KEY_LENGTH} letters and digits; "
            "set PLEDGE_VAULT_KEY or PLEDGE_VAULT_KEY_FILE to the key the vault was made with."
        )


def _make_private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _engine(temporary: Path) -> DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(temporary),
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
    if not read_only:
        connection.execute(f"load '{_openssl()}'")
    mode = ", read_only" if read_only else ""
    connection.execute(f"attach '{_quoted(path)}' as vault (encryption_key '{key}'{mode})")
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
