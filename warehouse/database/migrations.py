"""Bring a vault's tables up to date; each migration is recorded in its own transaction."""

from importlib.metadata import version

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.sql_files import column, migrations, transaction, value
from warehouse.errors import WarehouseError

WRITTEN_BY = "written by"


def pending(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Migrations not yet applied, as (name, text), in order.

    Raises:
        WarehouseError: the vault has one that this pipeline doesn't know.
    """
    is_new = not value(
        connection,
        "select 1 from duckdb_tables()"
        " where database_name = current_database() and table_name = 'migrations'",
    )
    applied = set() if is_new else set(column(connection, "select name from migrations"))
    if newer := sorted(applied.difference(name for name, _ in migrations())):
        raise WarehouseError(
            f"The vault was written by a later version of the pipeline, which has {newer[-1]}; "
            "nothing was done. Update the pipeline, or put a copy from before in its place: pledge restore"
        )
    return [(name, text) for name, text in migrations() if name not in applied]


def migrate(connection: DuckDBPyConnection, now: object) -> list[str]:
    """Apply what is pending and return the names; *now* is an aware datetime in UTC."""
    connection.execute(
        "create table if not exists migrations (name varchar primary key, applied_at timestamptz not null)"
    )
    done = []
    for name, text in pending(connection):
        with transaction(connection):
            connection.execute(text)
            connection.execute("insert into migrations values (?, ?)", [name, now])
        done.append(name)
    if mark(connection, WRITTEN_BY) != this_pipeline():
        set_mark(connection, WRITTEN_BY, this_pipeline())
    return done


def change_ahead(connection: DuckDBPyConnection) -> str | None:
    """What `migrate` would change a vault for: ``migration``, ``version``, or None where it would not."""
    if pending(connection):
        return "migration"
    return "version" if mark(connection, WRITTEN_BY) != this_pipeline() else None


def this_pipeline() -> str:
    """What a vault remembers of the pipeline that wrote it last: its version, and that of its engine."""
    return f"{version('connect-pledge')}, DuckDB {duckdb.__version__}"
