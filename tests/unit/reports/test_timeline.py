"""Weeks, milestones and gaps follow from the points shown and tell no more than they do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reports.figures import Gap
from reports.safe_pack import SafePoint, SafeSeries
from reports.texts.timeline import Step, milestones_of, steps_of
from tests.packs import figures

START = date(2026, 8, 31)
FIRST, SECOND, LAST = date(2026, 9, 6), date(2026, 9, 20), date(2026, 9, 24)


def series(*counts):
    return SafeSeries(START, tuple(map(SafePoint, (FIRST, SECOND, LAST), counts)))


def test_a_week_is_the_difference_of_two_points_shown():
    assert steps_of(series(90, 520, 1013)) == (
        Step(START, FIRST, 90),
        Step(date(2026, 9, 7), SECOND, 430),
        Step(date(2026, 9, 21), LAST, 495),
    )


@pytest.mark.parametrize(
    ("counts", "reached"),
    [
        pytest.param((105, 520, 1013), {100: FIRST, 500: SECOND, 1000: LAST}, id="three"),
        pytest.param((100, 500, 1000), {100: SECOND, 500: LAST, 1000: LAST}, id="100 shown may be 98"),
        pytest.param((10, 20, 99), {}, id="none"),
        pytest.param((10, 20, 2600), {100: LAST, 500: LAST, 1000: LAST, 2500: LAST}, id="several at once"),
        pytest.param((10, 20, 61_000), {10_000: LAST, 25_000: LAST, 50_000: LAST}, id="and so on"),
    ],
)
def test_a_milestone_is_reached_when_the_points_say_so_for_certain(counts, reached):
    found = {one.n: one.by for one in milestones_of(series(*counts), 10)}
    assert {n: found[n] for n in reached} == reached
    assert bool(found) == bool(reached)


@pytest.mark.parametrize(
    ("read_on", "gaps"),
    [
        pytest.param([20, 21, 22, 23], [], id="every night"),
        pytest.param([20, 24], [], id="three nights without are no gap"),
        pytest.param([15, 20, 24], [(16, 19)], id="four are"),
        pytest.param([10, 11, 12], [(13, 23)], id="up to now"),
        pytest.param([], [], id="nothing known"),
        pytest.param([24, 30], [], id="later runs are none of this day's"),
    ],
)
def test_a_gap_is_more_than_three_days_without_a_whole_read(read_on, gaps):
    days = [date(2026, 9, day) for day in read_on]
    assert figures(read_on=days, as_at=datetime(2026, 9, 24, 9, tzinfo=UTC)).gaps == tuple(
        Gap(date(2026, 9, first), date(2026, 9, last)) for first, last in gaps
    )
