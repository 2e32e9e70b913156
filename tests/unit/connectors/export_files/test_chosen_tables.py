"""Which tables of a workbook or an archive are taken, and what is said of the others."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import ExportRefusedError
from connectors.export_files.layout.joined_files import joined
from connectors.export_files.reader import read_export
from tests.layouts import a_table

HEADINGS = (
    "Respondent ID | Start Date          | End Date            | Who?",
    "              |                     |                     | Open-Ended Response",
)
ANN = "11400000001   | 2025-03-11 09:00:00 | 2025-03-11 10:00:00 | Ann"
BOB = "11400000002   | 2025-03-11 09:05:00 | 2025-03-11 10:05:00 | Bob"
RESPONSES = (*HEADINGS, ANN, BOB)
NOTES = ("Exported by the office | call 07700900123", "Made by a program | version 3")
READ_BY_PEOPLE = {
    "a sentence": "Thank you for exporting",
    "commas, and no end of the last line": "Thank you, and good luck, to all,\nof you",
    "a quotation mark": 'Read "this, first\n"and" that\n',
}


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ((), "empty, so it is left out"),
        (("", " | ", ""), "empty, so it is left out"),
        (NOTES, "none of the platform's own columns, such as Respondent ID. Rows that aren't blank: 2;"),
    ],
)
def test_a_table_without_responses_is_left_out_and_said(at, other, said):
    tables = [a_table(*RESPONSES)]
    tables.insert(at, replace(a_table(*other), name="book.xlsx: Sheet2"))
    table = joined(tables).table
    assert list(table.rows) == list(a_table(*RESPONSES).rows)
    (note,) = table.notes
    assert note.startswith("book.xlsx: Sheet2 is ")
    assert said in note


def test_a_table_that_may_hold_responses_is_not_left_out():
    for other in ((ANN, BOB), ("Id | Who?", "11400000003 | Cat", "11400000004 | Dan")):
        with pytest.raises(ExportRefusedError):
            joined([a_table(*RESPONSES), a_table(*other)])


def test_nothing_is_left_out_but_what_is_empty_where_no_table_has_the_platforms_columns():
    table = joined([a_table("Who? | Why?", "Ann | x"), a_table("")]).table
    assert (len(table.rows), len(table.notes)) == (2, 1)
    with pytest.raises(ExportRefusedError, match="neither two halves"):
        joined([a_table("Who? | Why?", "Ann | x"), a_table(*NOTES)])
    with pytest.raises(ExportRefusedError, match="is empty"):
        joined([a_table(""), a_table("")])


@pytest.mark.parametrize("text", READ_BY_PEOPLE.values(), ids=READ_BY_PEOPLE)
def test_a_text_that_explains_an_export_does_no_harm(tmp_path, text):
    export = read(zipped(tmp_path, {"README.txt": text, "a.csv": as_csv(RESPONSES)}))
    assert export.ids.to_pylist() == ["11400000001", "11400000002"]
    assert [note for note in export.notes if "README.txt is left out" in note]


def test_a_text_that_cant_be_read_and_may_be_the_export_is_refused(tmp_path):
    broken = as_csv(RESPONSES).replace("Ann", '"Ann')
    with pytest.raises(ExportRefusedError, match="quotation mark"):
        read(zipped(tmp_path, {"b.txt": broken, "a.csv": as_csv(RESPONSES)}))
    with pytest.raises(ExportRefusedError, match="quotation mark"):
        read(zipped(tmp_path, {"README.txt": READ_BY_PEOPLE["a quotation mark"]}))


@pytest.mark.parametrize("records", [(ANN, BOB), (BOB, ANN)], ids=["as it is", "in another order"])
def test_the_same_table_twice_is_taken_once(tmp_path, records):
    members = {"a.csv": as_csv(RESPONSES), "b.csv": as_csv([*HEADINGS, *records])}
    export = read(zipped(tmp_path, members))
    assert export.ids.to_pylist() == ["11400000001", "11400000002"]
    assert [question.heading for question in export.form.design.questions] == ["Who?"]
    assert [note for note in export.notes if "was taken once" in note]


def test_the_same_responses_with_other_answers_are_refused(tmp_path):
    members = {"a.csv": as_csv(RESPONSES), "b.csv": as_csv([*HEADINGS, ANN, BOB.replace("Bob", "Rob")])}
    with pytest.raises(ExportRefusedError, match=r"different things of 1 of them\. Import one of the two"):
        read(zipped(tmp_path, members))


def test_tables_that_count_days_from_different_years_are_not_joined():
    with pytest.raises(ExportRefusedError, match="from different years"):
        joined([replace(a_table(*HEADINGS, ANN), date_1904=True), a_table(*HEADINGS, BOB)])


def as_csv(lines):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(a_table(*lines).rows)
    return buffer.getvalue()


def zipped(folder, members):
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(path):
    return read_export(
        path, survey_id="1", known=None, zone=ZoneInfo("Europe/London"), order=None, needs_dates=False
    )
