"""Finds the heading rows of an export table and what stands in them; pure.

There are one or two, or three with question numbers on top; title lines may stand above. The platform's own
columns tell most: a record has an id or a date under them, a row of labels nothing or their names again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import (
    BLANK_CHARACTERS,
    FIXED_NAMES,
    RESPONSE_LABELS,
    Cells,
    is_answered,
    letters,
    readable,
    split_code,
    sure_columns,
)
from connectors.export_files.cells.table import Table
from connectors.export_files.layout.repeated_headings import without_headings

_SEARCHED_ROWS = 30  # heading rows stand at the top
_LOOKED_AT = 200  # rows that show how a column is filled
_MOSTLY = 0.8
_TOTALS = frozenset({"Answered", "Skipped"})
_NUMBER = re.compile(r"[\d.,:/ %+-]+")
_MOST_CELLS_OF_A_TITLE = 2
# An id, an address or a time of day with its date stands in a response, never in a heading.
# The first @ that can be an address's is the one looked for: to try each would take a long text for ever.
_ANSWER = re.compile(r"\d{9,}|\S[^\s@]*@\S+\.\w+|\d{1,4}([/.-])\d{1,2}\1\d{1,4} \d{1,2}:\d{2}.*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """A table with its headings read: the heading rows cell by cell over its whole width, and its records.

    rows: indexes of the heading rows.
    records: indexes of the rows that hold a response, ascending; blank rows are left out, and the n_again
        rows that repeat the headings.
    headings: question texts and fixed names, readable; empty where the file has none.
    labels: what stands below them, or the latter part of a code; none at all if the file has neither.
    codes: the question's number (``Q1``, ``q0007``) above or in place of the text; none without them.
    """

    table: Table
    rows: tuple[int, ...]
    records: Sequence[int]
    n_again: int
    headings: list[str]
    labels: list[str]
    codes: list[str]

    def cells(self, index: int) -> Cells:
        return self.table.rows.cells(index, self.records)

    def label(self, index: int) -> str:
        """The label of a column; a heading written again below itself is none."""
        label = self.labels[index] if self.labels else ""
        return "" if label == self.headings[index] else label

    def code(self, index: int) -> str:
        return self.codes[index] if self.codes else ""


def read_header(top: TopRows) -> Header:
    """The headings and records of a table.

    Raises:
        ExportRefusedError: it is empty, a summary, has no row that can be told to be a heading, or has other
            headings among its records.
    """
    table = top.table
    if not top.filled:
        raise ExportRefusedError(f"{table.name} is empty. Export the responses again and give that file.")
    if top.sure is None or "respondentid" not in map(letters, top.row(top.sure)):
        _refuse_summary(table)
    at = top.first_heading_row() if top.sure is None else top.top_above(top.sure)
    found = code_at, _, label_at = top.rows_from(at)
    top.refuse_records_above(at)
    if code_at is None:
        top.refuse_unless_headed(at, label_at)
    positions = [position for position in found if position is not None]
    rows = tuple(top.filled[position] for position in positions)
    codes, texts, labels = (
        [] if position is None else list(map(readable, top.row(position))) for position in found
    )
    if codes:
        codes, texts, labels = _with_codes(codes, texts, labels)
    records, n_again = without_headings(table, rows, top.filled[max(positions) + 1 :])
    return Header(table, rows, records, n_again, texts, labels, codes)


def _with_codes(
    codes: list[str], texts: list[str], labels: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """Question numbers, headings and labels of a table whose first heading row holds codes.

    A code stands in for a text or label that the file lacks; a fixed name may stand in the codes' row.
    """
    questions, parts = map(list, zip(*map(split_code, codes), strict=True))
    names = ["" if question else code for code, question in zip(codes, questions, strict=True)]
    headings = [text or name for text, name in zip(texts or questions, names, strict=True)]
    return questions, headings, labels or parts


class TopRows:
    """Tells the heading rows among the rows that aren't blank; all positions count those only.

    filled: indexes of these rows. rows: the first of them, all of one width, a blank cell the empty text.
    sure: the first near the top that names the platform's own columns; None if none does.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.filled = table.rows.filled()
        width = table.rows.width(self.filled) if self.filled else 0
        self.rows = [
            [cell if is_answered(cell) else "" for cell in row] + [""] * (width - len(row))
            for row in table.rows.some(self.filled[:_LOOKED_AT])
        ]
        sure = (at for at, row in enumerate(self.rows[:_SEARCHED_ROWS]) if sure_columns(row))
        self.sure = next(sure, None)

    def row(self, at: int) -> list[str]:
        """A row of blanks where there is none."""
        return self.rows[at] if at < len(self.rows) else [""] * len(self.rows[0])

    def _length(self, at: int) -> int:
        """Cells of a row as it stands in the file."""
        return int(self.table.rows.lengths[self.filled[at]]) if at < len(self.filled) else 0

    def top_above(self, sure: int) -> int:
        """The first heading row, seen from the one with the fixed names."""
        top = sure
        if top and not self.has_codes(top - 1) and not self.is_label_row(top, top + 1):
            above = self.row(top - 1)
            top -= not any(above[i] for i in sure_columns(self.row(sure)))
        return top - 1 if top and self.has_codes(top - 1) else top

    def first_heading_row(self) -> int:
        """The first row that is no title line, where no fixed name helps."""
        n_cells = [sum(map(bool, row)) for row in self.rows]
        for at, n in enumerate(n_cells[:_SEARCHED_ROWS]):
            is_short = self._length(at) < max(n_cells)
            is_title = is_short or not self._spreads_over(at, at + 1) or self._names_responses(at + 2)
            if n > 1 or max(n_cells) == 1 or not is_title:
                return at
        return 0

    def rows_from(self, top: int) -> tuple[int | None, int | None, int | None]:
        """Positions of the rows of question numbers, of texts and of labels."""
        if not self.has_codes(top):
            return None, top, top + 1 if self.is_label_row(top, top + 1) else None
        below = top + 1
        if not self._is_text_below_codes(top):
            return top, None, below if self.is_label_row(top, below) else None
        return top, below, below + 1 if self.is_label_row(below, below + 1, top) else None

    def has_codes(self, at: int) -> bool:
        named = [text for text in self.row(at) if text and letters(text) not in FIXED_NAMES]
        n_codes = sum(bool(split_code(readable(text))[0]) for text in named)
        return n_codes > 0 and n_codes >= _MOSTLY * len(named)

    def _is_text_below_codes(self, codes: int) -> bool:
        text, has_names = codes + 1, bool(sure_columns(self.row(codes)))
        if sure_columns(self.row(text)) and not has_names:
            return True
        if text >= len(self.filled) or self._is_record(codes, text) or self._names_responses(text):
            return False
        if self._names_responses(text + 1) or (has_names and self.is_label_row(text, text + 1, codes)):
            return True
        asks = any(readable(cell).endswith(("?", ":")) for cell in self.row(text))
        return asks or (has_names and not self._spreads_over(codes, text))

    def is_label_row(self, text: int, below: int, codes: int | None = None) -> bool:
        """Whether *below* labels the columns that *text* heads; else it is the first record."""
        if below >= len(self.filled):
            return False
        named = text if sure_columns(self.row(text)) or codes is None else codes
        fixed = sure_columns(self.row(named))
        if not fixed:
            return self._names_responses(below) or self._spreads_over(text, below)
        if self._is_record(named, below):
            return False
        if any(self.row(below)[i] for i in fixed):
            return True  # the fixed names again
        later = self.rows[below + 1 :]
        has_ids = not later or any(row[i] for row in later for i in fixed)
        return has_ids or self._names_responses(below) or self._spreads_over(text, below)

    def _is_record(self, text: int, below: int) -> bool:
        top, row = self.row(text), self.row(below)
        return any(row[i] and letters(row[i]) != letters(top[i]) for i in sure_columns(top))

    def _names_responses(self, at: int) -> bool:
        return any(letters(text) in RESPONSE_LABELS for text in self.row(at))

    def _spreads_over(self, text: int, below: int) -> bool:
        """Whether *below* fills the columns that have no text of their own, as labels do."""
        top, row = self.row(text), self.row(below)
        later = self.rows[below:]
        start = next((i for i, cell in enumerate(top) if cell), 0)
        used = [i for i in range(start + 1, self._length(below)) if any(r[i] for r in later)]
        blank = [i for i in used if not top[i]]
        again = [i for i in used if top[i] and top[i] == top[i - 1]]
        labels = [readable(row[i]) for i in blank or again if row[i]]
        is_spread = bool(labels) and len(labels) >= _MOSTLY * len(blank or again)
        if not is_spread or any(one == other for one, other in pairwise(labels)):
            return False
        if blank:
            return True
        ticked = [{r[i] for r in later[1:] if r[i]} for i in again]
        return any(ticked) and all(texts <= {row[i]} for i, texts in zip(again, ticked, strict=True))

    def refuse_records_above(self, top: int) -> None:
        """What stands above the headings isn't read, so it may be title lines only."""
        for at in range(top):
            cells = list(filter(None, self.row(at)))
            if len(cells) > _MOST_CELLS_OF_A_TITLE or any(map(_is_answer, cells)):
                raise ExportRefusedError(
                    f"{self.table.name}: row {self.filled[at] + 1:,} stands above the headings and may be a "
                    "response. Move the headings to the top, or delete that row if it is none."
                )

    def refuse_unless_headed(self, at: int, label_at: int | None) -> None:
        """Headings hold no answers; without a fixed name among them they differ from what stands below."""
        labels = [] if self.sure is not None or label_at is None else self.row(label_at)
        is_named = not any(map(_is_answer, [*self.row(at), *labels]))
        if not is_named or not (self.sure is not None or label_at is not None or self._is_named(at)):
            raise ExportRefusedError(
                f"{self.table.name} has no row of headings that can be told from its records. Give the file "
                "as the platform exported it, with its heading rows."
            )

    def _is_named(self, at: int) -> bool:
        top = [readable(text) for text in self.row(at) if text]
        cells = [(i, cell) for i, cell in enumerate(self.row(at)) if cell]
        recurs = any(row[i] == cell for row in self.rows[at + 1 :] for i, cell in cells)
        asks = any(text.endswith(("?", ":")) for text in top)
        return not any(map(_NUMBER.fullmatch, top)) and not recurs and (len(top) > 1 or asks)


def _is_answer(text: str) -> bool:
    return bool(_ANSWER.fullmatch(readable(text)))


def _refuse_summary(table: Table) -> None:
    """A summary counts answers; there is no response in it to take."""
    totals: frozenset[str] = frozenset()
    for row in table.rows:
        cells = [text.strip(BLANK_CHARACTERS) for text in row if is_answered(text)]
        if cells and cells[0] == "Answer Choices" and "Responses" in cells:
            totals = _TOTALS
        elif len(cells) > 1 and cells[-2] in _TOTALS and _NUMBER.fullmatch(cells[-1]):
            totals = totals | {cells[-2]}
        if totals == _TOTALS:
            raise ExportRefusedError(
                f"{table.name} is a summary: it counts answers and holds no responses. Export the "
                "individual responses ('All responses data') instead and give that file."
            )
