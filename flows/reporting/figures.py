"""TODO."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.run.record import COMPLETE, UNCHANGED, read_records
from warehouse.queries import figures

if TYPE_CHECKING:
    from pathlib import Path

    from flows.settings.model import Settings
    from reports.figures import Figures


def figures_of(settings: Settings) -> Figures:
    """The figures that the published database holds."""
    from reports.figures import Figures

    path = settings.published_path
    about = _one(path, "from about")
    wording = _one(path, "from pledge_versions where is_current") or {"wording": "", "first_seen_at": None}
    by_day = _all(path, "select signed_on, n_signatories from signatories_by_day order by signed_on")
    places = _all(
        path,
        "select place, reason, n_responses from reconciliation where place <> 'seen' order by place, reason",
    )
    seen = _all(path, "select n_responses from reconciliation where place = 'seen'")
    return Figures(
        title=settings.report_title,
        organisation=settings.organisation,
        as_at=_last_read(settings, about["fresh_as_of"].astimezone(UTC)),
        run_id=str(about["run_id"]),
        n_signatories=int(about["n_signatories"]),
        by_role=_all(path, "select role, n_signatories from signatories_by_role order by role_no"),
        by_day=by_day,
        first_signed_on=by_day[0][0] if by_day else None,
        last_signed_on=by_day[-1][0] if by_day else None,
        wording=wording["wording"],
        wording_since=day_of(wording["first_seen_at"]),
        places=places,
        n_seen=int(seen[0][0]),
        held_back=_all(path, "select rule, reason, n_responses from held_back_by_rule order by rule"),
        by_day_and_role=_all(
            path,
            "select signed_on, role, count(*) from signatories where signed_on is not null"
            " group by all order by all",
        ),
        read_on=days_read(settings),
        **_beside(path),
    )


def _beside(path: Path) -> dict[str, Any]:
    """The range of the headline and the platform's own total, where the file has them: older ones don't."""
    tables = {name for (name,) in _all(path, "select table_name from duckdb_tables()")}
    beside: dict[str, Any] = {}
    if "headline" in tables:
        ((beside["lowest"], beside["highest"]),) = _all(path, "select n_lowest, n_highest from headline")
    if "platform_comparison" in tables:
        compared = _one(path, "from platform_comparison where what = 'responses'")
        if compared:
            beside["platform"] = (compared["n_platform"], compared["n_here"], day_of(compared["compared_at"]))
    return beside


def _last_read(settings: Settings, published: datetime) -> datetime:
    """When the platform was last read and these figures still held: a night without news writes none."""
    last = read_records(settings.runs_folder, last=1)
    if last and last[0].state == UNCHANGED and last[0].fresh_as_of:
        return max(published, datetime.fromisoformat(last[0].fresh_as_of))
    return published


def days_read(settings: Settings) -> list[date]:
    """The days on which a run read all that there was, from the runs' records."""
    records = read_records(settings.runs_folder)
    return [
        datetime.fromisoformat(one.ended_at).astimezone(ZoneInfo(settings.zone)).date()
        for one in records
        if one.state in (COMPLETE, UNCHANGED) and one.ended_at and one.fresh_as_of
    ]


def _all(path: Path, sql: str) -> list[tuple]:
    return figures.query(path, sql)[1]


def _one(path: Path, sql: str) -> dict:
    columns, rows = figures.query(path, sql)
    return dict(zip(columns, rows[0], strict=True)) if rows else {}


def day_of(instant: datetime | None) -> date | None:
    return instant.date() if instant else None
