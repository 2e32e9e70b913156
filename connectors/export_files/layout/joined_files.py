"""One table from the several that a file holds: a wide survey is given in two, joined on the respondent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from connectors.export_files.cells.columns_of_cells import stripped
from connectors.export_files.cells.table import Rows
from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.layout.chosen_tables import with_responses
from connectors.export_files.layout.columns import read_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.columns import Layout


def joined(tables: Sequence[Table]) -> Table:
    """The one table of responses in a file's tables.

    Tables with the same respondents are put side by side, tables with the same headings and other
    respondents below one another. Its notes say which were left out.

    Raises:
        ExportRefusedError: they fit neither way, or one is no table of responses.
    """
    taken, notes = with_responses(tables)
    whole = taken[0]
    for other in taken[1:]:
        whole = _joined_two(whole, other)
    return replace(whole, notes=(*notes, *whole.notes))


def _joined_two(left: Table, right: Table) -> Table:
    if left.date_1904 != right.date_1904:
        raise ExportRefusedError(
            f"{left.name} and {right.name} count the days of their dates from different years. Save both as "
            "CSV, and import them so."
        )
    left_layout, right_layout = read_layout(left), read_layout(right)
    left_ids, right_ids = _ids(left, left_layout), _ids(right, right_layout)
    same_headings = _headings(left, left_layout) == _headings(right, right_layout)
    if left_ids and left_ids.keys() == right_ids.keys():
        partners = [right_ids[one] for one in left_ids]
        if same_headings:
            return _once(left, left_layout, right, partners)
        return _beside(left, left_layout, right, right_layout, partners)
    if same_headings and not left_ids.keys() & right_ids.keys():
        return replace(left, rows=left.rows.followed_by(right.rows, right_layout.records))
    raise ExportRefusedError(
        f"{left.name} and {right.name} lie in one file, and are neither two halves of the same responses nor "
        "more responses to the same questions. Import them one by one, each as a file of its own."
    )


def _ids(table: Table, layout: Layout) -> dict[str, int]:
    """Respondent ids to the rows that they stand in; empty if there are none, or one stands twice."""
    index = layout.fixed.get("respondent_id")
    if index is None:
        return {}
    ids = stripped(table.rows.cells(index, layout.records)).to_pylist()
    found = dict(zip(ids, layout.records, strict=True))
    return found if len(found) == len(layout.records) else {}


def _headings(table: Table, layout: Layout) -> list[list[str]]:
    return [table.rows[at] for at in layout.header_rows]


def _once(left: Table, layout: Layout, right: Table, partners: list[int]) -> Table:
    width = max(len(left.rows.columns), len(right.rows.columns))
    n_differing = _n_differing(left, right, layout.records, partners, [(i, i) for i in range(width)])
    if n_differing:
        raise ExportRefusedError(
            f"{left.name} and {right.name} hold the same responses to the same questions, but say different "
            f"things of {n_differing:,} of them. Import one of the two alone, the newer."
        )
    note = f"{right.name} holds the same as {left.name} in another order: it was taken once."
    return replace(left, notes=(*left.notes, note))


def _beside(left: Table, layout: Layout, right: Table, right_layout: Layout, partners: list[int]) -> Table:
    """The columns of *right* behind those of *left*, but for the fixed ones that both have."""
    if len(layout.header_rows) != len(right_layout.header_rows):
        raise ExportRefusedError(
            f"{left.name} and {right.name} hold the same responses under headings of different height, so "
            "they can't be joined. Export anew, and import the file as it comes."
        )
    both = [
        (layout.fixed[name], right_layout.fixed[name]) for name in layout.fixed.keys() & right_layout.fixed
    ]
    n_differing = _n_differing(left, right, layout.records, partners, both)
    if n_differing:
        raise ExportRefusedError(
            f"{left.name} and {right.name} hold the same responses, but say different things of "
            f"{n_differing:,} of them: their dates, addresses or the like. Export anew, and import the "
            "file as it comes."
        )
    in_both = {right_column for _, right_column in both}
    kept = [column for column in range(len(right.rows.columns)) if column not in in_both]
    left_places = [*layout.header_rows, *layout.records]
    right_places = [*right_layout.header_rows, *partners]
    columns = [
        *(left.rows.cells(column, left_places) for column in range(len(left.rows.columns))),
        *(right.rows.cells(column, right_places) for column in kept),
    ]
    return replace(left, rows=Rows(columns, np.full(len(left_places), len(columns), np.int32)))


def _n_differing(
    left: Table, right: Table, records: Sequence[int], partners: list[int], both: list[tuple[int, int]]
) -> int:
    """How many records say other things in some of the columns than their partners, and would lose them."""
    differs = np.zeros(len(records), bool)
    for i, j in both:
        cells, others = stripped(left.rows.cells(i, records)), stripped(right.rows.cells(j, partners))
        differs |= pc.not_equal(cells, others).to_numpy(zero_copy_only=False)
    return int(differs.sum())
