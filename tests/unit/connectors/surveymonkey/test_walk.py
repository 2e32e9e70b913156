"""A walk over lists of responses: what it costs, what it says is to come, and where it ends."""

from __future__ import annotations

from bisect import bisect_left

import pytest

from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.walk import walk
from connectors.surveymonkey.payloads import Page, Row, seconds_of


def _list_of(seconds, calls):
    """A platform's list, each response in a second of its own; *calls* tells what was asked of it."""

    def fetch(modified_from, number):
        calls.append(number)
        found = seconds[bisect_left(seconds, seconds_of(modified_from) or 0) :]
        rows = [Row(str(second), "", second, "{}") for second in found[100 * (number - 1) : 100 * number]]
        return Page(rows, len(found), number, 100)

    return fetch


def _walked(fetch):
    return list(walk(fetch, Cursor(), lambda: None))


@pytest.mark.parametrize(
    ("n_responses", "n_calls"), [(0, 1), (1, 1), (100, 2), (350, 4), (580, 6), (590, 7), (4000, 41)]
)
def test_a_walk_costs_a_call_for_each_page_and_one_more_where_the_last_is_full(n_responses, n_calls):
    calls = []
    pages = _walked(_list_of(range(1, n_responses + 1), calls))
    assert [key for page in pages for key in page.ids] == [str(one) for one in range(1, n_responses + 1)]
    assert calls == [1] * n_calls


def test_each_page_says_how_many_are_to_come():
    pages = _walked(_list_of(range(1, 1001), []))
    n_come = 0
    for page in pages:
        n_come += len(page.ids)
        assert page.n_to_come == 1000 - n_come
    assert pages[-1].is_last


def test_in_a_crowded_second_too_each_page_says_how_many_are_to_come():
    fetch = _list_of([7] * 250 + [9], [])

    def distinct(modified_from, number):
        page = fetch(modified_from, number)
        first = 100 * (number - 1) if page.total > 1 else 250
        rows = [Row(str(first + at), row.modified, row.second, row.body) for at, row in enumerate(page.rows)]
        return Page(rows, page.total, page.number, page.per_page)

    pages = _walked(distinct)
    assert sum(len(page.ids) for page in pages) == 251
    assert [page.n_to_come for page in pages][:3] == [151, 51, 0]
    assert pages[-1].n_to_come == 0


def test_a_list_that_grows_and_then_nearly_vanishes_ends_with_one_last_page():
    calls = []
    whole = _list_of(range(1, 5001), calls)
    totals = iter((150, 5000, 3))

    def fetch(modified_from, number):
        page, total = whole(modified_from, number), next(totals)
        return Page(page.rows[:total], total, page.number, page.per_page)

    pages = _walked(fetch)
    assert calls == [1, 1, 1]
    assert [page.is_last for page in pages] == [False, False, True]
