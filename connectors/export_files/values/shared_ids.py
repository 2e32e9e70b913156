"""Records that can't be one response though they have one id: a spreadsheet has made their ids alike."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.columns_of_cells import one_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.cells.columns_of_cells import Cells
    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.columns import Layout


class _Row(NamedTuple):
    """A record: its position, when it was begun and changed, and what all its cells say, as a hash."""

    at: int
    begun: str
    changed: str
    said: int


def of_several_responses(table: Table, layout: Layout, ids: Cells) -> list[int]:
    """Positions of those records, ascending.

    ids: one for each record, null where it has none. Two versions of one response were begun at one time, and
    say the same if they were changed at one time.
    """
    counts = pc.value_counts(ids)
    again = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).drop_null()
    if not len(again):
        return []
    positions = pc.indices_nonzero(pc.is_in(ids, value_set=again)).to_pylist()
    texts = one_array(ids).take(pa.array(positions, pa.int64())).to_pylist()
    rows = table.rows.some([layout.records[at] for at in positions])
    by_id: dict[str, list[_Row]] = defaultdict(list)
    for at, text, row in zip(positions, texts, rows, strict=True):
        cells = [cell.strip() for cell in row]
        begun, changed = (_cell(cells, layout, name) for name in ("start_date", "end_date"))
        by_id[text].append(_Row(at, begun, changed, hash(" ".join(filter(None, cells)))))
    return sorted(row.at for some in by_id.values() if not _is_one(some) for row in some)


def _is_one(some: Sequence[_Row]) -> bool:
    said: dict[str, set[int]] = defaultdict(set)
    for row in some:
        said[row.changed].add(row.said)
    return len({row.begun for row in some}) == 1 and all(len(texts) == 1 for texts in said.values())


def _cell(row: Sequence[str], layout: Layout, name: str) -> str:
    index = layout.fixed.get(name, len(row))
    return row[index] if index < len(row) else ""
