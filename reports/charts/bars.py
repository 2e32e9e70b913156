"""Charts of lying bars: signatories by role, now and at the ends of months."""

from datetime import date
from textwrap import wrap
from typing import Any

import altair as alt

from reports.charts.drawing import CHARACTER, LINE, Look, strips
from reports.disclosure.suppression import SafeRow, SafeTable
from reports.texts.findings import largest_first

BAR, GAP = 20, 15
THIN_BAR, THIN_GAP, ROOM_FOR_MONTH = 16, 5, 78
MOST_LABEL_LINES = 2
ROOM_FOR_VALUE = 110
AROUND = 5  # pixels by which a strip is larger than what it is about


def role_bars(table: SafeTable, width: int, look: Look) -> alt.LayerChart:
    """Bars from zero, largest first, its label above and its count behind each; a hidden one has no bar."""
    bars: list[dict[str, Any]] = []
    top = 0
    for at, row in enumerate(largest_first(table)):
        label, label_height = _label(row.label, width)
        bar_top = top + label_height + 1
        bars.append({
            "at": at, "label": label, "label_top": top, "top": bar_top, "bottom": bar_top + BAR,
            "n": row.cell.n or 0, "count": _count(row), "from": top - AROUND, "to": bar_top + BAR + AROUND,
        })  # fmt: skip
        top = bar_top + BAR + GAP
    return _drawn(bars, 0, width, top - GAP, look)


def month_bars(
    ends: tuple[date, ...], rows: list[tuple[str, tuple[int | None, ...]]], width: int, look: Look
) -> alt.LayerChart:
    """For each role a thin bar for each end of a month, the month before it."""
    bars: list[dict[str, Any]] = []
    top = 0
    for name, counts in rows:
        label, label_height = _label(name, width)
        label_top = top
        top += label_height + 3
        for end, n in zip(ends, counts, strict=True):
            bars.append({
                "label": label, "label_top": label_top, "at": len(bars), "month": f"{end:%b %Y}", "n": n or 0,
                "count": "hidden" if n is None else f"{n:,}", "top": top, "bottom": top + THIN_BAR,
                "from": top - 2, "to": top + THIN_BAR + 2,
            })  # fmt: skip
            label, label_top = "", top
            top += THIN_BAR + THIN_GAP
        top += GAP - THIN_GAP
    return _drawn(bars, ROOM_FOR_MONTH, width, top - GAP, look)


def _drawn(bars: list[dict[str, Any]], left: int, width: int, height: int, look: Look) -> alt.LayerChart:
    """The bars begin *left* pixels from the edge; "month", where they have it, stands before them."""
    greatest = max(bar["n"] for bar in bars)
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, greatest], range=[left, width - ROOM_FOR_VALUE]))
    down: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[0, height], range=[0, height])}
    data = alt.InlineData(values=bars)
    base = alt.Chart(data)
    at_bar = base.encode(x=x, y=alt.Y("top:Q", **down))
    beside = {"baseline": "middle", "dy": (bars[0]["bottom"] - bars[0]["top"]) / 2}
    drawn = at_bar.mark_rect(color=look.mark).encode(x2=alt.datum(0), y2="bottom:Q")
    counts = at_bar.mark_text(align="left", dx=7, fontWeight="bold", **beside).encode(text="count:N")
    labels = base.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE).encode(
        x=alt.value(0), y=alt.Y("label_top:Q", **down), text="label:N"
    )
    layers = [drawn, labels, counts]
    if left:
        layers.append(at_bar.mark_text(align="left", **beside).encode(x=alt.value(0), text="month:N"))
    if look.is_live:
        upper, lower = alt.Y("from:Q", **down), alt.Y2("to:Q")
        layers.append(strips(data, x=alt.value(-AROUND), x2=alt.value(width), y=upper, y2=lower))
    return alt.LayerChart(layer=layers, width=width, height=height)


def _label(text: str, width: int) -> tuple[str, int]:
    """In lines as long as the chart is wide, and how high they are."""
    lines = wrap(text, width // CHARACTER, max_lines=MOST_LABEL_LINES, placeholder=" …")
    return "\n".join(lines), LINE * max(1, len(lines))


def _count(row: SafeRow) -> str:
    if row.cell.n is None:
        return "hidden"
    return f"{row.cell.n:,}" if row.percent is None else f"{row.cell.n:,} · {row.percent}%"
