"""The charts of a pack: which there are, what they say for themselves, and how each is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from reports.charts.bars import role_bars
from reports.charts.drawing import IN_PAGE, LIVE, Look, spec_of, svg_of
from reports.charts.lines import growth_line, week_columns
from reports.charts.panels import role_panels
from reports.safe_pack import SafePack, SafeTable
from reports.texts import findings, wording
from reports.texts.timeline import milestones_of, steps_of

if TYPE_CHECKING:
    from altair import LayerChart


LEAST_BARS = LEAST_POINTS = 2


@dataclass(frozen=True)
class Picture:
    """One chart, not yet drawn.

    finding: its heading; alternative: what it shows, in words.
    readings: what is told at each of its *items* ("bars", "points"). source: where its figures are from, and
        of when they are.
    """

    name: str
    finding: str
    alternative: str
    items: str
    readings: list[str]
    source: str
    _chart: partial[LayerChart]

    def draw(self, width: int, *, name: str | None = None, look: Look = IN_PAGE) -> str:
        """SVG, *width* pixels wide. name: begins the ids in it, where a page holds it more than once."""
        chart = self._chart(width=width, look=look)
        return svg_of(chart, look, name=name or self.name, title=self.finding, description=self.alternative)

    def spec(self, width: int) -> dict[str, Any]:
        """The same for the page's script; it holds no figure that the drawing doesn't show."""
        return spec_of(self._chart(width=width, look=LIVE))


def pictures_of(pack: SafePack) -> list[Picture]:
    """Those that show more than the total does: two bars at least, and one of them not hidden; two points.

    Each has the name of the table that has its figures.
    """
    return [*_by_role(pack), *_by_choice(pack), *_over_time(pack)]


def _by_role(pack: SafePack) -> Iterator[Picture]:
    grid = pack.role_periods
    if _has_bars(pack.roles):
        yield _bars("roles", findings.role_finding(pack), "role", pack.roles, pack)
    rows = findings.month_rows(grid) if grid else []
    if grid and rows:
        yield Picture(
            "role-periods",
            findings.month_finding(grid),
            findings.month_alternative(grid),
            "bars",
            findings.month_readings(grid),
            wording.source(pack),
            partial(role_panels, grid.days, rows),
        )


def _by_choice(pack: SafePack) -> Iterator[Picture]:
    for one in pack.breakdowns:
        if _has_bars(one.table):
            yield _bars(one.slug, findings.choice_finding(pack, one), one.name, one.table, pack)


def _has_bars(table: SafeTable) -> bool:
    return len(table.rows) >= LEAST_BARS and table.is_shown


def _bars(name: str, finding: str, what: str, table: SafeTable, pack: SafePack) -> Picture:
    return Picture(
        name,
        finding,
        findings.role_alternative(table, what),
        "bars",
        findings.role_readings(table),
        wording.source(pack, table),
        partial(role_bars, table),
    )


def _over_time(pack: SafePack) -> Iterator[Picture]:
    growth = pack.growth
    if growth is None or len(growth.points) < LEAST_POINTS:
        return
    milestones, weeks = milestones_of(growth, pack.threshold), steps_of(growth)
    yield Picture(
        "growth",
        findings.growth_finding(growth, pack.threshold),
        findings.growth_alternative(growth, milestones, pack.gaps),
        "points",
        findings.growth_readings(growth),
        wording.source(pack),
        partial(growth_line, growth, milestones, pack.gaps),
    )
    yield Picture(
        "weeks",
        findings.week_finding(weeks, pack.total),
        findings.week_alternative(weeks),
        "bars",
        findings.week_readings(weeks),
        wording.source(pack),
        partial(week_columns, weeks),
    )
