"""What people ask the warehouse: figures for reports, lists for staff, a reader's own SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.connection import open_for_reader
from warehouse.database.sql_files import column, rows, statement, value
from warehouse.errors import QueryError, WarehouseError
from warehouse.releases.kept import about
from warehouse.releases.publish import london_days

if TYPE_CHECKING:
    import pandas as pd


Row = dict[str, Any]


def query(published: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a reader's SQL on the published database, read-only.

    The connection can't reach any other file; instants are shown in UTC.

    Raises:
        NotPublishedError: there is no published file yet.
        QueryError: DuckDB refused the SQL; the message is its own.
    """
    connection = open_for_reader(published)
    try:
        if not connection.extract_statements(sql):
            raise QueryError("The query is empty; give a SELECT, for example: select * from about")
        cursor = connection.execute(sql)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except duckdb.Error as error:
        raise QueryError(f"DuckDB refused the query: {error}") from None
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the audit compares the whole with, beside the platform's own counts; None leaves a check out.

    least_total: signatories that there must be at least, so that a sudden fall is noticed.
    is_fall_accepted: a person has given the reason for fewer: it is told and doesn't stop.
    hours_since_fresh: whole hours since all was read the last time.
    stale_after_hours: how many may be.
    """

    least_total: int | None = None
    is_fall_accepted: bool = False
    hours_since_fresh: int | None = None
    stale_after_hours: int = 0


NO_BOUNDS = Bounds()


def published_total(published: Path) -> int | None:
    """Signatories in the published file; None where there is none that can be read."""
    try:
        return int(str(about(published)["n_signatories"]))
    except (WarehouseError, duckdb.Error, KeyError, ValueError):
        return None


def measures(
    connection: DuckDBPyConnection,
    survey_id: str,
    platform_total: int | None,
    rollups: Mapping[str, int] | None = None,
    bounds: Bounds = NO_BOUNDS,
) -> pd.DataFrame:
    """The frame that the audit looks at.

    One row a check: check, subject, observed, relation (``equal``, ``at most``, ``at least``) and
    expected (both int64), severity (``stop``, ``tell``).
    platform_total: the platform's own number of responses; None leaves its check out.
    rollups: choice id of the role question to the platform's own number of responses that ticked it,
        whatever their status; a choice that isn't there isn't compared.
    """
    counts = rollups or {}
    measured = connection.execute(
        statement("audit/measures"),
        {
            "survey_id": survey_id,
            "platform_total": platform_total,
            "choice_ids": list(counts),
            "choice_counts": list(counts.values()),
            **asdict(bounds),
        },
    )
    frame: pd.DataFrame = measured.to_arrow_table().to_pandas()
    return frame.astype({"observed": "int64", "expected": "int64"})


def dispositions(connection: DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """One row a disposition and reason, with how many responses have it, erased ones included."""
    return connection.execute(statement("read/dispositions")).fetchall()


def roles(connection: DuckDBPyConnection) -> list[str]:
    """Each role that somebody can be shown with, in the order of the form. Needs `make_shown_roles`."""
    return column(connection, statement("marts/signatories_by_role"))


def by_role(connection: DuckDBPyConnection) -> dict[str, int]:
    """Role as shown to the people who have it, in the order of the form. Needs `make_shown_roles`."""
    found = rows(connection, "marts/signatories_by_role")
    return {row["role"]: row["n_signatories"] for row in found if row["n_signatories"]}


def n_seen(connection: DuckDBPyConnection, survey_id: str) -> int:
    """Responses of the survey ever received, erased ones included."""
    return value(
        connection, "select count(distinct response_id) from raw.responses where survey_id = ?", [survey_id]
    )


def held_back(connection: DuckDBPyConnection) -> list[Row]:
    """One row a response held back: response_id, rule, reason, held_since (UTC)."""
    return rows(connection, "read/held_back")


def signatories(connection: DuckDBPyConnection, role: str | None) -> list[Row]:
    """One row a person, with name and address: only for a command that records its use.

    response_id, name, email, email_key, role, role_other, signed_at, modified_at (UTC).
    role: only those shown with it; None for all. Needs `make_shown_roles` before it.
    """
    return rows(connection, "read/signatories", role=role)


def contacts(
    connection: DuckDBPyConnection,
    survey_id: str,
    places: Sequence[tuple[str, str | None]],
    answers: Sequence[str],
) -> list[Row]:
    """One row a signatory whose form asked for it and whose last word is yes, with name and address.

    Only for a command that records its use.

    response_id, name, email, agreed_at (UTC), wording (what they agreed to, as the form had it) and
    pledge_version.
    places: question_id and row_id, or None, of each question that asks or asked for it.
    answers: the choices, by id or text, that mean yes.
    The vault must be settled, see `warehouse.privacy.erase_withdrawn.is_settled`. Needs `make_shown_roles`.
    """
    return rows(
        connection,
        "contacts/allowed",
        survey_id=survey_id,
        question_ids=[question_id for question_id, _ in places],
        row_ids=[row_id for _, row_id in places],
        answers=list(answers),
    )


def role_texts(connection: DuckDBPyConnection) -> list[Row]:
    """One row a text given as a role, then one a choice, each with the role it is shown as.

    kind (``text``, ``choice``, ``unknown choice``), text, choice_id, n_signatories, role, is_decided.

    Texts are people's own words: only for a command that records its use. Needs `make_shown_roles`.
    """
    return rows(connection, "read/role_texts")


def is_role_choice(connection: DuckDBPyConnection, choice_id: str) -> bool:
    """A form, or somebody's answer, has this choice of the role question. Needs `make_shown_roles`."""
    return value(connection, statement("read/is_role_choice"), {"choice_id": choice_id})


def normal_form_of(connection: DuckDBPyConnection, text: str) -> str:
    """A text of one's own as it is compared: without capitals, punctuation and needless spaces."""
    return value(connection, statement("read/normal_form"), {"text": text})


def disposition_of(connection: DuckDBPyConnection, response_id: str) -> str | None:
    """The final disposition of a response; None if it was never decided."""
    return value(connection, "select disposition from core.dispositions where response_id = ?", [response_id])


def held_rules(connection: DuckDBPyConnection, response_id: str) -> tuple[str, bool] | None:
    """The rules that hold a response back, joined by commas, and whether it has any readable time.

    None if none does.
    """
    found = rows(connection, "read/held_rules", response_id=response_id)
    return (str(found[0]["all_rules"]), bool(found[0]["has_time"])) if found else None


def held_rules_among(connection: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, int]:
    """Each rule that holds back some of these responses, and how many of them."""
    return {
        row["rule"]: int(row["n_responses"])
        for row in rows(connection, "read/held_rules_among", ids=list(ids))
    }


def n_with_text(connection: DuckDBPyConnection, kind: str, subject: str) -> int:
    """How many signatories wrote a text as their role: ``exact text`` or, by its normal form, ``other text``.

    Needs `make_shown_roles`.
    """
    return value(connection, statement("read/n_with_text"), {"kind": kind, "subject": subject})


def have_signals_been_looked_for(connection: DuckDBPyConnection) -> bool:
    """A run has looked for signals since the vault has a place for them."""
    return bool(value(connection, "select count(*) from core.signal_reasons"))


def cases(connection: DuckDBPyConnection, signal: str | None = None) -> list[Row]:
    """One row an open case with the people it is about: only for a command that records its use.

    case_name, signal, reason; response_ids, names and emails: lists, one or two of each. signal: only
    cases of it. Needs `make_shown_roles`.
    """
    return rows(connection, "read/cases", signal=signal)


def open_case(connection: DuckDBPyConnection, name: str) -> Row | None:
    """The open case of that name, with signatory_id, other_id and response_id. Needs `make_shown_roles`."""
    found = rows(connection, "read/open_case", case_name=name)
    return found[0] if found else None


def story_of(connection: DuckDBPyConnection, response_id: str) -> dict[str, Sequence[Row]]:
    """Everything that happened to one response, without what the person wrote.

    versions: one row a version received; form: the pledge version in force when it was begun;
    place, held_back, withdrawn, figures: at most one row each; decisions: of people about it;
    shared: the responses of the same person and their dispositions; changes: each one that it has had.
    All empty: never seen. Needs `make_shown_roles`.
    """
    names = (
        "versions", "form", "answers", "withdrawn", "held_back", "decisions", "shared", "place", "figures",
        "changes",
    )  # fmt: skip
    with london_days(connection):
        return {name: rows(connection, f"explain/{name}", response_id=response_id) for name in names}


def given_by_the_platform(connection: DuckDBPyConnection, ids: list[str]) -> list[str]:
    """Those of *ids* that the platform gave, and not only a file, and that it isn't known to have lost."""
    return column(
        connection,
        "select distinct response_id from raw.responses where source = 'api'"
        " and response_id in (select unnest($ids)) and response_id not in"
        " (select response_id from core.withdrawn) order by response_id",
        {"ids": ids},
    )


def decided(vault: DuckDBPyConnection) -> list[tuple[str, str, datetime]]:
    """(kind, verdict, when it was made or taken back) of each decision of people, oldest first."""
    return vault.execute(statement("read/decided")).fetchall()
