"""Memory given back between the steps of a night: DuckDB keeps what it has, and the checks need room."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import duckdb

from warehouse.connection import MEMORY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

SMALL_MB = 16  # where DuckDB holds no more, nothing is done: a quiet night is spared the checkpoint


def make_room(connection: DuckDBPyConnection) -> None:
    """Write to the vault what is committed, and let go of the memory that holds it."""
    held = connection.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchone()
    if held is None or held[0] < SMALL_MB * 1_000_000:
        return
    connection.execute("checkpoint")
    with suppress(duckdb.OutOfMemoryException):  # it has dropped what it could
        connection.execute(f"set memory_limit = '{SMALL_MB}MB'")
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    import_module("pyarrow").default_memory_pool().release_unused()


def drop_staged(connection: DuckDBPyConnection, names: Iterable[str]) -> None:
    """Drop tables of the staging area that no later step reads."""
    for name in names:
        connection.execute(f"drop table staging.{name}")
