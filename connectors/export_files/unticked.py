"""Cells that say of a choice that it wasn't ticked: some programs write a mark where others leave a blank."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells import counted, n_answered
from connectors.export_files.headings import read_header
from connectors.export_files.parts import filling_of
from connectors.export_files.table import Rows
from connectors.export_files.wording import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.export_files.headings import Header
    from connectors.export_files.table import Table

MARKS = frozenset({"-", "\u2013", "n/a", "not selected", "not ticked", "unchecked", "0"})
NEARLY_ALL = 0.9  # of the records: some leave a question out


def without_marks(table: Table) -> Table:
    """The table with those cells blank, and a note of how many; most have none and come back as they are.

    A column is one of a choice if nearly each cell holds its label or a mark; beside such a one it may hold
    marks alone. Anywhere else a dash is an answer as given.
    """
    columns = table.rows.columns
    found = {i: marks for i, column in enumerate(columns) if (marks := _marks_in(column))}
    if not found:
        return table
    header = read_header(table)
    marked = _with_neighbours({i for i in found if _is_choice(table, header, i)}, found, table, header)
    if not marked:
        return table
    blanked = [_blanked(column, found[i]) if i in marked else column for i, column in enumerate(columns)]
    n = sum(n_answered(columns[i]) - n_answered(blanked[i]) for i in marked)
    note = f"{table.name}: cells that hold a mark where a choice wasn't ticked, so taken as blank: {n:,}."
    return replace(table, rows=Rows(blanked, table.rows.lengths), notes=(*table.notes, note))


def _marks_in(column: pa.ChunkedArray) -> list[str]:
    """The marks of a column as they stand there; none where it holds more than a few texts."""
    return [] if filling_of(column).is_varied else [text for text in counted(column) if _said(text) in MARKS]


def _is_choice(table: Table, header: Header, index: int) -> bool:
    texts = _texts(table, header, index).keys() - MARKS
    return len(texts) == 1 and texts <= _names(header, index) and _is_filled(table, header, index)


def _is_filled(table: Table, header: Header, index: int) -> bool:
    """Where a program writes marks it writes them into each cell; one alone is something that was typed."""
    n_filled = sum(_texts(table, header, index).values())
    return n_filled >= NEARLY_ALL * len(header.records)


def _with_neighbours(
    choices: set[int], found: Mapping[int, Sequence[str]], table: Table, header: Header
) -> set[int]:
    """*choices*, and the columns side by side with them that hold nothing but a mark."""
    marked = set(choices)
    alone = [i for i in found if i not in choices and _texts(table, header, i).keys() <= MARKS]
    for i in (*alone, *reversed(alone)):
        if {i - 1, i + 1} & marked:
            marked.add(i)
    return marked


def _names(header: Header, index: int) -> set[str]:
    heading = header.headings[index]
    return {_said(text) for text in (header.label(index), heading, heading.rpartition(" - ")[2]) if text}


def _texts(table: Table, header: Header, index: int) -> Counter[str]:
    """How often each text stands in the records of a column."""
    texts: Counter[str] = Counter()
    for text, n in counted(table.rows.cells(index, header.records)).items():
        if said := _said(text):
            texts[said] += n
    return texts


def _said(text: str) -> str:
    return readable(text).casefold()


def _blanked(column: pa.ChunkedArray, marks: Sequence[str]) -> pa.ChunkedArray:
    return pc.if_else(pc.is_in(column, value_set=pa.array(marks, pa.string())), "", column)
