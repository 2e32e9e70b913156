"""The published database: built aside, checked, renamed into place; the last few are kept."""

from __future__ import annotations

import filecmp
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.comparison import make_compared
from warehouse.connection import open_published
from warehouse.decisions import make_decided
from warehouse.errors import NotPublishedError, WarehouseError, told_plainly
from warehouse.load import mark
from warehouse.signals import make_open
from warehouse.stage import Form, make, make_choices
from warehouse.statements import fingerprint, statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

SCHEMA_VERSION = 2
CURRENT = "pledge.duckdb"
KEPT_FOLDER = "kept"
READ_ONLY = 0o444  # a tool that opens the file for writing would lock out all other readers

SUPPORT = ("choices", "roles", "other_texts", "signatory_roles", "versions", "forms_in_force")
TABLES = (
    "signatories", "signatures", "signatories_by_role", "signatories_by_day", "signatories_by_month_and_role",
    "pledge_versions", "held_back_by_rule", "reconciliation", "platform_comparison", "headline",
    "signals", "runs", "about",
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
            "published/comments",
            "signals/open",
            *(f"staging/{name}" for name in SUPPORT),
            *(f"marts/{t}" for t in TABLES),
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
    make_groups(connection, form)
    make_decided(connection)
    make_open(connection)
    make_choices(connection, form)
    for name in SUPPORT[1:]:
        make(connection, name, survey_id=form.survey_id)


def make_groups(connection: DuckDBPyConnection, form: Form) -> None:
    """Fill ``staging.role_groups``: which choices the settings show as one role."""
    groups = form.role_groups or {}
    connection.execute("create or replace table staging.role_groups (choice varchar, role varchar)")
    if groups:
        connection.execute(
            "insert into staging.role_groups select unnest($choices), unnest($roles)",
            {"choices": list(groups), "roles": list(groups.values())},
        )


def publish(
    connection: DuckDBPyConnection,
    form: Form,
    edition: Edition,
    folder: Path,
    *,
    keep: int,
    boundary: Callable[[str], None] = lambda _: None,
) -> Path:
    """Build the published database aside, prove that it opens, and rename it into place.

    folder: where readers look; the file is ``pledge.duckdb``. It and the *keep* editions before it
    lie in ``kept/`` under their runs' names. A reader who has the old file open goes on reading
    the old one. Nothing here opens the file in place, so a reader's lock on it, or damage to it,
    keeps nothing from being published.
    boundary: told ``file built``, ``file kept`` and ``file in place``; tests kill the process there.
    Needs `make_shown_roles` before it. Whatever fails, the file in place stays as it was.
    """
    target = folder / CURRENT
    aside = folder / f".{CURRENT}.{edition.run_id}.new"
    with told_plainly(target):
        (folder / KEPT_FOLDER).mkdir(parents=True, exist_ok=True)
        _sweep_leftovers(folder)
        try:
            counts = _build_aside(connection, form, edition, aside)
            boundary("file built")
            _prove(aside, counts)
            aside.chmod(READ_ONLY)
            _sync(aside)
            _keep(aside, folder / KEPT_FOLDER / f"pledge-{edition.run_id}.duckdb")
            boundary("file kept")
            _put_in_place(aside, target)
            boundary("file in place")
            _forget_all_but(keep + 1, folder)
        finally:
            _sweep_leftovers(folder)
    return target


def _sweep_leftovers(folder: Path) -> None:
    """Remove what a run that failed left: files built aside, and editions that never came into place."""
    for leftover in folder.glob(f".{CURRENT}.*"):
        leftover.unlink()
    _forget_later_ones(folder)


def _forget_later_ones(folder: Path) -> None:
    for edition in _editions_around(folder)[1]:
        edition.unlink(missing_ok=True)


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
    make_compared(connection)
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
    with open_published(aside) as opened:
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


def _keep(edition: Path, name: Path) -> None:
    name.unlink(missing_ok=True)
    os.link(edition, name)


def _put_in_place(edition: Path, target: Path) -> None:
    """Let readers find *edition* at *target* from now on."""
    # Whoever opened the file for writing may have left a log of changes, which are none of the new file's.
    target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
    edition.replace(target)
    _sync(target.parent)


def forget_earlier(folder: Path) -> int:
    """Delete the kept editions from before the one in place, and return how many."""
    with told_plainly(folder):
        earlier, _ = _editions_around(folder)
        for edition in earlier:
            edition.unlink(missing_ok=True)
    return len(earlier)


def _forget_all_but(n_kept: int, folder: Path) -> None:
    for old in kept_editions(folder)[:-n_kept]:
        old.unlink()


def kept_editions(folder: Path) -> list[Path]:
    """The editions that are kept, the one in place among them; oldest first."""
    return sorted((folder / KEPT_FOLDER).glob("pledge-*.duckdb"))


def _editions_around(folder: Path) -> tuple[list[Path], list[Path]]:
    """The kept editions before the one in place, and those after it: all are before it if it isn't kept."""
    kept, current = kept_editions(folder), folder / CURRENT
    if current.exists():
        for number, edition in enumerate(kept):
            if edition.samefile(current) or filecmp.cmp(edition, current, shallow=False):
                return kept[:number], kept[number + 1 :]
    return kept, []


def run_of(published: Path) -> str:
    """The run that made a published file."""
    return str(about(published)["run_id"])


def about(published: Path) -> dict[str, object]:
    """The one row of a published file's ``about``.

    Raises:
        NotPublishedError: there is no such file.
    """
    with told_plainly(published), open_published(published) as opened:
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
    target = folder / CURRENT
    with told_plainly(target):
        earlier, _ = _editions_around(folder)
        if not earlier:
            raise NotPublishedError("No earlier published file is kept, so there is nothing to go back to.")
        aside = folder / f".{CURRENT}.rollback"
        _keep(earlier[-1], aside)
        _put_in_place(aside, target)
        _forget_later_ones(folder)  # and no more: a night may be building its file aside now
    return run_of(target)
