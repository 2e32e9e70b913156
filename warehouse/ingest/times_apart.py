"""How far apart the times of change of the same responses lie, in a file and in the vault."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from warehouse.database.sql_files import statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


SECONDS = len("2026-11-24T02:15:00")


def times_apart(
    connection: DuckDBPyConnection, survey_id: str, source: str, ids: Any, modified: Any
) -> dict[int, int]:
    """How many responses were changed so many minutes later by these times than the source says.

    ids, modified: Arrow columns of one length; the instants are ISO 8601 texts in UTC, null where there is
    none. What the source says is in its newest version of a response.
    """
    pa, pc = import_module("pyarrow"), import_module("pyarrow.compute")
    walls = pc.strptime(pc.utf8_slice_codeunits(modified, 0, SECONDS), "%Y-%m-%dT%H:%M:%S", "us")
    columns = {
        "arrival_no": pa.array(import_module("numpy").arange(len(ids)), pa.int64()),
        "response_id": ids,
        "modified_at": pc.assume_timezone(walls, "UTC"),
    }
    connection.register("given", pa.table(columns))
    try:
        rows = connection.execute(
            statement("raw/times_apart"), {"survey_id": survey_id, "source": source}
        ).fetchall()
    finally:
        connection.unregister("given")
    return {int(minutes): int(n) for minutes, n in rows}
