"""What is served: the platform's shapes, and changes while it runs."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from connectors.sandbox.server.limits import StillClock
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import Signatory, invent

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
SURVEY = f"/surveys/{pledge.SURVEY_ID}"

AILSA = Signatory(
    response_id="9007199254740993",
    name="Ailsa  O'Muirbrae ",
    email="Ailsa@bücher.example.org",
    choice_id=None,
    other_text="Gran\nand helper",
    status="completed",
    mode="default",
    created_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    modified_at=datetime(2026, 3, 1, 9, 1, 2, tzinfo=UTC),
    ip="203.0.113.9",
    total_time=62,
    collector_id=pledge.WEB_COLLECTOR_ID,
)


@pytest.fixture
def sandbox():
    with open_sandbox(200, seed=4, until=UNTIL, per_minute=None, per_day=None) as server:
        yield server


def get(sandbox, path, expected=200, **params):
    answer = requests.get(
        sandbox.url + path, params=params, headers={"Authorization": f"bearer {TOKEN}"}, timeout=10
    )
    assert answer.status_code == expected
    return answer.json()


def shape(value):
    """Names and types of what is nested in *value*; lists by their first item."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def kinds_of_answers(body):
    return {
        tuple(sorted(answer))
        for item in body["data"]
        for page in item["pages"]
        for question in page["questions"]
        for answer in question["answers"]
    }


def test_a_response_has_the_shape_of_a_real_one(sandbox, real_data):
    real = json.loads((real_data / "payloads/r_surveymonkey/responses_bulk_2022.json").read_text("utf-8"))
    ours = get(sandbox, f"{SURVEY}/responses/bulk", per_page=100)
    assert list(ours) == list(real)
    assert list(ours["data"][0]) == list(real["data"][0])
    assert shape({**ours["data"][0], "pages": []}) == shape({**real["data"][0], "pages": []})
    assert kinds_of_answers(real) <= kinds_of_answers(ours)


def test_a_design_has_the_shape_of_a_real_one(sandbox, real_data):
    real = json.loads((real_data / "payloads/r_surveymonkey/survey_details.json").read_text("utf-8"))
    ours = get(sandbox, f"{SURVEY}/details")
    assert set(ours) >= set(real)
    assert set(ours["pages"][0]) == set(real["pages"][0])
    choices, box = real["pages"][0]["questions"]
    assert set(pledge.question_in(ours, pledge.ROLE_ID)) == set(choices)
    assert set(pledge.question_in(ours, pledge.NAME_ID)) >= set(box)
    role = pledge.question_in(ours, pledge.ROLE_ID)["answers"]["choices"][0]
    assert shape(role) == shape(choices["answers"]["choices"][0])
    assert (ours["date_created"][-3:], len(ours["date_created"])) == (":00", 19)


def test_errors_and_rollups_have_the_documented_shape(sandbox, real_data):
    documented = json.loads((real_data / "payloads/official_docs/error_500.json").read_text("utf-8"))
    assert shape(get(sandbox, "/surveys/1/details", expected=404)) == shape(documented)
    rollups = json.loads((real_data / "payloads/official_docs/survey_rollups.json").read_text("utf-8"))
    ours = get(sandbox, f"{SURVEY}/rollups")
    assert set(ours) == set(rollups)
    text, choices = (set(rollups["data"][place]["summary"][0]) for place in (0, 1))
    assert set(ours["data"][0]["summary"][0]) == text
    assert set(ours["data"][2]["summary"][0]) == choices - {"stats"}


def test_what_was_typed_arrives_to_the_letter(sandbox):
    sandbox.platform.add(AILSA)
    body = get(sandbox, f"{SURVEY}/responses/{AILSA.response_id}/details")
    assert body["pages"] == [
        {
            "id": pledge.FIRST_PAGE_ID,
            "questions": [
                {"id": pledge.NAME_ID, "answers": [{"tag_data": [], "text": "Ailsa  O'Muirbrae "}]},
                {"id": pledge.EMAIL_ID, "answers": [{"tag_data": [], "text": "Ailsa@bücher.example.org"}]},
            ],
        },
        {
            "id": pledge.SECOND_PAGE_ID,
            "questions": [
                {"id": pledge.ROLE_ID, "answers": [{"other_id": pledge.OTHER_ID, "text": "Gran\nand helper"}]}
            ],
        },
    ]
    assert body["id"] == "9007199254740993"
    assert body["current_page_id"] == "0"
    assert body["date_modified"] == "2026-03-01T09:01:02+00:00"


def test_a_council_area_is_an_answer_beside_the_role(sandbox):
    area_id = next(iter(pledge.AREAS))
    sandbox.platform.add(replace(AILSA, area_id=area_id))
    body = get(sandbox, f"{SURVEY}/responses/{AILSA.response_id}/details")
    role, area = body["pages"][1]["questions"]
    assert role["id"] == pledge.ROLE_ID
    assert area == {"id": pledge.AREA_ID, "answers": [{"choice_id": area_id}]}


def test_what_was_not_answered_is_left_out(sandbox):
    sandbox.platform.add(replace(AILSA, name=None, other_text=None, status="partial"))
    body = get(sandbox, f"{SURVEY}/responses/{AILSA.response_id}/details")
    assert [[question["id"] for question in page["questions"]] for page in body["pages"]] == [
        [pledge.EMAIL_ID],
        [],
    ]
    assert body["current_page_id"] == pledge.SECOND_PAGE_ID


def test_an_edited_response_moves_to_the_end_with_its_new_answers(sandbox):
    first = get(sandbox, f"{SURVEY}/responses/bulk", sort_by="date_modified", sort_order="ASC")["data"][0][
        "id"
    ]
    sandbox.clock.advance(3600)
    edited = sandbox.platform.edit(first, name="Morag Kilbrae")
    newest = get(sandbox, f"{SURVEY}/responses/bulk", per_page=1)
    assert edited.modified_at == UNTIL + timedelta(hours=1)
    assert newest["data"][0]["id"] == first
    assert newest["data"][0]["pages"][0]["questions"][0]["answers"][0]["text"] == "Morag Kilbrae"
    assert newest["total"] == 200


def test_a_deleted_response_is_gone_from_lists_totals_counts_and_by_id(sandbox):
    gone = get(sandbox, f"{SURVEY}/responses")["data"][0]["id"]
    sandbox.platform.delete(gone)
    body = get(sandbox, f"{SURVEY}/responses", per_page=1000)
    assert gone not in {item["id"] for item in body["data"]}
    assert body["total"] == 199
    assert get(sandbox, f"{SURVEY}/details")["response_count"] == 199
    assert get(sandbox, f"{SURVEY}/responses/{gone}/details", expected=404)["error"]["id"] == "1020"


def test_an_id_cannot_be_added_twice_nor_edited_when_it_is_not_there(sandbox):
    sandbox.platform.add(AILSA)
    with pytest.raises(ValueError, match=AILSA.response_id):
        sandbox.platform.add(AILSA)
    with pytest.raises(KeyError):
        sandbox.platform.edit("1", name="Nobody")
    with pytest.raises(KeyError):
        sandbox.platform.delete("1")


def test_a_new_design_is_told_with_its_date(sandbox):
    def add_a_role(design):
        choices = pledge.question_in(design, pledge.ROLE_ID)["answers"]["choices"]
        choices.append({**choices[0], "id": "6012873399", "text": "Employer"})

    before = get(sandbox, f"{SURVEY}/details")
    sandbox.platform.redesign(add_a_role)
    after = get(sandbox, f"{SURVEY}/details")
    roles = [choice["text"] for choice in pledge.question_in(after, pledge.ROLE_ID)["answers"]["choices"]]
    assert roles == [*pledge.ROLES.values(), pledge.HIDDEN_ROLE, "Employer"]
    assert before["date_modified"] < after["date_modified"] == "2026-11-24T02:15:00"


def test_rollups_count_each_choice(sandbox):
    people = sandbox.platform.signatories()
    role = get(sandbox, f"{SURVEY}/rollups")["data"][2]["summary"][0]
    chosen = Counter(one.choice_id for one in people)
    listed = [*pledge.ROLES, pledge.HIDDEN_ROLE_ID]
    assert {choice["id"]: choice["count"] for choice in role["choices"]} == {
        one: chosen[one] for one in listed
    }
    assert role["other_answered"] == sum(one.other_text is not None for one in people) > 0
    assert role["answered"] + role["skipped"] == 200


def test_every_call_is_noted_with_its_query(sandbox):
    get(sandbox, "/surveys", page=2)
    assert sandbox.calls == [("GET", "/v3/surveys?page=2")]


def test_two_sandboxes_serve_side_by_side_and_free_their_ports():
    with open_sandbox(1, seed=1, until=UNTIL) as one, open_sandbox(2, seed=1, until=UNTIL) as two:
        assert [get(server, f"{SURVEY}/responses")["total"] for server in (one, two)] == [1, 2]
    with pytest.raises(requests.ConnectionError):
        get(one, "/users/me")


def test_changes_from_several_threads_leave_the_order_whole():
    platform = Platform(invent(500, 5, UNTIL), clock=StillClock(UNTIL))
    ids = [one.response_id for one in platform.signatories()]

    def edit_all(mine):
        for number, response_id in enumerate(mine):
            platform.edit(response_id, modified_at=UNTIL - timedelta(seconds=number))

    threads = [threading.Thread(target=edit_all, args=(ids[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert platform._keys == sorted(platform._keys)
    assert len(platform._keys) == len(platform.signatories()) == 500
