"""The vault written anew, with its key or another one: what was deleted leaves no trace in the new file.

DuckDB marks what is deleted and gives the room to later rows; until then the bytes stay, readable to
whoever has the key.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.database.connection import attached, refuse_earlier, take_in_the_log
from warehouse.database.marks import mark, set_mark
from warehouse.database.migrations import pending
from warehouse.database.private_files import put_in_place
from warehouse.database.proof import contents, prove
from warehouse.errors import told_plainly
from warehouse.privacy.erase_withdrawn import last_erased_at

REWRITTEN = "rewritten at"  # a mark: the last erasure that the file was written anew after


def is_rewrite_due(connection: DuckDBPyConnection) -> bool:
    """Something was erased since the vault's file was last written anew."""
    erased_at, rewritten = last_erased_at(connection), mark(connection, REWRITTEN)
    return erased_at is not None and (rewritten is None or rewritten < erased_at.isoformat())


def rewrite_if_due(vault: Path, key: str) -> None:
    """Write the closed vault's file anew if something was erased since that was done last; see `rewrite`.

    One whose tables are to be changed first waits for that.
    """
    with attached(vault, key, read_only=True) as connection:
        is_due = not pending(connection) and is_rewrite_due(connection)
    if is_due:
        rewrite(vault, key)


def rewrite(vault: Path, key: str, *, new_key: str | None = None) -> None:
    """Write the closed vault's tables into a new file, prove it, and put it in the old one's place.

    new_key: what is to open the new file; None: the same key. The new file is compared with the old one row
    by row. Whatever fails, and wherever the process is killed, the file at *vault* is the old one or the new
    one, whole.

    Raises:
        WarehouseError: the vault is open elsewhere, of an earlier version or unreadable, or there is no room.
    """
    new_key = new_key or key
    take_in_the_log(vault, key)
    with (
        told_plainly(vault),
        attached(vault, key, name="old", read_only=True) as old,
        put_in_place(vault) as aside,  # while the old one is held: nobody writes what would be lost
    ):
        refuse_earlier(old, vault)
        with attached(aside, new_key, name="fresh") as fresh:
            fresh.execute("copy from database old to fresh")
            if erased_at := last_erased_at(fresh):
                set_mark(fresh, REWRITTEN, erased_at.isoformat())
            fresh.execute("checkpoint")
        expected = contents(old)
        del expected["ledger.state"]  # they differ by one
        prove(aside, new_key, expected)
