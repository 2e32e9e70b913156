"""Months of one pack: who had signed by a day is among those who had by a later one, so no count falls.

A reader knows that for certain, and may narrow what one month hides by what the others show.
"""

from collections.abc import Callable, Sequence

from reports.disclosure.suppression import possible
from reports.packs_shown import Counts, ShownTable

Span = tuple[int, int]
Spans = dict[str, Span]


def keep_doubt(tables: Sequence[ShownTable], counts_of: Callable[[ShownTable], Counts | None]) -> bool:
    """Can each count under the threshold that tables of one run, by day, hide still be any such count?"""
    counts = [counts_of(one) or {} for one in tables]
    totals = [
        possible(one.total, one.threshold) if one.upto else (sum(n.values()),) * 2  # the headline is exact
        for one, n in zip(tables, counts, strict=True)
    ]
    spans = [
        {label: possible(n, one.threshold) if n else (0, most) for label, n in one.rows}
        for one, (_, most) in zip(tables, totals, strict=True)
    ]
    for _ in tables:
        spans = [_within(one, total) for one, total in zip(spans, totals, strict=True)]
        for at in range(len(tables) - 1):
            (least, most), (later_least, later_most) = totals[at : at + 2]
            risen = later_least - most, later_most - least
            spans[at : at + 2] = _among(spans[at], spans[at + 1], risen)
    return all(
        span[label][0] <= 0 and span[label][1] >= min(one.threshold - 1, total[1])
        for one, span, total, exact in zip(tables, spans, totals, counts, strict=True)
        for label, n in one.rows
        if n is None and exact.get(label, 0) < one.threshold
    )


def _within(spans: Spans, total: Span) -> Spans:
    """What each can be where all together are *total*."""
    lows, highs = (sum(ends) for ends in zip(*spans.values(), strict=True))
    return {
        label: (max(low, total[0] - (highs - high)), min(high, total[1] - (lows - low)))
        for label, (low, high) in spans.items()
    }


def _among(earlier: Spans, later: Spans, risen: Span) -> tuple[Spans, Spans]:
    """What each can be of two days, where none falls and all together have *risen* by so much."""
    rises = {
        label: (max(0, later[label][0] - high), later[label][1] - low)
        for label, (low, high) in earlier.items()
    }
    rises = _within(rises, risen)
    before = {
        label: (max(low, later[label][0] - rises[label][1]), min(high, later[label][1] - rises[label][0]))
        for label, (low, high) in earlier.items()
    }
    after = {
        label: (max(low, before[label][0] + rises[label][0]), min(high, before[label][1] + rises[label][1]))
        for label, (low, high) in later.items()
    }
    return before, after
