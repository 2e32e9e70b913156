"""IP addresses in responses as received, and what comes in without those that aren't kept.

An IP address is the value of "ip_address" in a response's text. Where it goes, it becomes an empty text, and
the rest stays byte for byte: so the same response, received again and treated alike, is known as the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.database.sql_files import statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection


MADE_BEFORE, KEPT = "ip addresses made before", "ip addresses are kept"  # marks

# A quote within a JSON text stands behind a backslash, so no answer can look like the key or end its value.
PATTERN = r'([{,]\s*"ip_address"\s*:\s*")(?:[^"\\]|\\.)+"'
WITHOUT = {"pattern": PATTERN, "replacement": r'\1"'}


def without_old_ips(connection: DuckDBPyConnection, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What comes in, without the IP addresses that aren't kept any more, so that none comes back.

    part: Arrow columns response_id and body, registered as ``incoming`` with *arrival_no*; it is given back
    where nothing was ever to be erased. What is taken out waits in memory for the signals of this run: see
    `make_old_origins`.
    """
    made_before = _mark(connection, MADE_BEFORE)
    if made_before is None:
        return part
    parameters = {
        **WITHOUT,
        "made_before": made_before,
        "is_none_kept": _mark(connection, KEPT) == "no",
    }
    arrived = connection.execute(statement("retention/arriving"), parameters).to_arrow_table()
    _remember(connection, arrived)
    return {name: arrived.column(name).combine_chunks() for name in ("response_id", "body")}


def make_old_origins(connection: DuckDBPyConnection) -> None:
    """Fill ``temp.old_origins``: where responses of this run came from whose IP address was not kept."""
    _make_arrived(connection)
    connection.execute(
        "create or replace temp table old_origins as"
        " select response_id, any_value(origin) as origin from temp.arrived_origins group by response_id"
    )


def forget_origins(connection: DuckDBPyConnection) -> None:
    """Let go of them: the signals have been noticed."""
    for name in ("arrived_origins", "old_origins"):
        connection.execute(f"drop table if exists temp.{name}")


def _remember(connection: DuckDBPyConnection, arrived: Any) -> None:
    if arrived.column("origin").null_count == len(arrived):
        return
    _make_arrived(connection)
    connection.register("arrived", arrived.select(["response_id", "origin"]))
    try:
        connection.execute(
            "insert into temp.arrived_origins select response_id, origin from arrived where origin <> ''"
        )
    finally:
        connection.unregister("arrived")


def _make_arrived(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table if not exists arrived_origins (response_id varchar, origin varchar)"
    )


def _mark(connection: DuckDBPyConnection, name: str) -> str | None:
    row = connection.execute("select value from ledger.marks where name = ?", [name]).fetchone()
    return None if row is None else str(row[0])
