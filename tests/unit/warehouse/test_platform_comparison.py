"""The platform's own counts of each choice: its recorded answer, and what the client makes of odd ones."""

from __future__ import annotations

import pytest

from connectors.errors import SourceRefusedError, SourceUnreachableError
from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world.pledge import OTHER_ID, ROLE_ID, ROLES, SURVEY_ID
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.payloads import OTHER
from connectors.surveymonkey.transport.rate_limits import Budget
from tests.driving import UNTIL


def a_rollup(question_id, summary):
    return {"id": question_id, "family": "single_choice", "subtype": "vertical", "summary": summary}


def listed(*items, total=None):
    return {"data": items, "page": 1, "per_page": 1000, "total": len(items) if total is None else total}


def test_the_vendors_own_example_is_read(platform, client, real_data):
    platform.says((real_data / "payloads/official_docs/survey_rollups.json").read_bytes())
    assert client.rollups("1234", "1234") == {"1234": 0, OTHER: 0}
    (request,) = platform.received
    assert (request.path, request.query) == ("/v3/surveys/1234/rollups", {"page": "1", "per_page": "1000"})


def test_counts_are_of_the_question_asked_for_and_of_texts_of_ones_own(platform, client):
    counted = [
        {"answered": 5, "choices": [{"id": "1", "count": 4}, {"id": 2, "count": 0}], "other_answered": 1}
    ]
    platform.says(
        listed(a_rollup("7", [{"answered": 3, "text": 3, "other_answered": 0}]), a_rollup(8, counted))
    )
    assert client.rollups("1", "8") == {"1": 4, "2": 0, OTHER: 1}


def test_a_summary_may_stand_alone_and_without_a_count_of_others(platform, client):
    platform.says(listed(a_rollup("8", {"choices": [{"id": "1", "count": 4}]})))
    assert client.rollups("1", "8") == {"1": 4}


def test_a_question_of_a_long_form_may_stand_on_a_second_page(platform, client):
    platform.says(listed(a_rollup("7", []), total=2))
    platform.says(listed(a_rollup("8", [{"choices": [{"id": "1", "count": 4}]}]), total=2))
    assert client.rollups("1", "8") == {"1": 4}


@pytest.mark.parametrize(
    "items", [[], [a_rollup("7", [{"choices": [{"id": "1", "count": 4}]}])], [a_rollup("8", [{"text": 3}])]]
)
def test_a_question_whose_choices_are_not_counted_is_told(platform, client, items):
    platform.says(listed(*items))
    with pytest.raises(SourceRefusedError, match="no counts of the choices of question 8"):
        client.rollups("1", "8")


@pytest.mark.parametrize("body", [{"data": [{"summary": []}], "total": 1}, {"data": 3}, [1]])
def test_an_answer_of_another_form_is_asked_for_again_and_then_given_up(platform, client, body):
    for _ in range(5):
        platform.says(body)
    with pytest.raises(SourceUnreachableError, match="rollups"):
        client.rollups("1", "8")


def test_a_missing_scope_is_told_by_its_name(platform, client):
    platform.says({"error": {"id": "1014", "http_status_code": 403}}, status=403)
    with pytest.raises(SourceRefusedError, match="responses_read_detail"):
        client.rollups("1", "8")


def test_the_imitation_counts_every_response_whatever_its_status():
    with open_sandbox(300, seed=6, until=UNTIL, per_minute=None) as server:
        ticked = next(one for one in server.platform.signatories() if one.choice_id in ROLES)
        server.platform.edit(ticked.response_id, status="partial")
        with SurveyMonkey(TOKEN, server.url, budget=Budget()) as opened:
            counts = opened.rollups(SURVEY_ID, ROLE_ID)
        people = server.platform.signatories()
    for choice_id in ROLES:
        assert counts[choice_id] == sum(one.choice_id == choice_id for one in people)
    assert counts[OTHER] == sum(one.other_text is not None for one in people) > 0
    assert OTHER_ID not in counts
