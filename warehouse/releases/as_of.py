"""The figures as they stood at an earlier time, from the history that the vault keeps.

What counted then is made by the night's own statements, on tables of what was so then. See decision 0038.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.database.sql_files import statement
from warehouse.errors import NoHistoryError
from warehouse.releases.publish import london_days, make_groups
from warehouse.transform.stage import Form, make_choices

if TYPE_CHECKING:
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection


THEN = {
    "core.signatories": "staging.signatories_then",
    "raw.responses": "staging.versions_then",
}


@dataclass(frozen=True, slots=True)
class FiguresThen:
    """Exact counts of an earlier time.

    run_id, fresh_as_of: of the run whose figures stood then, and when all had been read for the last time.
    by_role, by_day, places, held_back: as the published tables have them; by_day_and_role: (day, role, n).
    wording_since: None when the wording isn't known.
    """

    run_id: str
    fresh_as_of: datetime
    by_role: list[tuple[str, int]]
    by_day: list[tuple[date, int]]
    by_day_and_role: list[tuple[date, str, int]]
    places: list[tuple[str, str, int]]
    held_back: list[tuple[str, str, int]]
    wording: str
    wording_since: datetime | None


def figures_then(connection: DuckDBPyConnection, form: Form, until: datetime) -> FiguresThen:
    """The figures that stood at *until*. Needs `staging_area`.

    form: as it is now; which version was in force then is found in the record of the run.

    Raises:
        NoHistoryError: no run had published by then whose history is kept.
    """
    runs = connection.execute(statement("as_of/runs")).fetchall()
    ended = [run for run in runs if run[1] <= until]
    published = [at for at, run in enumerate(ended) if run[2]]
    if not published:
        raise NoHistoryError(_first_possible(runs))
    run_id, upto, _, _, version = ended[published[-1]]
    form = Form(form.survey_id, version or form.version, form.fields, form.role_groups)
    _make_then(connection, form, upto)
    with london_days(connection):
        return FiguresThen(
            run_id=run_id,
            fresh_as_of=max(run[3] or upto for run in ended[published[-1] :]),
            by_role=_rows(connection, "marts/signatories_by_role", 2),
            by_day=_rows(connection, "marts/signatories_by_day", 2),
            by_day_and_role=_rows(connection, "as_of/by_day_and_role", 3),
            places=connection.execute(
                "select place, reason, count(*) from staging.places_then group by all order by all"
            ).fetchall(),
            held_back=_rows(connection, "as_of/held_back", 3),
            **_wording(connection, form.version),
        )


def _make_then(connection: DuckDBPyConnection, form: Form, upto: datetime) -> None:
    """Fill ``staging`` with what was so at *upto*: places, signatures, persons, roles as shown."""
    _make(connection, "places_then", "as_of/places", upto=upto)
    _make(connection, "versions_then", "as_of/versions", upto=upto)
    make_choices(connection, form)
    for name in ("parsed", "responses", "answers", "fields"):
        text = statement("as_of/responses" if name == "responses" else f"staging/{name}")
        _make_of(connection, name, text, after=-1, upto=2**62)
    row = connection.execute("select count(*) from ledger.fields where field = 'role'").fetchone()
    is_role_asked = "yes" if row and row[0] else "no"
    _make(connection, "signatures_then", "as_of/signatures", is_role_asked=is_role_asked)
    _make(connection, "signatories_then", "as_of/signatories")
    _make(connection, "decided", "as_of/decided", upto=upto)
    make_groups(connection, form)
    for name in ("roles", "other_texts", "signatory_roles", "versions"):
        _make_of(connection, name, statement(f"staging/{name}"), survey_id=form.survey_id)


def _make(connection: DuckDBPyConnection, table: str, name: str, **parameters: object) -> None:
    connection.execute(f"create or replace table staging.{table} as {statement(name)}", parameters)


def _make_of(connection: DuckDBPyConnection, table: str, text: str, **parameters: object) -> None:
    """A table of the night's own, from what was so then."""
    used = {key: value for key, value in parameters.items() if f"${key}" in text}
    connection.execute(f"create or replace table staging.{table} as {_then(text)}", used)


def _rows(connection: DuckDBPyConnection, name: str, n_columns: int) -> list[tuple[Any, ...]]:
    return [row[:n_columns] for row in connection.execute(_then(statement(name))).fetchall()]


def _then(text: str) -> str:
    for now, then in THEN.items():
        text = text.replace(now, then)
    return text


def _wording(connection: DuckDBPyConnection, version: str) -> dict[str, Any]:
    row = connection.execute(
        "select wording, first_seen_at from staging.versions where version = $version", {"version": version}
    ).fetchone()
    return {"wording": row[0], "wording_since": row[1]} if row else {"wording": "", "wording_since": None}


def _first_possible(runs: list[tuple[Any, ...]]) -> str:
    first = next((run[1] for run in runs if run[2]), None)
    if first is None:
        return "No figures have been published yet, so there is no earlier state. Run: pledge sync"
    return f"The history begins later; the first day that a pack can show is {first:%Y-%m-%d}."
