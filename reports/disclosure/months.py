"""Roles by month: the tables of roles as they stood at the ends of months, under the control of packs."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from reports.disclosure.release_sequence import Memory, Shown, next_table
from reports.disclosure.suppression import hidden_among
from reports.errors import TooNearError

MOST_PERIODS = 6
FEWEST_PERIODS = 2  # a table of one time is no course of time


@dataclass(frozen=True)
class SafeGrid:
    """Signatories so far, by role, at the ends of some months.

    ends: ascending. totals: exact, one for each. rows: (label, a count for each of *ends*), a multiple of 5;
        None is hidden.
    """

    ends: tuple[date, ...]
    totals: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


def with_months(
    memory: Memory,
    by_day_and_role: Sequence[tuple[date, str, int]],
    labels: Sequence[str],
    *,
    at: datetime,
    threshold: int,
) -> Memory:
    """*memory*, with the tables of the months before its first pack, made as if packs had been made then.

    They pass the same control as packs of different nights. A month that can't be told is left out.
    """
    if not by_day_and_role or not memory.roles:
        return memory
    first = min(day for day, _, _ in by_day_and_role)
    for end in _ends_between(first, at.date()):
        so_far = dict.fromkeys(labels, 0)
        for day, label, n in by_day_and_role:
            if day <= end:
                so_far[label] += n
        then = datetime.combine(end + timedelta(days=1), time(), at.tzinfo) - timedelta(microseconds=1)
        try:
            _, shown = next_table(list(so_far.items()), at=then, threshold=threshold, before=memory)
        except TooNearError:
            continue
        if shown and any(row.n is not None and row.at == then for row in shown.rows):
            memory = replace(
                memory,
                totals=(*memory.totals, (then, shown.total)),
                roles=tuple(sorted((*memory.roles, shown), key=lambda one: one.at)),
            )
    return memory


def grid_of(memory: Memory, labels: Sequence[str], *, at: datetime, threshold: int) -> SafeGrid | None:
    """The last table of each month before *at*, as packs have shown it; None: fewer than two."""
    by_end = {
        _end_of(one.at.date()): one
        for one in sorted(memory.roles, key=lambda one: one.at)
        if one.at <= at and _end_of(one.at.date()) < at.date()
    }
    kept = _thinned({end: one for end, one in by_end.items() if any(row.n is not None for row in one.rows)})
    if len(kept) < FEWEST_PERIODS:
        return None
    columns = [_column(one, threshold) for one in kept.values()]
    rows = tuple((label, tuple(one.get(label) for one in columns)) for label in labels)
    return SafeGrid(tuple(kept), tuple(one.total for one in kept.values()), rows)


def _column(shown: Shown, threshold: int) -> dict[str, int | None]:
    hidden: set[int] = set()
    if threshold > shown.threshold:
        hidden = hidden_among([row.n for row in shown.rows], shown.total, threshold)
    return {row.label: None if at in hidden else row.n for at, row in enumerate(shown.rows)}


def _thinned(by_end: dict[date, Shown]) -> dict[date, Shown]:
    """Every month, or every third where that is too many, the last ones in any case."""
    ends = list(by_end)
    if len(ends) > MOST_PERIODS:
        ends = ends[::-1][::3][::-1][-MOST_PERIODS:]
    return {end: by_end[end] for end in ends}


def _ends_between(first: date, last: date) -> list[date]:
    ends = []
    end = _end_of(first)
    while end < last:
        ends.append(end)
        end = _end_of(end + timedelta(days=1))
    return ends


def _end_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
