"""The spreadsheet read back, point by point of the Analysis Function's list for accessible spreadsheets."""

from __future__ import annotations

from datetime import datetime

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.packs import figures, write_pack


def read(folder, made=None):
    (path,) = write_pack(made or figures(), folder, ("xlsx",))
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return read(tmp_path_factory.mktemp("pack"))


def table_rows(sheet):
    ((_, ref),) = sheet.tables.items()
    return [[cell.value for cell in row] for row in sheet[ref]]


def test_it_has_cover_contents_notes_and_a_sheet_a_table(book):
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Summary", "Roles", "Growth", "New by week", "Milestones", "Not counted"
    ]  # fmt: skip


def test_each_sheet_but_the_cover_has_one_table_with_a_name_of_its_own(book):
    names = [list(sheet.tables) for sheet in book]
    assert names == [
        [], ["contents_table"], ["notes"], ["summary"], ["roles"], ["growth"],
        ["weeks"], ["milestones"], ["not_counted"]
    ]  # fmt: skip


def test_column_a_begins_with_the_title_and_nothing_stands_beside_or_below_a_table(book):
    for sheet in book.worksheets[1:]:
        ((_, ref),) = sheet.tables.items()
        left, top, right, bottom = range_boundaries(ref)
        assert (left, right, bottom) == (1, sheet.max_column, sheet.max_row)
        above = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=top - 1)]
        assert all(row[0] and not any(row[1:]) for row in above)


def test_no_cell_is_merged_and_none_in_a_table_is_empty(book):
    assert [sheet.merged_cells.ranges for sheet in book] == [set()] * 9
    assert all(
        value not in (None, "") for sheet in book.worksheets[1:] for row in table_rows(sheet) for value in row
    )


def test_nothing_is_frozen_filtered_or_out_of_sight(book):
    for sheet in book:
        assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.sheet_state) == (None, None, "visible")
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(table.autoFilter for table in sheet.tables.values())


def test_the_roles_are_numbers_and_what_is_hidden_is_the_shorthand(book):
    assert table_rows(book["Roles"]) == [
        ["Role", "Signatories", "Share (%)"],
        ["Parent or carer", 1205, 74],
        ["Teacher", 400, 25],
        ["Councillor", 15, 1],
        ["Politician", "[c]", "[c]"],
        ["Other", "[c]", "[c]"],
        ["All signatories (exact)", 1632, 100],
    ]


@pytest.mark.parametrize("name", ["Roles", "Not counted"])
def test_a_sheet_with_the_shorthand_explains_it(book, name):
    above = " ".join(str(book[name].cell(row, 1).value) for row in range(1, 6))
    assert "[c] means hidden" in above
    assert "“Hidden” means fewer than 10" in above
    assert "[c] means hidden" in " ".join(row[1] for row in table_rows(book["Notes"]))


def test_the_contents_lead_to_each_sheet(book):
    links = [
        cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink
    ]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[2:]]


def test_columns_are_as_wide_as_what_they_hold(book):
    for sheet in book:
        assert sheet.column_dimensions["A"].width > 20
    assert all(cell.alignment.wrap_text for row in book["Notes"]["B4:B9"] for cell in row)


def test_its_properties_name_title_author_and_time(book):
    told = book.properties
    assert (told.title, told.creator, told.language) == ("Connect Pledge: who has signed", "Connect", "en-GB")
    assert told.created == datetime(2026, 7, 1, 23, 15)  # noqa: DTZ001 - the file says UTC, openpyxl drops it


def test_numbers_have_separators_and_stand_at_the_right(book):
    ((_, ref),) = book["Roles"].tables.items()
    cell = book["Roles"].cell(range_boundaries(ref)[1] + 1, 2)
    assert (cell.number_format, cell.alignment.horizontal) == ("#,##0", "right")


def test_no_meaning_is_in_a_colour(book):
    fills = {cell.fill.fill_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert fills == {None}


def test_with_nobody_there_are_cover_notes_and_a_summary(tmp_path):
    book = read(tmp_path, figures([("Parent", 0), ("MSP", 0)], others=[]))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Summary"]
    assert table_rows(book["Summary"]) == [["Figure", "Number"], ["People who have signed (exact)", 0]]
    said = [row[1] for row in table_rows(book["Notes"]) if row[0] == "Not in this pack"]
    assert len(said) == 3


@pytest.mark.parametrize(
    "label", ["[text](https://example.org)", "$$note$$", "…", "保護者", "  ", "x" * 2000]
)
def test_a_label_that_is_markup_to_the_library_stays_as_it_is(tmp_path, label):
    book = read(tmp_path, figures([(f"a{label}a", 50), (label, 60)]))
    shown = [row[0] for row in table_rows(book["Roles"])]
    assert shown == [
        "Role",
        f"a{label}a" if label.strip() else "a a",
        label.strip() or "(no text)",
        shown[-1],
    ]
