"""A vault in memory, which nothing is written from: for what is tried out before it is done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from warehouse.database.connection import engine
from warehouse.database.memory import make_room
from warehouse.database.migrations import migrate
from warehouse.database.sql_files import statement
from warehouse.ingest.arrivals import incoming
from warehouse.transform.stage import staging_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from duckdb import DuckDBPyConnection


OF_FORMS = ("raw.surveys", "raw.forms_in_force", "raw.questions", "raw.options", "ledger.state")
OF_RESPONSES = (
    "raw.responses", "core.signatures", "core.answers", "core.email_keys", "core.pending_responses",
    "core.pending_keys",
)  # fmt: skip
OF_STAGING = ("staged_by", "staged_upto")  # marks of what has been done with responses


@contextmanager
def vault_in_memory(vault: DuckDBPyConnection | None, *, now: datetime) -> Iterator[DuckDBPyConnection]:
    """A vault that is gone after the block, with a staging area; it knows the forms that *vault* knows.

    It holds no response, and leaves no file: what doesn't fit the memory allowed is refused by the engine.
    """
    connection = engine(None)
    try:
        migrate(connection, now)
        if vault is not None:
            _take_over_forms(connection, vault)
        with staging_area(connection):
            yield connection
    finally:
        connection.close()


def _take_over_forms(connection: DuckDBPyConnection, vault: DuckDBPyConnection) -> None:
    connection.execute("delete from ledger.state")
    for table in OF_FORMS:
        connection.register("known", vault.execute(f"from {table}").to_arrow_table())
        connection.execute(f"insert into {table} from known")
        connection.unregister("known")
    connection.execute("delete from ledger.state where name in (?, ?)", list(OF_STAGING))


@contextmanager
def holding(
    connection: DuckDBPyConnection, batches: Iterable[tuple[Any, Any]], **of_all: object
) -> Iterator[None]:
    """Within the block the vault in memory holds these responses, and only these.

    batches: Arrow columns of ids and of bodies. of_all: survey_id, source, run_id and fetched_at.
    """
    for ids, bodies in batches:
        with incoming(connection, {"response_id": ids, "body": bodies}):
            connection.execute(statement("raw/new_responses"), of_all)
    try:
        yield
    finally:
        for table in OF_RESPONSES:
            connection.execute(f"delete from {table}")
        make_room(connection)
