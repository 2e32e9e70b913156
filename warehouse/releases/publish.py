"""The published database: built aside, checked, renamed into place; the last few are kept."""

import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse import failpoints
from warehouse.database.connection import attached_beside, open_published
from warehouse.database.marks import mark
from warehouse.database.proof import Contents, compare, contents, counts
from warehouse.database.sql_files import execute_each, fingerprint, short_hash, statement
from warehouse.errors import WarehouseError, told_plainly
from warehouse.releases.figures_history import drop_later, note_release
from warehouse.releases.kept import (
    CURRENT,
    KEPT_FOLDER,
    Release,
    about,
    forget_all_but,
    keep_release,
    last_kept_run,
    put_release_in_place,
    sweep_leftovers,
)
from warehouse.transform.decisions import make_decided
from warehouse.transform.platform_comparison import make_compared
from warehouse.transform.signals import make_open
from warehouse.transform.stage import Form, make, make_choices

SCHEMA_VERSION = 3

SUPPORT = (
    "choices", "roles", "other_texts", "signatory_roles", "signatory_choices", "versions", "wordings",
    "forms_in_force",
)  # fmt: skip
TABLES = (
    "signatories", "signatures", "signatories_by_role", "signatories_by_day", "signatories_by_month_and_role",
    "signatories_by_choice", "pledge_versions", "held_back_by_rule", "reconciliation", "platform_comparison",
    "headline", "signals", "runs", "about",
)  # fmt: skip


@cache
def meanings() -> dict[str, dict[str, str]]:
    """What each published table, under the name “table”, and each of its columns means."""
    return tomllib.loads((files(__package__) / "columns.toml").read_text(encoding="utf-8"))


def content_of(connection: DuckDBPyConnection, form: Form) -> str:
    """Fingerprint of all that the published figures are made from."""
    row = connection.execute(statement("ledger/content")).fetchone()
    parts = (
        SCHEMA_VERSION,
        fingerprint(
            "signals/open", *(f"staging/{name}" for name in SUPPORT), *(f"marts/{name}" for name in TABLES)
        ),
        meanings(),
        mark(connection, "staged_by"),
        form.version,
        sorted((form.role_groups or {}).items()),
        form.breakdowns,
        form.pledge_texts,
        row,
    )
    return short_hash(repr(parts))


def is_new_content(connection: DuckDBPyConnection, form: Form, published: Path) -> bool:
    """The published file is missing, unreadable, or rests on something else than the vault holds now."""
    try:
        return about(published)["content"] != content_of(connection, form)
    except (WarehouseError, duckdb.Error):
        return True


def make_shown_roles(connection: DuckDBPyConnection, form: Form) -> None:
    """Fill what marts and audit share: each person's role and choices as shown, and the form's versions."""
    make_groups(connection, form)
    make_breakdowns(connection, form)
    make_pledge_texts(connection, form)
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


def make_breakdowns(connection: DuckDBPyConnection, form: Form) -> None:
    """Fill ``staging.breakdowns``: one row a breakdown and question that asks, or asked, for it."""
    connection.execute(
        "create or replace table staging.breakdowns (breakdown_no integer, breakdown varchar,"
        " question varchar, place_no integer, question_id varchar)"
    )
    for number, one in enumerate(form.breakdowns, 1):
        for place_no, question_id in enumerate(one.question_ids, 1):
            connection.execute(
                "insert into staging.breakdowns values (?, ?, ?, ?, ?)",
                [number, one.name, one.question, place_no, question_id],
            )


def make_pledge_texts(connection: DuckDBPyConnection, form: Form) -> None:
    """Fill ``staging.pledge_texts``: what people sign on each version of the form."""
    connection.execute(
        "create or replace table staging.pledge_texts"
        " (version varchar, pledge_text varchar, modified_at timestamptz, created_at timestamptz)"
    )
    for one in form.pledge_texts:
        connection.execute(
            "insert into staging.pledge_texts"
            " values (?, nullif(?, ''), try_cast(? as timestamptz), try_cast(? as timestamptz))",
            [one.version, one.text, one.modified_at, one.created_at],
        )


def publish(
    connection: DuckDBPyConnection,
    form: Form,
    release: Release,
    folder: Path,
    *,
    keep: int,
) -> Path:
    """Build the published database aside, prove that it opens, and rename it into place.

    folder: where readers look; the file is ``pledge.duckdb``. It and the *keep* releases before it
    lie in ``kept/`` under their runs' names. A reader who has the old file open goes on reading
    the old one. Nothing here opens the file in place, so a reader's lock on it, or damage to it,
    keeps nothing from being published.
    Its figures are kept in the vault, see `figures_history`. Needs `make_shown_roles` before it. Whatever
    fails, the file in place stays as it was.
    """
    target = folder / CURRENT
    with told_plainly(target):
        (folder / KEPT_FOLDER).mkdir(parents=True, exist_ok=True)
        sweep_leftovers(folder)
        if in_place := last_kept_run(folder):
            drop_later(connection, in_place)
        try:
            with put_release_in_place(target, release.run_id) as aside:
                expected = _build_aside(connection, form, release, aside)
                failpoints.reached("file built")
                with open_published(aside) as opened:
                    compare(contents(opened), expected, aside.name)
                keep_release(aside, folder / KEPT_FOLDER / f"pledge-{release.run_id}.duckdb")
                failpoints.reached("file kept")
            failpoints.reached("file in place")
            forget_all_but(keep + 1, folder)  # the one in place, and those before it
        finally:
            sweep_leftovers(folder)
    return target


def _build_aside(connection: DuckDBPyConnection, form: Form, release: Release, aside: Path) -> Contents:
    """Build all tables, each with what it means, and return how many rows each has."""
    parameters = {
        "survey_id": form.survey_id,
        "current_version": form.version,
        "run_id": release.run_id,
        "published_at": release.published_at,
        "fresh_as_of": release.fresh_as_of,
        "survey_title": release.survey_title,
        "n_seen": release.n_seen,
        "content": content_of(connection, form),
        "schema_version": SCHEMA_VERSION,
    }
    make_compared(connection)
    with attached_beside(connection, aside, "published"):
        with london_days(connection):
            for table in TABLES:
                text = f"create table published.{table} as {statement(f'marts/{table}')}"
                execute_each(connection, text, parameters)
        with closing(connection.cursor()) as published:
            published.execute("use published")
            _comment(published)
            published.execute("checkpoint")
            note_release(published)
            return counts(published)


def _comment(published: DuckDBPyConnection) -> None:
    for table, of_table in meanings().items():
        for name, meaning in of_table.items():
            what = f"table {table}" if name == "table" else f"column {table}.{name}"
            text = meaning.replace("'", "''")
            published.execute(f"comment on {what} is '{text}'")


@contextmanager
def london_days(connection: DuckDBPyConnection) -> Iterator[None]:
    """Within the block an instant's date is its date in Europe/London."""
    connection.execute("set TimeZone = 'Europe/London'")
    try:
        yield
    finally:
        connection.execute("set TimeZone = 'UTC'")
