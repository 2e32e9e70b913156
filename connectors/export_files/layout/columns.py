"""Works out what each column of an export table is: a fixed column, or which part of which question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import is_answered, readable
from connectors.export_files.cells.columns_of_cells import n_answered, where_answered
from connectors.export_files.layout.column_kinds import Filling, filling_of, is_other, parts_of
from connectors.export_files.layout.header_rows import read_header
from connectors.export_files.layout.question_columns import Group, first_question, fixed_columns, groups_of
from connectors.export_files.layout.repeated_headings import without_headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.cells.table import Rows, Table


_ENOUGH = 5  # texts of Other, each beside a choice, before they count as comments on it


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a question, or one that belongs to none.

    label: what the file calls it: the choice, the line, ``Response``; empty if it has no name.
    part: ``choice`` (filled = ticked), ``response`` (the chosen choice's text or number), ``text``,
        ``other`` (the text of 'Other (please specify)'), ``comment``, or ``line`` (of a contact block, of
        several text boxes, of a matrix).
    """

    index: int
    label: str
    part: str


@dataclass(frozen=True, slots=True)
class QuestionColumns:
    """The columns of one question, in the file's order.

    heading: without HTML, each run of blanks one space; may be empty, and the same as another's.
    shape: ``open_ended``, ``single_choice``, ``multiple_choice``, ``lines`` or ``matrix``.
    """

    heading: str
    columns: tuple[Column, ...]
    shape: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a table.

    header_rows: indexes of the heading rows.
    fixed: column indexes by name: respondent_id, collector_id, start_date, end_date, ip_address,
        email_address, first_name, last_name, custom_data (custom_data_1, custom_data_2 if several).
    extra: columns that are neither fixed nor a question's and hold something or have a heading.
    records: indexes of the rows that hold a response, ascending; blank rows are left out.
    n_headings_again: rows below the headings that repeat them, and are left out too.
    """

    header_rows: tuple[int, ...]
    fixed: dict[str, int]
    extra: tuple[Column, ...]
    questions: tuple[QuestionColumns, ...]
    records: Sequence[int]
    n_headings_again: int = 0


def read_layout(table: Table) -> Layout:
    """The layout of *table*; headings without records are no fault.

    Raises:
        ExportRefusedError: the table is empty, a summary, without headings, or has others among its records.
    """
    header = read_header(table)
    records, n_again = without_headings(table, header)
    rows = table.rows
    fillings = [filling_of(rows.cells(index, records)) for index in range(len(header.headings))]
    fixed = fixed_columns(header)
    first = first_question(header, fillings)
    groups, nameless = groups_of(header, fillings, first)
    extra = [i for i in range(first) if i not in fixed.values()] + nameless
    return Layout(
        header_rows=header.rows,
        fixed=fixed,
        extra=tuple(
            Column(i, header.name(i), "text") for i in sorted(extra) if header.name(i) or fillings[i].texts
        ),
        questions=tuple(_question(group, fillings, rows, records) for group in groups),
        records=records,
        n_headings_again=n_again,
    )


def cells_answered(table: Table, layout: Layout) -> Counter[tuple[int, int]]:
    """How many records answer each column, by question (its position in the layout) and column index.

    The columns that are no question's have the number -1.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for column in layout.extra:
        counts[-1, column.index] = n_answered(table.rows.cells(column.index, layout.records))
    for number, question in enumerate(layout.questions):
        for column in question.columns:
            counts[number, column.index] = n_answered(table.rows.cells(column.index, layout.records))
    return counts


def _question(group: Group, fillings: list[Filling], rows: Rows, records: Sequence[int]) -> QuestionColumns:
    shape, parts = parts_of(group.labels, [fillings[i] for i in group.indexes])
    columns = tuple(map(Column, group.indexes, group.labels, parts))
    is_labelled = any(group.labels)
    columns = tuple(
        _named(column, fillings[column.index], rows, records, is_labelled=is_labelled) for column in columns
    )
    if shape == "choices":
        is_single = _never_several(columns, rows, records)
        shape = "single_choice" if is_single else "multiple_choice"
    return QuestionColumns(group.heading, columns, "single_choice" if shape == "condensed" else shape)


def _named(
    column: Column, filling: Filling, rows: Rows, records: Sequence[int], *, is_labelled: bool
) -> Column:
    """A choice without a label is called what its cells say, where the row of labels is lost.

    Beside labels it is a column that a row was shifted into: what few say there may be somebody's own words.
    """
    if column.part != "choice" or column.label:
        return column
    if is_labelled and 0 < filling.n < _ENOUGH:
        return Column(column.index, "", "other")
    return Column(column.index, _first_text(rows, records, column.index), "choice")


def _first_text(rows: Rows, records: Sequence[int], index: int) -> str:
    """What a choice without a label is called: the text in its cells."""
    return next(
        (readable(cell) for cell in pc.unique(rows.cells(index, records)).to_pylist() if is_answered(cell)),
        "",
    )


def _never_several(columns: tuple[Column, ...], rows: Rows, records: Sequence[int]) -> bool:
    """Whether no record gives more than one of the choices, 'Other' being one."""
    choices = [column for column in columns if column.part == "choice"]
    others = [column for column in columns if column.part == "other"]
    if any(is_other(column.label) for column in choices):
        others = []  # the text belongs to a choice that is counted already
    n_ticked = np.zeros(len(records), np.int32)
    for column in choices:
        n_ticked += where_answered(rows.cells(column.index, records))
    has_text = np.zeros(len(records), bool)
    for column in others:
        has_text |= where_answered(rows.cells(column.index, records))
    beside, alone = int(n_ticked[has_text].sum()), int((n_ticked[has_text] == 0).sum())
    return not (n_ticked > 1).any() and (not beside or (not alone and beside >= _ENOUGH))
