"""The plan of a night: calls, what is put off, and how many nights."""

from __future__ import annotations

import pytest

from flows.run.call_plan import DAY_LIMIT, make_plan


def a_plan(**changes):
    usual = {"n_responses": 2_500, "n_to_fetch": 2_500, "spent": 3, "left_today": 500, "reserved": 0}
    return make_plan(**(usual | changes))


@pytest.mark.parametrize(
    ("n", "pull", "sweep"),
    [(0, 1, 1), (1, 1, 1), (99, 1, 1), (100, 2, 1), (1_000, 11, 1), (1_001, 11, 2), (100_000, 1_010, 100)],
)
def test_calls_follow_from_the_number_of_responses(n, pull, sweep):
    plan = a_plan(n_responses=n, n_to_fetch=n, left_today=None)
    assert (plan.pull, plan.totals, plan.sweep, plan.rollups) == (pull, 1, sweep, 1)


@pytest.mark.parametrize(
    ("left", "reserved", "put_off"),
    [
        (None, 0, ()),
        (31, 0, ()),
        (30, 0, ("rollups",)),
        (29, 0, ("sweep", "rollups")),
        (27, 0, ("sweep", "rollups")),
        (26, 0, ("totals", "sweep", "rollups")),
        (25, 0, ("pull", "totals", "sweep", "rollups")),
        (30, 1, ("sweep", "rollups")),
        (5, 20, ("pull", "totals", "sweep", "rollups")),
    ],
)
def test_what_is_worth_least_is_put_off_first(left, reserved, put_off):
    assert a_plan(left_today=left, reserved=reserved).put_off == put_off


@pytest.mark.parametrize(
    ("is_due", "left", "calls", "put_off"),
    [
        (False, 27, 0, ("sweep", "rollups")),
        (True, None, 26, ()),
        (True, 57, 26, ()),
        (True, 56, 26, ("full",)),
        (True, 29, 26, ("sweep", "rollups", "full")),
    ],
)
def test_a_full_walk_that_is_due_is_planned_and_put_off_before_anything_else(is_due, left, calls, put_off):
    plan = a_plan(left_today=left, is_full_due=is_due)
    assert (plan.full, plan.put_off) == (calls, put_off)


@pytest.mark.parametrize(
    ("n", "left", "reserved", "nights"),
    [
        (2_500, 500, 0, 1),
        (2_500, None, 0, 1),
        (2_500, 26, 0, 1),
        (2_500, 25, 0, 2),
        (2_500, 0, 0, 2),
        (100_000, 500, 0, 3),
        (100_000, 10, 0, 3),
        (100_000, 9, 0, 4),
        (100_000, 500, 400, 11),
    ],
)
def test_a_pull_larger_than_the_day_takes_more_nights(n, left, reserved, nights):
    plan = a_plan(n_responses=n, n_to_fetch=n, left_today=left, reserved=reserved)
    assert plan.nights == nights
    free = plan.pull if left is None else max(0, left - reserved)
    assert free + (nights - 1) * (DAY_LIMIT - reserved) >= plan.pull
