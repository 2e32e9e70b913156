"""How things stand, from the run records alone: no vault, no key, also while a sync runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.run.clock import now_in_utc
from flows.run.record import RUNNING, RunRecord, read_records
from flows.run.runs_page import checks_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.settings.model import Settings


def standing_of(settings: Settings) -> dict[str, Any]:
    """The last run's record with ``last_run``, ``fresh_as_of``, ``stale`` and ``checks_page``.

    last_run: run_id, state, started_at and ended_at of the last run; None if there was none.
    stale: the figures are older than the settings allow, or there are none; final ones never are.
    checks_page: the path of the history of nights; None if none was written.
    """
    records = read_records(settings.runs_folder, last=1)
    if not records:
        return {"last_run": None, "fresh_as_of": None, "stale": True}
    last = records[0]
    return {
        **last.as_json(),
        "last_run": {name: getattr(last, name) for name in ("run_id", "state", "started_at", "ended_at")},
        "stale": not last.names_erased_at
        and is_stale(last.fresh_as_of, now_in_utc(), settings.stale_after_hours),
        "checks_page": str(page) if (page := checks_page(settings)).exists() else None,
    }


def is_stale(fresh_as_of: str | None, now: datetime, hours: int) -> bool:
    """Older than *hours*, or never fresh."""
    return fresh_as_of is None or now - datetime.fromisoformat(fresh_as_of).astimezone(UTC) > timedelta(
        hours=hours
    )


def told(standing: dict[str, Any], records: Sequence[RunRecord]) -> str:
    """The standing in lines for people."""
    if standing["last_run"] is None:
        return "No run yet. Start one with: pledge sync   (or try: pledge demo)"
    lines = [
        f"Fresh as of   {standing['fresh_as_of'] or 'never'}{'   STALE' if standing['stale'] else ''}",
        f"Signatories   {standing['n_signatories']:,}",
        *(f"  {n:>8,}  {role}" for role, n in standing["by_role"].items()),
        f"Duplicates    {standing['duplicates']:,}",
        f"Held back     {_listed(standing['held_back'])}",
        f"Not counted   {_listed(standing['not_counted'])}",
        f"Withdrawn     {standing['withdrawn']:,}",
        f"Every response in one place: {'yes' if standing['conservation_ok'] else 'NO'}",
        f"Calls left today: {_known(standing['calls_left_today'])}",
        *_retained(standing),
        f"Night by night: {standing['checks_page'] or 'no page was written yet'}",
        "Last runs:",
        *(f"  {record.run_id}  {_state(record)}  {record.requests} calls" for record in records),
        *(f"! {warning}" for warning in standing["warnings"]),
    ]
    return "\n".join(lines)


def _retained(standing: dict[str, Any]) -> list[str]:
    """What the last run has erased because it is kept no longer, and whether the figures are final."""
    erased = standing["retention"].items()
    lines = [f"Erased by the last run: {what.replace('_', ' ')} of {n:,} responses" for what, n in erased]
    if standing["names_erased_at"]:
        day = standing["names_erased_at"][:10]
        lines.append(f"Names and addresses were erased on {day}: the figures are final.")
    return lines


def _known(number: int | None) -> str:
    return "not known" if number is None else f"{number:,}"


def _state(record: RunRecord) -> str:
    return "running or killed" if record.state == RUNNING else record.state


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in counts.items()) or "none"
