"""What a page's own link says: that it answers another question, or that links are written otherwise."""

from __future__ import annotations

import json

import pytest

from connectors.survey.contract import Cursor
from connectors.surveymonkey.paging.walk import walk
from connectors.surveymonkey.payloads import Page, Row, filter_text, read_page, seconds_of

BEGIN = 1_700_000_000
ROWS = [
    Row(str(number), filter_text(BEGIN + 10 * number), BEGIN + 10 * number, "{}") for number in range(1_000)
]


def page_since(since: int | None, *, says: int | None) -> Page:
    found = [row for row in ROWS if since is None or (row.second or 0) >= since]
    return Page(found[:100], len(found), 1, 100, since=says)


def walked(link_says) -> tuple[set[str], int]:
    """The ids that a walk hands on, and its calls; *link_says* makes the link's time of the one asked for."""
    n_calls = 0

    def fetch(modified_from: str | None, _number: int) -> Page:
        nonlocal n_calls
        n_calls += 1
        since = seconds_of(modified_from)
        return page_since(since, says=link_says(since))

    ids = {response_id for page in walk(fetch, Cursor(), lambda: None) for response_id in page.ids}
    return ids, n_calls


def test_links_that_repeat_the_time_asked_for_cost_no_call():
    assert walked(lambda since: since) == walked(lambda _: None)


def test_links_that_always_say_another_time_cost_two_looks_and_no_response():
    ids, n_calls = walked(lambda since: (since or BEGIN) + 3_600)
    plain_ids, n_plain = walked(lambda _: None)

    assert ids == plain_ids == {row.response_id for row in ROWS}
    assert n_calls == n_plain + 2


@pytest.mark.parametrize(
    ("links", "since"),
    [
        ({"self": "https://api.example.org/v3/bulk?page=1&start_modified_at=2023-11-14T22%3A13%3A20"}, BEGIN),
        ({"self": "https://api.example.org/v3/bulk?start_modified_at=2023-11-14T22:13:20%2B00:00"}, BEGIN),
        ({"self": "https://api.example.org/v3/bulk?page=1&per_page=100"}, None),
        ({"self": "https://api.example.org/v3/bulk?start_modified_at=lately"}, None),
        ({"self": "https://[api.example.org/v3"}, None),
        ({"self": 7}, None),
        ({}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_link_is_read_for_the_time_that_the_page_answers(links, since):
    body = json.dumps({"data": [], "total": 0, "links": links}).encode()
    assert read_page(body).since == since
