"""What stands in an export file before anything is understood of it: cells of text in rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export file: a text file, or one sheet of a workbook.

    name: the file's own name without folders; of a sheet or of a file in an archive with that name
        behind it (``pledge.zip: Sheet_1.csv``).
    encoding: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1252`` or ``mac_roman``; ``xlsx`` for a workbook.
    separator: of the cells: ``,``, ``;`` or a tab; empty for a workbook.
    rows: in the file's order, title lines, headings and blank rows too. A cell is text as it stands
        there, blanks around it included; of a workbook a date cell is ``2019-11-03 03:34:11``, a whole
        number ``42``, an empty cell the empty text. Rows may be of different length.
    """

    name: str
    encoding: str
    separator: str
    rows: list[list[str]]
