"""Charts over time: how the signatories became so many."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import altair as alt

from reports.charts.drawing import SMALL, Look, strips
from reports.figures import Gap
from reports.safe_pack import SafeSeries
from reports.texts.timeline import Milestone, Step

TALLEST, SHAPE = 280, 0.62
MOST_MILESTONES, LEAST_HEIGHT = 4, 0.12  # of the chart, under which a milestone would stand in the axis
DAYS_OF_A_WEEK = 7


def growth_line(
    series: SafeSeries, milestones: Sequence[Milestone], gaps: Sequence[Gap], width: int, look: Look
) -> alt.LayerChart:
    """A line from zero over the points; the last one carries its exact count. Gaps in the data are bands."""
    height = _height(width)
    points = [(series.starts_on, 0), *((point.ends_on, point.n) for point in series.points)]
    base = _counts(points, width)
    area = base.mark_area(color=look.mark, opacity=0.15)
    line = base.mark_line(
        color=look.mark, strokeWidth=2.5, point=alt.OverlayMarkDef(color=look.mark, size=36)
    )
    total = _counts(points[-1:], width).mark_text(
        align="right", baseline="bottom", dx=2, dy=-10, fontWeight="bold"
    )
    layers = [*_bands(gaps, width, look), area, line, *_reached(milestones, points[-1][1], width, look)]
    layers.append(total.encode(text=alt.Text("n:Q", format=",d")))
    if look.is_live:
        layers.append(_strips([day for day, _ in points], height, _days("from:T", width)))
    return alt.LayerChart(layer=layers, width=width, height=height)


def week_columns(steps: Sequence[Step], width: int, look: Look) -> alt.LayerChart:
    """A column a week. Weeks that are joined make a wide one, as high as their average week."""
    height = _height(width)
    columns = []
    for at, step in enumerate(steps):
        weeks = max(1, ((step.ends_on - step.starts_on).days + 1) / DAYS_OF_A_WEEK)
        columns.append({"at": at, **_span(step), "a_week": step.n / weeks})
    data = alt.InlineData(values=columns)
    x = _days("from:T", width)
    base = alt.Chart(data).encode(x=x, x2="to:T", y=_numbers("a_week:Q"), y2=alt.datum(0))
    layers = [base.mark_rect(color=look.mark, stroke=look.edge, strokeWidth=1)]
    if look.is_live:
        layers.append(strips(data, x=x, x2="to:T", y=alt.value(0), y2=alt.value(height)))
    return alt.LayerChart(layer=layers, width=width, height=height)


def _bands(gaps: Sequence[Gap], width: int, look: Look) -> list[alt.Chart]:
    if not gaps:
        return []
    values = [{**_span(gap), "said": "no data"} for gap in gaps]
    base = alt.Chart(alt.InlineData(values=values)).encode(x=_days("from:T", width))
    band = base.mark_rect(color=look.grid, opacity=0.5).encode(
        x2="to:T", y=alt.value(0), y2=alt.value(_height(width))
    )
    words = base.mark_text(align="left", baseline="top", dx=3, dy=3, fontSize=SMALL).encode(
        y=alt.value(0), text="said:N"
    )
    return [band, words]


def _reached(milestones: Sequence[Milestone], top: int, width: int, look: Look) -> list[alt.Chart]:
    """The greatest few, each by the day by whose end it was reached."""
    shown = [(one.by, one.n) for one in milestones if LEAST_HEIGHT * top < one.n < (1 - LEAST_HEIGHT) * top]
    if not shown:
        return []
    base = _counts(shown[-MOST_MILESTONES:], width)
    mark = base.mark_point(shape="diamond", size=70, filled=True, color=look.text)
    words = base.mark_text(align="left", baseline="top", dx=8, dy=4, fontSize=SMALL).encode(
        text=alt.Text("n:Q", format=",d")
    )
    return [mark, words]


def _height(width: int) -> int:
    return min(TALLEST, int(width * SHAPE))


def _counts(points: Sequence[tuple[date, int]], width: int) -> alt.Chart:
    values = [{"on": day.isoformat(), "n": n} for day, n in points]
    return alt.Chart(alt.InlineData(values=values)).encode(
        x=_days("utcyearmonthdate(on):T", width), y=_numbers("n:Q")
    )


def _span(days: Step | Gap) -> dict[str, int]:
    return {"from": _milliseconds(days.starts_on), "to": _milliseconds(days.ends_on + timedelta(days=1))}


def _days(field: str, width: int) -> alt.X:
    axis = alt.Axis(
        title=None, grid=False, format="%-d %b %Y", tickCount=max(2, width // 170), labelFlush=True
    )
    # Days are of no time zone: a reader's own must not move them.
    return alt.X(field, scale=alt.Scale(type="utc"), axis=axis)


def _numbers(field: str) -> alt.Y:
    axis = alt.Axis(title=None, tickCount=4, format=",d")
    return alt.Y(field, scale=alt.Scale(zero=True, nice=True), axis=axis)


def _strips(days: Sequence[date], height: int, x: alt.X) -> alt.Chart:
    """One over each day but the first: from half way to its neighbour on either side."""
    at = [_milliseconds(day) for day in days]
    edges = [(one + other) // 2 for one, other in pairwise(at)] + [at[-1]]
    values = [{"at": no, "from": left, "to": right} for no, (left, right) in enumerate(pairwise(edges))]
    return strips(alt.InlineData(values=values), x=x, x2="to:T", y=alt.value(0), y2=alt.value(height))


def _milliseconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)
