"""Whom the house may write to: signatories whose form asked for it, and whose last word is yes."""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import rows
from warehouse.queries.figures import Row


def allowed(
    connection: DuckDBPyConnection,
    survey_id: str,
    places: Sequence[tuple[str, str | None]],
    answers: Sequence[str],
) -> list[Row]:
    """One row a person, with name and address: only for a command that records its use.

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
