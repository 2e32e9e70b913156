"""A survey's design is read whatever it lacks, and its version follows what people see."""

from __future__ import annotations

import copy
import json

import pytest

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Option, Question
from connectors.survey.design import parse_design
from connectors.survey.html_text import one_line, paragraphs

SURVEY = {
    "id": 501,
    "title": "The <b>Pledge</b>",
    "response_count": 7,
    "date_created": "2026-01-05T09:30:00",
    "date_modified": "2026-02-01T00:00:00",
    "href": "https://api.example.org/v3/surveys/501",
    "pages": [
        {
            "id": "11",
            "position": 1,
            "title": "",
            "description": "<p>Our community needs you.</p><ul><li>I listen</li><li>I&nbsp;act</li></ul>",
            "questions": [
                {
                    "id": "21",
                    "position": 1,
                    "visible": True,
                    "family": "presentation",
                    "subtype": "descriptive_text",
                    "headings": [{"heading": "By signing<br/>I agree"}],
                },
                {
                    "id": 22,
                    "position": 2,
                    "family": "single_choice",
                    "subtype": "vertical",
                    "required": {"text": "!", "type": "all", "amount": "0"},
                    "headings": [{"heading": " "}, {"heading": "<p>You are&nbsp;a &hellip;</p>"}],
                    "answers": {
                        "choices": [
                            {"id": "31", "text": "Parent &amp; carer", "position": 1},
                            {"id": 32, "text": "Teacher", "position": 2, "visible": False},
                        ],
                        "other": {"id": "39", "text": "Other", "is_answer_choice": True},
                    },
                },
                {
                    "id": "23",
                    "position": 3,
                    "visible": False,
                    "family": "open_ended",
                    "subtype": "single",
                    "required": None,
                    "validation": {"type": "email"},
                    "headings": [{"heading": "Email"}],
                },
            ],
        }
    ],
}


def _design(survey):
    return parse_design(json.dumps(survey))


def test_a_design_is_read_whole():
    design = _design(SURVEY)
    assert design.survey_id == "501"
    assert design.title == "The Pledge"
    assert design.response_count == 7
    assert design.created_at == "2026-01-05T09:30:00+00:00"
    assert design.text == json.dumps(SURVEY)
    assert design.questions[1] == Question(
        question_id="22",
        page_id="11",
        page_position=1,
        position=2,
        family="single_choice",
        subtype="vertical",
        heading="You are a …",
        is_visible=True,
        is_required=True,
        validation=None,
        options=(
            Option("31", "choice", "Parent & carer", 1, is_visible=True),
            Option("32", "choice", "Teacher", 2, is_visible=False),
            Option("39", "other", "Other", 0, is_visible=True, is_answer_choice=True),
        ),
    )
    assert [(q.question_id, q.is_visible, q.validation) for q in design.questions] == [
        ("21", True, None),
        ("22", True, None),
        ("23", False, "email"),
    ]


def test_the_wording_is_what_a_person_reads_before_signing_one_paragraph_a_line():
    assert _design(SURVEY).wording.splitlines() == [
        "The Pledge",
        "Our community needs you.",
        "I listen",
        "I act",
        "By signing",
        "I agree",
    ]


def _changed(change):
    survey = copy.deepcopy(SURVEY)
    change(survey, survey["pages"][0]["questions"])
    return _design(survey).version


@pytest.mark.parametrize(
    "change",
    [
        lambda survey, _: survey.update(response_count=8, date_modified="2026-03-01T00:00:00"),
        lambda survey, _: survey.update(
            href="https://api.example.org/other", language="en", title="The Pledge"
        ),
        lambda _, questions: questions[2].update(href="x", layout={"width": 5}),
    ],
)
def test_counts_dates_and_addresses_leave_the_version_as_it_is(change):
    assert _changed(change) == _design(SURVEY).version


@pytest.mark.parametrize(
    "change",
    [
        lambda survey, _: survey.update(title="The New Pledge"),
        lambda survey, _: survey["pages"][0].update(description="<p>Other words</p>"),
        lambda _, questions: questions[0]["headings"][0].update(heading="By signing I promise"),
        lambda _, questions: questions[1]["answers"]["choices"][0].update(text="Parent"),
        lambda _, questions: questions[1]["answers"]["choices"][0].update(id="77"),
        lambda _, questions: questions[1]["answers"]["choices"].append({"id": "33", "text": "Pupil"}),
        lambda _, questions: questions[1].update(required=None),
        lambda _, questions: questions[2].update(visible=True),
        lambda _, questions: questions.pop(),
    ],
)
def test_what_people_see_changes_the_version(change):
    assert _changed(change) != _design(SURVEY).version


def test_the_version_is_sixteen_hexadecimal_digits():
    assert len(_design(SURVEY).version) == 16
    assert int(_design(SURVEY).version, 16) >= 0


def test_missing_and_mistyped_keys_are_taken_as_absent():
    odd = {
        "id": None,
        "title": 5,
        "response_count": "7",
        "pages": [
            None,
            {"questions": "?"},
            {"questions": [{"headings": None, "answers": [], "family": "new_kind"}]},
        ],
    }
    design = _design(odd)
    assert (design.survey_id, design.title, design.response_count, design.created_at) == ("", "", None, None)
    assert [(q.family, q.heading, q.is_visible, q.page_position, q.position) for q in design.questions] == [
        ("new_kind", "", True, 2, 1)
    ]


def test_the_other_line_may_stand_in_a_list_and_columns_bring_their_choices():
    answers = {
        "rows": [{"id": "1", "text": "Mon", "type": "email"}],
        "cols": [{"id": "2", "text": "Shift", "choices": [{"id": "3", "text": "Early"}]}],
        "other": [{"id": "4", "text": "Else"}],
    }
    design = _design({"pages": [{"questions": [{"id": "9", "answers": answers}]}]})
    assert [(o.option_id, o.kind, o.row_type) for o in design.questions[0].options] == [
        ("1", "row", "email"),
        ("2", "col", None),
        ("3", "choice", None),
        ("4", "other", None),
    ]


@pytest.mark.parametrize("text", ["[]", "null", "<html>", "", '{"id": "1"', "[" * 100_000])
def test_what_is_no_json_object_is_refused_without_quoting_it(text):
    with pytest.raises(SourceUnreachableError, match="not the JSON object"):
        parse_design(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain  words ", "Plain words"),
        ("<p>Email&nbsp;address <em>(we keep it safe)</em></p>", "Email address (we keep it safe)"),
        ("5 &lt; 6 &amp; 7 < 8", "5 < 6 & 7 < 8"),
        ("Zero\u200bwidth\ufeff and soft\u00adhyphen", "Zerowidth and softhyphen"),
        ("<style>p {color: red}</style>Seen<script>hidden()</script>", "Seen"),
        ("broken <b>bold", "broken bold"),
        ("", ""),
    ],
)
def test_html_becomes_the_words_that_people_read(html, text):
    assert one_line(html) == text


def test_blocks_become_paragraphs():
    assert paragraphs("<div>One<br>two</div><h2>Three</h2>four<p> </p>") == ["One", "two", "Three", "four"]


def test_every_real_survey_is_read(real_data):
    small = parse_design((real_data / "payloads/dotnet_client/survey_details_small.json").read_text())
    assert [q.heading for q in small.questions] == ["Why is question 1?", "Choose question two"]
    assert small.wording.splitlines() == [
        "Two page survey",
        "First page",
        "Page 1",
        "Page two!",
        "The second page",
    ]
    assert small.response_count == 0

    recorded = parse_design((real_data / "payloads/r_surveymonkey/survey_details.json").read_text())
    assert [(q.family, len(q.options)) for q in recorded.questions] == [
        ("single_choice", 5),
        ("open_ended", 0),
    ]
    assert recorded.created_at == "2022-03-05T17:45:00+00:00"

    for name in ("airbyte_connector/survey_record_2021.json", "official_docs/survey_created.json"):
        survey = parse_design((real_data / "payloads" / name).read_text())
        assert survey.title
        assert survey.questions == ()


def test_real_questions_are_read_as_part_of_a_survey(real_data):
    kinds = {}
    for name in ("question_demographic", "question_multiple_choice", "question_datetime"):
        question = json.loads((real_data / f"payloads/official_docs/{name}.json").read_text())
        (read,) = _design({"id": "1", "pages": [{"id": "2", "questions": [question]}]}).questions
        kinds[name] = (
            read.family,
            [option.kind for option in read.options],
            [o.row_type for o in read.options],
        )
    assert kinds["question_demographic"][0] == "demographic"
    assert "email" in kinds["question_demographic"][2]
    assert kinds["question_multiple_choice"][:2] == ("multiple_choice", ["choice", "choice"])
    assert kinds["question_datetime"][:2] == ("datetime", ["row"])
