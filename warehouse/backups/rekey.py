"""The vault, or a copy of it, written anew with another key, and proven before the old file goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.database.connection import attach_fresh, attached, take_in_the_log
from warehouse.database.private_files import put_in_place
from warehouse.errors import VaultDamagedError, VaultKeyError, told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection


Contents = dict[str, tuple[Any, ...]]


def is_key_of(path: Path, key: str) -> bool:
    """A vault's file opens with *key*; False too where there is none, or where *key* is malformed.

    Raises:
        WarehouseError: it is open elsewhere, or damaged.
    """
    try:
        with attached(path, key, read_only=True):
            return True
    except VaultKeyError:
        return False


def rekey(path: Path, key: str, new_key: str, *, boundary: Callable[[str], None] = lambda _: None) -> int:
    """Write a closed vault's file anew with *new_key*, prove it, and put it in the old one's place.

    Gives back how many tables were compared, row by row. Whatever fails, or wherever the process is killed,
    the file at *path* is the old one or the new one, whole.
    boundary: told ``NAME written``, ``NAME proven`` and ``NAME in place``; tests kill the process there.

    Raises:
        VaultDamagedError: the file can't be read whole.
        WarehouseError: it is open elsewhere, *key* is not its key, or there is no room.
    """
    aside = path.with_name(f".{path.name}.rekeyed")
    take_in_the_log(path, key)
    with told_plainly(path):
        _throw_away(aside)
        try:
            with attached(path, key, read_only=True) as connection:
                held = contents(connection)
                attach_fresh(connection, aside, new_key)
                aside.chmod(0o600)
                connection.execute("copy from database vault to fresh")
                connection.execute("checkpoint fresh")
                connection.execute("detach fresh")
                boundary(f"{path.name} written")
                _prove(aside, new_key, held)
                boundary(f"{path.name} proven")
                put_in_place(aside, path)  # while the old one is held: nobody writes what would be lost
        finally:
            _throw_away(aside)
    boundary(f"{path.name} in place")
    return len(held)


def contents(connection: DuckDBPyConnection) -> Contents:
    """Each table's definition, number of rows, and two sums over a hash of each row; each sequence's next."""
    tables = connection.execute(
        "select schema_name, table_name, sql from duckdb_tables() where database_name = 'vault'"
    ).fetchall()
    found: Contents = {
        f"{schema}.{table}": (
            sql,
            *(
                connection.execute(
                    f'select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint) from "{schema}"."{table}" as t'
                ).fetchone()
                or ()
            ),
        )
        for schema, table, sql in tables
    }
    for schema, name, last in connection.execute(
        "select schema_name, sequence_name, coalesce(last_value, start_value) from duckdb_sequences()"
        " where database_name = 'vault'"
    ).fetchall():
        found[f"{schema}.{name}"] = (last,)
    return found


def _throw_away(aside: Path) -> None:
    """What a killed run left of it too: its log would be taken for the new file's."""
    aside.unlink(missing_ok=True)
    aside.with_name(f"{aside.name}.wal").unlink(missing_ok=True)


def _prove(aside: Path, key: str, held: Contents) -> None:
    with attached(aside, key, read_only=True) as connection:
        if contents(connection) != held:
            raise VaultDamagedError(
                f"{aside.name} doesn't hold what was written to it, so it was thrown away and the old file "
                "stays; check the disk."
            )
