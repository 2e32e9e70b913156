"""Rows below the headings that hold no response: headings once more, and a line such as a total."""

from collections.abc import Sequence

import pyarrow.compute as pc

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, is_answered, sure_columns
from connectors.export_files.cells.table import Table

# Files put behind one another leave the mark of each one's beginning, and the marks of quotation behind it.
_AROUND = BLANK_CHARACTERS + '"'


def without_headings(
    table: Table, heading_rows: Sequence[int], records: Sequence[int]
) -> tuple[Sequence[int], int]:
    """The records but for those that say what the heading rows say, and how many of these there are.

    Labels are headings only below a row that is: alone they may be somebody's answers.

    Raises:
        ExportRefusedError: headings stand among the records that aren't those at the top.
    """
    again: set[int] = set()
    ids: list[int] = []
    for heading in heading_rows:
        cells = _cells(table.rows[heading])
        sure = sure_columns(cells)
        behind = {position + 1 for position in again if position + 1 < len(records)}
        named = sure or (_named(cells) if heading == heading_rows[0] else [])
        for position in behind | (_positions(table, records, cells, named[0]) if named else set()):
            found = _cells(table.rows[records[position]])
            if found == cells:
                again.add(position)
            elif (sure and sure_columns(found) == sure) or (position in behind and _are_blank(found, ids)):
                raise ExportRefusedError(
                    f"{table.name}: row {records[position] + 1:,} holds headings again, other ones than "
                    "those at the top. Where two exports were put into one file, import each as a file of "
                    "its own."
                )
        ids = ids or sure
    if not again:
        return records, 0
    return [row for position, row in enumerate(records) if position not in again], len(again)


def _named(heading: Sequence[str]) -> list[int]:
    """Where a heading row has names; nowhere if it has one only, which may be somebody's answer too."""
    named = [index for index, cell in enumerate(heading) if cell]
    return named if len(named) > 1 else []


def _positions(table: Table, records: Sequence[int], heading: Sequence[str], column: int) -> set[int]:
    """Positions of the records that say in that column what the heading row says."""
    cells = pc.utf8_trim(table.rows.cells(column, records), characters=_AROUND)
    return set(pc.indices_nonzero(pc.equal(cells, heading[column])).to_pylist())


def _are_blank(cells: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether nothing stands in those columns, as in a row of labels; False if there are none."""
    return bool(columns) and not any(is_answered(cell) for at, cell in enumerate(cells) if at in columns)


def _cells(row: Sequence[str]) -> list[str]:
    """The cells without blanks around them, none at the end without a text."""
    cells = [cell.strip(_AROUND) for cell in row]
    while cells and not is_answered(cells[-1]):
        cells.pop()
    return cells
