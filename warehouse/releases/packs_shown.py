"""What packs have shown so far, remembered in the vault; what it means is the business of who writes it."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import transaction, value


def read_packs_shown(vault: DuckDBPyConnection) -> str | None:
    """What was noted last; None: nothing yet."""
    return value(vault, "select content from releases.packs_shown")


def note_packs_shown(vault: DuckDBPyConnection, content: str, at: datetime) -> None:
    """Put *content* in the place of what was noted before; *at* is an aware instant."""
    with transaction(vault):
        vault.execute("delete from releases.packs_shown")
        vault.execute("insert into releases.packs_shown values (?, ?)", [at, content])
