"""The layout of the platform's real export files: nothing of a record is lost."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.table import Rows, Table
from tests.layouts import kept, layout_of

if TYPE_CHECKING:
    from pathlib import Path

# Records as SOURCES.md counts them; heading rows; whether there is a respondent id; questions.
REAL = {
    "cncf_ambassadors_2019_h1": (21, 2, True, 7),
    "cncf_ambassadors_2020_h1": (44, 2, True, 8),
    "cncf_ambassadors_2021": (44, 2, True, 10),
    "cncf_maintainers_2019_h1": (64, 2, True, 15),
    "cncf_maintainers_2020_h2": (97, 2, True, 19),
    "cncf_maintainers_2021_h1": (93, 2, False, 19),
    "cncf_wasm_microsurvey": (93, 2, False, 16),
    "cncf_finops_microsurvey": (102, 2, True, 19),
    "kubernetes_contribex_2019": (211, 2, True, 22),
    "todogroup_ospo_2018": (748, 2, True, 32),
    "fivethirtyeight_star_wars": (1186, 2, True, 14),
    "fivethirtyeight_steak": (550, 2, True, 14),
    "fivethirtyeight_midwest": (2778, 2, True, 9),
    "fivethirtyeight_thanksgiving_2015": (1058, 1, True, 23),
    "fivethirtyeight_religion": (1039, 2, False, 47),
}
NOT_QUESTIONS = re.compile(
    r"(respondent|collector) ?(id)?|(start|end) ?date|(ip|email) address|(first|last) name|custom data 1"
    r"|project",
    re.IGNORECASE,
)


def a_real_table(real_data: Path, name: str) -> Table:
    encoding = "mac_roman" if name == "fivethirtyeight_star_wars" else "utf-8-sig"
    with (real_data / "exports" / f"{name}.csv").open(encoding=encoding, newline="") as file:
        return Table(f"{name}.csv", encoding, ",", Rows.of(csv.reader(file)))


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_is_read_whole(real_data, name):
    n_records, n_headings, has_ids, n_questions = REAL[name]
    table = a_real_table(real_data, name)
    layout = layout_of(table)
    cells = [text for row in list(table.rows)[n_headings:] for text in row]
    n_cells = sum(bool(re.sub("[\\s\u200b\u200e\ufeff]", "", text)) for text in cells)
    assert (len(layout.header.records), len(layout.header.rows)) == (n_records, n_headings)
    assert ("respondent_id" in layout.fixed) == has_ids
    assert kept(layout) == n_cells
    assert len(layout.questions) == n_questions


@pytest.mark.parametrize("name", REAL)
def test_the_questions_of_a_real_file_are_as_many_as_its_headings(real_data, name):
    top = [text for text in a_real_table(real_data, name).rows[0] if text.strip()]
    headings = [text for text in top if not NOT_QUESTIONS.fullmatch(text.strip())]
    if name == "fivethirtyeight_thanksgiving_2015":  # there each heading ends with its choice
        headings = list({re.split(r"\s+-\s", text)[0] for text in headings})
    assert len(headings) == REAL[name][3]


@pytest.mark.parametrize(
    ("name", "shapes"),
    {
        "cncf_maintainers_2019_h1": {"multiple_choice": 1, "single_choice": 11, "open_ended": 3},
        "fivethirtyeight_midwest": {"open_ended": 2, "single_choice": 6, "multiple_choice": 1},
        "fivethirtyeight_star_wars": {"single_choice": 11, "multiple_choice": 1, "matrix": 2},
        "fivethirtyeight_thanksgiving_2015": {"single_choice": 20, "multiple_choice": 3},
        "kubernetes_contribex_2019": {
            "single_choice": 13,
            "matrix": 4,
            "multiple_choice": 3,
            "open_ended": 2,
        },
    }.items(),
)
def test_the_shapes_of_a_real_files_questions(real_data, name, shapes):
    layout = layout_of(a_real_table(real_data, name))
    assert Counter(question.shape for question in layout.questions) == shapes


def test_a_real_text_summary_is_refused(real_data):
    with pytest.raises(ExportRefusedError, match="a summary"):
        layout_of(a_real_table(real_data, "strimzi_2020_summary"))


def test_each_sheet_of_a_real_workbook_summary_is_refused(real_data):
    workbook = CalamineWorkbook.from_path(str(real_data / "exports" / "cncf_2021_part1_summary.xlsx"))
    assert len(workbook.sheet_names) == 27
    for name in workbook.sheet_names:
        rows = [[str(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()]
        with pytest.raises(ExportRefusedError, match="a summary"):
            layout_of(Table(f"summary.xlsx: {name}", "xlsx", "", Rows.of(rows)))
