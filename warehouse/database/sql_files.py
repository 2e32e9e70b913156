"""SQL files by name, `statement("core/start_over")` for `sql/core/start_over.sql`; results; transactions."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection


@cache
def statement(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (files("warehouse") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def execute_each(connection: DuckDBPyConnection, text: str, parameters: Mapping[str, object]) -> None:
    """Execute each statement of *text* with those of the parameters that it names."""
    for one in connection.extract_statements(text):
        connection.execute(one, {name: parameters[name] for name in one.named_parameters})


def value(connection: DuckDBPyConnection, sql: str, parameters: object = None) -> Any:
    """The first column of a query's first row; None where there is no row."""
    row = connection.execute(sql, parameters).fetchone()
    return row[0] if row else None


def column(connection: DuckDBPyConnection, sql: str, parameters: object = None) -> list[Any]:
    """The first column of all of a query's rows."""
    return [row[0] for row in connection.execute(sql, parameters).fetchall()]


def rows(connection: DuckDBPyConnection, name: str, **parameters: object) -> list[dict[str, Any]]:
    """All rows of a named statement, each a mapping of its columns."""
    return rows_of(connection.execute(statement(name), parameters or None))


def rows_of(executed: DuckDBPyConnection) -> list[dict[str, Any]]:
    """The same of a query that was just executed."""
    names = [column[0] for column in executed.description or ()]
    return [dict(zip(names, row, strict=True)) for row in executed.fetchall()]


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """All of the block, or none of it: leaving it by an error keeps nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a full disk may have ended the transaction already
            connection.execute("rollback")
        raise
    connection.execute("commit")


@contextmanager
def registered(connection: DuckDBPyConnection, name: str, columns: Mapping[str, Any]) -> Iterator[None]:
    """Within the block a table *name* has these Arrow columns, which the engine reads where they lie."""
    connection.register(
        name, import_module("pyarrow").table(columns)
    )  # pledge query starts faster without it
    try:
        yield
    finally:
        connection.unregister(name)


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """Every migration as (name, text), in order."""
    folder = files("warehouse") / "sql" / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        (name.removesuffix(".sql"), statement(f"migrations/{name.removesuffix('.sql')}")) for name in names
    )


def fingerprint(*names: str) -> str:
    """One hash over the named statements: what they make must be made anew when it changes."""
    return short_hash("".join(map(statement, names)))


def short_hash(text: str) -> str:
    """A fingerprint of *text*, short enough for a mark."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
