"""Small export tables and how a layout is told in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.export_files.cells.table import Rows, Table
from connectors.export_files.layout.columns import cells_answered, is_answered

if TYPE_CHECKING:
    from connectors.export_files.layout.columns import Layout, QuestionColumns


def a_table(*lines: str) -> Table:
    """A table of lines whose cells are parted by bars; blanks around a cell are for the eye."""
    return Table(
        "pledge.csv", "utf-8", ",", Rows.of([cell.strip() for cell in line.split("|")] for line in lines)
    )


def in_short(question: QuestionColumns) -> tuple[str, str, str]:
    """Heading, shape, and each column as ``index part label``."""
    columns = "; ".join(f"{c.index} {c.part} {c.label}".strip() for c in question.columns)
    return question.heading, question.shape, columns


def kept(table: Table, layout: Layout) -> int:
    """How many answered cells of the records the layout has a place for."""
    rows = [table.rows[at] for at in layout.records]
    beside = sum(
        is_answered(row[index]) for row in rows for index in layout.fixed.values() if index < len(row)
    )
    return beside + cells_answered(table, layout).total()
