"""Cells that say of a choice that it wasn't ticked: some programs write a mark where others leave a blank."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import counted, n_answered, readable
from connectors.export_files.cells.table import Rows
from connectors.export_files.layout.column_kinds import filling_of
from connectors.export_files.layout.header_rows import Header

MARKS = frozenset({"-", "\u2013", "n/a", "not selected", "not ticked", "unchecked", "0"})
NEARLY_ALL = 0.9  # of the records: some leave a question out


def without_marks(header: Header) -> Header:
    """A table with those cells blank, and a note of how many; most have none and come back as they are.

    A column is one of a choice if nearly each cell holds its label or a mark; beside such a one, in the same
    question, one may hold the same mark alone. Anywhere else a dash is an answer as given.
    """
    table, columns = header.table, header.table.rows.columns
    by_question: dict[str, dict[int, Counter[str]]] = defaultdict(dict)
    for i, column in enumerate(columns):
        if not filling_of(column).is_varied and any(_said(text) in MARKS for text in counted(column)):
            texts = by_question[_question_of(header, i)].setdefault(i, Counter())
            for text, n in counted(header.cells(i)).items():
                texts[_said(text)] += n
            del texts[""]
    marked = {i: marks for found in by_question.values() for i, marks in _marked(header, found).items()}
    if not marked:
        return header
    blanked = [_blanked(column, marked[i]) if i in marked else column for i, column in enumerate(columns)]
    n = sum(n_answered(columns[i]) - n_answered(blanked[i]) for i in marked)
    note = f"{table.name}: cells that hold a mark where a choice wasn't ticked, so taken as blank: {n:,}."
    rows = Rows(blanked, table.rows.lengths)
    return replace(header, table=replace(table, rows=rows, notes=(*table.notes, note)))


def _marked(header: Header, found: Mapping[int, Counter[str]]) -> dict[int, set[str]]:
    """Of the columns of one question those of choices, and the marks that stand in each."""
    names = {i: _names(header, i) for i in found}
    # Where a program writes marks it writes them into each cell; one alone is something that was typed.
    enough = NEARLY_ALL * len(header.records)
    sure = {
        i
        for i, texts in found.items()
        if texts.total() >= enough and names[i] & texts.keys() and set() < texts.keys() - names[i] <= MARKS
    }
    marks = {text for i in sure for text in found[i].keys() - names[i]}
    alone = {i for i, texts in found.items() if sure and texts.keys() <= marks - names[i]}
    return {i: marks - names[i] for i in sure | alone}


def _question_of(header: Header, index: int) -> str:
    """The heading that a column stands under: its own, or the nearest to the left."""
    heading = next((header.headings[i] for i in range(index, -1, -1) if header.headings[i]), "")
    return heading.rpartition(" - ")[0] or heading


def _names(header: Header, index: int) -> set[str]:
    heading = header.headings[index]
    return {_said(text) for text in (header.label(index), heading, heading.rpartition(" - ")[2]) if text}


def _said(text: str) -> str:
    return readable(text).casefold()


def _blanked(column: pa.ChunkedArray, marks: Collection[str]) -> pa.ChunkedArray:
    cells = [text for text in counted(column) if _said(text) in marks]
    return pc.if_else(pc.is_in(column, value_set=pa.array(cells, pa.string())), "", column)
