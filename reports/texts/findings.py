"""Sentences made from safe figures only: what a chart shows, in words that its rounding bears."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from reports.dates import in_words
from reports.disclosure.safe_pack import SafePack
from reports.disclosure.suppression import SafePoint, SafeRow, SafeSeries, SafeTable, possible
from reports.disclosure.timeline import Gap, Milestone, Step

FRACTIONS = (
    (1 / 10, "one in ten"),
    (1 / 5, "one in five"),
    (1 / 4, "one in four"),
    (1 / 3, "one in three"),
    (2 / 5, "two in five"),
    (1 / 2, "half of all"),
    (3 / 5, "three in five"),
    (2 / 3, "two in three"),
    (3 / 4, "three in four"),
    (4 / 5, "four in five"),
    (9 / 10, "nine in ten"),
)
DAYS_OF_A_WEEK = 7
NEARLY_ALL, ABOUT = 0.95, 0.02
LONGEST_LABEL_IN_A_SENTENCE = 80


def share_in_words(low: float, high: float) -> str:
    """Words for a share known to be from *low* to *high*, to go before "signatories".

    A share is never made larger than it is: what isn't about a fraction is more than the next smaller one.
    """
    middle = (low + high) / 2
    if low > NEARLY_ALL:
        return "nearly all"
    nearest, words = min(FRACTIONS, key=lambda named: abs(named[0] - middle))
    if abs(middle - nearest) <= ABOUT or low <= nearest <= high:
        return f"about {words}"
    exceeded = [words for fraction, words in FRACTIONS if fraction < low]
    return f"more than {exceeded[-1]}" if exceeded else "fewer than one in ten"


def role_finding(table: SafeTable, threshold: int) -> str:
    """What the role table shows, about the largest group that named a role."""
    named = [row for row in table.rows if row.cell.n is not None and not row.label.startswith("(")]
    if not named:
        return "No role that people named can be shown yet"
    largest = max(named, key=_shown)
    low, high = possible(_shown(largest), threshold)
    words = share_in_words(low / table.total, min(high, table.total) / table.total)
    if largest.since and largest.percent is not None:
        words = share_in_words((largest.percent - 1) / 100, (largest.percent + 1) / 100)
    return f"{words.capitalize()} signatories signed as “{shortened(largest.label)}”"


def growth_finding(series: SafeSeries, threshold: int) -> str:
    """What the growth shows: since when at least half of the signatories have signed."""
    *earlier, last = series.points
    halfway = [point for point in earlier if 2 * possible(point.n, threshold)[1] <= last.n]
    if halfway:
        return f"At least half of all signatories have signed since {in_words(halfway[-1].ends_on)}"
    if earlier:
        first = earlier[0]
        how_many = "Most" if 2 * possible(first.n, threshold)[0] > last.n else "About half of all"
        return f"{how_many} signatories had signed by {in_words(first.ends_on)}"
    return f"{last.n:,} people had signed by {in_words(last.ends_on)}"


def weeks_finding(steps: Sequence[Step]) -> str:
    """What the weeks show: the week in which most signed, of those that stand alone."""
    alone = [step for step in steps if (step.ends_on - step.starts_on).days < DAYS_OF_A_WEEK]
    best = max(alone, key=lambda step: step.n, default=None)
    if best is None:
        return f"{steps[-1].n:,} people, about, have signed since {in_words(steps[-1].starts_on)}"
    return f"Most people signed in the week to {in_words(best.ends_on)}: about {best.n:,}"


def milestone_finding(milestones: Sequence[Milestone]) -> str | None:
    """The greatest milestone; None where none is reached."""
    if not milestones:
        return None
    last = max(milestones, key=lambda one: one.n)
    return f"{last.n:,} had signed by {in_words(last.by)}"


def headline(pack: SafePack) -> str:
    """The words after the total, as "people have signed the Connect Pledge"."""
    return f"{'person has' if pack.total == 1 else 'people have'} signed the {pack.title}"


def platform_finding(pack: SafePack) -> str | None:
    """How the platform's own count of responses compares with ours; None when they weren't compared."""
    told = pack.platform
    if told is None:
        return None
    how_far = (
        f"differs from ours by fewer than {pack.threshold}"
        if told.n is None
        else f"differs from ours by about {told.n:,}"
        if told.n
        else "is the same as ours"
    )
    return (
        f"The survey platform keeps a count of its own: on {in_words(told.counted_on)}, its number of the "
        f"forms that it holds {how_far}."
    )


def role_alternative(table: SafeTable) -> str:
    """The role chart for who cannot see it, shown roles in the chart's order."""
    shown = [
        f"{row.label}: about {row.cell.n:,}{share(row)}"
        for row in largest_first(table)
        if row.cell.n is not None
    ]
    hidden = [row.label for row in table.rows if row.cell.n is None]
    sentence = f"Bar chart of signatories by role. {'; '.join(shown) or 'No role is shown'}."
    return f"{sentence} Hidden: {'; '.join(hidden)}." if hidden else sentence


def growth_alternative(
    series: SafeSeries, milestones: Sequence[Milestone] = (), gaps: Sequence[Gap] = ()
) -> str:
    """The growth chart for who cannot see it: its ends, what is marked on it, and where the table is."""
    first, last = series.points[0], series.points[-1]
    reached = [f"{one.n:,} by {in_words(one.by)}" for one in milestones]
    silent = [f"{in_words(gap.starts_on)} to {in_words(gap.ends_on)}" for gap in gaps]
    marked = [f" Milestones: {'; '.join(reached)}."] if reached else []
    marked += [f" No data came in: {'; '.join(silent)}."] if silent else []
    return "".join([_course(series, first, last), *marked])


def _course(series: SafeSeries, first: SafePoint, last: SafePoint) -> str:
    return (
        "Line chart of the number of signatories, all weeks together, starting from zero on "
        f"{in_words(series.starts_on)}: about {first.n:,} by {in_words(first.ends_on)}, "
        f"{last.n:,} by {in_words(last.ends_on)}. The table by week has all {len(series.points)} points."
    )


def largest_first(table: SafeTable) -> list[SafeRow]:
    """The chart's order. Hidden rows come last as in the form: their order must not tell their size."""
    return sorted(table.rows, key=lambda row: -_shown(row))


def share(row: SafeRow) -> str:
    return "" if row.percent is None else f" ({row.percent}%)"


def shortened(label: str) -> str:
    """A label that fits a heading; the table has it whole."""
    longest = LONGEST_LABEL_IN_A_SENTENCE
    return label if len(label) <= longest else f"{wrap(label, longest - 1)[0]}…"


def _shown(row: SafeRow) -> int:
    return row.cell.n or 0
