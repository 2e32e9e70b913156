"""The charts of a pack: which there are, what they say for themselves, and how each is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reports import findings
from reports.charts import IN_PAGE, Look, Words, draw_growth, draw_roles

if TYPE_CHECKING:
    from reports.safe_pack import SafePack

LEAST_BARS = LEAST_POINTS = 2


@dataclass(frozen=True)
class Picture:
    """One chart, not yet drawn. finding: its heading; alternative: what it shows, in words."""

    name: str
    finding: str
    alternative: str
    _draw: partial[str]

    def draw(self, width: int, *, name: str | None = None, look: Look = IN_PAGE) -> str:
        """SVG, *width* pixels wide. name: begins the ids in it, where a page holds it more than once."""
        words = Words(name or self.name, self.finding, self.alternative)
        return self._draw(width=width, words=words, look=look)


def pictures_of(pack: SafePack) -> list[Picture]:
    """Those that show more than the total does: two bars at least, and one of them not hidden; two points."""
    pictures = []
    roles, growth = pack.roles, pack.growth
    if len(roles.rows) >= LEAST_BARS and any(row.cell.n is not None for row in roles.rows):
        finding = findings.role_finding(roles, pack.threshold)
        words = findings.role_alternative(roles)
        pictures.append(Picture("roles", finding, words, partial(draw_roles, roles)))
    if growth is not None and len(growth.points) >= LEAST_POINTS:
        finding = findings.growth_finding(growth, pack.threshold)
        words = findings.growth_alternative(growth)
        pictures.append(Picture("growth", finding, words, partial(draw_growth, growth)))
    return pictures
