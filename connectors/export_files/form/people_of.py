"""How many people stand behind a text: one may have signed several times, or a row may be there twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import folded
from connectors.export_files.cells.columns_of_cells import counted, stripped
from connectors.survey.fields import EMAIL_BEGINNINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.columns import Layout


MANY = 50  # rows: for so many it needn't be known whose they are


def people_of(table: Table, layout: Layout, index: int, texts: Sequence[str]) -> Counter[str]:
    """For each folded text of a column how many people's rows hold it; of one in many rows how many rows.

    A person is told by the address, or else by the respondent id, or else by the row.
    """
    cells = table.rows.cells(index, layout.records)
    n_rows: Counter[str] = Counter()
    for text, n in counted(cells.filter(pc.is_in(cells, value_set=pa.array(texts, pa.string())))).items():
        n_rows[folded(text)] += n
    rare = [text for text in texts if n_rows[folded(text)] < MANY]
    places = pc.indices_nonzero(pc.is_in(cells, value_set=pa.array(rare, pa.string()))).to_pylist()
    people: defaultdict[str, set[str]] = defaultdict(set)
    said = cells.take(pa.array(places, pa.int64())).to_pylist()
    for text, who in zip(said, _whose(table, layout, [layout.records[at] for at in places]), strict=True):
        people[folded(text)].add(who)
    return Counter({**n_rows, **{text: len(them) for text, them in people.items()}})


def _whose(table: Table, layout: Layout, rows: Sequence[int]) -> list[str]:
    told = [_cells(table, index, rows) for index in (_address_column(layout), _id_column(layout))]
    return [next(filter(None, some), str(row)) for *some, row in zip(*told, rows, strict=True)]


def _cells(table: Table, index: int, rows: Sequence[int]) -> list[str]:
    if index < 0:
        return [""] * len(rows)
    return [text.casefold() for text in stripped(table.rows.cells(index, rows)).to_pylist()]


def _id_column(layout: Layout) -> int:
    return layout.fixed.get("respondent_id", -1)


def _address_column(layout: Layout) -> int:
    """Where the file asks for an address; -1 if it doesn't."""
    asked = (question for question in layout.questions if len(question.columns) == 1)
    found = (one.columns[0].index for one in asked if folded(one.heading).startswith(EMAIL_BEGINNINGS))
    return next(found, layout.fixed.get("email_address", -1))
