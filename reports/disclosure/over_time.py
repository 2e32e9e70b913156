"""Disclosure control over time: how many had signed by the ends of weeks, in which roles by those of months.

Weeks and months are joined until at least the threshold signed in each. What was shown of the past stays as
it was, until it has changed by the threshold.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from reports.dates import period_ends, week_ends_on
from reports.disclosure.cohorts import Frame, n_differing, newly_shown, standing
from reports.disclosure.suppression import BASE, possible, rounded
from reports.packs_shown import ROLES, ShownTable
from reports.safe_pack import SafeGrid, SafePack, SafePoint, SafeSeries

MOST_PERIODS = 6
FEWEST_PERIODS = 2  # a table of one time is no course of time


def next_points(
    by_day: Sequence[tuple[date, int]], before: Sequence[SafePoint], signed_since: date, pack: SafePack
) -> SafeSeries:
    """Points at the ends of Sundays, then the pack's own. before: of Sundays, as packs have shown them."""
    total, threshold, as_at_on = pack.total, pack.threshold, pack.as_at.date()
    known = {point.ends_on: point for point in before if point.n >= rounded(threshold, threshold)}
    last_known = max(known, default=date.min)
    points: list[SafePoint] = []
    n_last = 0
    for ends_on in sorted({week_ends_on(day) for day, _ in by_day} | known.keys()):
        n = sum(n for day, n in by_day if day <= ends_on)
        is_new = n - n_last >= threshold and ends_on > last_known
        now = SafePoint(ends_on, rounded(n, threshold))
        old = known.get(ends_on, now)
        rise = old.n - (points[-1].n if points else 0)
        is_old = ends_on in known and rise >= threshold // BASE * BASE  # the threshold may have been raised
        if ends_on < as_at_on and (is_old or is_new):
            low, high = possible(old.n, threshold)
            points.append(old if low - threshold < n < high + threshold else now)
            n_last = n
    if points and total - n_last < threshold:
        points.pop()
    starts_on = week_ends_on(signed_since) - timedelta(days=6)
    return SafeSeries(starts_on, (*_rising(points, total), SafePoint(as_at_on, total)))


def _rising(points: Sequence[SafePoint], total: int) -> list[SafePoint]:
    """Without those that are above a later one: they were true once, and people have left since."""
    rising: list[SafePoint] = []
    for point in reversed(points):
        if point.n <= (rising[-1].n if rising else total):
            rising.append(point)
    return rising[::-1]


def roles_by_month(
    by_day_and_role: Sequence[tuple[date, str, int]], labels: Sequence[str], frame: Frame
) -> SafeGrid | None:
    """Roles at the ends of months; None: fewer than two may be shown, and so none is."""
    tried = replace(frame, shown=[*frame.shown])
    first = min((day for day, *_ in by_day_and_role), default=date.max)
    ends = period_ends(first, frame.at.date(), MOST_PERIODS)
    rows_by = ((end, list(so_far(by_day_and_role, labels, end).items())) for end in ends)
    columns = [column for end, rows in rows_by if (column := _column(rows, end, tried))]
    if len(columns) < FEWEST_PERIODS:
        return None
    frame.shown[:] = tried.shown
    shown = [{row.label: row.n for row in standing(one, frame.threshold).rows} for one in columns]
    cells = tuple((label, tuple(column.get(label) for column in shown)) for label in labels)
    return SafeGrid(tuple(one.at for one in columns), tuple(one.total for one in columns), cells)


def so_far(
    by_day_and_role: Sequence[tuple[date, str, int]], labels: Sequence[str], upto: date
) -> dict[str, int]:
    """How many of each role had signed by the end of a day."""
    counts = dict.fromkeys(labels, 0)
    for day, label, n in by_day_and_role:
        if day <= upto:
            counts[label] += n
    return counts


def _column(rows: Sequence[tuple[str, int]], end: date, frame: Frame) -> ShownTable | None:
    """A table of who had signed by the end of a month; else what was shown of it, or else late in it."""
    then = datetime.combine(end + timedelta(days=1), time(), frame.at.tzinfo) - timedelta(microseconds=1)
    if table := newly_shown(ROLES, rows, frame, at=then, upto=end):
        return table
    table, now = frame.last(ROLES, by=then, upto=end), dict(rows)
    known = table and (frame.counts_of(table) or {**now, **{one: n for one, n in table.rows if n}})
    if known and n_differing(now, known) < frame.threshold:
        return table
    table = frame.last(ROLES, by=then)
    return table if table and table.at.date() >= end.replace(day=1) else None
