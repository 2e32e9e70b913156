"""What each column of a question holds, told from its label and its cells."""

from __future__ import annotations

import pytest

from connectors.export_files.cells.table import Rows, Table
from tests.layouts import a_table, in_short, layout_of

PARTS = {
    "a choice and its text": (
        ("How? | ", "Response | Other (please specify)", "Other (please specify) | By bike"),
        [("How?", "single_choice", "0 response Response; 1 other Other (please specify)")],
    ),
    "a text box named as its choice": (
        ("Faith? |", "Response | None of these", "None of these | Pastafari", "Quaker | ", "Quaker |"),
        [("Faith?", "single_choice", "0 response Response; 1 other None of these")],
    ),
    "a reason": (
        ("Would you? |", "Response | Why?", "Yes | It helps my neighbours", "No | Too far away"),
        [("Would you?", "single_choice", "0 response Response; 1 comment Why?")],
    ),
    "long text beside a response": (
        ("Would you? |", "Response | Tell more", "Yes | It helps my neighbours", "No | Too far away"),
        [("Would you?", "single_choice", "0 response Response; 1 comment Tell more")],
    ),
    "single choice spread": (
        ("Age? | | Who?", "< 18 | > 60 | Open-Ended Response", "< 18 | | A", "| > 60 | B"),
        [
            ("Age?", "single_choice", "0 choice < 18; 1 choice > 60"),
            ("Who?", "open_ended", "2 text Open-Ended Response"),
        ],
    ),
    "Other beside a choice makes several": (
        ("How? | | ", "Bike | Bus | Other (please specify)", "Bike | | On foot", "| Bus |"),
        [("How?", "multiple_choice", "0 choice Bike; 1 choice Bus; 2 other Other (please specify)")],
    ),
    "Other that only ever comments on a choice": (
        ("How? | | ", "- 1 | - 2 | Other (please specify)", *["1 | | So it is"] * 5, "| 2 |"),
        [("How?", "single_choice", "0 choice - 1; 1 choice - 2; 2 other Other (please specify)")],
    ),
    "numbers of choices": (
        ("Which? | |", "Red | Blue | Pink", "1 | 2 |", "| 2 |", "| 2 | 3"),
        [("Which?", "multiple_choice", "0 choice Red; 1 choice Blue; 2 choice Pink")],
    ),
    "labels that a spreadsheet damaged": (
        ("Staff? | | Q", "2-5 | 10-49 | Response", *["05-Feb | | a", "| Oct-49 | a"] * 2),
        [
            ("Staff?", "single_choice", "0 choice 2-5; 1 choice 10-49"),
            ("Q", "single_choice", "2 response Response"),
        ],
    ),
    "a contact block": (
        ("You | | ", "Name | Email | Country", "Ann Lee | ann@example.org | Scotland", "Bo Ray | | Scotland"),
        [("You", "lines", "0 line Name; 1 line Email; 2 line Country")],
    ),
    "lines of one record": (
        ("Tell | ", "Hobby | Pet", "Chess | Cat"),
        [("Tell", "lines", "0 line Hobby; 1 line Pet")],
    ),
    "yes in each line": (
        ("Do you? | ", "Knit | Sew", "Yes | Yes", "Yes | Yes"),
        [("Do you?", "matrix", "0 line Knit; 1 line Sew")],
    ),
    "crosses": (
        ("How? | | Who?", "Bike | Bus | Open-Ended Response", "x | | a", "x | x | b"),
        [
            ("How?", "multiple_choice", "0 choice Bike; 1 choice Bus"),
            ("Who?", "open_ended", "2 text Open-Ended Response"),
        ],
    ),
    "ratings": (
        ("Rate | | ", "Pay | Hours | Other (please specify)", "Good | Bad", "Bad | Bad | Food", "Good"),
        [("Rate", "matrix", "0 line Pay; 1 line Hours; 2 other Other (please specify)")],
    ),
    "a ranking": (
        ("Rank | | ", "Pay | Hours | Food", "2 | 1 | 3", "1 | N/A | 3"),
        [("Rank", "matrix", "0 line Pay; 1 line Hours; 2 line Food")],
    ),
    "repeated headings": (
        ("Why? | Why?", "Open-Ended Response | Open-Ended Response", "a | b"),
        [
            ("Why?", "open_ended", "0 text Open-Ended Response"),
            ("Why?", "open_ended", "1 text Open-Ended Response"),
        ],
    ),
    "blank headings": (
        ("Why? | | ", "Open-Ended Response | Response | Response", "a | b | c"),
        [
            ("Why?", "open_ended", "0 text Open-Ended Response"),
            ("", "single_choice", "1 response Response"),
            ("", "single_choice", "2 response Response"),
        ],
    ),
    "a recoded column among choices": (
        ("Which? | | |", "A | B | Other | Recode", "A | B | |", "| | x1 | C", "| | y2 | D", "A | | |"),
        [("Which?", "multiple_choice", "0 choice A; 1 choice B; 2 other Other; 3 line Recode")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), PARTS.values(), ids=PARTS)
def test_what_a_column_holds_is_told_from_its_label_and_cells(lines, expected):
    rows = a_table(*lines).rows
    width = max(map(len, rows))
    ids = ["Respondent ID", "", *(str(11400000001 + n) for n in range(len(rows)))]
    with_ids = [row + [""] * (width - len(row)) + [text] for row, text in zip(rows, ids, strict=False)]
    layout = layout_of(Table("pledge.csv", "utf-8", ",", Rows.of(with_ids)))
    assert list(map(in_short, layout.questions)) == expected
