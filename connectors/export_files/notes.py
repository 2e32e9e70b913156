"""Sentences for the operator on letters, cells and rows of a file that may not be what they seem."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, counted
from connectors.export_files.cells.table import Table
from connectors.export_files.files.legacy_encodings import SPOKEN, read_otherwise
from connectors.export_files.layout.columns import Layout

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MOST_CELLS_OF_A_LINE = 2
# Each behind the file's name and a number of rows, ids or times.
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
SHARED = (
    "rows share a respondent id with a row that another response must have given: begun at another time, or "
    "changed at the same time and answered otherwise. A spreadsheet has made their ids alike; they are held "
    "back. Export anew."
)
AGAIN = (
    "rows have the respondent id of another row; of rows with one id the latest counts. See that no id was "
    "changed."
)
UNREADABLE = "dates can't be read."
FOLDED = "times fall into an hour that the clock showed twice; the first was taken."
LEFT_OUT = (
    "times fall into an hour that the clock left out, and were moved an hour on: see that --timezone is "
    "right."
)
# A range of numbers that a spreadsheet took for a date (``10-49`` is ``Oct-49``); what it couldn't work out.
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_DATE_FOR_RANGE = re.compile(rf"{_MONTH}-[0-9]{{2}}|[0-9]{{1,2}}-{_MONTH}", re.IGNORECASE)
_ERROR_VALUE = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!)|#{3,}")


def on_letters(table: Table) -> list[str]:
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


def that_count(layout: Layout, counts: Mapping[str, int]) -> list[str]:
    """A sentence for each of which there are any."""
    return [f"{layout.header.table.name}: {n:,} {sentence}" for sentence, n in counts.items() if n]


def n_lines(layout: Layout, lost: Sequence[int]) -> int:
    """How many of the records at these positions hold a cell or two and no date, as a total does."""
    rows, indexes = layout.header.table.rows, [layout.header.records[position] for position in lost]
    n_cells = rows.n_filled(range(len(rows.columns)), indexes)
    dates = [layout.fixed[name] for name in ("start_date", "end_date") if name in layout.fixed]
    return int(((n_cells <= MOST_CELLS_OF_A_LINE) & (rows.n_filled(dates, indexes) == 0)).sum())


def on_damage(layout: Layout) -> list[str]:
    """On choices that a spreadsheet seems to have changed; of their texts only a date is in the sentence."""
    columns = [one for one in layout.columns if one.part in {"choice", "response"}]
    texts = Counter(column.label for column in columns)
    for column in columns:
        texts.update(counted(layout.cells(column.index)))
    signs: Counter[str] = Counter()
    for text, n in texts.items():
        stripped = text.strip(BLANK_CHARACTERS)
        if _DATE_FOR_RANGE.fullmatch(stripped):
            signs[stripped] += n
        elif _ERROR_VALUE.fullmatch(stripped):
            signs["error value of a spreadsheet"] += n
    sentence = "cells look as if a spreadsheet had changed them ({}); they are kept as they stand."
    return that_count(layout, {sentence.format(sign): n for sign, n in sorted(signs.items())})
