"""The answers that rules of the user's own are about, beside the facts: in memory, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.memory import drop_staged
from warehouse.database.sql_files import statement, transaction
from warehouse.transform.stage import Form, make


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What a rule of the user's own needs of each response.

    rule: its name, which becomes the column's: lower-case letters, digits and hyphens.
    places: (question_id, row_id or None): of several the first that is answered counts.
    is_unique: the answer is to stand in one response only: its place in line is needed, not its text.
    """

    rule: str
    places: tuple[tuple[str, str | None], ...]
    is_unique: bool = False


def pend_lines(connection: DuckDBPyConnection, form: Form, wanted: Sequence[OwnAnswer]) -> None:
    """Have decided again all whose answer must be unique and may now be, or may no longer be."""
    unique = [one for one in wanted if one.is_unique]
    if not unique:
        return
    _make_own_answers(connection, form, unique)
    with transaction(connection):
        connection.execute(statement("core/pend_lines"), {"unique_rules": [one.rule for one in unique]})
    drop_staged(connection, ["own_answers"])


def add_to_facts(
    connection: DuckDBPyConnection,
    form: Form,
    wanted: Sequence[OwnAnswer],
    held_otherwise: Sequence[tuple[str, str]],
) -> None:
    """Give ``staging.facts`` a column a rule: the answer's text, or its place in line as a text; or null.

    held_otherwise: (response_id, rules joined by commas) of the pending responses that other rules hold
        back: they stand in no line, unless a person has accepted them.
    """
    _make_own_answers(connection, form, wanted)
    make(connection, "decided")
    make(
        connection,
        "own_line",
        held_ids=[response_id for response_id, _ in held_otherwise],
        held_rules=[rules for _, rules in held_otherwise],
        unique_rules=[one.rule for one in wanted if one.is_unique],
    )
    columns = ", ".join(f"max(text) filter (where rule = '{one.rule}') as \"{one.rule}\"" for one in wanted)
    connection.execute(
        "create or replace table staging.facts as"
        " with own as (select response_id, rule, text from staging.own_answers where not is_unique"
        " union all select response_id, rule, text from staging.own_line),"
        f" answers as (select response_id, {columns} from own group by response_id)"
        " select facts.*, answers.* exclude (response_id) from staging.facts as facts"
        " left join answers on answers.response_id = facts.response_id"
    )
    drop_staged(connection, ("own_answers", "own_line"))


def _make_own_answers(connection: DuckDBPyConnection, form: Form, wanted: Sequence[OwnAnswer]) -> None:
    questions: list[dict[str, Any]] = [
        {
            "rules": one.rule,
            "uniques": one.is_unique,
            "place_nos": n,
            "question_ids": question_id,
            "row_ids": row_id,
        }
        for one in wanted
        for n, (question_id, row_id) in enumerate(one.places, 1)
    ]
    columns = {name: [question[name] for question in questions] for name in questions[0]}
    make(connection, "own_answers", "staging", survey_id=form.survey_id, **columns)
