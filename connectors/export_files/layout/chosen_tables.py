"""Which of a file's tables are taken: a workbook may have an empty sheet, an archive a page of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from connectors.export_files.cells.vendor_names import sure_columns
from connectors.export_files.errors import ExportRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.cells.table import Table


_SEARCHED_ROWS = 30  # that aren't blank: headings stand at the top
_LIKE_AN_ID = r"^\s*[0-9]{9,}\s*$"
_ENOUGH_IDS = 2  # a page of notes may have a telephone number


def with_responses(tables: Sequence[Table]) -> tuple[list[Table], list[str]]:
    """The tables that are taken, and a sentence for each that is left out; one at least is taken.

    Empty tables are left out, copies of an earlier one, and what has none of the platform's columns beside a
    table that has some. Such a one with ids in it is taken: it may be responses without their headings.

    Raises:
        ExportRefusedError: one that can't be read stands beside none that has the platform's columns.
    """
    if len(tables) == 1 and not tables[0].fault:
        return list(tables), []
    filled = [table.rows.filled() for table in tables]
    named = [_names_columns(table, places) for table, places in zip(tables, filled, strict=True)]
    taken: list[Table] = []
    notes: list[str] = []
    for table, places, is_named in zip(tables, filled, named, strict=True):
        if table.fault and not any(named):
            raise ExportRefusedError(table.fault)
        reason = "" if is_named else _reason(table, len(places), is_beside=any(named))
        if not reason and (copied := next((one for one in taken if _is_same(one, table)), None)):
            reason = f" is the same table as {copied.name}: it was taken once."
        if reason:
            notes.append(table.name + reason)
        else:
            taken.append(table)
    return (taken, notes) if taken else ([tables[0]], [])


def _names_columns(table: Table, filled: Sequence[int]) -> bool:
    return any(sure_columns(table.rows[at]) for at in filled[:_SEARCHED_ROWS])


def _reason(table: Table, n_filled: int, *, is_beside: bool) -> str:
    """Why a table without any of the platform's columns is left out; empty if it isn't."""
    if table.fault:
        return " is left out: it names none of the platform's columns, and is no table that can be read."
    if not n_filled:
        return " is empty, so it is left out."
    if not is_beside or _has_ids(table):
        return ""
    return (
        " is left out: it has none of the platform's own columns, such as Respondent ID. Rows that aren't "
        f"blank: {n_filled:,}; if they are responses, import them as a file of their own."
    )


def _has_ids(table: Table) -> bool:
    matches = (pc.sum(pc.match_substring_regex(column, _LIKE_AN_ID)).as_py() for column in table.rows.columns)
    return any((n or 0) >= _ENOUGH_IDS for n in matches)


def _is_same(one: Table, other: Table) -> bool:
    here, there = one.rows, other.rows
    return (
        one.date_1904 == other.date_1904
        and len(here) == len(there)
        and len(here.columns) == len(there.columns)
        and all(a.equals(b) for a, b in zip(here.columns, there.columns, strict=True))
    )
