"""Charts of lying bars, as of signatories by role."""

from typing import Any

import altair as alt

from reports.charts.drawing import LINE, Look, strips, wrapped
from reports.safe_pack import SafeRow, SafeTable
from reports.texts.findings import in_one_line, on_bars

BAR, GAP = 20, 15
MOST_LABEL_LINES = 2
MANY, WIDE = 15, 500  # bars, and pixels, from which on labels stand beside their bars
LABEL_SHARE, NARROW_GAP, LABEL_LOWER = 0.42, 4, 3
ROOM_FOR_VALUE = 110
AROUND = 5  # pixels by which a strip is larger than what it is about


def role_bars(table: SafeTable, width: int, look: Look) -> alt.LayerChart:
    """Bars from zero, largest first, each with its count behind it; a hidden one has no bar.

    Labels stand above their bars. Those of many stand beside them, so that all fit a page.
    """
    rows, others = on_bars(table)
    said = [(row.label, row.n or 0, _count(row)) for row in rows]
    if others:
        said.append((in_one_line(others), 0, ""))
    is_beside = len(said) >= MANY and width >= WIDE
    left = int(width * LABEL_SHARE) if is_beside else 0
    gap = NARROW_GAP if is_beside else GAP
    bars: list[dict[str, Any]] = []
    top = 0
    for at, (text, n, count) in enumerate(said):
        label, label_height = wrapped(text, left or width, MOST_LABEL_LINES)
        bar_top = top + (label_height - BAR) // 2 if is_beside else top + label_height + 1
        bottom = top + label_height if is_beside else bar_top + BAR * bool(count)
        around = min(AROUND, gap // 2)
        bars.append({
            "at": at, "label": label, "label_top": top + LABEL_LOWER * is_beside, "n": n, "count": count,
            "top": bar_top, "bottom": bar_top + BAR, "from": top - around, "to": bottom + around,
        })  # fmt: skip
        top = bottom + gap
    return _drawn(bars, left, width, top - gap, look)


def _drawn(bars: list[dict[str, Any]], left: int, width: int, height: int, look: Look) -> alt.LayerChart:
    """The bars begin *left* pixels from the edge."""
    greatest = max(bar["n"] for bar in bars)
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, greatest], range=[left, width - ROOM_FOR_VALUE]))
    down: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[0, height], range=[0, height])}
    data = alt.InlineData(values=bars)
    base = alt.Chart(data)
    at_bar = base.encode(x=x, y=alt.Y("top:Q", **down))
    drawn = at_bar.mark_rect(color=look.mark).encode(x2=alt.datum(0), y2="bottom:Q")
    counts = at_bar.mark_text(align="left", dx=7, baseline="middle", dy=BAR / 2, fontWeight="bold").encode(
        text="count:N"
    )
    labels = base.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE).encode(
        x=alt.value(0), y=alt.Y("label_top:Q", **down), text="label:N"
    )
    layers = [drawn, labels, counts]
    if look.is_live:
        upper, lower = alt.Y("from:Q", **down), alt.Y2("to:Q")
        layers.append(strips(data, x=alt.value(-AROUND), x2=alt.value(width), y=upper, y2=lower))
    return alt.LayerChart(layer=layers, width=width, height=height)


def _count(row: SafeRow) -> str:
    if row.n is None:
        return "hidden"
    return f"{row.n:,}" if row.percent is None else f"{row.n:,} · {row.percent}%"
