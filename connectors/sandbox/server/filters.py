"""What a call asks of a list of responses, read from its query as the platform reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connectors.sandbox.errors import NotImitatedError, RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping


STATUSES = frozenset(("completed", "partial", "overquota", "disqualified"))
_OF_RECIPIENTS = ("email", "first_name", "last_name", "custom")
_NOT_IMITATED = (
    "simple",
    "page_ids",
    "question_ids",
    "ip",
    "total_time_min",
    "total_time_max",
    "total_time_units",
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a response must have; None and False ask nothing.

    created_from, created_to: seconds since 1970.
    of_a_recipient: asks for somebody invited by name, whom a pledge by web link never has.
    """

    statuses: frozenset[str] | None = None
    collector_ids: frozenset[str] | None = None
    created_from: float | None = None
    created_to: float | None = None
    of_a_recipient: bool = False


@dataclass(frozen=True, slots=True)
class ResponseQuery:
    """Which responses, and in which order.

    modified_from, modified_to: seconds since 1970, or None.
    ascending: by time of change; else the newest first, which is also the order unless one is asked for.
    """

    traits: Traits = Traits()
    modified_from: float | None = None
    modified_to: float | None = None
    ascending: bool = False


def read_query(params: Mapping[str, str], *, collector_id: str | None = None) -> ResponseQuery:
    """Read the filters of a list.

    Raises:
        RefusalError: 1003, a value that the platform would not take.
        NotImitatedError: a filter that only the platform has.
    """
    for name in _NOT_IMITATED:
        if params.get(name):
            raise NotImitatedError(f"The sandbox does not imitate the parameter {name!r}; call without it.")
    if params.get("sort_by") not in {None, "", "date_modified"}:
        raise RefusalError("1003")
    if params.get("sort_order") not in {None, "", "ASC", "DESC"}:
        raise RefusalError("1003")
    statuses = _listed(params, "status")
    if statuses and not statuses <= STATUSES:
        raise RefusalError("1003")
    return ResponseQuery(
        Traits(
            statuses,
            frozenset((collector_id,)) if collector_id else _listed(params, "collector_ids"),
            read_instant(params, "start_created_at"),
            read_instant(params, "end_created_at"),
            any(params.get(name) for name in _OF_RECIPIENTS),
        ),
        read_instant(params, "start_modified_at"),
        read_instant(params, "end_modified_at"),
        ascending=params.get("sort_order") == "ASC",
    )


def read_instant(params: Mapping[str, str], name: str) -> float | None:
    """Seconds since 1970; a value without offset means UTC. A ``+`` that was not encoded is refused."""
    text = params.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusalError("1003") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _listed(params: Mapping[str, str], name: str) -> frozenset[str] | None:
    text = params.get(name)
    return frozenset(text.split(",")) if text else None
