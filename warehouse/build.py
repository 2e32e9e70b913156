"""What counts: facts for the checks, responses held back, one place a response, one row a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.memory import drop_staged, make_room
from warehouse.stage import Form, make
from warehouse.statements import statement
from warehouse.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import pandas as pd
    from duckdb import DuckDBPyConnection

CHUNK = 25_000  # rows handed to the checks at a time


def facts(connection: DuckDBPyConnection, form: Form) -> Iterator[pd.DataFrame]:
    """The responses to check since the last build, in bounded frames: at least one, though it be empty.

    One row a response that is completed and no preview: response_id, survey_id,
    expected_survey_id, created_at and modified_at (UTC, NaT where missing or unreadable),
    id_state (``given``, ``damaged``), email_problem (None, ``missing``, ``invalid``),
    name_state (``given``, ``blank``, ``not asked``), role_state (``known``, ``other``,
    ``unknown choice``, ``no answer``, ``several``, ``not asked``). No value that a person typed.
    """
    make(connection, "facts", survey_id=form.survey_id, is_name_asked=form.asks("name"))
    row = connection.execute("select count(*) from staging.facts").fetchone()
    total = int(row[0]) if row else 0
    for start in range(0, max(total, 1), CHUNK):
        chunk = connection.execute(
            "select * from staging.facts where rowid >= ? and rowid < ?", [start, start + CHUNK]
        )
        yield chunk.to_arrow_table().to_pandas()  # duckdb's own df() warns under pandas 3.1
    connection.execute("drop table staging.facts")


def hold_back(
    connection: DuckDBPyConnection,
    held: Sequence[tuple[str, str, str, str]],
    *,
    at: datetime,
    run_id: str,
) -> None:
    """Set what is held back among the responses just checked; others leave by themselves.

    held: (response_id, first rule failed, all rules failed, reason). Who was held back by the
    same rule before stays so since then.
    """
    ids, rules, all_rules, reasons = ([row[column] for row in held] for column in range(4))
    parameters = {
        "ids": ids,
        "rules": rules,
        "all_rules": all_rules,
        "reasons": reasons,
        "at": at,
        "run_id": run_id,
    }
    make(connection, "held", **parameters)
    with transaction(connection):
        connection.execute(statement("core/replace_held"))


def count_touched(connection: DuckDBPyConnection) -> int:
    """Responses and email keys that the next build has to decide again."""
    row = connection.execute(statement("core/count_touched")).fetchone()
    return int(row[0]) if row else 0


def build(connection: DuckDBPyConnection, form: Form) -> int:
    """Decide every touched response, and all that share its email key; return how many."""
    make(connection, "touched")
    make(connection, "places", survey_id=form.survey_id)
    make(connection, "signatories")
    make(connection, "new_ids")
    with transaction(connection):
        connection.execute(statement("core/replace_built"))
    row = connection.execute("select count(*) from staging.touched").fetchone()
    drop_staged(connection, ("touched", "places", "signatories", "new_ids"))
    make_room(connection)
    return int(row[0]) if row else 0
