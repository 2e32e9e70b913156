"""The lists: pages, links, filters and order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world import pledge

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
N = 1203
BULK = f"/surveys/{pledge.SURVEY_ID}/responses/bulk"
IDS = f"/surveys/{pledge.SURVEY_ID}/responses"
RISING = {"sort_by": "date_modified", "sort_order": "ASC"}


@pytest.fixture(scope="module")
def sandbox():
    with open_sandbox(N, seed=2, until=UNTIL, per_minute=None, per_day=None) as server:
        yield server


def get(sandbox, path, **params):
    answer = requests.get(
        sandbox.url + path, params=params, headers={"Authorization": f"bearer {TOKEN}"}, timeout=5
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def walk(sandbox, path, **params):
    """Page after page, to the first empty one."""
    pages = []
    while not pages or pages[-1]["data"]:
        pages.append(get(sandbox, path, page=len(pages) + 1, **params))
    return pages[:-1]


def ids_of(body):
    return [item["id"] for item in body["data"]]


def rising_ids(signatories):
    return [
        one.response_id
        for one in sorted(signatories, key=lambda one: (one.modified_at, int(one.response_id)))
    ]


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(("path", "per_page", "n_pages"), [(BULK, 100, 13), (IDS, 1000, 2)])
def test_a_walk_by_pages_finds_every_response_once_in_order(sandbox, path, per_page, n_pages):
    pages = walk(sandbox, path, per_page=per_page, **RISING)
    assert len(pages) == n_pages
    assert {page["total"] for page in pages} == {N}
    assert [page["page"] for page in pages] == list(range(1, n_pages + 1))
    assert [one for page in pages for one in ids_of(page)] == rising_ids(sandbox.platform.signatories())


def test_a_page_links_to_itself_with_the_parameters_of_the_call(sandbox):
    link = get(sandbox, IDS, page=2, per_page=500, **RISING)["links"]["self"]
    assert link.startswith(f"{sandbox.url}{IDS}?")
    assert "page=2&per_page=500&sort_by=date_modified&sort_order=ASC" in link


def test_the_links_lead_from_page_to_page_to_the_last(sandbox):
    met, link = [], f"{sandbox.url}{BULK}?page=1&per_page=100&sort_by=date_modified&sort_order=ASC"
    while link:
        body = get(sandbox, link.removeprefix(sandbox.url))
        met += [one["id"] for one in body["data"]]
        link = body["links"].get("next")
    assert met == [one["id"] for page in walk(sandbox, BULK, per_page=100, **RISING) for one in page["data"]]
    assert len(met) == N


def test_a_page_past_the_end_is_empty(sandbox):
    body = get(sandbox, IDS, page=99, per_page=1000)
    assert (body["data"], body["total"], body["page"]) == ([], N, 99)


@pytest.mark.parametrize(("path", "most"), [(BULK, 100), (IDS, 1000)])
def test_too_large_a_page_is_cut_without_a_word(sandbox, path, most):
    body = get(sandbox, path, per_page=5000)
    assert (body["per_page"], len(body["data"])) == (most, most)
    assert f"per_page={most}" in body["links"]["self"]


def test_fifty_come_where_nothing_is_asked(sandbox):
    body = get(sandbox, BULK)
    assert (body["per_page"], len(body["data"])) == (50, 50)


def test_without_an_order_the_newest_come_first(sandbox):
    newest_first = rising_ids(sandbox.platform.signatories())[::-1]
    assert ids_of(get(sandbox, IDS, per_page=1000)) == newest_first[:1000]
    assert ids_of(get(sandbox, IDS, per_page=1000, page=2)) == newest_first[1000:]


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_bound_in_time_takes_in_its_own_second_unless_set_otherwise(sandbox, inclusive):
    people = sandbox.platform.signatories()
    bound = people[600].modified_at
    sandbox.platform.bounds_inclusive = inclusive
    try:
        body = get(sandbox, IDS, per_page=1000, start_modified_at=stamp(bound), **RISING)
    finally:
        sandbox.platform.bounds_inclusive = True
    expected = [one for one in people if one.modified_at > bound or (inclusive and one.modified_at == bound)]
    assert body["total"] == len(expected)
    assert ids_of(body) == rising_ids(expected)[:1000]


def test_an_encoded_offset_and_none_mean_the_same(sandbox):
    bound = sandbox.platform.signatories()[900].modified_at
    plain = get(sandbox, IDS, start_modified_at=stamp(bound))
    with_offset = get(sandbox, IDS, start_modified_at=(bound + timedelta(0)).isoformat())
    assert plain["total"] == with_offset["total"] > 0
    assert plain["data"] == with_offset["data"]


def test_surveys_are_listed_with_their_titles(sandbox):
    body = get(sandbox, "/surveys")
    assert {item["title"] for item in body["data"]} == {
        "The Connect Pledge",
        "The Connect Pledge (old draft)",
    }
    assert set(body["data"][0]) == {"id", "title", "nickname", "href"}
    assert body["total"] == 2


def test_the_old_draft_has_neither_questions_nor_responses(sandbox):
    draft = f"/surveys/{pledge.DRAFT_ID}"
    assert get(sandbox, f"{draft}/details")["pages"][0]["questions"] == []
    assert get(sandbox, f"{draft}/responses/bulk")["total"] == 0
    assert get(sandbox, f"{draft}/collectors")["total"] == 0


def test_the_public_code_leads_from_a_collector_to_the_survey(sandbox):
    found = get(sandbox, f"/surveys/{pledge.SURVEY_ID}/collectors", include="url")["data"]
    by_code = {item["url"].rpartition("/")[2]: item for item in found}
    assert by_code[pledge.PUBLIC_CODE]["id"] == pledge.WEB_COLLECTOR_ID
    assert "url" not in get(sandbox, f"/surveys/{pledge.SURVEY_ID}/collectors")["data"][0]


def test_more_of_one_instant_than_a_page_holds_can_be_walked():
    with open_sandbox(1, seed=1, until=UNTIL, per_minute=None, per_day=None) as sandbox:
        one = sandbox.platform.signatories()[0]
        for number in range(250):
            sandbox.platform.add(replace(one, response_id=str(2**53 + number)))
        pages = walk(sandbox, BULK, per_page=100, start_modified_at=stamp(one.modified_at), **RISING)
    assert [len(page["data"]) for page in pages] == [100, 100, 51]
    assert len({item for page in pages for item in ids_of(page)}) == 251
