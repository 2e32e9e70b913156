"""An attacker with a pencil: what subtraction tells of the counts that are hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from reports.disclosure.suppression import protect
from tests.packs import figures, safe

COUNTS = st.one_of(st.integers(0, 25), st.integers(0, 4000))
TABLES = st.lists(COUNTS, min_size=1, max_size=12)
THRESHOLDS = st.integers(5, 20)


def could_be(n, threshold):
    """All that a shown figure says of the exact one, by trying them."""
    return [true for true in range(max(threshold, n - 5), n + 6) if _as_shown(true, threshold) == n]


def _as_shown(true, threshold):
    table = protect([("only", true)], threshold=threshold)
    return table.rows[0].n


def bounds(counts, table, threshold, *, knows_which_are_small):
    """The least and greatest value of each hidden small count, for one who knows the total and all shown.

    One linear equation over intervals: a value's ends are the total minus the other ends of the rest, and
    within its own interval.
    """
    known = []
    for n, row in zip(counts, table.rows, strict=True):
        if row.n is not None:
            possible = could_be(row.n, threshold)
            known.append((possible[0], possible[-1]))
        elif not knows_which_are_small:
            known.append((0, table.total))
        else:
            known.append((0, threshold - 1) if n < threshold else (threshold, table.total))
    least, most = sum(low for low, _ in known), sum(high for _, high in known)
    return [
        (max(low, table.total - (most - high)), min(high, table.total - (least - low)))
        for (low, high), n, row in zip(known, counts, table.rows, strict=True)
        if row.n is None and n < threshold
    ]


@given(counts=TABLES, threshold=THRESHOLDS)
def test_no_small_count_is_narrowed_even_for_who_knows_which_are_small(counts, threshold):
    table = protect([(f"role {at}", n) for at, n in enumerate(counts)], threshold=threshold)
    assume(any(row.n is not None for row in table.rows))
    intervals = bounds(counts, table, threshold, knows_which_are_small=True)
    assert all(interval == (0, threshold - 1) for interval in intervals)


@given(counts=TABLES, threshold=THRESHOLDS)
def test_where_all_is_hidden_each_count_may_be_anything_up_to_the_threshold(counts, threshold):
    table = protect([(f"role {at}", n) for at, n in enumerate(counts)], threshold=threshold)
    assume(table.rows)
    intervals = bounds(counts, table, threshold, knows_which_are_small=False)
    assert all(low == 0 and high >= threshold - 1 for low, high in intervals)


@given(counts=TABLES, threshold=THRESHOLDS)
def test_all_small_are_hidden_and_all_shown_are_near_and_round(counts, threshold):
    table = protect([(f"role {at}", n) for at, n in enumerate(counts)], threshold=threshold)
    for n, row in zip(counts, table.rows, strict=bool(table.rows)):
        if row.n is not None:
            assert n >= threshold
            assert (row.n % 5, abs(row.n - n) < 5) == (0, True)


@given(
    weeks=st.lists(st.integers(0, 40), min_size=1, max_size=40),
    weekday=st.integers(0, 6),
    threshold=THRESHOLDS,
)
def test_between_two_points_of_growth_at_least_the_threshold_signed(weeks, weekday, threshold):
    monday = date(2026, 1, 5)
    by_day = [(monday + timedelta(weeks=at, days=weekday), n) for at, n in enumerate(weeks) if n]
    as_at = datetime.combine(monday + timedelta(weeks=len(weeks)), time(9), UTC)
    made = figures([("Parent", sum(weeks))], by_day=by_day, as_at=as_at)
    series = safe(made, threshold=threshold).growth
    if series is None:
        assert sum(weeks) < threshold
        return
    exact = [sum(n for day, n in by_day if day <= point.ends_on) for point in series.points]
    assert all(later - earlier >= threshold for earlier, later in zip([0, *exact], exact, strict=False))
    assert series.points[-1].n == sum(weeks)
    assert all(point.n % 5 == 0 for point in series.points[:-1])
