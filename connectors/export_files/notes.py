"""Sentences for the operator on letters and rows of a file that may not be what they seem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from connectors.export_files.files.legacy_encodings import SPOKEN, read_otherwise

if TYPE_CHECKING:
    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.columns import Layout


REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
REPAIRED = "respondent ids were written as a spreadsheet does, or with noughts in front; they are repaired."
HEADINGS_AGAIN = "rows say again what the headings say; they are left out."
LINES = (
    "rows hold a cell or two, but neither id nor date, as a line with a total does. They are kept and don't "
    "count; delete such lines from the file before importing it."
)
LOST = (
    "respondent ids are lost or were shortened by a spreadsheet; those responses are held back. Export anew, "
    "and don't save the file in a spreadsheet."
)


def notes_on_letters(table: Table) -> list[str]:
    """On letters that may be others, and on letters that are lost."""
    notes = []
    n_cells, other = read_otherwise(table.rows, table.encoding)
    if n_cells:
        notes.append(
            f"{table.name}: {n_cells:,} cells have letters that two encodings read differently. They were "
            f"read as {SPOKEN[table.encoding]}, not as {other}; see that names are right, or export as UTF-8."
        )
    n_lost = sum(pc.sum(pc.match_substring(cells, REPLACEMENT)).as_py() or 0 for cells in table.rows.columns)
    if n_lost:
        notes.append(
            f"{table.name}: {n_lost:,} cells have {REPLACEMENT} where a letter was lost before this file was "
            "written; they are kept as they stand. Export anew, and import that file as it comes."
        )
    return notes


def notes_on_rows(table: Table, layout: Layout, *, n_repaired: int, n_lines: int, n_lost: int) -> list[str]:
    """On rows that are no responses or whose ids aren't as the platform writes them.

    n_repaired, n_lost: of the ids. n_lines: rows with a cell or two.
    """
    told = {
        REPAIRED: n_repaired,
        HEADINGS_AGAIN: layout.n_headings_again,
        LINES: n_lines,
        LOST: n_lost,
    }
    return [f"{table.name}: {n:,} {sentence}" for sentence, n in told.items() if n]
