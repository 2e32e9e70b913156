"""The calls left, as the platform's headers tell, and when the next one may be made."""

from __future__ import annotations

import pytest

from connectors.errors import DayBudgetSpentError
from connectors.surveymonkey.transport.rate_limits import HEADER_PREFIX, Budget


def _budget(clock, *, reserve=0, known=None):
    return Budget(reserve=reserve, known=known, monotonic=clock.monotonic)


def _told(**figures):
    """The headers of an answer: ``minute_remaining=0`` is ``…Minute-Remaining: 0``; None leaves one out."""
    names = {name: HEADER_PREFIX + name.replace("_", "-").title() for name in figures}
    return {names[name]: str(figure) for name, figure in figures.items() if figure is not None}


@pytest.mark.parametrize("odd", ["", "soon", "nan", "inf"])
def test_a_header_that_is_absent_or_no_number_says_nothing(clock, odd):
    budget = _budget(clock)
    budget.learn(_told(minute_limit=120, minute_remaining=119, day_remaining=497, day_reset=odd))
    budget.learn(_told(day_remaining=odd) | {"Content-Type": "application/json"})
    clock.now += 24 * 3600 - 1
    assert budget.calls_left_today == 497
    clock.now += 1
    assert budget.calls_left_today is None


def test_nothing_known_means_go_and_an_unknown_rest(clock):
    budget = _budget(clock)
    assert budget.wait_before_call() == 0
    assert budget.calls_left_today is None


@pytest.mark.parametrize(("reset", "waited"), [(20, 21), (0, 0), (600, 65), (None, 61)])
def test_a_spent_minute_is_waited_for_until_its_reset_but_never_longer_than_65_seconds(clock, reset, waited):
    budget = _budget(clock)
    budget.learn(_told(minute_remaining=0, minute_reset=reset))
    assert budget.wait_before_call() == waited


def test_a_minute_that_has_passed_meanwhile_is_not_waited_for(clock):
    budget = _budget(clock)
    budget.learn(_told(minute_remaining=0, minute_reset=20))
    clock.now += 15
    assert budget.wait_before_call() == 6
    clock.now += 6
    assert budget.wait_before_call() == 0


def test_a_spent_day_stops_and_says_until_when(clock):
    budget = _budget(clock)
    budget.learn(_told(minute_remaining=0, minute_reset=9, day_remaining=0, day_reset=7500))
    clock.now += 300
    with pytest.raises(DayBudgetSpentError, match="2 h 0 min") as caught:
        budget.wait_before_call()
    assert caught.value.resets_in_seconds == 7200


def test_the_reserve_is_left_for_others(clock):
    budget = _budget(clock, reserve=50)
    budget.learn(_told(day_remaining=51, day_reset=3600))
    assert budget.wait_before_call() == 0
    budget.spend()
    with pytest.raises(DayBudgetSpentError, match="50 are kept for other users"):
        budget.wait_before_call()
    assert budget.calls_left_today == 50


def test_a_day_known_to_be_spent_stops_the_first_call_until_it_is_over(clock):
    budget = _budget(clock, known=(0, 600))
    with pytest.raises(DayBudgetSpentError):
        budget.wait_before_call()
    clock.now += 600
    assert budget.wait_before_call() == 0
    assert budget.calls_left_today is None


def test_a_spent_day_without_a_reset_lasts_a_day_at_most(clock):
    budget = _budget(clock)
    budget.learn(_told(day_remaining=0))
    with pytest.raises(DayBudgetSpentError) as caught:
        budget.wait_before_call()
    assert caught.value.resets_in_seconds == 24 * 3600


def test_calls_whose_answers_bring_no_figures_are_counted_here(clock):
    budget = _budget(clock)
    budget.learn(_told(day_remaining=2, day_reset=3600))
    for left in (1, 0):
        budget.spend()
        budget.learn({})
        assert budget.calls_left_today == left
    with pytest.raises(DayBudgetSpentError):
        budget.wait_before_call()


def test_the_latest_answer_outranks_what_was_known(clock):
    budget = _budget(clock, known=(0, 9))
    budget.learn(_told(day_remaining=500, day_reset=86_400))
    assert budget.calls_left_today == 500
    clock.now += 86_399
    assert budget.calls_left_today == 500
    clock.now += 1
    assert budget.calls_left_today is None
