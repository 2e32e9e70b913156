"""Disclosure control between tables of different days: one is renewed as a whole, or stands as it was.

Two tables that a reader may subtract tell of the people in whom they differ. So each that is shown differs
from each that was shown before by a group of at least the threshold: who came, who left, whose answer is
another. (Disclosure by differencing: GSS and ESSnet handbooks, see docs/decisions/0057.)
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reports.disclosure.nested import keep_doubt
from reports.disclosure.suppression import (
    hidden_among,
    possible,
    protect,
    protect_without_total,
    rounded,
    safe_row,
)  # fmt: skip
from reports.packs_shown import NOT_COUNTED, Counts, ShownTable
from reports.safe_pack import SafeTable

Rows = Sequence[tuple[str, int]]
CountsOf = Callable[[ShownTable], Counts | None]
"""The exact counts that a table was made from; None where nobody knows them any more."""


@dataclass(frozen=True)
class Frame:
    """What is the same for all tables of a pack. shown: those before it, and its own as they are made."""

    at: datetime
    run_id: str
    threshold: int
    shown: list[ShownTable]
    counts_of: CountsOf

    def last(self, what: str, *, by: datetime, upto: date | None = None) -> ShownTable | None:
        """The last of its kind that was shown and counts who was there by then."""
        found = (one for one in self.shown if (one.what, one.upto) == (what, upto) and one.at <= by)
        return max(found, key=lambda one: one.at, default=None)

    def of_this_run(self, what: str, upto: date | None = None) -> ShownTable | None:
        wanted = (what, self.run_id, upto)
        return next((one for one in self.shown if (one.what, one.run_id, one.upto) == wanted), None)


def renewed(what: str, rows: Rows, frame: Frame) -> SafeTable:
    """The table of *rows* if it may be shown, else the last one that was; it is remembered in *frame*."""
    safe = _protected(what, rows, frame.threshold)
    if table := newly_shown(what, rows, frame):
        return replace(standing(table, frame.threshold), total=safe.total, as_at=None)
    if not safe.is_shown:
        return safe
    earlier = frame.last(what, by=frame.at)
    return standing(earlier, frame.threshold) if earlier else replace(safe, rows=())


def newly_shown(
    what: str, rows: Rows, frame: Frame, *, at: datetime | None = None, upto: date | None = None
) -> ShownTable | None:
    """The table of *rows* as it may be shown, this run's or a new one; None where it may not.

    at, upto: of a table of the past; else it is of the pack's own instant.
    """
    if table := frame.of_this_run(what, upto):
        return table
    safe = _protected(what, rows, frame.threshold)
    if not safe.is_shown:
        return None
    total = rounded(safe.total, frame.threshold)
    shown = tuple((row.label, row.n) for row in safe.rows)
    table = ShownTable(what, at or frame.at, frame.run_id, frame.threshold, total, shown, upto)
    of_kind = [one for one in frame.shown if one.what == what]
    counts = dict(rows)
    if not all(_are_apart(table, counts, one, frame.counts_of) for one in of_kind):
        return None
    if upto:
        of_run = sorted(
            [table, *(one for one in of_kind if one.run_id == table.run_id)], key=lambda one: one.at
        )
        if not keep_doubt(of_run, frame.counts_of):
            return None
    frame.shown.append(table)
    return table


def standing(table: ShownTable, threshold: int) -> SafeTable:
    """A table that was shown, as it was, under its own date; with less in it if the threshold is higher."""
    counts = [n for _, n in table.rows]
    n_hidden = max(1, counts.count(None))
    left = max(0, table.total - sum(n or 0 for n in counts)) // n_hidden
    is_stricter = threshold > table.threshold
    hidden = hidden_among([left if n is None else n for n in counts], threshold) if is_stricter else set()
    rows = (
        safe_row(label, None if at in hidden else n, table.total) for at, (label, n) in enumerate(table.rows)
    )
    return SafeTable(tuple(rows), table.total, table.at)


def n_differing(one: Counts, other: Counts) -> int:
    """The least number of people in whom two tables differ, by their exact counts: what answers have gained
    in all, or what they have lost in all.

    Answers that only one of the tables has are taken as one: were they regrouped, their people are the same.
    """
    more: Counter[str | None] = Counter()
    for counts, sign in ((one, 1), (other, -1)):
        for label, n in counts.items():
            more[label if label in one and label in other else None] += sign * n
    return max(sum(n for n in more.values() if n > 0), -sum(n for n in more.values() if n < 0))


def _are_apart(table: ShownTable, counts: Counts, other: ShownTable, counts_of: CountsOf) -> bool:
    """Do they differ by a group of at least the threshold? The totals alone may tell that they do."""
    least = max(table.threshold, other.threshold)
    low, high = possible(table.total, table.threshold)
    other_low, other_high = possible(other.total, other.threshold)
    if max(low - other_high, other_low - high) >= least:
        return True
    known = counts_of(other)
    return known is not None and n_differing(counts, known) >= least


def _protected(what: str, rows: Rows, threshold: int) -> SafeTable:
    return (protect_without_total if what == NOT_COUNTED else protect)(rows, threshold=threshold)
