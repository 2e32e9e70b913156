"""What is said of charts: at each bar or point, by pointer or by keys; and of roles by month as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from reports.dates import in_words
from reports.disclosure.months import SafeGrid
from reports.disclosure.safe_pack import SafePack
from reports.disclosure.suppression import SafeRow, SafeSeries, SafeTable
from reports.disclosure.timeline import Step
from reports.texts.findings import largest_first, share, shortened
from reports.texts.tables import NO_TEXT

MOST_ROLES = 4
NAMED, LEAST_NAMED = 3, 2


def of_roles(table: SafeTable) -> list[str]:
    """Largest first, as the bars are."""
    return [f"{row.label or NO_TEXT}: {_count(row)}" for row in largest_first(table)]


def largest_groups(table: SafeTable) -> str | None:
    """Who signed, in a sentence: the largest roles that are shown; None where there is but one or none."""
    shown = [row for row in largest_first(table) if row.cell.n is not None][:NAMED]
    if len(shown) < LEAST_NAMED:
        return None
    said = [f"{shortened(row.label or NO_TEXT)}, about {row.cell.n:,}{share(row)}" for row in shown]
    return f"The largest groups: {'; '.join(said)}"


def in_short(pack: SafePack, of_charts: Sequence[str]) -> list[str]:
    """What somebody with a minute must know: what each chart shows, and who the largest groups are."""
    said = list(of_charts)
    groups = largest_groups(pack.roles)
    if said and groups:
        said.insert(1, groups)
    return [f"{one}." for one in said]


def of_growth(series: SafeSeries) -> list[str]:
    """A sentence a point; only the last is exact."""
    *earlier, last = series.points
    return [
        *(f"{in_words(point.ends_on)}: about {point.n:,} signatories so far" for point in earlier),
        f"{in_words(last.ends_on)}: {last.n:,} signatories, the exact total",
    ]


def of_weeks(steps: Sequence[Step]) -> list[str]:
    """A sentence a column; several weeks that are joined are told as one."""
    return [
        f"{in_words(step.starts_on)} to {in_words(step.ends_on)}: about {step.n:,} new signatories"
        for step in steps
    ]


def weeks_alternative(steps: Sequence[Step]) -> str:
    """The chart of weeks for who cannot see it."""
    most, least = (choose(step.n for step in steps) for choose in (max, min))
    return (
        f"Bar chart of new signatories by week, from {in_words(steps[0].starts_on)} to "
        f"{in_words(steps[-1].ends_on)}: between about {least:,} and about {most:,}. The table by week has "
        f"all {len(steps)} bars."
    )


def largest_roles(grid: SafeGrid) -> list[tuple[str, tuple[int | None, ...]]]:
    """Those whose figure at the last end is shown, the largest few of them first."""
    shown = [row for row in grid.rows if row[1][-1] is not None]
    return sorted(shown, key=lambda row: -(row[1][-1] or 0))[:MOST_ROLES]


def of_months(grid: SafeGrid) -> list[str]:
    """A sentence a bar, role by role."""
    return [
        f"{label or NO_TEXT}, by {in_words(end)}: {'hidden' if n is None else f'about {n:,} signatories'}"
        for label, counts in largest_roles(grid)
        for end, n in zip(grid.ends, counts, strict=True)
    ]


def months_finding(grid: SafeGrid) -> str:
    """The largest role's way, from the first end at which it is shown."""
    label, counts = largest_roles(grid)[0]
    shown = [(end, n) for end, n in zip(grid.ends, counts, strict=True) if n is not None]
    (start, first), (end, last) = shown[0], shown[-1]
    name = shortened(label or NO_TEXT)
    if first == last:
        return f"“{name}”: about {last:,} by {in_words(end)}"
    return f"“{name}”: about {first:,} by {in_words(start)}, about {last:,} by {in_words(end)}"


def months_alternative(grid: SafeGrid) -> str:
    """The chart of months for who cannot see it."""
    return f"Bar chart of signatories so far by role, at the ends of months. {'; '.join(of_months(grid))}."


def _count(row: SafeRow) -> str:
    return "hidden" if row.cell.n is None else f"about {row.cell.n:,} signatories{share(row)}"
