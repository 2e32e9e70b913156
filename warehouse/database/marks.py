"""Small facts that the vault remembers from run to run, each under a name."""

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import value


def mark(connection: DuckDBPyConnection, name: str) -> str | None:
    """A small remembered fact, or None."""
    return value(connection, "select value from ledger.state where name = ?", [name])


def set_mark(connection: DuckDBPyConnection, name: str, text: str) -> None:
    """Remember a small fact."""
    connection.execute("insert or replace into ledger.state values (?, ?)", [name, text])


def drop_mark(connection: DuckDBPyConnection, name: str) -> None:
    """Remember it no longer."""
    connection.execute("delete from ledger.state where name = ?", [name])
