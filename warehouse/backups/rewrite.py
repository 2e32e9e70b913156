"""The vault written anew: what was deleted in it leaves no trace in the new file.

DuckDB marks what is deleted and gives the room to later rows; until then the bytes stay, readable to
whoever has the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.backups.backup import count_responses, prove
from warehouse.database.connection import attach_fresh, attached, take_in_the_log
from warehouse.database.marks import mark
from warehouse.database.private_files import put_in_place
from warehouse.errors import told_plainly
from warehouse.privacy.erase_withdrawn import last_erased_at

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duckdb import DuckDBPyConnection


REWRITTEN = "rewritten at"


def is_rewrite_due(connection: DuckDBPyConnection) -> bool:
    """Answers were erased since the vault's file was last written anew."""
    erased_at, rewritten = last_erased_at(connection), mark(connection, REWRITTEN)
    return erased_at is not None and (rewritten is None or rewritten < erased_at.isoformat())


def rewrite_if_due(vault: Path, key: str, *, now: datetime) -> None:
    """Write the closed vault's file anew if something was erased since that was done last; see `rewrite`."""
    with attached(vault, key, read_only=True) as connection:
        is_due = is_rewrite_due(connection)
    if is_due:
        rewrite(vault, key, now=now)


def rewrite(vault: Path, key: str, *, now: datetime) -> None:
    """Write the closed vault's tables into a new file, prove it, and put it in the old one's place.

    Whatever fails, the old file stays as it was.

    Raises:
        WarehouseError: the vault is open elsewhere or can't be read, or there is no room.
    """
    aside = vault.with_name(f".{vault.name}.rewritten")
    take_in_the_log(vault, key)
    with told_plainly(vault):
        aside.unlink(missing_ok=True)
        try:
            with attached(vault, key, read_only=True) as connection:
                attach_fresh(connection, aside, key)
                connection.execute("copy from database vault to fresh")
                connection.execute(
                    "insert or replace into fresh.ledger.state values (?, ?)", [REWRITTEN, now.isoformat()]
                )
                connection.execute("checkpoint fresh")
                connection.execute("detach fresh")
                prove(aside, key, count_responses(connection))
                aside.chmod(0o600)
                put_in_place(aside, vault)  # while the old one is held: nobody writes what would be lost
        finally:
            aside.unlink(missing_ok=True)
