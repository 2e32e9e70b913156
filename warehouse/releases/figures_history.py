"""What a pack is made from: the counts of the release in place, and those of earlier ones, kept in the vault.

A release's figures are written down before its file is put in place. Those of one that never came there, or
was taken back, are later than the release in place: nobody reads them, and the next release drops them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.connection import open_published
from warehouse.database.sql_files import rows, rows_of, statement, transaction, value
from warehouse.errors import told_plainly

WITH_DOUBTS = 2  # the schema version from which a published file has a range and the platform's counts
WITH_TEXTS = 3  # the one from which it has breakdowns, doubts by kind, and what people signed since when


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
    breakdowns: (name, heading of the question, (choice, n) in the form's order), with choices that nobody
        made. doubts: (kind, n), how many are open. Empty where the release has none.
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
    breakdowns: list[tuple[str, str, list[tuple[str, int]]]] = field(default_factory=list)
    doubts: list[tuple[str, int]] = field(default_factory=list)


def figures_in_place(published: Path) -> ReleaseFigures:
    """The figures of a published file.

    Raises:
        NotPublishedError: there is no such file.
        WarehouseError: it can't be read.
    """
    with told_plainly(published), open_published(published) as opened:
        (row,) = rows(opened, "releases/figures")
        version = value(opened, "select schema_version from about")
        later = ((WITH_DOUBTS, "releases/doubts"), (WITH_TEXTS, "releases/breakdowns"))
        for since, name in (*later, (WITH_TEXTS, "releases/pledge_text")):
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
            f" cross join ({statement('releases/breakdowns')})"
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


def role_counts(vault: DuckDBPyConnection, run_id: str) -> dict[str, int] | None:
    """The exact counts by role of a run's release; None where they aren't written down."""
    row = _noted(vault, run_id)
    return dict(_tuples(row["by_role"])) if row else None


def role_counts_by(vault: DuckDBPyConnection, run_id: str, day: date) -> dict[str, int] | None:
    """The same of those who first signed by the end of a day (Europe/London); 0 where nobody had."""
    row = _noted(vault, run_id)
    if row is None:
        return None
    by_day = rows(vault, "releases/role_counts_by", release_no=row["release_no"], day=day)
    found = {one["role"]: one["n_signatories"] for one in by_day}
    return dict.fromkeys(dict(_tuples(row["by_role"])), 0) | found


def places_of(
    vault: DuckDBPyConnection, run_id: str
) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]] | None:
    """The dispositions and held-back rows of a run's release; None where they aren't written down."""
    row = _noted(vault, run_id)
    return (_tuples(row["dispositions"]), _tuples(row["held_back"])) if row else None


def choice_counts(vault: DuckDBPyConnection, run_id: str, name: str) -> dict[str, int] | None:
    """The exact counts by choice of one breakdown of a run's release; None where it isn't written down."""
    row = _noted(vault, run_id)
    found = [one for one in row["breakdowns"] or () if one["name"] == name] if row else []
    return dict(_tuples(found[0]["choices"])) if found else None


def _noted(vault: DuckDBPyConnection, run_id: str) -> dict[str, Any] | None:
    found = rows_of(vault.execute("select * from releases.figures where run_id = ?", [run_id]))
    return found[0] if found else None


def _release(row: dict[str, Any], days: list[tuple[date, str, int]]) -> ReleaseFigures:
    counts = {name: _tuples(row.get(name)) for name in ("by_role", "dispositions", "held_back", "doubts")}
    breakdowns = [
        (name, question, _tuples(choices)) for name, question, choices in _tuples(row.get("breakdowns"))
    ]
    return ReleaseFigures(**row | counts | {"breakdowns": breakdowns}, by_day_and_role=days)


def _tuples(structs: Iterable[dict[str, Any]] | None) -> list[tuple[Any, ...]]:
    """The values of each struct; none where there is no list of them."""
    return [tuple(one.values()) for one in structs or ()]
