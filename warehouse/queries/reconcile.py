"""What `pledge reconcile` adds up, from the vault alone: counts, response ids and names of choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import rows
from warehouse.ingest import responses
from warehouse.queries import figures
from warehouse.transform.platform_comparison import last_comparison, make_compared

MOST_IDS = 20  # named for one choice


@dataclass(frozen=True, slots=True)
class Standing:
    """Where every response is, and what could be compared with the platform.

    live: ids that the platform should still have. n_from_files: responses that only export files ever gave.
    n_seen: responses ever received; dispositions: (disposition, reason, how many), which must add up to it.
    decided: one row a response that a person's decision put where it is.
    choices: one row a choice that the platform counted at *compared_at* (ISO 8601, None: never), with both
        counts; explaining: one row a response that could be why they differ.
    """

    live: frozenset[str]
    n_from_files: int
    n_seen: int
    dispositions: Sequence[tuple[str, str, int]]
    decided: Sequence[figures.Row]
    choices: Sequence[figures.Row]
    compared_at: str | None
    explaining: Sequence[figures.Row]


def standing(connection: DuckDBPyConnection, survey_id: str) -> Standing:
    """Look at all dispositions, and at the last comparison. Needs `make_shown_roles` before it."""
    make_compared(connection)
    compared_at = last_comparison(connection).choices_at
    choices = rows(connection, "reconcile/choices")
    return Standing(
        live=frozenset(responses.held_ids(connection, survey_id)),
        n_from_files=len(responses.ids_from_files_alone(connection, survey_id)),
        n_seen=figures.n_seen(connection, survey_id),
        dispositions=figures.dispositions(connection),
        decided=rows(connection, "reconcile/decided"),
        choices=choices,
        compared_at=compared_at,
        explaining=_explaining(connection, survey_id, choices, compared_at),
    )


def _explaining(
    connection: DuckDBPyConnection, survey_id: str, choices: Sequence[figures.Row], compared_at: str | None
) -> list[figures.Row]:
    differing = [one for one in choices if one["n_platform"] != one["n_here"]]
    if not differing or compared_at is None:
        return []
    return rows(
        connection,
        "reconcile/explaining",
        survey_id=survey_id,
        choice_ids=[one["choice_id"] for one in differing],
        are_more_here=[one["n_here"] > one["n_platform"] for one in differing],
        compared_at=datetime.fromisoformat(compared_at),
        most=MOST_IDS,
    )
