"""The one prover of files: read whole, and compared with what was written to them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.connection import attached
from warehouse.database.memory import share_work
from warehouse.errors import WarehouseError

Contents = dict[str, tuple[Any, ...]]
"""Of each table its number of rows, two sums over a hash of each row, and its definition; of each sequence
the number it stands at."""


def prove(path: Path, key: str, expected: Mapping[str, tuple[Any, ...]] | None = None) -> Contents:
    """Read all that a vault's closed file holds; see `compare`.

    Raises:
        WarehouseError: it can't be read whole with *key*, or doesn't hold what is *expected*.
    """
    with attached(path, key, read_only=True) as connection:
        share_work(connection, max((n for (n,) in counts(connection).values()), default=0))
        found = contents(connection)
    compare(found, expected or {}, path.name)
    return found


def compare(found: Contents, expected: Mapping[str, tuple[Any, ...]], name: str) -> None:
    """See that a new file holds what is expected of each table: its number of rows alone, or all of it.

    Raises:
        WarehouseError: it doesn't.
    """
    for table, parts in expected.items():
        if found.get(table, ())[: len(parts)] != parts:
            raise WarehouseError(
                f"{name} doesn't hold what was written to it (table {table}), so it was thrown away and what "
                "was there before stays. Check the disk, then run again."
            )


def counts(connection: DuckDBPyConnection) -> Contents:
    """Each table's number of rows alone, for which nothing has to be read."""
    return {table: _row(connection, f"select count(*) from {table}") for table, _ in _tables(connection)}


def contents(connection: DuckDBPyConnection) -> Contents:
    """All that a database holds, read block by block.

    Each block of an encrypted file has a tag that only the key and the block as written give, and each of
    another a checksum: what can be read is as it was written.
    """
    # By the xor alone two equal rows would count as none; by the sum alone two errors could cancel out.
    sums = "select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint) from"
    tables = {table: (*_row(connection, f"{sums} {table} as t"), sql) for table, sql in _tables(connection)}
    sequences = connection.execute(
        "select schema_name || '.' || sequence_name, coalesce(last_value, start_value)"
        " from duckdb_sequences() where database_name = current_database()"
    ).fetchall()
    return tables | {name: (at,) for name, at in sequences}


def _tables(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name || '.' || table_name, sql from duckdb_tables()"
        " where database_name = current_database()"
    ).fetchall()


def _row(connection: DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    return connection.execute(sql).fetchone() or ()
