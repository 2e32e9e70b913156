"""The figures of an earlier day, worked out from the history in the vault."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.errors import UsageError
from flows.reporting.figures import figures_of
from flows.run.clock import now_in_utc
from flows.vault.access import open_for_staff
from warehouse.ingest import designs
from warehouse.releases.as_of import figures_then
from warehouse.transform.stage import Form

if TYPE_CHECKING:
    from datetime import date

    from flows.settings.model import Settings
    from reports.figures import Figures


SIGNATORY = "signatory"


def is_over(day: date, zone: str) -> bool:
    """False for today.

    Raises:
        UsageError: the day is yet to come.
    """
    today = now_in_utc().astimezone(ZoneInfo(zone)).date()
    if day > today:
        raise UsageError(f"{day:%Y-%m-%d} is yet to come; give today or an earlier day.")
    return day < today


def end_of(day: date, zone: str) -> datetime:
    """The last instant of *day* in *zone*, in UTC."""
    start_of_next = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return start_of_next.astimezone(UTC) - timedelta(microseconds=1)


def figures_as_of(settings: Settings, day: date) -> Figures:
    """The figures that stood at the end of *day*, without anybody erased since.

    Raises:
        SettingsError: there is no vault, or no key for it.
        NoHistoryError: so early a state isn't known.
    """
    from flows.reporting.figures import day_of, days_read
    from reports.figures import Figures

    until = end_of(day, settings.zone)
    with open_for_staff(settings) as vault:
        survey_id, version = designs.last_form(vault)
        then = figures_then(vault, Form(survey_id, version, role_groups=dict(settings.role_groups)), until)
    return Figures(
        title=settings.report_title,
        organisation=settings.organisation,
        as_at=then.fresh_as_of.astimezone(UTC),
        run_id=then.run_id,
        n_signatories=sum(n for place, _, n in then.places if place == SIGNATORY),
        by_role=then.by_role,
        by_day=then.by_day,
        first_signed_on=then.by_day[0][0] if then.by_day else None,
        last_signed_on=then.by_day[-1][0] if then.by_day else None,
        wording=then.wording,
        wording_since=day_of(then.wording_since),
        places=then.places,
        n_seen=sum(n for _, _, n in then.places),
        held_back=then.held_back,
        by_day_and_role=then.by_day_and_role,
        read_on=days_read(settings),
        as_of=day,
        made_at=now_in_utc(),
    )


def figures_on(settings: Settings, day: date | None) -> Figures:
    """The figures as at the end of *day*; the published ones for today, or for None.

    Raises:
        UsageError: the day is yet to come.
    """
    if day and is_over(day, settings.zone):
        return figures_as_of(settings, day)
    return figures_of(settings)
