"""The pack as one HTML page that needs nothing from anywhere: no script, no font, no picture to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import findings
from reports.charts import draw_growth, draw_roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.safe_pack import SafePack

WIDE, NARROW = 640, 330


@dataclass(frozen=True)
class Chart:
    """One picture drawn for a desk and again for a phone; the page's style shows one of the two."""

    finding: str
    wide: str
    narrow: str


def render_html(pack: SafePack) -> str:
    """Write the page. Labels, reasons and wording are text from outside: all of it is escaped."""
    page = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {"in_words": findings.in_words, "instant_in_words": findings.instant_in_words}
    return page.get_template("pack.html.jinja").render(
        pack=pack,
        headline=findings.headline(pack),
        roles_chart=_roles_chart(pack),
        growth_chart=_growth_chart(pack),
    )


def _roles_chart(pack: SafePack) -> Chart | None:
    """None when no bar could be drawn, or a single one that says what the total says."""
    if len(pack.roles.rows) < 2 or all(row.cell.n is None for row in pack.roles.rows):  # noqa: PLR2004
        return None
    words = findings.role_alternative(pack.roles)
    return _chart(
        findings.role_finding(pack.roles, pack.threshold),
        lambda width, name, title: draw_roles(
            pack.roles, width=width, name=name, title=title, description=words
        ),
        "roles",
    )


def _growth_chart(pack: SafePack) -> Chart | None:
    """None when there is but one point, which says what the total says."""
    growth = pack.growth
    if growth is None or len(growth.points) == 1:
        return None
    words = findings.growth_alternative(growth)
    return _chart(
        findings.growth_finding(growth, pack.threshold),
        lambda width, name, title: draw_growth(
            growth, width=width, name=name, title=title, description=words
        ),
        "growth",
    )


def _chart(finding: str, draw: Callable[[int, str, str], str], name: str) -> Chart:
    return Chart(finding, draw(WIDE, f"{name}-wide", finding), draw(NARROW, f"{name}-narrow", finding))
