"""No row and no cell of an export file goes missing without a word."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import ExportRefusedError
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.reader import read_export
from tests.layouts import a_table, bodies_of, layout_of

HEADINGS = (
    "Respondent ID | End Date            | Who?                | How? |",
    "              |                     | Open-Ended Response | Bike | Bus",
)
RECORDS = (
    "11400000001   | 2025-03-11 10:00:00 | Ann                 | Bike |",
    "11400000002   | 2025-03-11 10:05:00 | Bob                 |      | Bus",
)
LOST_ABOVE = {
    "sorted with its headings": (RECORDS[0], *HEADINGS, RECORDS[1]),
    "two files, the first without headings": (*RECORDS, *HEADINGS, *RECORDS),
    "an id alone": ("11400000003", *HEADINGS, *RECORDS),
    "an address below a title": ("The pledge", "ann@example.org |", *HEADINGS, *RECORDS),
}
NO_HEADINGS = {
    "the second record fills what the first left out": RECORDS,
    "the same without ids": ("a@example.org | | Bike", "b@example.org | Bus |", "c@example.org | Bus |"),
    "headings behind half a record": ("11400000003 | 2025-03-11 1Respondent ID | End Date | Who?", *RECORDS),
}


@pytest.mark.parametrize("lines", LOST_ABOVE.values(), ids=LOST_ABOVE)
def test_a_response_above_the_headings_is_not_passed_over_as_a_title(lines):
    with pytest.raises(ExportRefusedError, match="stands above the headings"):
        layout_of(a_table(*lines))


@pytest.mark.parametrize("lines", NO_HEADINGS.values(), ids=NO_HEADINGS)
def test_a_response_is_not_taken_for_headings(lines):
    with pytest.raises(ExportRefusedError, match="no row of headings"):
        layout_of(a_table(*lines))


def test_title_lines_of_two_cells_are_still_passed_over():
    lines = ("The pledge", "Exported | 2025-11-03", *HEADINGS, *RECORDS)
    assert list(layout_of(a_table(*lines)).header.records) == [4, 5]


def test_a_text_cut_inside_its_last_row_is_refused(tmp_path):
    whole = as_csv([*HEADINGS, *RECORDS]).rstrip()
    path = tmp_path / "export.csv"
    path.write_text(whole)
    assert len(open_tables(path)[0].rows) == 4  # the last row may lack its line end
    path.write_text(whole[: whole.rindex(",Bob")])
    with pytest.raises(ExportRefusedError, match="ends in the middle of row 4"):
        open_tables(path)


def test_of_many_texts_under_a_choice_none_but_its_own_is_a_tick(tmp_path):
    said = ["Bike"] * 8_000 + [f"words {n}" for n in range(320)]
    rows = [
        f"{114_000_000_00 + n} | 2025-03-11 10:00:00 | Ann | {text} |" if n % 2 or text != "Bike"
        else f"{114_000_000_00 + n} | 2025-03-11 10:00:00 | Ann | | Bus"
        for n, text in enumerate(said)
    ]  # fmt: skip
    path = tmp_path / "export.csv"
    path.write_text(as_csv([*HEADINGS, *rows]))
    answers = [
        answer
        for body in bodies_of(read(path))
        for question in json.loads(body)["pages"][0]["questions"]
        for answer in question["answers"]
    ]
    assert sum("choice_id" in one for one in answers) == 8_000
    assert {one["text"] for one in answers if "other_id" in one} == set(said) - {"Bike"}


def test_rows_with_one_id_are_told_of(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(as_csv([*HEADINGS, *RECORDS, RECORDS[1]]))
    export = read(path)
    assert len(export.ids) == 3
    assert [note for note in export.notes if "1 rows have the respondent id of another row" in note]


def test_a_half_keeps_the_dates_that_the_other_half_lacks(tmp_path):
    with_dates = ("Respondent ID | End Date | How? |", " | | Bike | Bus")
    answers = ("11400000001 | 2025-03-11 10:00:00 | Bike |", "11400000002 | 2025-03-11 10:05:00 | | Bus")
    names = ("Respondent ID | Who?", " | Open-Ended Response", "11400000001 | Ann", "11400000002 | Bob")
    for halves in ([*with_dates, *answers], names), (names, [*with_dates, *answers]):
        export = read(two_halves(tmp_path, *halves))
        assert export.modified.to_pylist() == ["2025-03-11T10:00:00+00:00", "2025-03-11T10:05:00+00:00"]
        told = [json.loads(body)["pages"][0]["questions"] for body in bodies_of(export)]
        assert list(map(len, told)) == [2, 2]


def test_halves_that_contradict_one_another_are_refused(tmp_path):
    other = [line.replace("10:05", "11:05") for line in RECORDS]
    path = two_halves(tmp_path, [*HEADINGS, *RECORDS], [*HEADINGS, *other])
    with pytest.raises(ExportRefusedError, match="say different things of 1 of them"):
        read(path)


def as_csv(lines):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(a_table(*lines).rows)
    return buffer.getvalue()


def two_halves(folder, left, right):
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Sheet_1.csv", as_csv(left))
        archive.writestr("Sheet_2.csv", as_csv(right))
    return path


def read(path):
    return read_export(
        path, survey_id="1", known=None, zone=ZoneInfo("Europe/London"), order=None, needs_dates=False
    )
