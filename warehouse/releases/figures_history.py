"""What a pack is made from: the counts of the release in place, and those of earlier ones, kept in the vault.

A release's figures are written down before its file is put in place. Those of one that never came there, or
was taken back, are later than the release in place: nobody reads them, and the next release drops them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.connection import open_published
from warehouse.database.sql_files import rows, statement, transaction, value
from warehouse.errors import told_plainly

WITH_DOUBTS = 2  # the schema version from which a published file has a range and the platform's counts
WITH_PLEDGE_TEXTS = 3  # the one from which it has what people signed, and since when


@dataclass(frozen=True, slots=True)
class ReleaseFigures:
    """The figures of one release: exact counts, small ones too, and no person.

    published_at, fresh_as_of: aware, UTC; when it was put in place, and when all had been read.
    by_role: (role, n) in the form's order, with roles that nobody has.
    by_day_and_role: (Europe/London date of first signing, role, n).
    dispositions: (place, reason, n). held_back: (rule, reason, n).
    wording, wording_since: what people signed on the form then, and when the form got these words; None when
        it isn't known.
    n_lowest, n_highest: the range of the headline. n_platform, n_here, compared_at: the platform's own count
        of responses, and ours of the same. None where the release has none.
    """

    run_id: str
    published_at: datetime
    fresh_as_of: datetime
    n_signatories: int
    n_seen: int
    by_role: list[tuple[str, int]]
    by_day_and_role: list[tuple[date, str, int]]
    dispositions: list[tuple[str, str, int]]
    held_back: list[tuple[str, str, int]]
    wording: str | None = None
    wording_since: datetime | None = None
    n_lowest: int | None = None
    n_highest: int | None = None
    n_platform: int | None = None
    n_here: int | None = None
    compared_at: datetime | None = None


def figures_in_place(published: Path) -> ReleaseFigures:
    """The figures of a published file.

    Raises:
        NotPublishedError: there is no such file.
        WarehouseError: it can't be read.
    """
    with told_plainly(published), open_published(published) as opened:
        (row,) = rows(opened, "releases/figures")
        version = value(opened, "select schema_version from about")
        for since, name in ((WITH_DOUBTS, "releases/doubts"), (WITH_PLEDGE_TEXTS, "releases/pledge_text")):
            if version >= since:
                row |= rows(opened, name)[0]
        return _release(row, opened.execute(statement("releases/by_day_and_role")).fetchall())


def release_before(vault: DuckDBPyConnection, before: datetime) -> ReleaseFigures | None:
    """The last release put in place before an aware instant; None where none is written down."""
    found = rows(vault, "releases/last_before", before=before)
    if not found:
        return None
    (row,) = found
    release_no = row.pop("release_no")
    days = vault.execute(statement("releases/days_of_release"), {"release_no": release_no})
    return _release(row, days.fetchall())


def first_published_at(vault: DuckDBPyConnection) -> datetime | None:
    """When the first release whose figures are written down was put in place; None: there is none."""
    return value(vault, "select min(published_at) from releases.figures")


def note_release(connection: DuckDBPyConnection) -> None:
    """Write the figures of a release into the vault; the release's file must be in use beside it."""
    with transaction(connection):
        connection.execute(
            "insert into vault.releases.figures by name"
            " select (select coalesce(max(release_no), 0) + 1 from vault.releases.figures) as release_no, *"
            f" from ({statement('releases/figures')}) cross join ({statement('releases/doubts')})"
            f" cross join ({statement('releases/pledge_text')})"
        )
        connection.execute(f"insert into vault.releases.day_changes {statement('releases/day_changes')}")


def drop_later(vault: DuckDBPyConnection, run_id: str) -> None:
    """Drop the figures of all releases after that of a run, which is in place."""
    with transaction(vault):
        last = value(
            vault, "select coalesce(max(release_no), 0) from releases.figures where run_id <= ?", [run_id]
        )
        for table in ("releases.figures", "releases.day_changes"):
            vault.execute(f"delete from {table} where release_no > ?", [last])


def _release(row: dict[str, Any], days: list[tuple[date, str, int]]) -> ReleaseFigures:
    counts = {
        name: [tuple(one.values()) for one in row[name] or ()]
        for name in ("by_role", "dispositions", "held_back")
    }
    return ReleaseFigures(**row | counts, by_day_and_role=days)
