"""How charts look, and how they become SVG without a browser, or a Vega-Lite specification for the page.

A `Look` says for where. In a page, text takes the page's colour, bars and lines the colour `--mark`, grid
lines `--grid`, so that one drawing serves light, dark and print; on paper and in a file colours are fixed.
What they show is said again in words (title and description are handed in) and in a table beside them.
"""

from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert
from altair.utils import schemapi

# What is drawn is written here, and a test holds it against the schema: to do so at each part of each drawing
# takes a third of a page's time.
schemapi.disable_debug_mode()

VEGA_LITE = "6.4"
STRIPS, CHOSEN = "strips", "chosen"  # names that the page's script knows
SVG = "http://www.w3.org/2000/svg"
FONT_SIZE, LINE, SMALL = 15, 20, 13
CHARACTER = 8  # the width of one, in the usual sans serif at that size
LARGER_TITLE = 4  # pixels more than the text


@dataclass(frozen=True)
class Look:
    """Colours and letters.

    edge: between columns that touch.
    source: a line under the finding, both drawn in; None for a drawing that has its heading beside it.
    is_live: with a strip over each bar or point, by which a reader chooses it.
    """

    mark: str = "var(--mark)"
    grid: str = "var(--grid)"
    edge: str = "var(--card)"
    text: str = "currentColor"
    font: str = "sans-serif"
    ground: str = "transparent"
    source: str | None = None
    is_live: bool = False


IN_PAGE = Look()
LIVE = Look(is_live=True)
ON_PAPER = Look(mark="#1d5c96", grid="#b9c3cf", edge="#ffffff", text="#17202c", font="Noto Sans, sans-serif")


def on_paper(colour: str | None) -> Look:
    """With the house's colour, where it has one."""
    return replace(ON_PAPER, mark=colour) if colour else ON_PAPER


def alone(source: str, colour: str | None) -> Look:
    """For a picture that goes round by itself: it says what it shows, and where it is from."""
    return replace(on_paper(colour), ground="white", source=source)


def svg_of(chart: alt.LayerChart, look: Look, *, name: str, title: str, description: str) -> str:
    """Draw without a look at fonts or files outside, and let the drawing speak for itself.

    name: makes the ids in the drawing unique in its page. title: the finding; description: the rest.
    """
    if look.source is not None:
        chart = chart.properties(
            title=alt.TitleParams(
                text=wrap(title, chart.width // (CHARACTER + 2)),
                subtitle=wrap(look.source, chart.width // CHARACTER),
            )
        )
    svg = vl_convert.vegalite_to_svg(_dressed(chart, look), vl_version=VEGA_LITE, allowed_base_urls=[])
    return _with_words(svg, name, title, description)


def spec_of(chart: alt.LayerChart) -> dict[str, Any]:
    """The same as Vega-Lite, for the page's script: what a reader may point at, and nothing else."""
    spec = _dressed(chart, LIVE)
    del spec["$schema"]
    return spec


def strips(data: alt.InlineData, **where: Any) -> alt.Chart:
    """An unseen mark over each item, seen when *chosen* is its number; *where* is its place."""
    is_chosen = f"datum.at === {CHOSEN}"
    return (
        alt.Chart(data, name=STRIPS)
        .mark_rect(color=LIVE.mark, stroke=LIVE.text, strokeWidth=1.5, cornerRadius=3)
        .encode(
            fillOpacity=alt.condition(is_chosen, alt.value(0.14), alt.value(0)),
            strokeOpacity=alt.condition(is_chosen, alt.value(1), alt.value(0)),
            **where,
        )
        .add_params(alt.param(name=CHOSEN, value=-1))
    )


def wrapped(text: str, width: int, most_lines: int) -> tuple[str, int]:
    """In lines that are *width* pixels long at most, and how high they are together."""
    lines = wrap(text, width // CHARACTER, max_lines=most_lines, placeholder=" …")
    return "\n".join(lines), LINE * max(1, len(lines))


def _dressed(chart: alt.LayerChart, look: Look) -> dict[str, Any]:
    dressed = chart.configure(
        aria=False,
        background=look.ground,
        padding=2 if look.source is None else LINE,
        autosize=alt.AutoSizeParams(type="pad", contains="padding"),
        view=alt.ViewConfig(stroke=None),
        text=alt.MarkConfig(color=look.text, fontSize=FONT_SIZE, font=look.font),
        title=alt.TitleConfig(
            anchor="start", frame="bounds", color=look.text, subtitleColor=look.text, offset=LINE,
            font=look.font, fontSize=FONT_SIZE + LARGER_TITLE,
            subtitleFont=look.font, subtitleFontSize=FONT_SIZE - 2, subtitlePadding=8,
        ),
        axis=alt.AxisConfig(
            labelColor=look.text, labelFontSize=FONT_SIZE - 1, labelFont=look.font, labelAngle=0,
            labelPadding=6, gridColor=look.grid, domainColor=look.grid, tickColor=look.grid,
        ),
    )  # fmt: skip
    spec: dict[str, Any] = dressed.to_dict(validate=False)
    return spec


def _with_words(svg: str, name: str, title: str, description: str) -> str:
    picture = ET.fromstring(svg)  # noqa: S314 - drawn here from escaped text, not received
    for part in picture.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        for attribute in ("class", "role", "aria-label", "aria-roledescription", "aria-hidden"):
            part.attrib.pop(attribute, None)
    picture.attrib |= {
        "xmlns": SVG,
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-words",
    }
    for tag, part_id, text in (("desc", f"{name}-words", description), ("title", f"{name}-title", title)):
        words = ET.Element(tag, {"id": part_id})
        words.text = text
        picture.insert(0, words)
    return ET.tostring(picture, encoding="unicode")
