"""What a pack is made from: the figures of the release in place, or of the last one by an earlier day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flows.errors import UsageError
from flows.run.clock import now_in_utc
from flows.run.record import COMPLETE, UNCHANGED, RunRecord, read_records
from flows.settings.model import KeySettings, ReportSettings
from flows.vault.access import open_for_staff
from reports.figures import Breakdown, Figures
from reports.pledge_text import wording_of
from warehouse.errors import NoHistoryError
from warehouse.releases.figures_history import (
    ReleaseFigures,
    figures_in_place,
    first_published_at,
    release_before,
)


def figures_on(settings: ReportSettings, day: date | None) -> Figures:
    """The figures as at the end of *day*; the published ones for today, or for None.

    Raises:
        UsageError: the day is yet to come.
        PackSettingError: the pledge's text that the settings name can't be used.
        NotPublishedError: nothing has been published.
        SettingsError: they are in the vault, and there is none, or no key for it.
        NoHistoryError: nothing is known of so early a day.
    """
    in_place = figures_in_place(settings.published_path)
    if day is None or not _is_over(day, settings.zone):
        return replace(_figures(settings, in_place), made_at=now_in_utc())
    before = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.zone))
    release = in_place if in_place.published_at < before else _earlier(settings, in_place, before)
    return replace(_figures(settings, release, before), as_of=day, made_at=now_in_utc())


def _is_over(day: date, zone: str) -> bool:
    today = now_in_utc().astimezone(ZoneInfo(zone)).date()
    if day > today:
        raise UsageError(f"{day:%Y-%m-%d} is yet to come; give today or an earlier day.")
    return day < today


def _earlier(settings: KeySettings, in_place: ReleaseFigures, before: datetime) -> ReleaseFigures:
    with open_for_staff(settings) as vault:
        release = release_before(vault, before)
        first = first_published_at(vault) or in_place.published_at
    if release is None:
        day = min(first, in_place.published_at).astimezone(before.tzinfo)
        raise NoHistoryError(
            f"The history begins later; the first day that a pack can show is {day:%Y-%m-%d}."
        )
    return release


def _figures(settings: ReportSettings, release: ReleaseFigures, before: datetime | None = None) -> Figures:
    records = read_records(settings.runs_folder, before=before)
    by_day = [
        (day, sum(n for *_, n in of_day))
        for day, of_day in groupby(release.by_day_and_role, key=lambda row: row[0])
    ]
    return Figures(
        title=settings.report_title,
        organisation=settings.organisation,
        as_at=_last_read(release.fresh_as_of.astimezone(UTC), records),
        run_id=release.run_id,
        n_signatories=release.n_signatories,
        by_role=release.by_role,
        by_day=by_day,
        wording=wording_of(settings.pledge_text) if settings.pledge_text else release.wording or "",
        wording_since=None if settings.pledge_text else _day_of(release.wording_since, settings.zone),
        places=release.dispositions,
        n_seen=release.n_seen,
        held_back=release.held_back,
        lowest=release.n_lowest,
        highest=release.n_highest,
        platform=_platform(release),
        by_day_and_role=release.by_day_and_role,
        read_on=_days_read(records, settings.zone),
        breakdowns=[Breakdown(*one) for one in release.breakdowns],
        doubts=release.doubts,
    )


def _platform(release: ReleaseFigures) -> tuple[int, int, date] | None:
    if release.n_platform is None or release.n_here is None or release.compared_at is None:
        return None
    return release.n_platform, release.n_here, release.compared_at.date()


def _last_read(published: datetime, records: list[RunRecord]) -> datetime:
    """When the platform was last read and these figures still held: a night without news writes none."""
    if records and records[0].state == UNCHANGED and records[0].fresh_as_of:
        return max(published, datetime.fromisoformat(records[0].fresh_as_of))
    return published


def _days_read(records: list[RunRecord], zone: str) -> list[date]:
    """The days on which a run read all that there was."""
    return [
        datetime.fromisoformat(one.ended_at).astimezone(ZoneInfo(zone)).date()
        for one in records
        if one.state in (COMPLETE, UNCHANGED) and one.ended_at and one.fresh_as_of
    ]


def _day_of(instant: datetime | None, zone: str) -> date | None:
    return instant.astimezone(ZoneInfo(zone)).date() if instant else None
