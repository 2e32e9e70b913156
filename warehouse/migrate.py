"""Bring a vault's tables up to date; each migration is recorded in its own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.statements import migrations
from warehouse.transaction import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def pending(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Migrations not yet applied, as (name, text), in order."""
    connection.execute(
        "create table if not exists migrations (name varchar primary key, applied_at timestamptz not null)"
    )
    applied = {name for (name,) in connection.execute("select name from migrations").fetchall()}
    return [(name, text) for name, text in migrations() if name not in applied]


def migrate(connection: DuckDBPyConnection, now: object) -> list[str]:
    """Apply what is pending and return the names; *now* is an aware datetime in UTC."""
    done = []
    for name, text in pending(connection):
        with transaction(connection):
            connection.execute(text)
            connection.execute("insert into migrations values (?, ?)", [name, now])
        done.append(name)
    return done
