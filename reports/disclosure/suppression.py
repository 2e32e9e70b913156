"""Disclosure control within one table: exact counts in, counts that may leave the house out.

- Counts under the threshold (10; settable from 5 to 20) are hidden, none included. (ACRO; ONS.)
- Others are rounded to the nearest 5, though never below the threshold: the ONS's “10-5 rule”.
- The total of signatories is exact, so the others are a sum away from each hidden count. Rounding blurs that
  sum; where it doesn't blur enough, or a single count is hidden, the smallest shown counts are hidden too.
  Enough is: who subtracts all that is shown from the total, and knows the threshold, the rounding and even
  which of the hidden counts are small, can rule out no value from 0 to threshold - 1 for any of them.
- Shares are whole per cents of rounded counts, once the total is 100; under the threshold there is no table.
For tables of different days see `reports.disclosure.cohorts`; why so, docs/decisions/0057.
"""

from collections.abc import Sequence

from reports.safe_pack import SafeRow, SafeTable

BASE = 5
USUAL_THRESHOLD = 10
LEAST_TOTAL_WITH_SHARES = 100
OTHERS = "Other reasons"


def rounded(n: int, threshold: int) -> int:
    """*n*, at or above *threshold*, to the nearest 5, but to no less than the threshold."""
    return max((n + BASE // 2) // BASE * BASE, _least_shown(threshold))


def possible(shown: int, threshold: int) -> tuple[int, int]:
    """The least and the greatest count that are shown as *shown*."""
    least = threshold if shown == _least_shown(threshold) else shown - BASE // 2
    return least, shown + BASE // 2


def protect(rows: Sequence[tuple[str, int]], *, threshold: int) -> SafeTable:
    """Make a table of exact counts safe to be shown beside its exact total."""
    total = sum(n for _, n in rows)
    if total < threshold:
        return SafeTable((), total)
    hidden = hidden_among([n for _, n in rows], threshold)
    shown = (None if at in hidden else rounded(n, threshold) for at, (_, n) in enumerate(rows))
    return SafeTable(
        tuple(safe_row(label, n, total) for (label, _), n in zip(rows, shown, strict=True)), total
    )


def protect_without_total(rows: Sequence[tuple[str, int]], *, threshold: int) -> SafeTable:
    """The same for a table whose total isn't exact either: rounded, or 0 when under the threshold.

    What is hidden is one row, always there: a row that appears would tell that somebody is in it.
    """
    safe = protect(rows, threshold=threshold)
    if not safe.rows:
        return SafeTable((), 0)
    shown = [SafeRow(row.label, row.n) for row in safe.rows if row.n is not None]
    return SafeTable((*shown, SafeRow(OTHERS, None)), rounded(safe.total, threshold))


def safe_row(label: str, shown: int | None, total: int) -> SafeRow:
    """*shown* is rounded already; None is hidden."""
    if shown is None or total < LEAST_TOTAL_WITH_SHARES:
        return SafeRow(label, shown)
    return SafeRow(label, shown, min(100, (200 * shown + total) // (2 * total)))


def hidden_among(counts: Sequence[int], threshold: int) -> set[int]:
    """The positions to hide: the small counts, and the smallest others until the small ones are covered."""
    small = {at for at, n in enumerate(counts) if n < threshold}
    others = sorted((n, at) for at, n in enumerate(counts) if n >= threshold)
    cover: set[int] = set()
    while small and others and not _covered(counts, small, cover, threshold):
        cover.add(others.pop(0)[1])
    return small | cover


def _covered(counts: Sequence[int], small: set[int], cover: set[int], threshold: int) -> bool:
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


def _least_shown(threshold: int) -> int:
    return -(-threshold // BASE) * BASE
