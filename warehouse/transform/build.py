"""What counts: facts for the checks, responses held back, one disposition a response, one row a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from warehouse.database.memory import drop_staged, make_room
from warehouse.database.sql_files import statement, transaction, value
from warehouse.transform.custom_answers import OwnAnswer, add_to_facts
from warehouse.transform.decisions import make_decided
from warehouse.transform.stage import Form, make

if TYPE_CHECKING:
    import pandas as pd


CHUNK = 250_000  # rows handed to the checks at a time: a chunk costs them 0.2 s, however small


def facts(
    connection: DuckDBPyConnection,
    form: Form,
    own: Sequence[OwnAnswer] = (),
    held_otherwise: Sequence[tuple[str, str]] = (),
) -> Iterator[pd.DataFrame]:
    """The responses to check since the last build, in bounded frames: at least one, though it be empty.

    One row a response that would count, or whose status nobody knows, but for previews, with the columns
    and flags of checks.row_rules; instants in UTC, NaT where missing, unreadable or unknown. No value that a
    person typed, but for what *own* asks for: see `warehouse.transform.custom_answers`.
    """
    make(connection, "facts", survey_id=form.survey_id, is_name_asked=form.asks("name"))
    if own:
        add_to_facts(connection, form, own, held_otherwise)
    total = value(connection, "select count(*) from staging.facts")
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
    make(connection, "held", ids=ids, rules=rules, all_rules=all_rules, reasons=reasons, at=at, run_id=run_id)
    with transaction(connection):
        connection.execute(statement("core/replace_held"))


def count_pending(connection: DuckDBPyConnection) -> int:
    """Responses and email keys that the next build has to decide again."""
    return value(connection, statement("core/count_pending"))


def build(connection: DuckDBPyConnection, form: Form, *, at: datetime, run_id: str) -> int:
    """Decide every pending response, and all of the same people; return how many.

    at, run_id: noted where a response gets another disposition. Leaves ``staging.signatories``, the persons
    decided, until `leave`.
    """
    make_room(connection)  # the checks' frames are gone
    make_decided(connection)
    for name in ("accepted", "pending"):
        make(connection, name)
    make(connection, "dispositions", survey_id=form.survey_id)
    for name in ("signatories", "new_ids", "disposition_changes"):
        make(connection, name)
    with transaction(connection):
        connection.execute(statement("core/replace_built"), {"at": at, "run_id": run_id})
    n_decided = value(connection, "select count(*) from staging.pending")
    drop_staged(connection, ("accepted", "pending", "dispositions", "new_ids", "disposition_changes"))
    make_room(connection)
    return n_decided


def leave(connection: DuckDBPyConnection) -> None:
    """Let go of what `build` has left for those who look at its persons."""
    drop_staged(connection, ("signatories",))
