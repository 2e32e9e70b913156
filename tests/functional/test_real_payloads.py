"""The platform's own recorded bodies, served over HTTP, read by the client, and kept whole in a vault."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget
from flows.steps.form import design_rows
from tests.builders import KEY, NOW, as_kept, ids_of
from warehouse.database.connection import open_vault
from warehouse.ingest import designs, responses
from warehouse.transform.stage import Form, stage, staging_area

# Bulk pages, with the survey that they are of; a single record is wrapped in a page of one.
BULK = {
    "dotnet_client/survey_responses_bulk_2016": "84672934",
    "official_docs/responses_bulk": "105723396",
    "r_surveymonkey/responses_bulk_2022": "318754279",
    "airbyte_connector/response_record_2021": "306079584",
}
DESIGNS = {
    "dotnet_client/survey_details_small": "84718275",
    "r_surveymonkey/survey_details": "318754279",
    "official_docs/survey_created": "1234",
    "airbyte_connector/survey_record_2021": "306079584",
}
ID_LISTS = ("dotnet_client/survey_responses_list_2016", "official_docs/responses_list")


class RecordedPlatform:
    """Answers each path of the API with the bytes of a recorded body."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                body = platform.bodies.get(urlsplit(self.path).path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"{}")))
                self.end_headers()
                self.wfile.write(body or b"{}")

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v3"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def platform():
    """A platform of recorded bodies."""
    recorded = RecordedPlatform()
    yield recorded
    recorded.close()


@pytest.fixture
def client(platform):
    """A client of it."""
    with SurveyMonkey(
        "invented-token-of-nobody", platform.url, budget=Budget(), sleep=lambda _: None
    ) as opened:
        yield opened


@pytest.fixture
def connection(tmp_path):
    """A new vault that knows no form."""
    with open_vault(tmp_path / "vault.duckdb", KEY, now=NOW) as opened, staging_area(opened):
        yield opened


def recorded(real_data, name):
    """The bytes of a recorded body; of a single record, those of a page that holds it alone."""
    body = (real_data / "payloads" / f"{name}.json").read_bytes()
    return (
        body
        if "data" in json.loads(body) or name in DESIGNS
        else b'{"data": [%s], "total": 1, "page": 1}' % body
    )


def pulled(client, connection, survey_id):
    """All responses that the client gives, loaded and staged; how many there were."""
    bodies = []
    for page in client.responses(survey_id, Cursor()):
        bodies += page.bodies
        responses.load_responses(
            connection,
            survey_id=survey_id,
            ids=page.ids,
            bodies=page.bodies,
            source="api",
            run_id="run",
            fetched_at=NOW,
            cursor=(page.after.modified_from, page.after.page, page.is_last),
        )
    stage(connection, Form(survey_id, "none"), lambda texts: [(None, "invalid") for _ in texts], rules="none")
    return bodies


def walked(response):
    """What a response says, walked in Python: one tuple an answer."""
    return sorted(
        (
            response["id"],
            page["id"],
            question["id"],
            number,
            *(answer.get(name) for name in ("choice_id", "row_id", "col_id", "other_id", "text")),
            answer.get("choice_metadata", {}).get("weight"),
        )
        for page in response["pages"]
        for question in page["questions"]
        for number, answer in enumerate(question["answers"], 1)
    )


@pytest.mark.parametrize("name", BULK)
def test_each_recorded_response_is_kept_with_all_of_its_answers(
    platform, client, connection, real_data, name
):
    survey_id = BULK[name]
    page = recorded(real_data, name)
    platform.bodies[f"/v3/surveys/{survey_id}/responses/bulk"] = page
    expected = {response["id"]: response for response in json.loads(page)["data"]}
    bodies = pulled(client, connection, survey_id)
    assert {body["id"]: body for body in map(json.loads, bodies)} == expected
    assert bodies
    assert all(body.encode() in page for body in bodies)
    kept = connection.execute("select response_id, body from raw.responses order by received_no").fetchall()
    assert kept == list(zip(ids_of(bodies), map(as_kept, bodies), strict=True))
    answers = connection.execute(
        "select response_id, page_id, question_id, answer_no, choice_id, row_id, col_id, other_id, text,"
        " weight from core.answers"
    ).fetchall()
    said = [answer for response in expected.values() for answer in walked(response)]
    assert len(said) >= len(expected) > 0
    assert sorted(answers, key=str) == sorted(said, key=str)


@pytest.mark.parametrize("name", BULK)
def test_each_recorded_response_is_typed_as_it_says(platform, client, connection, real_data, name):
    survey_id = BULK[name]
    page = recorded(real_data, name)
    platform.bodies[f"/v3/surveys/{survey_id}/responses/bulk"] = page
    pulled(client, connection, survey_id)
    typed = connection.execute(
        "select response_id, survey_id, stated_survey_id, collector_id, status, mode,"
        " strftime(created_at, '%Y-%m-%dT%H:%M:%S+00:00'), strftime(modified_at, '%Y-%m-%dT%H:%M:%S+00:00')"
        " from core.signatures order by response_id"
    ).fetchall()
    assert typed == [
        (
            response["id"],
            survey_id,
            response["survey_id"],
            response["collector_id"],
            response["response_status"],
            response["collection_mode"],
            response["date_created"],
            response["date_modified"],
        )
        for response in sorted(json.loads(page)["data"], key=lambda response: response["id"])
    ]


@pytest.mark.parametrize("name", DESIGNS)
def test_each_recorded_design_is_kept_with_all_questions_and_choices(
    platform, client, connection, real_data, name
):
    survey_id = DESIGNS[name]
    body = recorded(real_data, name)
    platform.bodies[f"/v3/surveys/{survey_id}/details"] = body
    design = client.design(survey_id)
    is_new = designs.load_design(
        connection,
        **design_rows(design),
        seen_at=NOW,
        run_id="run",
    )
    assert is_new
    whole = json.loads(body)
    questions = [question for page in whole.get("pages", []) for question in page["questions"]]
    choices = [
        (question["id"], choice["id"], choice["text"])
        for question in questions
        for choice in question.get("answers", {}).get("choices", [])
    ]
    assert connection.execute("select survey_id, title, body from raw.surveys").fetchall() == [
        (whole["id"], whole["title"], body.decode())
    ]
    kept = connection.execute("select question_id, family, subtype from raw.questions").fetchall()
    assert sorted(kept) == sorted((found["id"], found["family"], found["subtype"]) for found in questions)
    kept = connection.execute(
        "select question_id, option_id, text from raw.options where kind = 'choice'"
    ).fetchall()
    assert sorted(kept) == sorted(choices)


@pytest.mark.parametrize("name", ID_LISTS)
def test_a_recorded_list_of_ids_shows_what_has_vanished(platform, client, connection, real_data, name):
    body = recorded(real_data, name)
    platform.bodies["/v3/surveys/1/responses"] = body
    there = [item["id"] for item in json.loads(body)["data"]]
    held = ["99", *(response_id for response_id in there if response_id != there[0])]
    bodies = [json.dumps({"id": response_id}) for response_id in held]
    responses.load_responses(
        connection,
        survey_id="1",
        ids=ids_of(bodies),
        bodies=bodies,
        source="api",
        run_id="run",
        fetched_at=NOW,
        cursor=None,
    )
    found, total = client.ids_page("1")
    assert (found, total) == (there, json.loads(body)["total"])
    assert responses.missing_from(connection, "1", found) == (["99"], there[:1])


def test_the_pets_of_a_recorded_survey_are_shown_with_the_choices_of_its_form(
    platform, client, connection, real_data
):
    survey_id = "318754279"
    platform.bodies[f"/v3/surveys/{survey_id}/details"] = recorded(real_data, "r_surveymonkey/survey_details")
    platform.bodies[f"/v3/surveys/{survey_id}/responses/bulk"] = recorded(
        real_data, "r_surveymonkey/responses_bulk_2022"
    )
    design = client.design(survey_id)
    designs.load_design(
        connection,
        **design_rows(design),
        seen_at=NOW,
        run_id="run",
    )
    pulled(client, connection, survey_id)
    shown = connection.execute(
        "select answers.response_id, questions.heading, coalesce(options.text, answers.text)"
        " from core.answers as answers"
        " join raw.questions as questions using (question_id)"
        " left join raw.options as options on options.option_id = answers.choice_id"
        " order by all"
    ).fetchall()
    assert shown == [
        ("13376299051", "How many pets do you have?", "3"),
        ("13376299051", "What are the names of your pets?", "Phil, Mango, Donut"),
        ("13376313674", "How many pets do you have?", "3"),
        ("13376313674", "What are the names of your pets?", "Donut, Mango, Phil"),
    ]
