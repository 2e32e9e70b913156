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
from reports.disclosure.safe_pack import SafePack
from reports.texts import findings

if TYPE_CHECKING:
    from altair import LayerChart


LEAST_BARS = LEAST_POINTS = 2


@dataclass(frozen=True)
class Picture:
    """One chart, not yet drawn.

    finding: its heading; alternative: what it shows, in words.
    readings: what is told at each of its *items* ("bars", "points").
    """

    name: str
    finding: str
    alternative: str
    items: str
    readings: list[str]
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
    return [*_by_role(pack), *_over_time(pack)]


def _by_role(pack: SafePack) -> Iterator[Picture]:
    roles, grid = pack.roles, pack.role_periods
    if len(roles.rows) >= LEAST_BARS and any(row.cell.n is not None for row in roles.rows):
        yield Picture(
            "roles",
            findings.role_finding(roles, pack.threshold),
            findings.role_alternative(roles),
            "bars",
            findings.role_readings(roles),
            partial(role_bars, roles),
        )
    rows = findings.month_rows(grid) if grid else []
    if grid and rows and len(grid.ends) >= LEAST_BARS:
        yield Picture(
            "role-periods",
            findings.month_finding(grid),
            findings.month_alternative(grid),
            "bars",
            findings.month_readings(grid),
            partial(role_panels, grid.ends, rows),
        )


def _over_time(pack: SafePack) -> Iterator[Picture]:
    growth, weeks = pack.growth, pack.weeks
    if growth is None or len(growth.points) < LEAST_POINTS:
        return
    yield Picture(
        "growth",
        findings.growth_finding(growth, pack.threshold),
        findings.growth_alternative(growth, pack.milestones, pack.gaps),
        "points",
        findings.growth_readings(growth),
        partial(growth_line, growth, pack.milestones, pack.gaps),
    )
    yield Picture(
        "weeks",
        findings.week_finding(weeks),
        findings.week_alternative(weeks),
        "bars",
        findings.week_readings(weeks),
        partial(week_columns, weeks),
    )
