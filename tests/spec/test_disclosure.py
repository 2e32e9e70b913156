"""What of a table of counts may leave the house: exact counts in, safe counts out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reports.disclosure.suppression import OTHERS, protect, protect_without_total
from tests.packs import figures, safe

HIDDEN = None


def shown(counts, threshold=10):
    table = protect([(f"role {at}", n) for at, n in enumerate(counts)], threshold=threshold)
    return [row.n for row in table.rows]


@pytest.mark.parametrize(
    ("counts", "safe"),
    [
        pytest.param([640, 212, 103], [640, 210, 105], id="all large: rounded to the nearest 5"),
        pytest.param([10, 12, 13, 1000], [10, 10, 15, 1000], id="the threshold itself is shown"),
        pytest.param([640, 4, 7, 211, 98], [640, HIDDEN, HIDDEN, 210, 100], id="small ones are hidden"),
        pytest.param(
            [640, 0, 9, 211, 98], [640, HIDDEN, HIDDEN, 210, 100], id="a zero is hidden like the small"
        ),
        pytest.param(
            [640, 9, 211], [640, HIDDEN, HIDDEN], id="one small: total minus the rest would give it"
        ),
        pytest.param(
            [640, 9, 211, 98, 55, 31, 22], [640, HIDDEN, 210, 100, 55, 30, HIDDEN], id="never one alone"
        ),
        pytest.param([640, 1, 1, 210], [640, HIDDEN, HIDDEN, HIDDEN], id="two that leave too little room"),
        pytest.param([640, 9, 9, 210], [640, HIDDEN, HIDDEN, HIDDEN], id="two that leave too little doubt"),
        pytest.param(
            [500, 300, 10, 0], [500, HIDDEN, HIDDEN, HIDDEN], id="a cover of 10 covers nothing alone"
        ),
        pytest.param([9, 9, 9], [HIDDEN, HIDDEN, HIDDEN], id="all small"),
        pytest.param([15, 0], [HIDDEN, HIDDEN], id="two roles, one empty"),
        pytest.param([15], [15], id="one role that is the total"),
        pytest.param([4, 5], [], id="fewer signatories than the threshold: no table"),
        pytest.param([0, 0], [], id="nobody"),
        pytest.param([], [], id="no role question"),
    ],
)
def test_small_counts_are_hidden_with_as_many_others_as_it_takes(counts, safe):
    assert shown(counts) == safe


@pytest.mark.parametrize(
    ("threshold", "safe"),
    [(5, [640, 5, 210, 120, 10]), (7, [640, 10, 210, 120, 10]), (10, [640, HIDDEN, 210, 120, HIDDEN])],
)
def test_a_threshold_may_be_chosen_and_nothing_is_shown_as_less(threshold, safe):
    assert shown([640, 7, 211, 119, 12], threshold) == safe


def test_a_threshold_of_20_hides_what_10_shows():
    assert shown([640, 9, 12, 211, 119, 19], 10) == [640, HIDDEN, HIDDEN, 210, 120, 20]
    assert shown([640, 9, 12, 211, 119, 19], 20) == [640, HIDDEN, HIDDEN, 210, 120, HIDDEN]


def test_shares_are_whole_and_made_of_rounded_counts():
    table = protect([("Parent", 123), ("Teacher", 77)], threshold=10)
    assert [(row.n, row.percent) for row in table.rows] == [(125, 63), (75, 38)]


def test_a_hidden_count_has_no_share():
    table = protect([("Parent", 640), ("Politician", 3), ("Teacher", 50)], threshold=10)
    assert [row.percent for row in table.rows if row.n is None] == [None, None]


def test_there_are_no_shares_of_fewer_than_100():
    assert [row.percent for row in protect([("Parent", 60), ("Teacher", 39)], threshold=10).rows] == [
        None,
        None,
    ]


def test_the_total_stays_exact():
    assert protect([("Parent", 643), ("Teacher", 58)], threshold=10).total == 701


def test_a_total_that_is_not_for_showing_is_rounded_and_has_no_shares():
    table = protect_without_total([("Duplicate", 143), ("Held back", 58)], threshold=10)
    assert (table.total, [row.percent for row in table.rows]) == (200, [None, None, None])


@pytest.mark.parametrize(
    ("counts", "safe"),
    [
        (
            {"Left unfinished": 143, "Preview": 25, "Erased": 1, "Spam": 2},
            {"Left unfinished": 145, OTHERS: HIDDEN},
        ),
        ({"Left unfinished": 143, "Preview": 25}, {"Left unfinished": 145, "Preview": 25, OTHERS: HIDDEN}),
        ({"Left unfinished": 143, "Erased": 1}, {OTHERS: HIDDEN}),
    ],
)
def test_reasons_that_are_hidden_are_one_row_that_is_always_there(counts, safe):
    table = protect_without_total(list(counts.items()), threshold=10)
    assert {row.label: row.n for row in table.rows} == safe


def test_a_total_under_the_threshold_that_is_not_for_showing_is_not_told():
    assert protect_without_total([("Erased", 1)], threshold=10).total == 0


def growth(by_day):
    n = sum(by_day.values())
    return safe(figures([("Parent", n)], by_day=list(by_day.items()), as_at=AS_AT)).growth


AS_AT = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
SEPTEMBER_1, THIS_TUESDAY = date(2026, 9, 1), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("by_day", "points"),
    [
        pytest.param(
            {date(2026, 9, 1): 12, date(2026, 9, 8): 11, date(2026, 9, 15): 10},
            {date(2026, 9, 6): 10, date(2026, 9, 13): 25, THIS_TUESDAY: 33},
            id="each week large enough",
        ),
        pytest.param(
            {date(2026, 9, 1): 12, date(2026, 9, 8): 3, date(2026, 9, 15): 6, date(2026, 9, 22): 1}
            | {date(2026, 11, 23): 20},
            {date(2026, 9, 6): 10, date(2026, 9, 27): 20, THIS_TUESDAY: 42},
            id="small weeks wait for the next",
        ),
        pytest.param(
            {date(2026, 9, 1): 12, date(2026, 10, 1): 30, date(2026, 11, 23): 2},
            {date(2026, 9, 6): 10, THIS_TUESDAY: 44},
            id="a small last week joins the one before",
        ),
        pytest.param(
            {date(2026, 9, 6): 12, date(2026, 9, 7): 13},
            {date(2026, 9, 6): 10, THIS_TUESDAY: 25},
            id="weeks end on Sunday",
        ),
        pytest.param({date(2026, 9, 1): 10}, {THIS_TUESDAY: 10}, id="one point, exact"),
    ],
)
def test_no_two_points_of_growth_differ_by_a_small_count(by_day, points):
    series = growth(by_day)
    assert {point.ends_on: point.n for point in series.points} == points


def test_growth_starts_on_the_monday_of_the_first_signature():
    assert growth({SEPTEMBER_1: 10}).starts_on == date(2026, 8, 31)


def test_there_is_no_growth_of_fewer_than_the_threshold():
    assert growth({SEPTEMBER_1: 9}) is None
