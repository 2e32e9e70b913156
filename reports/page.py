"""The pack as one HTML page that needs nothing from anywhere: no script, no font, no picture to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import findings, prose
from reports.pictures import Picture, pictures_of
from reports.tables import HIDDEN, label, tables_of
from reports.templating import environment

if TYPE_CHECKING:
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
    page = environment()
    page.filters |= {
        "label": label,
        "in_words": findings.in_words,
        "instant_in_words": findings.instant_in_words,
    }
    page.tests["hidden"] = lambda value: value is HIDDEN
    return page.get_template("pack.html.jinja").render(
        pack=pack,
        prose=prose,
        headline=findings.headline(pack),
        platform_finding=findings.platform_finding(pack),
        charts={picture.name: _chart(picture) for picture in pictures_of(pack)},
        tables={table.name: table for table in tables_of(pack)},
    )


def _chart(picture: Picture) -> Chart:
    wide, narrow = (
        picture.draw(width, name=f"{picture.name}-{kind}")
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Chart(picture.finding, wide, narrow)
