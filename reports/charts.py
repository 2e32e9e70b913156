"""Charts as SVG text, drawn from safe tables only; no browser, no network, no script.

A `Look` says for where. In a page, text takes the page's colour, bars and lines the colour `--mark`, grid
lines `--grid`, so that one drawing serves light, dark and print; on paper and in a file colours are fixed.
What they show is said again in words (title and description are handed in) and in a table beside them.
*name* makes the ids in a drawing unique in its page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert

from reports.findings import largest_first

if TYPE_CHECKING:
    from reports.disclosure import SafeRow, SafeSeries, SafeTable

SVG = "http://www.w3.org/2000/svg"
FONT_SIZE, LINE, BAR, GAP = 15, 20, 20, 15
CHARACTER = 8  # the width of one, in the usual sans serif at that size
MOST_LABEL_LINES = 2
ROOM_FOR_VALUE = 110
LARGER_TITLE = 4  # pixels more than the text


@dataclass(frozen=True)
class Look:
    """source: a line under the finding, both drawn in; None for a drawing that has its heading beside it."""

    mark: str = "var(--mark)"
    grid: str = "var(--grid)"
    text: str = "currentColor"
    font: str = "sans-serif"
    ground: str = "transparent"
    source: str | None = None


IN_PAGE = Look()
ON_PAPER = Look(mark="#1d5c96", grid="#b9c3cf", text="#17202c", font="Noto Sans, sans-serif")


def alone(source: str) -> Look:
    """For a picture that goes round by itself: it says what it shows, and where it is from."""
    return replace(ON_PAPER, ground="white", source=source)


@dataclass(frozen=True)
class Words:
    """What a drawing says for itself. name: begins its ids; title: the finding; description: the rest."""

    name: str
    title: str
    description: str


def draw_roles(table: SafeTable, *, width: int, words: Words, look: Look = IN_PAGE) -> str:
    """Bars from zero, largest first, its label above and its count behind each; a hidden one has no bar."""
    bars, height = _bars(largest_first(table), width)
    greatest = max(row.cell.n or 1 for row in table.rows)
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, greatest], range=[0, width - ROOM_FOR_VALUE]))
    down = alt.Scale(domain=[0, height], range=[0, height])
    base = alt.Chart(alt.InlineData(values=bars))
    at_bar = base.encode(x=x, y=alt.Y("top:Q", axis=None, scale=down))
    drawn = at_bar.mark_rect(color=look.mark).encode(x2=alt.datum(0), y2="bottom:Q")
    counts = at_bar.mark_text(align="left", baseline="middle", dx=7, dy=BAR / 2, fontWeight="bold")
    labels = base.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE).encode(
        x=alt.value(0), y=alt.Y("label_top:Q", axis=None, scale=down), text="label:N"
    )
    chart = (drawn + labels + counts.encode(text="count:N")).properties(width=width, height=height)
    return _svg(chart, width, words, look)


def draw_growth(series: SafeSeries, *, width: int, words: Words, look: Look = IN_PAGE) -> str:
    """A line from zero over the points; the last one carries its exact count."""
    points = [{"on": series.starts_on.isoformat(), "n": 0}]
    points += [{"on": point.ends_on.isoformat(), "n": point.n} for point in series.points]
    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=alt.X(
            "utcyearmonthdate(on):T",
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(
                title=None, grid=False, format="%-d %b %Y", tickCount=max(2, width // 170), labelFlush=True
            ),
        ),
        y=alt.Y(
            "n:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(title=None, tickCount=4, format=",d")
        ),
    )
    area = base.mark_area(color=look.mark, opacity=0.15)
    line = base.mark_line(
        color=look.mark, strokeWidth=2.5, point=alt.OverlayMarkDef(color=look.mark, size=36)
    )
    last = alt.Chart(alt.InlineData(values=points[-1:])).encode(x=base.encoding.x, y=base.encoding.y)
    count = last.mark_text(align="right", baseline="bottom", dx=2, dy=-10, fontWeight="bold").encode(
        text=alt.Text("n:Q", format=",d")
    )
    chart = (area + line + count).properties(width=width, height=min(280, width * 0.62))
    return _svg(chart, width, words, look)


def _bars(rows: list[SafeRow], width: int) -> tuple[list[dict[str, int | str]], int]:
    """Where each label and bar goes, in pixels from the top, and the height they need together."""
    bars: list[dict[str, int | str]] = []
    top = 0
    for row in rows:
        lines = wrap(row.label, int(width / CHARACTER), max_lines=MOST_LABEL_LINES, placeholder=" …")
        bar_top = top + LINE * max(1, len(lines)) + 1
        bars.append({
            "label": "\n".join(lines), "label_top": top, "top": bar_top, "bottom": bar_top + BAR,
            "n": row.cell.n or 0, "count": _count(row),
        })  # fmt: skip
        top = bar_top + BAR + GAP
    return bars, top - GAP


def _count(row: SafeRow) -> str:
    if row.cell.n is None:
        return "hidden"
    return f"{row.cell.n:,}" if row.percent is None else f"{row.cell.n:,} · {row.percent}%"


def _svg(chart: alt.LayerChart, width: int, words: Words, look: Look) -> str:
    """Draw without a look at fonts or files outside, and let the drawing speak for itself."""
    if look.source is not None:
        chart = chart.properties(title=_title(words.title, look.source, width))
    chart = chart.configure(
        aria=False,
        background=look.ground,
        padding=2 if look.source is None else LINE,
        autosize=alt.AutoSizeParams(type="pad", contains="padding"),
    )
    chart = chart.configure_view(stroke=None).configure_text(
        color=look.text, fontSize=FONT_SIZE, font=look.font
    )
    chart = chart.configure_title(
        anchor="start", frame="bounds", color=look.text, subtitleColor=look.text, offset=LINE,
        font=look.font, fontSize=FONT_SIZE + LARGER_TITLE,
        subtitleFont=look.font, subtitleFontSize=FONT_SIZE - 2, subtitlePadding=8,
    )  # fmt: skip
    chart = chart.configure_axis(
        labelColor=look.text, labelFontSize=FONT_SIZE - 1, labelFont=look.font, labelAngle=0, labelPadding=6,
        gridColor=look.grid, domainColor=look.grid, tickColor=look.grid,
    )  # fmt: skip
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.4", allowed_base_urls=[])
    return _with_words(svg, words)


def _title(finding: str, source: str, width: int) -> alt.TitleParams:
    return alt.TitleParams(
        text=wrap(finding, int(width / (CHARACTER + 2))), subtitle=wrap(source, int(width / CHARACTER))
    )


def _with_words(svg: str, words: Words) -> str:
    picture = ET.fromstring(svg)  # noqa: S314 - drawn here from escaped text, not received
    for part in picture.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        for attribute in ("class", "role", "aria-label", "aria-roledescription", "aria-hidden"):
            part.attrib.pop(attribute, None)
    picture.attrib |= {
        "xmlns": SVG,
        "role": "img",
        "aria-labelledby": f"{words.name}-title",
        "aria-describedby": f"{words.name}-words",
    }
    for at, (tag, part_id, text) in enumerate(
        (("title", f"{words.name}-title", words.title), ("desc", f"{words.name}-words", words.description))
    ):
        said = ET.Element(tag, {"id": part_id})
        said.text = text
        picture.insert(at, said)
    return ET.tostring(picture, encoding="unicode")
