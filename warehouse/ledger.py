"""The vault's own book: runs, and what the last one left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection


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
