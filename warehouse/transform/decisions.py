"""Decisions of people: kept with who, when and why, and in force over every rebuild until undone."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import rows, statement, transaction, value
from warehouse.errors import DecisionError
from warehouse.ingest.responses import pend
from warehouse.transform.stage import make


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided; which kinds and verdicts there are stands in sql/migrations/0003_trust.sql.

    detail: of an accepted response the rules that it failed then, joined by commas.
    because: their own words; they stay in the vault.
    """

    kind: str
    subject: str
    verdict: str
    because: str
    who: str
    other_subject: str | None = None
    detail: str | None = None


def keep(connection: DuckDBPyConnection, decision: Decision, *, at: datetime) -> int:
    """Keep a decision and return its number; the next build goes by it. Needs `staging_area`."""
    with transaction(connection):
        number = value(
            connection,
            "insert into core.decisions by name select coalesce(max(decision_no), 0) + 1 as decision_no,"
            " $kind as kind, $subject as subject, $other_subject as other_subject, $verdict as verdict,"
            " $detail as detail, $because as because, $who as who, $at as decided_at"
            " from core.decisions returning decision_no",
            {**asdict(decision), "at": at},
        )
        _pend(connection, decision.kind, decision.subject, decision.other_subject)
    return int(number)


def undo(connection: DuckDBPyConnection, decision_no: int, *, who: str, because: str, at: datetime) -> None:
    """Take a decision back; what was decided about the same before is in force again.

    Raises:
        DecisionError: there is no such decision, or it was undone before.
    """
    with transaction(connection):
        row = connection.execute(
            "update core.decisions set undone_at = $at, undone_by = $who, undone_because = $because"
            " where decision_no = $decision_no and undone_at is null"
            " returning kind, subject, other_subject",
            {"at": at, "who": who, "because": because, "decision_no": decision_no},
        ).fetchone()
        if row is None:
            raise DecisionError(
                f"Decision {decision_no} isn't in force, so there is nothing to undo. "
                "“pledge decisions” lists those that are."
            )
        _pend(connection, *row)


def _pend(connection: DuckDBPyConnection, kind: str, subject: str, other_subject: str | None) -> None:
    """Have the next build decide again what the decision is about."""
    if kind in {"response", "apart"}:
        pend(connection, [subject])
    elif kind == "pair":
        connection.execute(
            "insert into core.pending_keys select email_key from core.signatory_ids"
            " where signatory_id in (select unnest($ids))",
            {"ids": [int(subject), int(other_subject or subject)]},
        )


def make_decided(connection: DuckDBPyConnection) -> None:
    """Fill ``staging.decided`` and ``staging.same_person``, which all that goes by decisions reads.

    A person made of several has the key ``person N``, N the smallest of their ids, and an id of its own;
    a decision about that id is about all of them.
    """
    make(connection, "decided")
    pairs = connection.execute(statement("staging/same_pairs")).fetchall()
    groups = groups_of(pairs)
    connection.execute(
        "create or replace table staging.same_person as"
        " select ids.email_key, concat('person ', groups.first_id) as person_key"
        " from (select unnest($ids) as signatory_id, unnest($firsts) as first_id) as groups"
        " join core.signatory_ids as ids on ids.signatory_id = groups.signatory_id",
        {"ids": list(groups), "firsts": list(groups.values())},
    )


def groups_of(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each number of any pair to the smallest one that pairs lead to."""
    smallest: dict[int, int] = {}

    def find(number: int) -> int:
        while smallest.setdefault(number, number) != number:
            number = smallest[number]
        return number

    for one, other in pairs:
        first, second = sorted((find(one), find(other)))
        smallest[second] = first
    return {number: find(number) for number in list(smallest)}


def rows_in_order(connection: DuckDBPyConnection) -> list[dict[str, Any]]:
    """One row a decision ever made, oldest first: the columns of core.decisions, and ``is_in_force``."""
    return rows(connection, "read/decisions")
