"""Whatever stands in a table, its layout has a place for each answered cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import is_answered
from connectors.export_files.cells.table import Rows, Table
from tests.layouts import kept, layout_of

BLANKS = ("", "\u200b")
NAMES = (
    "Respondent ID",
    "Start Date",
    "Email Address",
    "Response",
    "Open-Ended Response",
    "Other",
    "Answered",
)
QUESTIONS = ("Who?", "Q1", "q0007_0001", "Q - a", "Q - b - c")
ANSWERS = ("Red", "Blue", "1", "2", "x", "114", " - ")
A_CELL = st.sampled_from((*BLANKS, *NAMES, *QUESTIONS, *ANSWERS))


@given(st.lists(st.lists(A_CELL, max_size=6), max_size=7))
def test_no_answered_cell_of_a_record_is_lost_or_counted_twice(rows):
    table = Table("pledge.csv", "utf-8", ",", Rows.of(rows))
    try:
        layout = layout_of(table)
    except ExportRefusedError:
        return
    used = [column.index for question in layout.questions for column in question.columns]
    used += [column.index for column in layout.extra] + list(layout.fixed.values())
    assert len(used) == len(set(used))
    assert kept(layout) == sum(is_answered(text) for at in layout.header.records for text in rows[at])
