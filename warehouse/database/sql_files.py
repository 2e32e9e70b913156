"""The one loader of SQL files: `statement("core/start_over")` reads `sql/core/start_over.sql`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from duckdb import DuckDBPyConnection


@cache
def statement(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (files("warehouse") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def execute_each(connection: DuckDBPyConnection, text: str, parameters: Mapping[str, object]) -> None:
    """Execute each statement of *text* with those of the parameters that it names."""
    for one in connection.extract_statements(text):
        connection.execute(one, {name: parameters[name] for name in one.named_parameters})


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
    digest = hashlib.sha256()
    for name in names:
        digest.update(statement(name).encode())
    return digest.hexdigest()[:16]
