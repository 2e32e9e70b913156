"""Responses kept as received, page by page, and those that vanished."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import column, statement, transaction, value
from warehouse.ingest.arrivals import columns_of, given, keep, told_by_later_files

PART_SIZE = 4_000_000  # characters that come in at once: the engine takes up to thirty times their room


def load_responses(
    connection: DuckDBPyConnection,
    *,
    survey_id: str,
    ids: list[str],
    bodies: list[str],
    source: str,
    run_id: str,
    fetched_at: datetime,
    cursor: tuple[str | None, int, bool] | None,
) -> int:
    """Keep each body that is new, with the cursor it moves, in one transaction.

    ids, bodies: one for each response, the bodies untouched.
    cursor: (modified_from, page, is_walk_complete), or None where no walk moves.
    A response whose id had vanished and now comes again is no longer withdrawn.
    Returns the number of rows added: a body that the source gave before adds none, unless it
    comes back within the second of another one.
    """
    of_all = {"survey_id": survey_id, "source": source, "run_id": run_id, "fetched_at": fetched_at}
    with transaction(connection), told_by_later_files(connection):
        added = 0
        for part in _parts(ids, bodies):
            added += keep(connection, "raw/responses", columns_of(part), of_all)
        if ids:
            take_back_withdrawals(connection, ids)
        if cursor is not None:
            set_cursor(connection, survey_id, cursor)
    return added


def _parts(ids: list[str], bodies: list[str]) -> Iterator[list[tuple[str, str]]]:
    """Each response once, in parts of no more than PART_SIZE, unless a single one is longer."""
    part: list[tuple[str, str]] = []
    size = 0
    for response_id, body in dict.fromkeys(zip(ids, bodies, strict=True)):
        if part and size + len(body) > PART_SIZE:
            yield part
            part, size = [], 0
        part.append((response_id, body))
        size += len(body)
    if part:
        yield part


def set_cursor(connection: DuckDBPyConnection, survey_id: str, cursor: tuple[str | None, int, bool]) -> None:
    """Let the survey's walk go on there; see `cursor_of`."""
    connection.execute("insert or replace into ledger.cursors values (?, ?, ?, ?)", [survey_id, *cursor])


def take_back_withdrawals(connection: DuckDBPyConnection, ids: Any) -> None:
    """Who had vanished and is among *ids*, a list or an Arrow column, is there again."""
    if not value(connection, "select 1 from core.withdrawn limit 1"):  # as in most runs
        return
    with given(connection, ids):
        back = column(
            connection,
            "delete from core.withdrawn where response_id in (select response_id from given)"
            " returning response_id",
        )
    if back:
        pend(connection, back)


def cursor_of(connection: DuckDBPyConnection, survey_id: str) -> tuple[str | None, int, bool]:
    """Where the survey's walk goes on: (modified_from, page, is_walk_complete)."""
    row = connection.execute(
        "select modified_from, page, is_walk_complete from ledger.cursors where survey_id = ?", [survey_id]
    ).fetchone()
    return (row[0], int(row[1]), bool(row[2])) if row else (None, 1, False)


def last_fetched_at(connection: DuckDBPyConnection, survey_id: str) -> datetime | None:
    """When the platform last gave a response of the survey; None if never."""
    return value(
        connection,
        "select max(fetched_at) from raw.responses where survey_id = ? and source = 'api'",
        [survey_id],
    )


def forget_cursor(connection: DuckDBPyConnection, survey_id: str) -> None:
    """The next walk begins at the beginning."""
    connection.execute("delete from ledger.cursors where survey_id = ?", [survey_id])


def withdraw(connection: DuckDBPyConnection, ids: list[str], *, noticed_at: datetime, run_id: str) -> None:
    """Mark responses that vanished at the platform; they leave the counts with the next build."""
    if not ids:
        return
    with transaction(connection):
        connection.execute(
            "insert or ignore into core.withdrawn (response_id, noticed_at, run_id)"
            " select unnest($ids), $noticed_at, $run_id",
            {"ids": ids, "noticed_at": noticed_at, "run_id": run_id},
        )
        pend(connection, ids)


def withdrawn_by(connection: DuckDBPyConnection, run_id: str) -> list[str]:
    """Ids of the responses that a run has marked withdrawn."""
    return column(
        connection, "select response_id from core.withdrawn where run_id = ? order by response_id", [run_id]
    )


def pend(connection: DuckDBPyConnection, ids: list[str]) -> None:
    """Have the next build decide these responses again, and all that share their email keys."""
    connection.execute("insert into core.pending_responses select unnest($ids)", {"ids": ids})


def pend_all(connection: DuckDBPyConnection, survey_id: str) -> None:
    """Have the next build check and decide every response of the survey again."""
    connection.execute(statement("core/pend_all"), {"survey_id": survey_id})


def held_ids(connection: DuckDBPyConnection, survey_id: str) -> list[str]:
    """Ids that the platform should still have: seen from the API and not withdrawn."""
    return column(connection, statement("raw/live_ids"), {"survey_id": survey_id})


def count_live(connection: DuckDBPyConnection, survey_id: str) -> int:
    """How many responses the platform should still have."""
    return int(
        value(connection, f"select count(*) from ({statement('raw/live_ids')})", {"survey_id": survey_id})
    )


def missing_from(
    connection: DuckDBPyConnection, survey_id: str, ids: list[str]
) -> tuple[list[str], list[str]]:
    """Compare what we hold with all *ids* of the platform.

    Returns (vanished, unseen): ids that we hold live and the platform lacks, and ids of the
    platform that we don't hold live.
    """
    live, there = set(held_ids(connection, survey_id)), set(ids)
    return sorted(live - there), sorted(there - live)


def count_received(connection: DuckDBPyConnection, run_id: str) -> tuple[int, int]:
    """How many responses this run brought: (never seen before, seen before with another content)."""
    row = connection.execute(statement("raw/received"), {"run_id": run_id}).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def ids_from_files_alone(connection: DuckDBPyConnection, survey_id: str) -> set[str]:
    """Ids that only export files ever gave, not withdrawn."""
    return set(column(connection, statement("raw/ids_from_files_alone"), {"survey_id": survey_id}))
