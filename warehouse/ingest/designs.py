"""The form's designs, each version kept as received."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark
from warehouse.database.sql_files import column, statement, transaction, value

QUESTION_COLUMNS = (
    "question_id", "page_id", "page_position", "position", "family", "subtype",
    "heading", "is_visible", "is_required", "validation",
)  # fmt: skip
OPTION_COLUMNS = (
    "question_id", "option_id", "kind", "text", "position", "is_visible", "row_type", "is_answer_choice",
)  # fmt: skip


def load_design(
    connection: DuckDBPyConnection,
    *,
    survey: Mapping[str, Any],
    questions: Sequence[Mapping[str, Any]],
    options: Sequence[Mapping[str, Any]],
    seen_at: datetime,
    run_id: str,
    is_in_force: bool = True,
) -> bool:
    """Keep a version of a survey's design and say whether it is a new one.

    survey: survey_id, version, title, wording, body, created_at (text in UTC, or None).
    questions, options: one mapping a row, with QUESTION_COLUMNS and OPTION_COLUMNS.
    A version that was seen before and comes back is in force again, and isn't new.
    is_in_force: people can answer it now; False for a form that only a file shows.
    """
    key = {"survey_id": survey["survey_id"], "version": survey["version"]}
    known = value(
        connection, "select 1 from raw.surveys where survey_id = $survey_id and version = $version", key
    )
    with transaction(connection):
        if is_in_force:
            connection.execute(statement("raw/forms_in_force"), {**key, "seen_at": seen_at, "run_id": run_id})
        if known:
            return False
        connection.execute(
            "insert into raw.surveys values ($survey_id, $version, $title, $wording, $body,"
            " try_cast($created_at as timestamptz), $seen_at, $run_id)",
            {**survey, "seen_at": seen_at, "run_id": run_id},
        )
        _insert_rows(connection, "raw.questions", QUESTION_COLUMNS, questions, survey)
        _insert_rows(connection, "raw.options", OPTION_COLUMNS, options, survey)
    return True


def _insert_rows(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    survey: Mapping[str, Any],
) -> None:
    if not rows:
        return
    listed = ", ".join(f"unnest(${column})" for column in columns)
    connection.execute(
        f"insert into {table} select $survey_id, $version, {listed}",
        {
            "survey_id": survey["survey_id"],
            "version": survey["version"],
            **{column: [row[column] for row in rows] for column in columns},
        },
    )


def design_texts(connection: DuckDBPyConnection, survey_id: str) -> list[str]:
    """The JSON texts of a survey's design as it was in force, the version now in force first."""
    return column(
        connection,
        "select surveys.body from raw.surveys as surveys"
        " join raw.forms_in_force as forms using (survey_id, version)"
        " where survey_id = ? group by surveys.body order by max(forms.change_no) desc",
        [survey_id],
    )


def bodies_in_force(connection: DuckDBPyConnection, survey_id: str) -> list[tuple[str, str]]:
    """Version and JSON text of each of a survey's designs that was in force."""
    return connection.execute(
        "select version, body from raw.surveys"
        " semi join raw.forms_in_force using (survey_id, version)"
        " where survey_id = ? order by version",
        [survey_id],
    ).fetchall()


def last_form(connection: DuckDBPyConnection) -> tuple[str, str]:
    """The pledge's survey id and current design version; empty texts before the first run."""
    survey_id = mark(connection, "survey")
    return (survey_id, mark(connection, f"design of {survey_id}") or "") if survey_id else ("", "")
