"""Breaks the rows of an export as spreadsheets and people do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from tests.exporting import Style

Row = list[str]
BAD_DATES = (
    "", " ", "soon", "31/02/2025 10:00:00", "13/13/2025 10:00:00 AM", "45000.5", "2025-13-01", "0",
    "02/30/2025 01:02:03 AM", "99999", "2025-11-03 10:00:00", "03/11/2025", "٣/٤/2025", "12/01/25 11:59 PM",
)  # fmt: skip
BAD_IDS = (
    "", " ", "1.14083E+11", "11 408 311 402", "114,083,114,02", "Respondent 7", "-5", "7.0", "0", "=1+1",
    "114083114021140831140", "\u200b", "١٢٣", "#REF!",
)  # fmt: skip
TITLES = ("The Connect Pledge", "Exported 3 November 2025", "Page 1", '"Responses"', "n = 12", " ")
ODD_TEXTS = (
    "two\nlines",
    'a "quoted" word',
    "semi;colon, comma\tand tab",
    "n/a",
    "Zoë\N{RIGHT SINGLE QUOTATION MARK}s café",
    "-",
    "\u200b",
)
CELLS_OF_A_TITLE = 2  # a response with no more can't be told from one
A_CELL = 0.3  # how likely one is broken


@dataclass
class Making:
    """An export on its way to being broken.

    head: heading rows, what was put among or above them too. body: rows that hold or held responses.
    above: responses that stand above the headings, unless one was deleted since.
    broken: what was done, in order.
    """

    chance: Random
    style: Style
    head: list[Row]
    body: list[Row]
    above: list[Row] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def row(self) -> Row:
        return self.chance.choice(self.body or self.head or [[]])

    @property
    def n_above(self) -> int:
        """Responses above the headings that can't be taken for title lines."""
        there = [row for row in self.above if any(row is one for one in self.head)]
        return sum(sum(map(bool, map(str.strip, row))) > CELLS_OF_A_TITLE for row in there)

    def place(self, row: Row) -> int:
        return self.chance.randrange(len(row)) if row else 0

    def spot(self, rows: list[Row]) -> int:
        return self.chance.randint(0, len(rows))


def _delete_column(making: Making) -> None:
    at = making.place(making.row())
    for row in making.head + making.body:
        del row[at : at + 1]


def _delete_headings(making: Making) -> None:
    for row in making.head:
        at = making.place(row)
        del row[at : at + 1]


def _repeat_column(making: Making) -> None:
    at, to = making.place(making.row()), making.place(making.row())
    for row in making.head + making.body:
        row[to:to] = row[at : at + 1]


def _blank_headings(making: Making) -> None:
    for row in making.head:
        for _ in range(making.chance.choice((0, 1, 3, len(row)))):
            _put(row, making.place(row), "")


def _delete_heading_row(making: Making) -> None:
    if making.head:
        del making.head[making.place(making.head)]


def _repeat_heading_row(making: Making) -> None:
    if making.head:
        rows = making.body if len(making.body) > 1 and making.chance.random() < A_CELL else making.head
        rows.insert(making.chance.randint(1, len(rows)), list(making.chance.choice(making.head)))


def _damage_dates(making: Making) -> None:
    for row in making.body:
        if making.chance.random() < A_CELL:
            _put(row, making.chance.choice((1, 2, 2, 3)), making.chance.choice(BAD_DATES))


def _damage_ids(making: Making) -> None:
    for row in making.body:
        if making.chance.random() < A_CELL:
            _put(row, 0, making.chance.choice((*BAD_IDS, *making.row()[:1])))


def _put(row: Row, at: int, text: str) -> None:
    row[at : at + 1] = [text]


def _shorten_rows(making: Making) -> None:
    for row in making.body:
        if making.chance.random() < A_CELL:
            del row[making.place(row) :]


def _lengthen_rows(making: Making) -> None:
    for row in making.body:
        if making.chance.random() < A_CELL:
            row[len(row) :] = ["", "more"][making.chance.randrange(2) :] * making.chance.choice((1, 3))


def _shift_cells(making: Making) -> None:
    row = making.row()
    row.insert(making.place(row), making.chance.choice(("", "x")))


def _odd_texts(making: Making) -> None:
    for row in making.body:
        if row:
            _put(row, making.place(row), making.chance.choice(ODD_TEXTS))


def _merge_rows(making: Making) -> None:
    if len(making.body) > 1:
        last = making.body.pop()
        making.body[-1] += last


def _blank_rows(making: Making) -> None:
    for rows in (making.head, making.body, making.body):
        rows.insert(making.spot(rows), making.chance.choice(([], [""], [" "], [""] * 9, ["\t", " "])))


def _titles(making: Making) -> None:
    for _ in range(making.chance.choice((1, 2))):
        making.head.insert(0, [making.chance.choice(TITLES), *[""] * making.chance.choice((0, 0, 9))])


def _sort_headings_in(making: Making) -> None:
    """A sheet sorted with its headings: responses stand above them."""
    n = making.chance.choice((1, 2, 5))
    above, making.body = making.body[:n], making.body[n:]
    making.head[:0] = above
    making.above += above


ROW_FAULTS = (
    _delete_column, _delete_headings, _repeat_column, _blank_headings, _delete_heading_row,
    _repeat_heading_row, _damage_dates, _damage_ids, _shorten_rows, _lengthen_rows, _shift_cells,
    _odd_texts, _merge_rows, _blank_rows, _titles, _sort_headings_in,
)  # fmt: skip
