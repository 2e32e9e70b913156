"""What each chart shows, in words that its rounding bears: a finding, the text alternative, and readings.

The finding is the chart's heading. Readings are told by pointer or keys: one for each bar or point, in order.
"""

from collections.abc import Sequence
from textwrap import wrap

from reports.dates import in_words, moment_in_words
from reports.disclosure.suppression import BASE, LEAST_TOTAL_WITH_SHARES, possible
from reports.figures import Gap
from reports.labels import NO_ANSWER, NO_ROLE
from reports.safe_pack import SafeBreakdown, SafeGrid, SafePack, SafeRow, SafeSeries, SafeTable
from reports.texts import wording
from reports.texts.timeline import Milestone, Step
from reports.texts.wording import label, span_in_words

FRACTIONS = {
    1 / 10: "one in ten", 1 / 5: "one in five", 1 / 4: "one in four", 1 / 3: "one in three",
    2 / 5: "two in five", 1 / 2: "half of all", 3 / 5: "three in five", 2 / 3: "two in three",
    3 / 4: "three in four", 4 / 5: "four in five", 9 / 10: "nine in ten",
}  # fmt: skip
DAYS_OF_A_WEEK = 7
NEARLY_ALL, ABOUT = 0.95, 0.02
LONGEST_LABEL_IN_A_SENTENCE = 80
NAMED, LEAST_NAMED = 3, 2
MOST_HIDDEN_BARS = 8  # each for itself


def share_in_words(low: float, high: float) -> str:
    """Words for a share known to be from *low* to *high*, to go before "signatories".

    A share is never made larger than it is: what isn't about a fraction is more than the next smaller one.
    """
    middle = (low + high) / 2
    if low > NEARLY_ALL:
        return "nearly all"
    nearest = min(FRACTIONS, key=lambda fraction: abs(fraction - middle))
    if abs(middle - nearest) <= ABOUT or low <= nearest <= high:
        return f"about {FRACTIONS[nearest]}"
    exceeded = [words for fraction, words in FRACTIONS.items() if fraction < low]
    return f"more than {exceeded[-1]}" if exceeded else "fewer than one in ten"


def in_short(pack: SafePack, of_charts: Sequence[str]) -> list[str]:
    """What somebody with a minute must know: what each chart shows, and who the largest groups are."""
    sentences = list(of_charts)
    largest = leading(largest_first(pack.roles), NAMED)
    if sentences and len(largest) >= LEAST_NAMED:
        groups = [f"{shortened(label(row.label))}, about {row.n:,}{_share(row)}" for row in largest]
        when = wording.as_at(pack.roles, pack)
        sentences.insert(1, f"The largest groups{f', {when}' if when else ''}: {'; '.join(groups)}")
    return [f"{one}." for one in sentences]


def role_finding(pack: SafePack) -> str:
    """About the largest group that named a role; of an earlier table it says of when."""
    table = pack.roles
    named = [row for row in table.rows if row.n is not None and row.label != NO_ROLE]
    if not named:
        return "No role that people named can be shown yet"
    largest = max(named, key=_count)
    low, high = possible(_count(largest), pack.threshold)
    slack = BASE // 2 if table.as_at else 0  # the total of an earlier table is rounded
    least, most = table.total - slack, table.total + slack
    words = share_in_words(low / most, min(high, least) / least)
    sentence = f"{words} signatories signed as “{shortened(largest.label)}”"
    when = wording.as_at(table, pack)
    return f"{sentence[:1].upper()}{sentence[1:]}{f', {when}' if when else ''}"


def choice_finding(pack: SafePack, one: SafeBreakdown) -> str:
    """The largest group of those who answered."""
    shown = [row for row in largest_first(one.table) if row.n is not None and row.label != NO_ANSWER]
    if not shown:
        return f"{one.name}: no answer that people gave can be shown yet"
    when = wording.as_at(one.table, pack)
    names = [f"“{shortened(row.label)}”" for row in shown if row.n == shown[0].n]
    if len(names) > NAMED:
        largest = f"the {len(names)} largest groups are"
    elif len(names) > 1:
        largest = f"the largest groups are {', '.join(names[:-1])} and {names[-1]},"
    else:
        largest = f"the largest group is {names[0]},"
    sentence = f"{one.name}: {largest} about {shown[0].n:,}{' each' if len(names) > 1 else ''}"
    return f"{sentence}, {when}" if when else sentence


def leading(rows: Sequence[SafeRow], most: int) -> list[SafeRow]:
    """The first few of *rows*, largest first, that are shown; fewer where others are as large as the last."""
    shown = [row for row in rows if row.n is not None]
    while 0 < most < len(shown) and shown[most].n == shown[most - 1].n:
        most -= 1
    return shown[:most]


def role_alternative(table: SafeTable, what: str) -> str:
    """Shown answers in the chart's order. what: "role", or a breakdown's name."""
    shown = [
        f"{row.label}: about {row.n:,}{_share(row)}" for row in largest_first(table) if row.n is not None
    ]
    rows, others = on_bars(table)
    hidden = [f"{others} others"] if others else [row.label for row in rows if row.n is None]
    sentence = f"Bar chart of signatories by {what}. {'; '.join(shown) or 'Nothing is shown'}."
    return f"{sentence} Hidden: {'; '.join(hidden)}." if hidden else sentence


def role_readings(table: SafeTable) -> list[str]:
    rows, others = on_bars(table)
    readings = [
        f"{label(row.label)}: " + ("hidden" if row.n is None else f"about {row.n:,} signatories{_share(row)}")
        for row in rows
    ]
    return [*readings, in_one_line(others)] if others else readings


def on_bars(table: SafeTable) -> tuple[list[SafeRow], int]:
    """The rows that the chart draws, and how many hidden ones it tells in one line instead, or none."""
    rows = largest_first(table)
    shown = [row for row in rows if row.n is not None]
    n_hidden = len(rows) - len(shown)
    return (shown, n_hidden) if n_hidden > MOST_HIDDEN_BARS else (rows, 0)


def in_one_line(others: int) -> str:
    return f"Hidden: {others} others"


def largest_first(table: SafeTable) -> list[SafeRow]:
    """The chart's order. Hidden rows come last as in the form: their order must not tell their size."""
    return sorted(table.rows, key=_count, reverse=True)


def shortened(text: str, longest: int = LONGEST_LABEL_IN_A_SENTENCE) -> str:
    """A label that fits a heading; the table has it whole."""
    return text if len(text) <= longest else f"{wrap(text, longest - 1)[0]}…"


def _share(row: SafeRow) -> str:
    return "" if row.percent is None else f" ({row.percent}%)"


def _count(row: SafeRow) -> int:
    return row.n or 0


def month_rows(grid: SafeGrid) -> list[tuple[str, tuple[int | None, ...]]]:
    """The roles of which some figure is shown, largest first. Those whose last one is hidden come last."""
    shown = [row for row in grid.rows if any(n is not None for n in row[1])]
    return sorted(shown, key=lambda row: (row[1][-1] is None, -_last_shown(row[1])))


def _last_shown(counts: Sequence[int | None]) -> int:
    return next(n for n in reversed(counts) if n is not None)


def month_finding(grid: SafeGrid) -> str:
    """The largest role's way, from the first end at which it is shown."""
    role, counts = month_rows(grid)[0]
    shown = [(end, n) for end, n in zip(grid.at, counts, strict=True) if n is not None]
    (start, first), (end, last) = shown[0], shown[-1]
    name = shortened(label(role))
    if first == last:
        return f"“{name}”: about {last:,} on {moment_in_words(end)}"
    return f"“{name}”: about {first:,} on {moment_in_words(start)}, about {last:,} on {moment_in_words(end)}"


def month_alternative(grid: SafeGrid) -> str:
    told = "; ".join(month_readings(grid))
    return (
        "Small bar charts of signatories so far, one for each role. Each has its own scale, from zero. "
        f"{told}."
    )


def month_readings(grid: SafeGrid) -> list[str]:
    return [
        f"{label(role)}, on {moment_in_words(end)}: {'hidden' if n is None else f'about {n:,} signatories'}"
        for role, counts in month_rows(grid)
        for end, n in zip(grid.at, counts, strict=True)
    ]


def growth_finding(series: SafeSeries, threshold: int) -> str:
    """Since when at least half of the signatories have signed."""
    *earlier, last = series.points
    # A point that packs have shown stays until it is wrong by the threshold.
    halfway = [point for point in earlier if 2 * (possible(point.n, threshold)[1] + threshold) <= last.n]
    if halfway:
        return f"At least half of all signatories have signed since {in_words(halfway[-1].ends_on)}"
    if earlier:
        first = earlier[0]
        is_most = 2 * (possible(first.n, threshold)[0] - threshold) > last.n
        how_many = "Most" if is_most else "About half of all"
        return f"{how_many} signatories had signed by {in_words(first.ends_on)}"
    return f"{last.n:,} people had signed by {in_words(last.ends_on)}"


def growth_alternative(series: SafeSeries, milestones: Sequence[Milestone], gaps: Sequence[Gap]) -> str:
    """The line's ends, what is marked on it, and where the table is."""
    first, last = series.points[0], series.points[-1]
    text = (
        "Line chart of the number of signatories, all weeks together, starting from zero on "
        f"{in_words(series.starts_on)}: about {first.n:,} by {in_words(first.ends_on)}, "
        f"{last.n:,} by {in_words(last.ends_on)}. The table by week has all {len(series.points)} points."
    )
    if milestones:
        reached = [f"{one.n:,} by {in_words(one.by)}" for one in milestones]
        text += f" Milestones: {'; '.join(reached)}."
    if gaps:
        text += f" No data came in: {'; '.join(map(span_in_words, gaps))}."
    return text


def growth_readings(series: SafeSeries) -> list[str]:
    """Only the last is exact."""
    *earlier, last = series.points
    return [
        *(f"{in_words(point.ends_on)}: about {point.n:,} signatories so far" for point in earlier),
        f"{in_words(last.ends_on)}: {last.n:,} signatories, the exact total",
    ]


def week_finding(steps: Sequence[Step], total: int) -> str:
    """The week in which most signed, of those that stand alone, and what share of all that is."""
    alone = [step for step in steps if (step.ends_on - step.starts_on).days < DAYS_OF_A_WEEK]
    best = max(alone, key=lambda step: step.n, default=None)
    if best is None:
        return f"About {steps[-1].n:,} people have signed since {in_words(steps[-1].starts_on)}"
    percent = min(100, (200 * best.n + total) // (2 * total))
    share = f" ({percent}%)" if total >= LEAST_TOTAL_WITH_SHARES else ""
    is_sure = all(step.n + 2 * BASE <= best.n for step in steps if step is not best)  # rounding is in both
    which = "Busiest week" if is_sure else "One of the busiest weeks"
    return f"{which}: about {best.n:,}{share} signed in the week to {in_words(best.ends_on)}"


def week_alternative(steps: Sequence[Step]) -> str:
    counts = [step.n for step in steps]
    return (
        f"Bar chart of new signatories by week, from {in_words(steps[0].starts_on)} to "
        f"{in_words(steps[-1].ends_on)}: between about {min(counts):,} and about {max(counts):,}. The table "
        f"by week has all {len(steps)} bars."
    )


def week_readings(steps: Sequence[Step]) -> list[str]:
    """Several weeks that are joined are told as one."""
    return [f"{span_in_words(step)}: about {step.n:,} new signatories" for step in steps]
