"""The charts as files that go round alone: SVG, PNG and the text alternative to paste beside them."""

from __future__ import annotations

from reports.branding import Brand
from reports.charts.catalogue import pictures_of
from reports.charts.drawing import alone
from reports.charts.svg_text import without_words
from reports.disclosure.safe_pack import SafePack
from reports.formats.typesetting import Typesetter
from reports.texts import wording

WIDTH = 760  # pixels of the drawing


def render_charts(pack: SafePack, typesetter: Typesetter, brand: Brand) -> dict[str, bytes]:
    """The files' content by name and ending, as "roles.svg". None where there is nothing to draw.

    Raises:
        GlyphMissingError: a text of a chart has a character that no font has.
    """
    made: dict[str, bytes] = {}
    for picture in pictures_of(pack):
        svg = picture.draw(WIDTH, look=alone(wording.source(pack), brand.colour))
        data = {"finding": picture.finding, "alternative": picture.alternative, **without_words(svg)}
        made[f"{picture.name}.svg"] = svg.encode()
        made[f"{picture.name}.png"] = typesetter.png("chart.typ", data, at=pack.as_at, form="charts")
        made[f"{picture.name}.txt"] = f"{picture.finding}\n\n{picture.alternative}\n".encode()
    return made
