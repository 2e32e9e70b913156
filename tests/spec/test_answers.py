"""Every shape of an answer becomes rows of core.answers: nothing is lost, and nothing made up."""

from __future__ import annotations

import json

import pytest

from connectors.surveymonkey.payloads import read_page
from tests.builders import a_response, as_kept, ids_of
from tests.vaults import drawn

COLUMNS = ("choice_id", "row_id", "col_id", "other_id", "text", "weight", "download_url", "content_type")


def walked(body):
    """What a response's JSON says, walked in Python: one row an answer, its columns in a tuple."""
    return [
        (page.get("id"), question.get("id"), number, *_columns(answer))
        for page in json.loads(body).get("pages") or []
        for question in page.get("questions") or []
        for number, answer in enumerate(question.get("answers") or [], 1)
    ]


def _columns(answer):
    flat = {**answer, "weight": (answer.get("choice_metadata") or {}).get("weight")}
    return tuple(flat.get(name) for name in COLUMNS)


def kept(vault, response_id="1"):
    """The rows of core.answers of a response, in the order given."""
    return vault.connection.execute(
        f"select page_id, question_id, answer_no, {', '.join(COLUMNS)} from core.answers"
        " where response_id = ? order by rowid",
        [response_id],
    ).fetchall()


def answers_of(vault, answers):
    """Rows of core.answers for a response that gives *answers* to one question."""
    body = json.dumps({"id": "1", "pages": [{"id": "61", "questions": [{"id": "15", "answers": answers}]}]})
    vault.receive([body])
    vault.stage()
    rows = kept(vault)
    assert rows == walked(body)
    return [dict(zip(COLUMNS, row[3:], strict=True)) for row in rows]


FAMILIES = {
    "an open text": [{"text": "We need more staff.", "tag_data": []}],
    "an open text of 2016, without tags": [{"text": "2!"}],
    "several boxes": [{"row_id": "31", "text": "3"}, {"row_id": "32", "text": "4.5"}],
    "a contact block": [{"row_id": "41", "text": "Ailsa"}, {"row_id": "49", "text": "ailsa@example.org"}],
    "a date": [{"row_id": "51", "text": "01/30/2000 01:01 PM"}],
    "one choice": [{"choice_id": "21"}],
    "several choices": [{"choice_id": "22"}, {"choice_id": "21"}],
    "an other that is a choice, between ticks": [
        {"choice_id": "21"},
        {"other_id": "29", "text": "Aunt"},
        {"choice_id": "22"},
    ],
    "an other that is a comment": [{"choice_id": "21"}, {"other_id": "29", "text": "a comment"}],
    "a matrix of one choice a row": [
        {"row_id": "31", "choice_id": "21"},
        {"row_id": "32", "choice_id": "21"},
    ],
    "a matrix of several a row": [{"row_id": "31", "choice_id": "21"}, {"row_id": "31", "choice_id": "22"}],
    "a matrix with a comment a row": [
        {"row_id": "31", "choice_id": "21"},
        {"row_id": "31", "other_id": "29", "text": "why"},
    ],
    "a matrix with one comment": [{"row_id": "31", "choice_id": "21"}, {"other_id": "29", "text": "why"}],
    "a matrix of menus": [{"row_id": "31", "col_id": "81", "choice_id": "21"}],
    "a rating": [{"row_id": "31", "choice_id": "21", "choice_metadata": {"weight": "-2"}}],
    "a ranking": [{"row_id": "31", "choice_id": "21"}, {"row_id": "32", "choice_id": "22"}],
    "a file": [{"text": "me.png", "download_url": "https://example.org/me.png", "content_type": "image/png"}],
    "a choice with a picture": [{"choice_id": "21", "download_url": "https://example.org/a.png"}],
    "the same choice twice": [{"choice_id": "21"}, {"choice_id": "21"}],
    "a choice once as choice and once as other": [{"choice_id": "29"}, {"other_id": "29"}],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_questions_is_flattened_whole(vault, family):
    answers = FAMILIES[family]
    rows = answers_of(vault, answers)
    assert len(rows) == len(answers) > 0
    said = [
        {k: v for k, v in answer.items() if k not in {"tag_data", "choice_metadata"}} for answer in answers
    ]
    told = [{k: v for k, v in row.items() if v is not None and k != "weight"} for row in rows]
    assert told == said


def test_a_whole_response_is_flattened_page_by_page_in_the_order_given(vault):
    pages = [
        {
            "id": "61",
            "questions": [
                {"id": str(100 + n), "answers": answers} for n, answers in enumerate(FAMILIES.values())
            ],
        },
        {"id": "62", "questions": []},
        {"id": "63"},
        {
            "id": "64",
            "questions": [{"id": "201", "answers": []}, {"id": "202"}, {"id": "203", "answers": None}],
        },
        {"id": "65", "questions": None},
        {"id": "66", "questions": [{"id": "204", "variable_id": "9", "answers": [{"text": "last"}]}]},
    ]
    body = json.dumps({"id": "1", "pages": pages})
    vault.receive([body])
    vault.stage()
    assert sorted(kept(vault), key=str) == sorted(walked(body), key=str)
    assert len(walked(body)) == sum(map(len, FAMILIES.values())) + 1


@pytest.mark.parametrize(
    "changes",
    [{"pages": []}, {"pages": None}, {"pages": [{}]}, {"pages": [{"questions": [{"answers": []}]}]}],
)
def test_a_response_that_answers_nothing_has_no_rows_and_a_place(vault, changes):
    vault.receive([a_response(1, **changes)])
    vault.decide()
    assert kept(vault) == []
    assert vault.places() == drawn("""
        id | place     | reason
        1  | held back | email-missing
    """)


def test_a_response_without_the_key_pages_has_a_place(vault):
    vault.receive(['{"id": "1", "response_status": "completed", "date_modified": "2026-03-01T09:00:00Z"}'])
    vault.decide()
    assert vault.places() == drawn("""
        id | place     | reason
        1  | held back | email-missing
    """)


def test_ids_and_texts_that_come_as_numbers_are_kept_digit_for_digit(vault):
    body = """{"id": 127061267250, "collector_id": 405437100, "pages": [{"id": 61, "questions": [
        {"id": 9007199254740993, "answers": [
            {"choice_id": 18446744073709551617, "row_id": 0, "text": 12},
            {"text": 1.5, "choice_metadata": {"weight": -2}}, {"text": true}, {"text": null}]}]}]}"""
    vault.receive([body])
    vault.stage()
    assert [row[:3] for row in kept(vault, "127061267250")] == [
        ("61", "9007199254740993", number) for number in (1, 2, 3, 4)
    ]
    assert [row[3:9] for row in kept(vault, "127061267250")] == [
        ("18446744073709551617", "0", None, None, "12", None),
        (None, None, None, None, "1.5", "-2"),
        (None, None, None, None, "true", None),
        (None, None, None, None, None, None),
    ]
    assert vault.rows("select collector_id from core.signatures") == [{"collector_id": "405437100"}]


def test_fields_that_nobody_has_heard_of_stay_in_the_raw_text_and_harm_nothing(vault):
    body = a_response(
        1,
        answers={"15": [{"text": "x", "sentiment": {"score": [0.5]}, "tag_data": [{"label": "x"}]}]},
        quiz_results={"score": 3},
        new_field=[1, {"a": None}],
    )
    vault.receive([body])
    vault.stage()
    assert kept(vault) == walked(body)
    assert vault.rows("select body from raw.responses") == [{"body": as_kept(body)}]


TEXTS = {
    "accents, emoji and joined ones": "Ó Súilleabháin 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "beyond the first plane": "𝒜𐍈\U0010fffd",
    "marks upon marks": "e" + "\u0301" * 500,
    "right to left and marks of direction": "\u202e\u05d0\u05d1\u202c \u200f",
    "line breaks and tabs": "one\r\ntwo\n\tthree\u2028four",
    "markup and quotes": '<b>"it\'s" &amp; \\ / $text %s {x}</b>',
    "a formula": "=cmd|' /C calc'!A0",
    "the number of a hundred digits": "9" * 100,
    "a NUL": "before\x00after",
    "every control": "".join(map(chr, range(32))),
    "blanks around": "  x \u00a0",
    "not a character": "\ufffe\uffff\ufdd0",
    "long": "lang " * 200_000,
}


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as it is"])
@pytest.mark.parametrize("kind", TEXTS)
def test_any_text_is_kept_to_the_letter(vault, kind, escaped):
    text = TEXTS[kind]
    pages = [{"id": "61", "questions": [{"id": "15", "answers": [{"text": text}]}]}]
    vault.receive([json.dumps({"id": "1", "pages": pages}, ensure_ascii=escaped)])
    vault.stage()
    assert [row[7] for row in kept(vault)] == [text]


def test_half_a_character_loses_no_more_than_itself(vault):
    pages = [
        {"id": "61", "questions": [{"id": "15", "answers": [{"text": "half \ud83d, whole 😀, \\ud83d"}]}]}
    ]
    page = json.dumps({"data": [{"id": "1", "pages": pages}], "total": 1}).encode()
    (row,) = read_page(page).rows
    vault.receive([row.body])
    vault.stage()
    assert [row[7] for row in kept(vault)] == ["half \ufffd, whole 😀, \\ud83d"]


def test_what_is_no_json_is_kept_and_stops_nobody_else(vault):
    vault.connection.execute(
        "insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)"
        " values ('1', '4100', '{\"id\": \"1\", \"pages\": [{\"text\": \"\\ud800\"}', 0, 'api', 'r', now())"
    )
    vault.night("""
        id | email
        2  | a@b.org
    """)
    assert vault.places() == drawn("""
        id | place       | reason
        1  | held back | status-unknown
        2  | signatory | counts
    """)
    assert vault.failed_measures() == []


def test_a_newer_version_takes_the_place_of_all_answers_of_the_older_one(vault):
    older = a_response(1, answers={"15": [{"text": "one"}, {"text": "two"}]})
    newer = a_response(1, answers={"16": [{"text": "three"}]}, date_modified="2026-03-02T09:00:00+00:00")
    vault.receive([older])
    vault.stage()
    vault.receive([newer])
    vault.stage()
    assert kept(vault) == walked(newer)


def test_answers_of_any_survey_are_kept(vault):
    bodies = [a_response(n, survey_id="999") for n in range(1, 4)]
    assert vault.receive(bodies, survey_id="999") == len(ids_of(bodies))
    vault.stage()
    assert [kept(vault, str(n)) for n in range(1, 4)] == [walked(body) for body in bodies]
