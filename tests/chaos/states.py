"""All that two homes must have in common, row by row: everything but when, and by which run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.releases.publish import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

Tables = dict[str, list[tuple[Any, ...]]]

# Each table of the vault, and its columns that say only when a run saw something, and which.
VAULT = {
    "raw.surveys": ("first_seen_at", "run_id"),
    "raw.forms_in_force": ("in_force_from", "run_id"),
    "raw.questions": (),
    "raw.options": (),
    "raw.responses": ("received_no", "run_id", "fetched_at"),
    "ledger.cursors": (),
    "ledger.fields": (),
    "core.email_keys": (),
    "core.signatures": ("received_no",),
    "core.answers": (),
    "core.withdrawn": ("noticed_at", "run_id"),
    "core.held_back": ("held_since", "run_id"),
    "core.pending_responses": (),
    "core.pending_keys": (),
    "core.dispositions": (),
    "core.signatory_ids": (),
    "core.signatories": (),
}
PUBLISHED = {
    **dict.fromkeys(TABLES, ()),
    "pledge_versions": ("first_seen_at",),
    "held_back_by_rule": ("oldest_held_at",),
    "about": ("run_id", "published_at", "fresh_as_of", "content"),
}
# What a night did, and what it had the calls to ask.
del PUBLISHED["runs"], PUBLISHED["platform_comparison"]


def vault_tables(vault: DuckDBPyConnection) -> Tables:
    """The rows of each table of a vault, sorted."""
    return {table: _rows(vault, table, left_out) for table, left_out in VAULT.items()}


def published_tables(path: Path) -> Tables:
    """The rows of each table of a published file, sorted; a file that is not whole raises duckdb.Error."""
    with duckdb.connect(str(path), read_only=True) as opened:
        return {table: _rows(opened, table, left_out) for table, left_out in PUBLISHED.items()}


def different(one: Tables, other: Tables) -> list[str]:
    """Names of the tables that don't hold the same rows."""
    return sorted(table for table in one.keys() | other.keys() if one.get(table) != other.get(table))


def ids_in(tables: Tables) -> set[str]:
    """The responses that a vault has received."""
    return {str(row[0]) for row in tables["raw.responses"]}


def doubled_in(tables: Tables) -> int:
    """Responses in more than one place, and email keys that more than one person counts for."""
    return sum(
        len(rows) - len(set(rows))
        for rows in (
            [row[0] for row in tables["core.dispositions"]],
            [row[1] for row in tables["core.signatories"]],
            [row[0] for row in tables["core.signatures"]],
        )
    )


def _rows(opened: DuckDBPyConnection, table: str, left_out: Iterable[str]) -> list[tuple[Any, ...]]:
    names = ", ".join(left_out)
    wanted = f"* exclude ({names})" if names else "*"
    return opened.execute(f"select {wanted} from {table} order by all").fetchall()
