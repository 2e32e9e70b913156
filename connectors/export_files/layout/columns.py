"""Works out what each column of an export table is: a fixed column, or which part of which question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import is_answered, readable, where_answered
from connectors.export_files.layout.column_kinds import Filling, filling_of, is_other, parts_of
from connectors.export_files.layout.question_columns import Group, first_question, fixed_columns, groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.export_files.cells.cell_text import Cells
    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.header_rows import Header


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

    header_rows: indexes of its heading rows.
    fixed: column indexes by name: respondent_id, collector_id, start_date, end_date, ip_address,
        email_address, first_name, last_name, custom_data (custom_data_1, custom_data_2 if several).
    extra: columns that are neither fixed nor a question's and hold something or have a heading.
    records: indexes of the rows that hold a response, ascending; blank rows are left out.
    n_headings_again: rows below the headings that repeat them, and are left out too.
    """

    table: Table
    header_rows: tuple[int, ...]
    fixed: dict[str, int]
    extra: tuple[Column, ...]
    questions: tuple[QuestionColumns, ...]
    records: Sequence[int]
    n_headings_again: int

    def cells(self, index: int) -> Cells:
        """The records' cells of one column."""
        return self.table.rows.cells(index, self.records)

    @property
    def columns(self) -> Iterator[Column]:
        """Those that aren't fixed: the extra ones, and those of each question."""
        yield from self.extra
        for question in self.questions:
            yield from question.columns


def read_layout(header: Header) -> Layout:
    """What stands where in a table; headings without records are no fault."""
    width = len(header.headings)
    fillings = [filling_of(header.cells(index)) for index in range(width)]
    fixed = fixed_columns(header)
    taken = set(fixed.values())
    first = first_question(header, fillings, taken)
    groups, nameless = groups_of(header, fillings, [i for i in range(first, width) if i not in taken])
    extra = [i for i in range(first) if i not in taken] + nameless
    return Layout(
        table=header.table,
        header_rows=header.rows,
        fixed=fixed,
        extra=tuple(Column(i, header.name(i), "text") for i in extra if header.name(i) or fillings[i].texts),
        questions=tuple(_question(group, fillings, header) for group in groups),
        records=header.records,
        n_headings_again=header.n_again,
    )


def _question(group: Group, fillings: list[Filling], header: Header) -> QuestionColumns:
    shape, parts = parts_of(group.labels, [fillings[i] for i in group.indexes])
    is_labelled = any(group.labels)
    columns = tuple(
        _named(Column(*column), fillings[column[0]], header, is_labelled=is_labelled)
        for column in zip(group.indexes, group.labels, parts, strict=True)
    )
    if shape == "choices":
        shape = "single_choice" if _never_several(columns, header) else "multiple_choice"
    return QuestionColumns(group.heading, columns, "single_choice" if shape == "condensed" else shape)


def _named(column: Column, filling: Filling, header: Header, *, is_labelled: bool) -> Column:
    """A choice without a label is called what its cells say, where the row of labels is lost.

    Beside labels it is a column that a row was shifted into: what few say there may be somebody's own words.
    """
    if column.part != "choice" or column.label:
        return column
    if is_labelled and 0 < filling.n < _ENOUGH:
        return Column(column.index, "", "other")
    texts = pc.unique(header.cells(column.index)).to_pylist()
    return Column(column.index, next(map(readable, filter(is_answered, texts)), ""), "choice")


def _never_several(columns: tuple[Column, ...], header: Header) -> bool:
    """Whether no record gives more than one of the choices, 'Other' being one."""
    choices = [column for column in columns if column.part == "choice"]
    others = [column for column in columns if column.part == "other"]
    if any(is_other(column.label) for column in choices):
        others = []  # the text belongs to a choice that is counted already
    n_ticked = np.zeros(len(header.records), np.int32)
    for column in choices:
        n_ticked += where_answered(header.cells(column.index))
    has_text = np.zeros(len(header.records), bool)
    for column in others:
        has_text |= where_answered(header.cells(column.index))
    beside, alone = int(n_ticked[has_text].sum()), int((n_ticked[has_text] == 0).sum())
    return not (n_ticked > 1).any() and (not beside or (not alone and beside >= _ENOUGH))
