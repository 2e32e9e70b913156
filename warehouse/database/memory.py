"""What the engine may use between the steps of a run: memory is given back, large work is shared."""

import os
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.connection import MEMORY_LIMIT
from warehouse.database.sql_files import value

ROW_GROUP = 122_880  # rows: so many that are added at once are written to their place, not to the log first
LARGE = 2 * ROW_GROUP  # the engine gives a core a row group at least, so of fewer a second one gets little
LARGE_LIMIT = "512MB"
SMALL_MB = 16  # where DuckDB holds no more, nothing is done: a quiet run is spared the checkpoint


def make_room(connection: DuckDBPyConnection) -> None:
    """Write to the vault what is committed, and let go of the memory that holds it."""
    if value(connection, "select sum(memory_usage_bytes) from duckdb_memory()") >= SMALL_MB * 1_000_000:
        connection.execute("checkpoint")
        with suppress(duckdb.OutOfMemoryException):  # it has dropped what it could
            # DuckDB lets go of blocks that it has cached only where the limit makes it.
            connection.execute(f"set memory_limit = '{SMALL_MB}MB'")
        import_module("pyarrow").default_memory_pool().release_unused()
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")


def take_room(connection: DuckDBPyConnection) -> None:
    """Let the engine use twice the memory, until `make_room`: for large work while nothing else needs it."""
    connection.execute(f"set memory_limit = '{LARGE_LIMIT}'")


def share_work(connection: DuckDBPyConnection, n_rows: int) -> None:
    """Let a second core work from here on, where so many rows are to be gone through that it saves time."""
    if n_rows >= LARGE and (os.cpu_count() or 1) > 1:
        connection.execute("set threads = 2")


def drop_staged(connection: DuckDBPyConnection, names: Iterable[str]) -> None:
    """Drop tables of the staging area that no later step reads."""
    for name in names:
        connection.execute(f"drop table staging.{name}")
