"""The published database: built aside, checked, renamed into place; the last few are kept."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import NotPublishedError, WarehouseError, told_plainly
from warehouse.load import mark
from warehouse.stage import Form, make, make_choices
from warehouse.statements import fingerprint, statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

SCHEMA_VERSION = 1
CURRENT = "pledge.duckdb"
KEPT_FOLDER = "kept"

SUPPORT = ("choices", "roles", "signatory_roles", "versions")
TABLES = (
    "signatories", "signatures", "signatories_by_role", "signatories_by_day", "signatories_by_month_and_role",
    "pledge_versions", "held_back_by_rule", "reconciliation", "runs", "about",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edition:
    """What a published file says of itself besides its figures; instants are aware, in UTC."""

    run_id: str
    published_at: datetime
    fresh_as_of: datetime
    survey_title: str
    n_seen: int


def content_of(connection: DuckDBPyConnection, form: Form) -> str:
    """Fingerprint of all that the published figures are made from."""
    row = connection.execute(statement("ledger/content")).fetchone()
    parts = (
        SCHEMA_VERSION,
        fingerprint(
            "published/comments", *(f"staging/{name}" for name in SUPPORT), *(f"marts/{t}" for t in TABLES)
        ),
        mark(connection, "staged_by"),
        form.version,
        sorted((form.role_groups or {}).items()),
        row,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def is_new_content(connection: DuckDBPyConnection, form: Form, published: Path) -> bool:
    """The published file is missing, unreadable, or rests on something else than the vault holds now."""
    try:
        return about(published)["content"] != content_of(connection, form)
    except (WarehouseError, duckdb.Error):
        return True


def make_shown_roles(connection: DuckDBPyConnection, form: Form) -> None:
    """Fill what marts and audit share: the role of each person as shown, and the form's versions."""
    groups = form.role_groups or {}
    connection.execute("create or replace table staging.role_groups (choice varchar, role varchar)")
    if groups:
        connection.execute(
            "insert into staging.role_groups select unnest($choices), unnest($roles)",
            {"choices": list(groups), "roles": list(groups.values())},
        )
    make_choices(connection, form)
    for name in SUPPORT[1:]:
        make(connection, name, survey_id=form.survey_id)


def publish(connection: DuckDBPyConnection, form: Form, edition: Edition, folder: Path, *, keep: int) -> Path:
    """Build the published database aside, prove that it opens, and rename it into place.

    folder: where readers look; the file is ``pledge.duckdb``, and the *keep* editions before it
    lie in ``kept/``. A reader who has the old file open goes on reading the old one.
    Needs `make_shown_roles` before it. Whatever fails, the file in place stays as it was.
    """
    target = folder / CURRENT
    aside = folder / f".{CURRENT}.{edition.run_id}.new"
    with told_plainly(target):
        (folder / KEPT_FOLDER).mkdir(parents=True, exist_ok=True)
        _sweep_leftovers(folder)
        try:
            counts = _build_aside(connection, form, edition, aside)
            _prove(aside, counts)
            _sync(aside)
            _keep_current(folder, keep)
            aside.replace(target)
            _sync(folder)
        finally:
            aside.unlink(missing_ok=True)
    return target


def _sweep_leftovers(folder: Path) -> None:
    for leftover in folder.glob(f".{CURRENT}.*"):
        leftover.unlink()


def _build_aside(
    connection: DuckDBPyConnection, form: Form, edition: Edition, aside: Path
) -> Mapping[str, int]:
    parameters = {
        "survey_id": form.survey_id,
        "current_version": form.version,
        "run_id": edition.run_id,
        "published_at": edition.published_at,
        "fresh_as_of": edition.fresh_as_of,
        "survey_title": edition.survey_title,
        "n_seen": edition.n_seen,
        "content": content_of(connection, form),
        "schema_version": SCHEMA_VERSION,
    }
    quoted = os.fspath(aside).replace("'", "''")
    connection.execute(f"attach '{quoted}' as published")
    try:
        with london_days(connection):
            return {table: _build_table(connection, table, parameters) for table in TABLES}
    finally:
        connection.execute("use vault")
        connection.execute("detach published")


@contextmanager
def london_days(connection: DuckDBPyConnection) -> Iterator[None]:
    """Within the block an instant's date is its date in Europe/London."""
    connection.execute("set TimeZone = 'Europe/London'")
    try:
        yield
    finally:
        connection.execute("set TimeZone = 'UTC'")


def _build_table(connection: DuckDBPyConnection, table: str, parameters: Mapping[str, object]) -> int:
    text = statement(f"marts/{table}")
    used = {key: value for key, value in parameters.items() if f"${key}" in text}
    connection.execute(f"create table published.{table} as {text}", used)
    row = connection.execute(f"select count(*) from published.{table}").fetchone()
    if table == TABLES[-1]:
        connection.execute("use published")
        connection.execute(statement("published/comments"))
        connection.execute("checkpoint published")
    return int(row[0]) if row else 0


def _prove(aside: Path, counts: Mapping[str, int]) -> None:
    with duckdb.connect(os.fspath(aside), read_only=True) as opened:
        for table, expected in counts.items():
            row = opened.execute(f"select count(*) from {table}").fetchone()
            if row is None or row[0] != expected:
                raise WarehouseError(
                    f"The new {CURRENT} does not hold what was written to it (table {table}); it was thrown "
                    "away and the one before stays. Check the disk, then run again."
                )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_current(folder: Path, keep: int) -> None:
    """Link the file in place into ``kept/`` under its run's name, and drop the oldest over *keep*."""
    current, kept = folder / CURRENT, folder / KEPT_FOLDER
    if current.exists():
        name = kept / f"pledge-{run_of(current)}.duckdb"
        name.unlink(missing_ok=True)
        os.link(current, name)
    for old in sorted(kept.glob("pledge-*.duckdb"))[: -keep or None]:
        old.unlink()


def run_of(published: Path) -> str:
    """The run that made a published file."""
    return str(about(published)["run_id"])


def about(published: Path) -> dict[str, object]:
    """The one row of a published file's ``about``.

    Raises:
        NotPublishedError: there is no such file.
    """
    if not published.exists():
        raise NotPublishedError("Nothing has been published yet; run: pledge sync")
    with told_plainly(published), duckdb.connect(os.fspath(published), read_only=True) as opened:
        cursor = opened.execute("select * from about")
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone()
    return dict(zip(names, row or (), strict=False))


def rollback(folder: Path) -> str:
    """Put the edition before the current one back in its place and return its run.

    The current one is thrown away: the next night publishes anew what the vault holds.

    Raises:
        NotPublishedError: no earlier edition is kept.
    """
    kept = sorted((folder / KEPT_FOLDER).glob("pledge-*.duckdb"))
    if not kept:
        raise NotPublishedError("No earlier published file is kept, so there is nothing to go back to.")
    with told_plainly(folder / CURRENT):
        kept[-1].replace(folder / CURRENT)
        _sync(folder)
    return run_of(folder / CURRENT)
