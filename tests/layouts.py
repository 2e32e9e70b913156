"""Small export tables and how a layout is told in short."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from connectors.export_files.cells.cell_text import n_answered
from connectors.export_files.cells.table import Rows, Table
from connectors.export_files.layout.columns import read_layout
from connectors.export_files.layout.header_rows import TopRows, read_header
from connectors.export_files.values.timestamps_read import read_instants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.export_files.layout.columns import Layout, QuestionColumns
    from connectors.export_files.reader import Export


def a_table(*lines: str) -> Table:
    """A table of lines whose cells are parted by bars; blanks around a cell are for the eye."""
    return Table(
        "pledge.csv", "utf-8", ",", Rows.of([cell.strip() for cell in line.split("|")] for line in lines)
    )


def layout_of(table: Table) -> Layout:
    """What stands where in a table."""
    return read_layout(read_header(TopRows(table)))


def in_short(question: QuestionColumns) -> tuple[str, str, str]:
    """Heading, shape, and each column as ``index part label``."""
    columns = "; ".join(f"{c.index} {c.part} {c.label}".strip() for c in question.columns)
    return question.heading, question.shape, columns


def kept(layout: Layout) -> int:
    """How many answered cells of the records the layout has a place for."""
    places = [*layout.fixed.values(), *(column.index for column in layout.columns)]
    return sum(n_answered(layout.cells(index)) for index in places)


def bodies_of(export: Export) -> Iterator[str]:
    """The JSON text of each record."""
    return (body for _, texts in export.batches() for body in texts.to_pylist())


def dates_read(columns: Sequence[Sequence[str]], **how: Any) -> SimpleNamespace:
    """The instants of columns of dates; texts: those of each column in a list."""
    found = read_instants([pa.array(column, pa.string()) for column in columns], **how)
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    return SimpleNamespace(**told, texts=[column.to_pylist() for column in found.columns])
