"""Small facts that the vault remembers from run to run, each under a name."""

from __future__ import annotations

from duckdb import DuckDBPyConnection


def mark(connection: DuckDBPyConnection, name: str) -> str | None:
    """A small remembered fact, or None."""
    row = connection.execute("select value from ledger.state where name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def set_mark(connection: DuckDBPyConnection, name: str, value: str) -> None:
    """Remember a small fact."""
    connection.execute("insert or replace into ledger.state values (?, ?)", [name, value])


def drop_mark(connection: DuckDBPyConnection, name: str) -> None:
    """Remember it no longer."""
    connection.execute("delete from ledger.state where name = ?", [name])
