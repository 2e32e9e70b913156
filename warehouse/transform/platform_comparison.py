"""What the platform counts itself, beside what was here at that time: kept from run to run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.sql_files import short_hash, statement
from warehouse.transform.stage import make

MARK = "the platform's counts"
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers as the platform counted them and as the vault held them then, each a pair in this order.

    responses: all of them, at *responses_at*; None if they were never compared.
    choices: of the role question, by choice id, at *choices_at*; the vault's number is of responses of any
        status that are still at the platform, before duplicates are taken out.
    content: what the vault held of the platform then; see `content_live`.
    Instants are ISO 8601 in UTC.
    """

    responses: Pair | None = None
    responses_at: str | None = None
    choices: Mapping[str, Pair] = field(default_factory=dict)
    choices_at: str | None = None
    content: str | None = None


def last_comparison(connection: DuckDBPyConnection) -> Comparison:
    """The last one that was kept, or an empty one."""
    last = json.loads(mark(connection, MARK) or "{}")
    if last.get("responses"):
        last["responses"] = tuple(last["responses"])
    choices = {choice_id: tuple(pair) for choice_id, pair in last.get("choices", {}).items()}
    return Comparison(**{**last, "choices": choices})


def keep_comparison(connection: DuckDBPyConnection, comparison: Comparison) -> None:
    """Keep it in the place of the last one."""
    set_mark(connection, MARK, json.dumps(asdict(comparison)))


def content_live(connection: DuckDBPyConnection, survey_id: str) -> str:
    """Fingerprint of what the vault holds of the platform: another one, and its counts may be others."""
    row = connection.execute(statement("ledger/content_live"), {"survey_id": survey_id}).fetchone()
    return short_hash(repr(row))


def make_compared(connection: DuckDBPyConnection) -> None:
    """Fill ``staging.compared`` from the last comparison. Needs ``staging.choices``."""
    last = last_comparison(connection)
    pairs: list[tuple[str | None, Pair, str | None]] = [
        (choice_id, pair, last.choices_at) for choice_id, pair in last.choices.items()
    ]
    if last.responses is not None:
        pairs.append((None, last.responses, last.responses_at))
    make(
        connection,
        "compared",
        choice_ids=[choice_id for choice_id, _, _ in pairs],
        n_platform=[n_platform for _, (n_platform, _), _ in pairs],
        n_here=[n_here for _, (_, n_here), _ in pairs],
        compared_at=[datetime.fromisoformat(at) if at else None for _, _, at in pairs],
    )
