"""Where things stand in an export table: headings, fixed columns, questions and records."""

from __future__ import annotations

import pytest

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import is_answered, readable
from tests.layouts import a_table, in_short, kept, layout_of


def questions(*lines: str) -> list[tuple[str, str, str]]:
    return [in_short(question) for question in layout_of(a_table(*lines)).questions]


TWO_QUESTIONS = [
    ("Colours?", "multiple_choice", "1 choice Red; 2 choice Blue; 3 other Other (please specify)"),
    ("Who?", "open_ended", "4 text Open-Ended Response"),
]
VARIANTS = {
    "text above the first column only": (
        "Respondent ID | Colours? |      |                        | Who?",
        "              | Red      | Blue | Other (please specify) | Open-Ended Response",
        "11400000001   | Red      | Blue |                        | Ann",
        "11400000002   |          |      | Green                  | Bob",
    ),
    "text repeated above each column": (
        "Respondent ID | Colours? | Colours? | Colours?               | Who?",
        "              | Red      | Blue     | Other (please specify) | Open-Ended Response",
        "11400000001   | Red      | Blue     |                        | Ann",
    ),
    "fixed names repeated in row 2": (
        "RespondentID  | Colours? |      |                        | Who?",
        "RespondentID  | Red      | Blue | Other (please specify) | Open-Ended Response",
        "11400000001   | Red      | Blue |                        | Ann",
    ),
    "fixed names in row 2 only": (
        "              | Colours? |      |                        | Who?",
        "Respondent ID | Red      | Blue | Other (please specify) | Open-Ended Response",
        "11400000001   | Red      | Blue |                        | Ann",
    ),
    "question numbers on top": (
        "              | Q1       |      |                        | Q2",
        "Respondent ID | Colours? |      |                        | Who?",
        "              | Red      | Blue | Other (please specify) | Open-Ended Response",
        "11400000001   | 1        | 2    |                        | Ann",
        "11400000002   |          | 2    | Green                  | Bob",
    ),
    "question numbers on top, fixed names beside them, a blank row after each": (
        "Respondent ID | Q1       |      |                        | Q2",
        "",
        "              | Colours? |      |                        | Who?",
        " | | | | ",
        "              | Red      | Blue | Other (please specify) | Open-Ended Response",
        " | | | | ",
        "11400000001   | 1        | 2    |                        | Ann",
        " | | | | ",
    ),
    "title lines and blank lines above": (
        "The pledge",
        "",
        "Exported for Ann | | | | ",
        "Respondent ID | Colours? |      |                        | Who?",
        "              | Red      | Blue | Other (please specify) | Open-Ended Response",
        "11400000001   | Red      | Blue |                        | Ann",
    ),
}


@pytest.mark.parametrize("lines", VARIANTS.values(), ids=VARIANTS)
def test_each_way_of_writing_headings_gives_the_same_questions(lines):
    layout = layout_of(a_table(*lines))
    assert layout.fixed == {"respondent_id": 0}
    assert list(map(in_short, layout.questions)) == TWO_QUESTIONS
    ids = [a_table(*lines).rows[i][0] for i in layout.header.records]
    assert ids == [line.split("|")[0].strip() for line in lines if line.startswith("114")]


def test_one_row_of_question_and_choice_is_grouped_by_what_the_headings_share():
    heading = (
        "RespondentID | Dish? | Dish? - Other (please specify) | Pies - all? - Apple "
        "| Pies - all? - Key - lime | Pies - all? - Other | Pies - all? - Other "
        "| Show - Parade | Age - in years"
    )
    lines = (
        heading,
        "4000000001 | Turkey | | Apple | Key - lime | | | Parade | 41",
        "4000000002 | Other (please specify) | Nuts | | Key - lime | Other | Nut pie | | 42",
    )
    assert layout_of(a_table(*lines)).header.rows == (0,)
    assert questions(*lines) == [
        ("Dish?", "single_choice", "1 response; 2 other Other (please specify)"),
        (
            "Pies - all?",
            "multiple_choice",
            "3 choice Apple; 4 choice Key - lime; 5 choice Other; 6 other Other",
        ),
        ("Show", "single_choice", "7 choice Parade"),
        ("Age - in years", "single_choice", "8 response"),
    ]


def test_codes_are_grouped_by_the_part_before_the_underscore():
    lines = (
        "  | q0007_0001 | q0007_0002 | q0007_other | q0008",
        "1 | 1          | 2          |             | 3",
        "2 |            | 2          | Green       | 1",
        "3 |            |            |             | 3",
        "4 |            |            |             | 1",
    )
    layout = layout_of(a_table(*lines))
    assert [(column.index, column.label) for column in layout.extra] == [(0, "")]
    assert list(map(in_short, layout.questions)) == [
        ("q0007", "multiple_choice", "1 choice 0001; 2 choice 0002; 3 other other"),
        ("q0008", "single_choice", "4 response"),
    ]
    assert list(layout.header.records) == [1, 2, 3, 4]


def test_codes_above_labels_need_no_text():
    assert questions(
        "Respondent ID | q1 | q1 | q2", " | Red | Blue | Response", "11400000001 | Red | | Yes"
    ) == [
        ("q1", "single_choice", "1 choice Red; 2 choice Blue"),
        ("q2", "single_choice", "3 response Response"),
    ]


def test_a_removed_second_row_leaves_the_choices_named_by_their_cells():
    lines = (
        "Respondent ID | Colours? |      | Who?",
        "11400000001   | Red      | Blue | Ann Lee",
        "11400000002   | Red      |      | Bo Ray",
    )
    assert questions(*lines) == [
        ("Colours?", "multiple_choice", "1 choice Red; 2 choice Blue"),
        ("Who?", "open_ended", "3 text"),
    ]


def test_headings_without_a_fixed_column_are_told_by_their_labels():
    layout = layout_of(
        a_table("Colours? | | Who?", "Red | Blue | Open-Ended Response", "Red | | Ann", "| Blue | Bob")
    )
    assert (layout.header.rows, layout.fixed, list(layout.header.records)) == ((0, 1), {}, [2, 3])


def test_one_row_without_a_fixed_column_is_a_heading_where_nothing_of_it_recurs_below():
    layout = layout_of(a_table("First Name | Role", "Ann | Carer", "Bob | Carer"))
    assert layout.fixed == {}
    assert [question.heading for question in layout.questions] == ["First Name", "Role"]
    assert list(layout.header.records) == [1, 2]


def test_title_lines_above_headings_without_a_fixed_column_are_passed_over():
    one_row = layout_of(a_table("The pledge", "Name | Role | Town", "Ann | Carer | Ayr"))
    assert (one_row.header.rows, len(one_row.questions)) == ((1,), 3)
    two_rows = layout_of(
        a_table("The pledge | |", "How? | | Who?", "Bike | Bus | Open-Ended Response", "Bike | | Ann")
    )
    assert (two_rows.header.rows, len(two_rows.questions)) == ((1, 2), 2)


def test_headings_without_records_are_no_fault():
    layout = layout_of(a_table("Respondent ID | Who? | Colours? |", "| Open-Ended Response | Red | Blue"))
    assert list(layout.header.records) == []
    assert [question.heading for question in layout.questions] == ["Who?", "Colours?"]
    assert list(layout_of(a_table("Respondent ID | Who?")).header.records) == []
    assert list(layout_of(a_table("Respondent ID | Q1")).header.records) == []


def test_blank_rows_and_the_blank_record_after_each_row_are_left_out():
    layout = layout_of(
        a_table(
            "Respondent ID | Who?",
            "",
            "| Open-Ended Response",
            " | ",
            "11400000001 | Ann",
            " | ",
            "",
            "11400000002 |",
        )
    )
    assert (layout.header.rows, list(layout.header.records)) == ((0, 2), [4, 7])


def test_fixed_columns_are_found_by_name_wherever_they_stand():
    layout = layout_of(
        a_table(
            "Who? | LastName | StartDate | Custom Data 1 | IP Address | Custom Data 2 | Respondent ID | "
            "Collector ID | End Date | Email Address | FIRST NAME",
            "Open-Ended Response | | | | | | | | | |",
            "Ann | | 04/09/2019 | | 192.0.2.1 | | 11400000001 | 22 | 04/09/2019 | |",
        )
    )
    assert layout.fixed == {
        "last_name": 1, "start_date": 2, "custom_data_1": 3, "ip_address": 4, "custom_data_2": 5,
        "respondent_id": 6, "collector_id": 7, "end_date": 8, "email_address": 9, "first_name": 10,
    }  # fmt: skip
    assert [question.heading for question in layout.questions] == ["Who?"]


def test_a_question_called_as_a_fixed_column_stays_a_question():
    layout = layout_of(
        a_table(
            "Respondent ID | Email Address | First Name | Email Address",
            "| | Open-Ended Response | Open-Ended Response",
            "11400000001 | | Ann | ann@example.org",
        )
    )
    assert layout.fixed == {"respondent_id": 0, "email_address": 1}
    assert [question.heading for question in layout.questions] == ["First Name", "Email Address"]


def test_vendor_and_blanked_columns_before_the_questions_are_kept_as_extra():
    layout = layout_of(
        a_table(
            "  | Respondent ID | Serial # |     | Who?                |   ",
            "  |               |          |     | Open-Ended Response |   ",
            "1 | 11400000001   | A7       |     | Ann                 | stray",
        )
    )
    assert [(column.index, column.label) for column in layout.extra] == [(0, ""), (2, "Serial #"), (5, "")]
    assert [question.heading for question in layout.questions] == ["Who?"]


def test_a_vendors_column_is_no_question_and_a_question_written_twice_is_one():
    layout = layout_of(
        a_table(
            "Respondent ID | Collector | Who?    | Colours? |",
            "Respondent ID | Collector | Who?    | Red      | Blue",
            "11400000001   | Web       | Ann Lee | Red      |",
        )
    )
    assert [(column.index, column.label) for column in layout.extra] == [(1, "Collector")]
    assert list(map(in_short, layout.questions)) == [
        ("Who?", "open_ended", "2 text"),
        ("Colours?", "single_choice", "3 choice Red; 4 choice Blue"),
    ]


def test_cells_beyond_the_headings_are_kept_as_extra():
    layout = layout_of(a_table("RespondentID | Who?", "4000000001 | Ann Lee | stray"))
    assert [(column.index, column.label) for column in layout.extra] == [(2, "")]


def test_headings_are_read_without_html_and_odd_blanks():
    raw = "<p>Do&nbsp;you\xa0 <strong>agree</strong>?<br>Yes\u200b or\tno &amp; why</p>\ufeff"
    assert readable(raw) == "Do you agree? Yes or no & why"
    assert readable("< 18 or <company> > 60") == "< 18 or <company> > 60"


@pytest.mark.parametrize("text", ["", " ", "\xa0", "\u200b", "\t\r\n", "\x00", "\ufeff \u3000\u2060"])
def test_blanks_of_any_kind_are_no_answer(text):
    assert not is_answered(text)


@pytest.mark.parametrize("text", ["-", "n/a", "Not selected", "0", " x "])
def test_a_dash_or_the_like_is_an_answer_as_given(text):
    assert is_answered(text)


def test_each_answered_cell_has_a_place():
    table = a_table(
        "Respondent ID | How? | | Who?",
        "| Bike | Bus | Open-Ended Response",
        "1 | Bike",
        "2 | Bike | Bus | -",
    )
    assert kept(layout_of(table)) == 2 + 4


REFUSED = {
    "nothing at all": ((), "is empty"),
    "blank rows": (("", " | "), "is empty"),
    "counts": (
        ("Pledge", "", "Q1. Who?", "Answer Choices | Percent | Responses", "Me | 9% | 4"),
        "a summary",
    ),
    "totals": (("Who? | |", "| Me | Total", "All | 0.5 | 2", "| Answered | 2", "| Skipped | 0"), "a summary"),
    "a summary of dates": (("Q1. When?", "Answer Choices | Responses", "Start Date | 4"), "a summary"),
    "numbers only": (("1 | 2", "3 | 4"), "no row of headings"),
    "records without headings": (("Yes | Good", "No | Bad", "Yes | Bad"), "no row of headings"),
    "one total": (("Answered | 1",), "no row of headings"),
    "a letter": (("Dear all",), "no row of headings"),
}


@pytest.mark.parametrize(("lines", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_table_without_responses_or_headings_is_refused(lines, reason):
    with pytest.raises(ExportRefusedError, match=reason):
        layout_of(a_table(*lines))
