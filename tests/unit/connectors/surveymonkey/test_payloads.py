"""The platform's real bodies are cut apart whole, and each response keeps its own text."""

from __future__ import annotations

import json

import pytest

from connectors.surveymonkey.payloads import (
    filter_text,
    read_account,
    read_id,
    read_link,
    read_listing,
    read_page,
    read_survey,
    read_text,
    seconds_of,
)
from connectors.surveymonkey.transport.retry import FaultyAnswerError

BULK = (
    "dotnet_client/survey_responses_bulk_2016",
    "official_docs/responses_bulk",
    "r_surveymonkey/responses_bulk_2022",
)
IDS = (
    "dotnet_client/survey_responses_list_2016",
    "official_docs/responses_list",
    "dotnet_client/responses_list_paging_short_last_page_1",
    "dotnet_client/responses_list_paging_short_last_page_2",
    "dotnet_client/responses_list_paging_short_last_page_3",
)


def _body(real_data, name):
    return (real_data / f"payloads/{name}.json").read_bytes()


@pytest.mark.parametrize("name", BULK)
def test_real_pages_of_responses_are_cut_into_their_texts(real_data, name):
    body = _body(real_data, name)
    whole = json.loads(body)
    page = read_page(body)
    assert [json.loads(row.body) for row in page.rows] == whole["data"]
    assert page.rows
    assert all(row.body.encode() in body for row in page.rows)
    assert [row.response_id for row in page.rows] == [item["id"] for item in whole["data"]]
    assert [row.second for row in page.rows] == [seconds_of(item["date_modified"]) for item in whole["data"]]
    assert None not in [row.second for row in page.rows]
    assert (page.total, page.number, page.per_page) == (whole["total"], whole.get("page"), whole["per_page"])


@pytest.mark.parametrize("name", IDS)
def test_real_lists_of_ids_are_read(real_data, name):
    whole = json.loads(_body(real_data, name))
    assert read_listing(_body(real_data, name), read_id) == (
        [item["id"] for item in whole["data"]],
        whole["total"],
    )


def test_real_surveys_collectors_and_accounts_are_read(real_data):
    surveys, total = read_listing(_body(real_data, "r_surveymonkey/surveys_list"), read_survey)
    assert (surveys, total) == ([("318754279", "my survey"), ("318736637", "dev")], 2)

    links, _ = read_listing(_body(real_data, "dotnet_client/collectors_list_2016"), read_link)
    assert links[0] == ""
    assert links[1].startswith("https://")
    assert len(read_listing(_body(real_data, "r_surveymonkey/collectors_list"), read_link)[0]) == 2

    assert read_account(_body(real_data, "dotnet_client/users_me_2016")).scopes is None
    assert "responses_read_detail" not in (
        read_account(_body(real_data, "official_docs/users_me")).scopes or ()
    )


def test_one_real_response_is_given_as_its_text(real_data):
    body = _body(real_data, "airbyte_connector/response_record_2021")
    assert read_text(body).encode() == body


def test_what_is_no_object_is_faulty_and_the_error_quotes_nothing():
    with pytest.raises(FaultyAnswerError, match=r"^the answer was not the JSON that was expected$") as caught:
        read_page(b'{"data": [{"id": "1", "date_modified": "somebody@example.org}]')
    assert caught.value.__suppress_context__


def test_a_total_written_as_text_is_still_a_number():
    assert read_page(b'{"data": [], "total": "3"}').total == 3


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("2026-03-05T18:05:57+00:00", 1772733957),
        ("2026-03-05T18:05:57.999999+00:00", 1772733957),
        ("2026-03-05T18:05:57", 1772733957),
        ("2026-03-05T18:05:57Z", 1772733957),
        ("2026-03-05T19:05:57+01:00", 1772733957),
        ("1969-12-31T23:59:59", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("", None),
        (1772733957, None),
        (None, None),
    ],
)
def test_an_instant_is_its_second_whatever_the_offset(text, second):
    assert seconds_of(text) == second


def test_a_filter_value_has_no_offset():
    assert filter_text(1772733957) == "2026-03-05T18:05:57"
