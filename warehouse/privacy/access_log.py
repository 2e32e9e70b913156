"""Who used the vault, when and why: a list that can't be edited unnoticed.

Each entry's hash is SHA-256, in hexadecimal, over the hash before it (64 zeros before the first) and its
own fields: entry_no, used_at (microseconds since 1970), who, command, reason, n_rows. Each of these seven
texts stands in UTF-8 as its length in bytes, a colon, the text and a comma. So whoever changes, adds or
takes out an entry must make all hashes after it anew, and the last one is known outside: run records have it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.sql_files import transaction

COLUMNS = ("entry_no", "used_at", "who", "command", "reason", "n_rows")
MARK = "access log"
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: its last entry's number, 0 before the first, and that entry's hash."""

    n: int
    hash: str


NOTHING = Head(0, BEGINNING)


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first entry that isn't as it was written; why: a few words, none of the entry's own."""

    entry_no: int
    why: str


def record_access(
    connection: DuckDBPyConnection, *, at: datetime, who: str, command: str, reason: str, n_rows: int
) -> None:
    """Write down that a person read personal data, and why."""
    with transaction(connection):
        before = head(connection)
        entry = (before.n + 1, _microseconds(at), who, command, reason, n_rows)
        after = Head(before.n + 1, hash_of(before.hash, entry))
        connection.execute(
            "insert into privacy.access_log by name select ? as entry_no, ? as used_at, ? as who,"
            " ? as command, ? as reason, ? as n_rows, ? as entry_hash",
            [after.n, at, who, command, reason, n_rows, after.hash],
        )
        set_mark(connection, MARK, json.dumps({"n": after.n, "hash": after.hash}))


def hash_of(before: str, entry: Sequence[object]) -> str:
    """The hash of *entry*, its fields in the order of *COLUMNS* and its instant in microseconds."""
    digest = hashlib.sha256()
    for field in (before, *entry):
        text = str(field).encode()
        digest.update(b"%d:%b," % (len(text), text))
    return digest.hexdigest()


def head(connection: DuckDBPyConnection) -> Head:
    """Where the log ends now."""
    row = connection.execute(
        "select entry_no, entry_hash from privacy.access_log order by entry_no desc limit 1"
    ).fetchone()
    return NOTHING if row is None else Head(int(row[0]), str(row[1]))


def entries(connection: DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """One row an entry, oldest first, with the columns of *COLUMNS*; instants in UTC."""
    return connection.execute(
        f"select {', '.join(COLUMNS)} from privacy.access_log order by entry_no"
    ).fetchall()


def first_break(connection: DuckDBPyConnection, seen: Iterable[Head] = ()) -> ChainBreak | None:
    """The first entry that was changed, added in between or taken out; None where the log is whole.

    seen: where the log ended at earlier times, as somebody outside the vault has kept it.
    """
    hashes = {0: BEGINNING}
    found = connection.execute(
        "select entry_no, epoch_us(used_at), who, command, reason, n_rows, entry_hash"
        " from privacy.access_log order by entry_no"
    ).fetchall()
    for number, (*entry, entry_hash) in enumerate(found, 1):
        if entry[0] != number:
            return ChainBreak(number, "it is missing")
        if entry_hash != hash_of(hashes[number - 1], entry):
            return ChainBreak(number, "it, or the one before it, is not as it was written")
        hashes[number] = entry_hash
    remembered = mark(connection, MARK)
    ends = [Head(**json.loads(remembered))] if remembered else []
    misfits = [one for end in (*ends, *seen) if (one := _break_at(end, hashes))]
    return min(misfits, key=lambda one: one.entry_no, default=None)


def _break_at(end: Head, hashes: dict[int, str]) -> ChainBreak | None:
    last = len(hashes) - 1
    if end.n > last:
        return ChainBreak(last + 1, f"it is missing, and the log once had {end.n:,} entries")
    if hashes[end.n] != end.hash:
        return ChainBreak(end.n, "it, or one before it, was written anew")
    return None


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
