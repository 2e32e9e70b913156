"""Disclosure control: exact counts in, counts that may leave the house out.

What is done, and where it comes from:

- **Threshold 10**, settable from 5 to 20: a smaller count is hidden. (ONS research outputs; ACRO's defaults
  for UK safe settings. A role such as "politician" is small, and its few people are publicly known.)
- **Zeros are hidden too**: that nobody in a role signed says something of everybody in it. (ACRO.)
- **Others are rounded to the nearest 5**, though never below the threshold. (NHS Digital; OpenSAFELY.)
- **The grand total stays exact**, so the others are a sum away from each hidden count. Rounding blurs that
  sum; where it doesn't blur enough, or a single count is hidden, the smallest shown counts are hidden too.
- **Hidden is hidden**: a reader isn't told which counts are small and which protect a small one.
- **Shares are whole per cents of rounded counts**, once the total is 100: below it, the rounding alone moves
  a share by more than two points. (NHS Digital gives none finer than its rounding bears.)
- **With fewer signatories than the threshold** there is the total, and nothing else.

"Enough" means: an attacker who subtracts all that is shown from the total, and knows the threshold, the
rounding and even which of the hidden counts are small, can rule out no value from 0 to threshold - 1 for
any of them. When everything is hidden, only the total is left to know.

**Packs of different days** are points of one sequence, whatever their order, threshold or role groups; two
that are safe alone may be subtracted. (Disclosure by differencing, in the guidance of the ONS and of ACRO: a
difference of two tables is a table.) So the same is asked of a change as of a count:

- The exact total is public, and what was shown before too. From these alone it is decided when roles are
  counted anew: once the total has moved by twice the threshold. Would a figure be renewed as soon as it has
  moved by ten, the night of it would tell whose signature was the tenth.
- Of what may be shown then, that stays as it was which would narrow a hidden count, or a change under the
  threshold, to under the threshold's width, for one who knows all packs; he may even take it that nobody left
  or chose another role. `reports.disclosure.spans` works that out; `release_sequence` leaves
  out the smallest changes.
- What he could know from the totals alone is not protected: that three signed says each role has 0 to 3 more.
- An earlier day's pack that only adds its total to what later packs showed is refused where that is too much.

Milestones, weeks and roles by month are made of what is shown, and tell no more.

What this does not do: an attacker who also replays the choice of the counts that are hidden, or left as they
were, may narrow a small one somewhat; for he knows that they were the smallest. Nor does it know of packs
that another machine has made, or from before the file of what was shown was lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

BASE = 5
LEAST_THRESHOLD, USUAL_THRESHOLD, GREATEST_THRESHOLD = 5, 10, 20
LEAST_TOTAL_WITH_SHARES = 100


@dataclass(frozen=True)
class SafeCell:
    """A count that may be shown, a multiple of 5; None is hidden."""

    n: int | None


@dataclass(frozen=True)
class SafeRow:
    """*percent* is whole; None when hidden, or when the total is too small for shares.

    since: the day when it was so, where that is earlier than the table's day; see `release_sequence`.
    """

    label: str
    cell: SafeCell
    percent: int | None
    since: date | None = None


@dataclass(frozen=True)
class SafeTable:
    """Counts that may be shown together.

    rows: as in the raw table; empty when the total is under the threshold, or there is nothing to count.
    total: as handed over; the caller decides whether it is exact.
    note: how to read the table, for the reader.
    as_on: the day when it was so, where that is earlier than the pack's; see `release_sequence`.
    """

    rows: tuple[SafeRow, ...]
    total: int
    note: str
    as_on: date | None = None


@dataclass(frozen=True)
class SafePoint:
    """So many had signed by the end of that day."""

    ends_on: date
    n: int


@dataclass(frozen=True)
class SafeSeries:
    """Growth: cumulative points, the last of them the exact total.

    starts_on: the Monday of the first week with a signature.
    points: at least one; between two of them at least the threshold signed.
    """

    starts_on: date
    points: tuple[SafePoint, ...]


def rounded(n: int, threshold: int) -> int:
    """*n*, at or above *threshold*, to the nearest 5, but to no less than the threshold."""
    return max(_nearest(n), _least_shown(threshold))


def possible(shown: int, threshold: int) -> tuple[int, int]:
    """The least and the greatest count that are shown as *shown*."""
    least = threshold if shown == _least_shown(threshold) else shown - BASE // 2
    return least, shown + BASE // 2


def protect(rows: Sequence[tuple[str, int]], *, threshold: int) -> SafeTable:
    """Make a table of exact counts safe to be shown beside its exact total."""
    total = sum(n for _, n in rows)
    if total < threshold:
        return SafeTable((), total, _note(threshold))
    hidden = _hidden([n for _, n in rows], threshold)
    safe_rows = (
        SafeRow(label, SafeCell(None), None)
        if at in hidden
        else shown_row(label, rounded(n, threshold), total)
        for at, (label, n) in enumerate(rows)
    )
    return SafeTable(tuple(safe_rows), total, _note(threshold))


def protect_without_total(rows: Sequence[tuple[str, int]], *, threshold: int) -> SafeTable:
    """The same for a table whose total isn't exact either: rounded, or 0 when under the threshold."""
    safe = protect(rows, threshold=threshold)
    without_shares = tuple(SafeRow(row.label, row.cell, None) for row in safe.rows)
    return SafeTable(without_shares, rounded(safe.total, threshold) if safe.rows else 0, safe.note)


def protect_growth(
    by_day: Sequence[tuple[date, int]], *, as_at_on: date, threshold: int
) -> SafeSeries | None:
    """Cumulative points at the ends of weeks (Sundays), the last one on *as_at_on*.

    A week under the threshold is joined with those after it, and a last one with the one before it, so that
    no difference of two points is a small count. None when the total is under the threshold.
    """
    if sum(n for _, n in by_day) < threshold:
        return None
    points: list[SafePoint] = []
    so_far = since_last = 0
    for ends_on, days in groupby(sorted(by_day), key=lambda day: week_ends_on(day[0])):
        n = sum(n for _, n in days)
        so_far, since_last = so_far + n, since_last + n
        if since_last >= threshold:
            points.append(SafePoint(ends_on, rounded(so_far, threshold)))
            since_last = 0
    points[-1] = SafePoint(as_at_on, so_far)
    starts_on = week_ends_on(min(day for day, _ in by_day)) - timedelta(days=6)
    return SafeSeries(starts_on, tuple(points))


def shown_row(label: str, shown: int, total: int) -> SafeRow:
    """A row that isn't hidden: *shown* is rounded already."""
    percent = min(100, (200 * shown + total) // (2 * total)) if total >= LEAST_TOTAL_WITH_SHARES else None
    return SafeRow(label, SafeCell(shown), percent)


def hidden_among(shown: Sequence[int | None], total: int, threshold: int) -> set[int]:
    """The positions to hide of a table shown before under a higher threshold, by what it showed."""
    n_hidden = sum(n is None for n in shown)
    left = max(0, total - sum(n or 0 for n in shown)) // max(n_hidden, 1)
    return _hidden([left if n is None else n for n in shown], threshold)


def _note(threshold: int) -> str:
    return (
        f"Counts are rounded to the nearest {BASE}. “Hidden” means fewer than {threshold}, none included, or "
        "a larger count kept back so that a small one cannot be worked out from the total."
    )


def _hidden(counts: list[int], threshold: int) -> set[int]:
    """The positions to hide: the small counts, and the smallest others until the small ones are covered."""
    small = {at for at, n in enumerate(counts) if n < threshold}
    others = sorted((n, at) for at, n in enumerate(counts) if n >= threshold)
    cover: set[int] = set()
    while small and others and not _covered(counts, small, cover, threshold):
        cover.add(others.pop(0)[1])
    return small | cover


def _covered(counts: list[int], small: set[int], cover: set[int], threshold: int) -> bool:
    """Can each small count still be anything from 0 to threshold - 1, for all that subtraction tells?

    The hidden counts sum to between *least* and *most*. A small one can be as large as they leave room for
    when the other small ones are 0 and the covering ones at the threshold. It can be as small as 0 if the
    others can make up the sum: covering ones always can, small ones only up to threshold - 1 each.
    """
    shown = [
        possible(rounded(n, threshold), threshold) for at, n in enumerate(counts) if at not in small | cover
    ]
    least = sum(counts) - sum(high for _, high in shown)
    most = sum(counts) - sum(low for low, _ in shown)
    can_be_largest = most - threshold * len(cover) >= threshold - 1
    can_be_zero = bool(cover) or least <= (len(small) - 1) * (threshold - 1)
    return len(small | cover) > 1 and can_be_largest and can_be_zero


def _nearest(n: int) -> int:
    return (n + BASE // 2) // BASE * BASE


def _least_shown(threshold: int) -> int:
    return -(-threshold // BASE) * BASE


def week_ends_on(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
