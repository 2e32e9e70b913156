"""Headings among the records, and headings that would take long to read."""

from __future__ import annotations

from time import perf_counter

import pytest

from connectors.errors import ExportRefusedError
from tests.layouts import a_table, layout_of

HEADINGS = (
    "Respondent ID | End Date         | Who?                | How? |",
    "              |                  | Open-Ended Response | Bike | Bus",
)
RECORDS = (
    "11400000001   | 2025-03-11 10:00 | Ann                 | Bike |",
    "11400000002   | 2025-03-11 10:05 | Bob                 |      | Bus",
)
AGAIN = {
    "both rows": ((*HEADINGS, RECORDS[0], *HEADINGS, RECORDS[1]), 2, [2, 5]),
    "at the end": ((*HEADINGS, *RECORDS, *HEADINGS), 2, [2, 3]),
    "twice": ((*HEADINGS, RECORDS[0], *HEADINGS, *HEADINGS, RECORDS[1]), 4, [2, 7]),
    "the first alone": ((*HEADINGS, RECORDS[0], HEADINGS[0], RECORDS[1]), 1, [2, 4]),
    "a blank row between": ((*HEADINGS, RECORDS[0], HEADINGS[0], "", HEADINGS[1], RECORDS[1]), 2, [2, 6]),
    "behind a mark of a file's beginning": (
        (*HEADINGS, RECORDS[0], '\ufeff"Respondent ID"' + HEADINGS[0][13:] + " |", HEADINGS[1], RECORDS[1]),
        2,
        [2, 5],
    ),
    "one row": (
        ("Name | Role", *["Ann | Carer"] * 250, "Name | Role", "Bo | Carer"),
        1,
        [*range(1, 251), 252],
    ),
}


@pytest.mark.parametrize(("lines", "n", "records"), AGAIN.values(), ids=AGAIN)
def test_headings_among_the_records_are_no_records_and_counted(lines, n, records):
    layout = layout_of(a_table(*lines))
    assert layout.header.n_again == n
    assert list(layout.header.records) == records


def test_a_record_that_says_what_a_row_of_labels_says_stays_one():
    layout = layout_of(a_table("How? | | Why?", "Bike | Bus | Walk", "Bike | | Walk", "Bike | Bus | Walk"))
    assert (list(layout.header.records), layout.header.n_again) == ([2, 3], 0)


def test_somebody_called_as_the_only_heading_is_somebody():
    lines = ("Respondent ID | Who?", "| Open-Ended Response", "11400000001 | Who?")
    assert list(layout_of(a_table(*lines)).header.records) == [2]


OTHERS = {
    "other questions": "Respondent ID | End Date | How? | Who? |",
    "other labels": HEADINGS[0],
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_headings_of_another_export_among_the_records_are_refused(other):
    lines = (*HEADINGS, RECORDS[0], other, "| | | Bus | Bike", RECORDS[1])
    with pytest.raises(ExportRefusedError, match=r"row [45] holds headings again") as no:
        layout_of(a_table(*lines))
    assert "Bike" not in str(no.value)


@pytest.mark.parametrize("text", ["@" * 120_000, "@a." * 40_000, "a@" * 60_000, "a@b." + "c." * 60_000])
def test_a_heading_of_many_at_signs_takes_no_time(text):
    begun = perf_counter()
    layout_of(a_table(f"Respondent ID | Who? | {text}", "| Open-Ended Response |", "11400000001 | Ann | x"))
    assert perf_counter() - begun < 2
