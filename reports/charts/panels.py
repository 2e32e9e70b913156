"""Roles over time as small charts side by side: one for each role, with a thin bar for each date."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import altair as alt

from reports.charts.drawing import CHARACTER, LINE, SMALL, Look, strips, wrapped

OWN_SCALE = "Each role has its own scale, from zero."
LEAST_WIDTH, MOST_BESIDE, BETWEEN, BELOW = 135, 3, 20, 16
TALLEST, EDGE = 52, 16  # of a bar; from a panel's side to the middle of its first or last bar
THINNEST, THICKEST, OF_ITS_ROOM = 5, 22, 0.5
MOST_NAME_LINES = 8
SMALL_LINE, NEAR = 17, 3
HALF_HIDDEN = 22  # of the width of that word
IN_LINES = {"baseline": "top", "lineBreak": "\n"}
BY_BARS = {**IN_LINES, "fontSize": SMALL, "lineHeight": SMALL_LINE}
WORDS: dict[str, dict[str, Any]] = {
    "name": {**IN_LINES, "lineHeight": LINE, "align": "left"},
    "remark": {**BY_BARS, "align": "left"},
    "last count": {**BY_BARS, "align": "left", "fontWeight": "bold"},
    "last day": {**BY_BARS, "align": "right"},
    "hidden": {**BY_BARS, "align": "center"},
}

Row = tuple[str, tuple[int | None, ...]]
Item = dict[str, Any]


class Places(NamedTuple):
    """Pixels from a panel's left side, the same in all panels.

    days: the first and the last, as they are written.
    middles: of the bars, as far apart as their dates. edges: half way between them, and the panel's sides.
    """

    days: tuple[str, str]
    width: int
    bar: float
    middles: list[float]
    edges: list[float]


class Panel(NamedTuple):
    """Where one is in the drawing: the top of its name, the axis under its bars, the top of its days."""

    name: str
    counts: tuple[int | None, ...]
    left: int
    top: int
    axis: int
    days: int
    bottom: int


def role_panels(ends: Sequence[date], rows: Sequence[Row], width: int, look: Look) -> alt.LayerChart:
    """A role's name, its bars, its first and last count. A hidden one is a gap in the axis that says so."""
    beside = max(1, min(MOST_BESIDE, (width + BETWEEN) // (LEAST_WIDTH + BETWEEN)))
    places = _places(ends, (width + BETWEEN) // beside - BETWEEN)
    panels: list[Panel] = []
    for start in range(0, len(rows), beside):
        top = panels[-1].bottom + BELOW if panels else LINE + NEAR
        panels += _side_by_side(rows[start : start + beside], top, places)
    cells = [cell for panel in panels for cell in _cells(panel, places)]
    words = [{"kind": "remark", "text": OWN_SCALE, "x": 0, "y": 0}]
    words += [word for panel in panels for word in _words(panel, places)]
    return _drawn(cells, words, width, panels[-1].bottom, look)


def _places(ends: Sequence[date], width: int) -> Places:
    days = [(end - ends[0]).days for end in ends]
    middles = [EDGE + (width - 2 * EDGE) * day / days[-1] for day in days]
    edges = [0, *((one + other) / 2 for one, other in pairwise(middles)), width]
    room = min(other - one for one, other in pairwise(middles))
    bar = min(max(OF_ITS_ROOM * room, THINNEST), THICKEST)
    return Places(_days(ends), width, bar, middles, edges)


def _days(ends: Sequence[date]) -> tuple[str, str]:
    """Of two years in two lines, so that there is room for both."""
    if ends[0].year == ends[-1].year:
        return f"{ends[0]:%-d %b}", f"{ends[-1]:%-d %b %Y}"
    return f"{ends[0]:%-d %b\n%Y}", f"{ends[-1]:%-d %b\n%Y}"


def _side_by_side(rows: Sequence[Row], top: int, places: Places) -> list[Panel]:
    """Their bars stand on one line, however long their names are."""
    names = [wrapped(name, places.width, MOST_NAME_LINES) for name, _ in rows]
    axis = top + max(height for _, height in names) + SMALL_LINE + NEAR + TALLEST
    has_gap = any(None in counts for _, counts in rows)
    days = axis + NEAR + SMALL_LINE * has_gap
    bottom = days + SMALL_LINE * len(places.days[1].splitlines())
    return [
        Panel(name, counts, at * (places.width + BETWEEN), top, axis, days, bottom)
        for at, ((name, _), (_, counts)) in enumerate(zip(names, rows, strict=True))
    ]


def _cells(panel: Panel, places: Places) -> Iterator[Item]:
    """Each bar's place, and that of the strip over it."""
    greatest = max(n or 0 for n in panel.counts) or 1
    for n, middle, (left, right) in zip(panel.counts, places.middles, pairwise(places.edges), strict=True):
        yield {
            "n": n,
            "left": panel.left + middle - places.bar / 2,
            "right": panel.left + middle + places.bar / 2,
            "top": panel.axis - TALLEST * (n or 0) / greatest,
            "axis": panel.axis,
            "from": panel.left + left,
            "to": panel.left + right,
            "upper": panel.axis - TALLEST - SMALL_LINE,
            "lower": panel.bottom,
        }


def _words(panel: Panel, places: Places) -> Iterator[Item]:
    first, last = places.days
    yield {"kind": "name", "text": panel.name, "x": panel.left, "y": panel.top}
    yield from _counts(panel, places)
    yield from _hidden(panel, places)
    yield {"kind": "remark", "text": first, "x": panel.left, "y": panel.days}
    yield {"kind": "last day", "text": last, "x": panel.left + places.width, "y": panel.days}


def _counts(panel: Panel, places: Places) -> Iterator[Item]:
    """Over the first and the last bar that is shown; over the first only where it keeps off the next one."""
    shown = [cell for cell in _cells(panel, places) if cell["n"] is not None]
    first, last = (f"{cell['n']:,}" for cell in (shown[0], shown[-1]))
    last_at = min(shown[-1]["left"], panel.left + places.width - CHARACTER * len(last))
    yield {"kind": "last count", "text": last, "x": last_at, "y": shown[-1]["top"] - SMALL_LINE}
    at = max(panel.left, shown[0]["right"] - CHARACTER * len(first))
    if len(shown) > 1 and at + CHARACTER * len(first) <= min(shown[1]["left"], last_at):
        yield {"kind": "remark", "text": first, "x": at, "y": shown[0]["top"] - SMALL_LINE}


def _hidden(panel: Panel, places: Places) -> Iterator[Item]:
    """Once for those that follow each other."""
    cells = zip(panel.counts, pairwise(places.edges), strict=True)
    for is_hidden, some in groupby(cells, key=lambda cell: cell[0] is None):
        if is_hidden:
            sides = [side for _, both in some for side in both]
            at = min(max((sides[0] + sides[-1]) / 2, HALF_HIDDEN), places.width - HALF_HIDDEN)
            yield {"kind": "hidden", "text": "hidden", "x": panel.left + at, "y": panel.axis + NEAR}


def _drawn(cells: list[Item], words: list[Item], width: int, height: int, look: Look) -> alt.LayerChart:
    x: Item = {"axis": None, "scale": alt.Scale(domain=[0, width], range=[0, width])}
    y: Item = {"axis": None, "scale": alt.Scale(domain=[0, height], range=[0, height])}
    shown = alt.Chart(alt.InlineData(values=[cell for cell in cells if cell["n"] is not None]))
    bars = shown.mark_rect(color=look.mark).encode(
        x=alt.X("left:Q", **x), x2="right:Q", y=alt.Y("top:Q", **y), y2="axis:Q"
    )
    axes = shown.mark_rule(color=look.grid).encode(x=alt.X("from:Q", **x), x2="to:Q", y=alt.Y("axis:Q", **y))
    layers = [bars, axes]
    for kind, mark in WORDS.items():
        of_kind = [
            {name: word[name] for name in ("text", "x", "y")} for word in words if word["kind"] == kind
        ]
        if of_kind:
            text = alt.Chart(alt.InlineData(values=of_kind)).mark_text(**mark)
            layers.append(text.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), text="text:N"))
    if look.is_live:
        values = [{"at": at, **cell} for at, cell in enumerate(cells)]
        over = {"x": alt.X("from:Q", **x), "x2": "to:Q", "y": alt.Y("upper:Q", **y), "y2": "lower:Q"}
        layers.append(strips(alt.InlineData(values=values), **over))
    return alt.LayerChart(layer=layers, width=width, height=height)
