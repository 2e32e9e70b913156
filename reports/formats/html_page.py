"""The pack as one HTML page that needs nothing from anywhere: style, script, drawings and logo are in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports import dates
from reports.branding import Brand, paragraphs
from reports.charts.catalogue import Picture, pictures_of
from reports.charts.interactive import bundled, data_for, policy
from reports.dates import in_words
from reports.disclosure.safe_pack import SafePack
from reports.templating import TEMPLATES, environment, told_by_line
from reports.texts import findings, wording
from reports.texts.chart_texts import in_short
from reports.texts.tables import HIDDEN, label, tables_of

if TYPE_CHECKING:
    from jinja2 import Environment


WIDE, NARROW = 640, 330


@dataclass(frozen=True)
class Chart:
    """One picture drawn for a desk and again for a phone; the page's style shows one of the two.

    items: what a reader can go through, "bars" or "points". data: what the script draws it anew from.
    """

    name: str
    finding: str
    items: str
    wide: str
    narrow: str
    data: Markup


def render_html(pack: SafePack, brand: Brand) -> str:
    """Write the page. Labels, reasons, wording and settings are text from outside: all of it is escaped.

    Raises:
        TemplateError: a template of the house's own can't be used.
    """
    page = environment(brand.templates)
    page.filters |= {
        "label": label,
        "in_words": in_words,
        "instant_in_words": dates.instant_in_words,
    }
    page.tests["hidden"] = lambda value: value is HIDDEN
    pictures = pictures_of(pack)
    charts = {picture.name: _chart(picture) for picture in pictures}
    script = bundled(_own_script(page)) if charts else None
    with told_by_line(brand.templates):
        style = "".join(page.get_template(name).render(brand=brand) for name in ("base.css", "pack.css"))
        return page.get_template("pack.html.jinja").render(
            pack=pack,
            prose=wording,
            brand=brand,
            introduction=paragraphs(brand.introduction, pack.title),
            closing=paragraphs(brand.closing, pack.title),
            contact=paragraphs(brand.contact, pack.title),
            earlier_state=wording.earlier_state(pack),
            changes=wording.changes(pack),
            headline=findings.headline(pack),
            platform_finding=findings.platform_finding(pack),
            in_short=in_short(pack, [picture.finding for picture in pictures]),
            charts=charts,
            tables={table.name: table for table in tables_of(pack)},
            policy=policy(style, script),
            style=_whole(style, "</style"),
            script=script and _whole(script, "</script"),
        )


def _own_script(page: Environment) -> str:
    return TEMPLATES.get_source(page, "pack.js")[0]


def _whole(text: str, end: str) -> Markup:
    """The text of an element that isn't escaped, since its own end is all that could end it."""
    if end in text.lower():
        raise ValueError(f"a text with {end} can't be set into a page")
    return Markup(text)  # noqa: S704 - looked through just above


def _chart(picture: Picture) -> Chart:
    wide, narrow = (
        picture.draw(width, name=f"{picture.name}-{kind}")
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Chart(picture.name, picture.finding, picture.items, wide, narrow, data_for(picture, WIDE, NARROW))
