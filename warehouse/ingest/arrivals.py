"""What is handed to the engine to be kept or compared: as Arrow columns, which it reads where they lie."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import registered, statement, value
from warehouse.ingest.erased_people import without_erased
from warehouse.ingest.ip_addresses import without_ip_addresses


def keep(connection: DuckDBPyConnection, name: str, part: Mapping[str, Any], of_all: dict[str, Any]) -> int:
    """Run the statement *name* over the responses in *part*, without what isn't kept; the rows added.

    What was erased comes in as a stub, and no IP address comes in.
    """
    with incoming(connection, part):
        part = without_erased(connection, part, of_all["survey_id"], of_all["source"])
    with incoming(connection, part):
        part = without_ip_addresses(connection, part)
    # The address block goes with a version that is added; one known before has it already, or had it.
    newest = value(connection, "select coalesce(max(received_no), 0) from raw.responses")
    with incoming(connection, part):
        added = value(connection, statement(name), of_all)
        if part["block"].null_count < len(part["block"]):
            connection.execute(statement("raw/address_blocks"), {"after": newest})
    return added


@contextmanager
def told_by_later_files(connection: DuckDBPyConnection, columns: Sequence[Any] = ()) -> Iterator[None]:
    """Within the block a table ``told_again`` holds the ids in these Arrow columns, as *response_id*."""
    pa = import_module("pyarrow")
    chunks = [chunk for column in columns for chunk in getattr(column, "chunks", [column])]
    with registered(connection, "told_again", {"response_id": pa.chunked_array(chunks, pa.string())}):
        yield


@contextmanager
def given(connection: DuckDBPyConnection, ids: Any) -> Iterator[None]:
    """Within the block a table ``given`` holds *ids*, a list or an Arrow column, as *response_id*."""
    pa = import_module("pyarrow")
    column = pa.array(ids, pa.string()) if isinstance(ids, list) else ids
    with registered(connection, "given", {"response_id": column}):
        yield


def columns_of(part: list[tuple[str, str]]) -> dict[str, Any]:
    """Ids and bodies as Arrow columns: bound as lists, each text would be copied three times."""
    pa = import_module("pyarrow")
    return {
        "response_id": pa.array([response_id for response_id, _ in part], pa.string()),
        "body": pa.array([body for _, body in part], pa.string()),
    }


@contextmanager
def incoming(connection: DuckDBPyConnection, part: Mapping[str, Any]) -> Iterator[None]:
    """Within the block a table ``incoming`` holds these columns, its rows numbered by *arrival_no*."""
    pa = import_module("pyarrow")
    numbers = pa.array(import_module("numpy").arange(len(part["response_id"])), pa.int64())
    with registered(connection, "incoming", {"arrival_no": numbers, **part}):
        yield
