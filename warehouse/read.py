"""What people ask the warehouse: figures for reports, lists for staff, a reader's own SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.connection import open_published
from warehouse.errors import QueryError
from warehouse.statements import statement
from warehouse.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import pandas as pd

Row = dict[str, Any]


def query(published: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a reader's SQL on the published database, read-only.

    The connection can't reach any other file; instants are shown in UTC.

    Raises:
        NotPublishedError: there is no published file yet.
        QueryError: DuckDB refused the SQL; the message is its own.
    """
    connection = open_published(published)
    try:
        if not connection.extract_statements(sql):
            raise QueryError("The query is empty; give a SELECT, for example: select * from about")
        cursor = connection.execute(sql)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except duckdb.Error as error:
        raise QueryError(f"DuckDB refused the query: {error}") from None
    finally:
        connection.close()


def rows(connection: DuckDBPyConnection, name: str, **parameters: object) -> list[Row]:
    """All rows of a named statement, each a mapping of its columns."""
    cursor = connection.execute(statement(name), parameters or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def measures(connection: DuckDBPyConnection, survey_id: str, platform_total: int | None) -> pd.DataFrame:
    """The frame that the audit looks at.

    One row a check: check, subject, observed and expected (int64), severity (``stop``,
    ``tell``). platform_total: the platform's own number of responses; None leaves its check out.
    """
    measured = connection.execute(
        statement("audit/measures"), {"survey_id": survey_id, "platform_total": platform_total}
    )
    frame: pd.DataFrame = measured.to_arrow_table().to_pandas()
    return frame.astype({"observed": "int64", "expected": "int64"})


def places(connection: DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """One row a place and reason, with how many responses are in it, erased ones included."""
    return connection.execute(statement("read/places")).fetchall()


def roles(connection: DuckDBPyConnection) -> list[str]:
    """Each role that somebody can be shown with, in the order of the form. Needs `make_shown_roles`."""
    return [role for role, *_ in connection.execute(statement("marts/signatories_by_role")).fetchall()]


def by_role(connection: DuckDBPyConnection) -> dict[str, int]:
    """Role as shown to the people who have it, in the order of the form. Needs `make_shown_roles`."""
    return {
        role: int(n)
        for role, n, _ in connection.execute(statement("marts/signatories_by_role")).fetchall()
        if n
    }


def n_seen(connection: DuckDBPyConnection, survey_id: str) -> int:
    """Responses of the survey ever received, erased ones included."""
    row = connection.execute(statement("read/n_seen"), {"survey_id": survey_id}).fetchone()
    return int(row[0]) if row else 0


def held_back(connection: DuckDBPyConnection) -> list[Row]:
    """One row a response held back: response_id, rule, reason, held_since (UTC)."""
    return rows(connection, "read/held_back")


def signatories(connection: DuckDBPyConnection, role: str | None) -> list[Row]:
    """One row a person, with name and address: only for a command that records its use.

    response_id, name, email, email_key, role, role_other, signed_at, modified_at (UTC).
    role: only those shown with it; None for all. Needs `make_shown_roles` before it.
    """
    return rows(connection, "read/signatories", role=role)


def record_access(
    connection: DuckDBPyConnection, *, at: datetime, who: str, command: str, reason: str, n_rows: int
) -> None:
    """Write down that a person read personal data, and why."""
    with transaction(connection):
        connection.execute(
            "insert into privacy.access_log"
            " select coalesce(max(entry_no), 0) + 1, ?, ?, ?, ?, ? from privacy.access_log",
            [at, who, command, reason, n_rows],
        )


def story_of(connection: DuckDBPyConnection, response_id: str) -> dict[str, Sequence[Row]]:
    """Everything that happened to one response, without what the person wrote.

    versions: one row a version received; place, held_back, withdrawn: at most one row each;
    shared: the responses with the same email key and their places. All empty: never seen.
    """
    names = ("versions", "place", "held_back", "withdrawn", "shared", "answers")
    return {name: rows(connection, f"explain/{name}", response_id=response_id) for name in names}
