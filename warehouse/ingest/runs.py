"""The vault's own book: runs, and what the last one left."""

import json
from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import statement


def write_run(connection: DuckDBPyConnection, record: Mapping[str, Any]) -> None:
    """Write a run's record, in the place of an earlier state of the same run."""
    connection.execute(
        "insert or replace into ledger.runs"
        " values ($run_id, $command, $started_at, $ended_at, $state, $record)",
        {
            **{name: record[name] for name in ("run_id", "command", "started_at", "ended_at", "state")},
            "record": json.dumps(record, ensure_ascii=False),
        },
    )


def last_told_form(connection: DuckDBPyConnection, survey_id: str) -> tuple[str, str] | None:
    """Version and JSON text of the form that the last finished run met; None before the first.

    A run that was refused or killed does not count: what it had to tell is told again.
    """
    row = connection.execute(statement("ledger/last_told_form"), {"survey_id": survey_id}).fetchone()
    return None if row is None else (str(row[0]), str(row[1]))
