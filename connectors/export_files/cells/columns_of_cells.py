"""Columns of cells looked at whole: which cells are answered, which texts stand in them and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


Cells: TypeAlias = pa.Array | pa.ChunkedArray
WHITE = "".join(filter(str.isspace, map(chr, range(0x3001))))


def one_array(cells: Cells) -> pa.Array:
    """The same cells in one piece; they must not be too many."""
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def answered(cells: Cells) -> Cells:
    """For each cell what `is_answered` says of it."""
    return pc.greater(pc.binary_length(pc.utf8_trim(cells, characters=BLANK_CHARACTERS)), 0)


def where_answered(cells: Cells) -> NDArray[np.bool_]:
    return answered(cells).to_numpy(zero_copy_only=False)


def n_answered(cells: Cells) -> int:
    return int(pc.sum(answered(cells)).as_py() or 0)


def stripped(cells: Cells) -> Cells:
    """Each cell without blanks around it, as `str.strip` does it."""
    return pc.utf8_trim(cells, characters=WHITE)


def counted(cells: Cells) -> dict[str, int]:
    """The different texts in the order in which they come first, and how often each stands there."""
    counts = pc.value_counts(cells)
    return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


def joined_texts(*parts: Any) -> Cells:
    """The parts of each row joined, columns and texts that all rows share; null where a part is null."""
    return pc.binary_join_element_wise(*parts, "")


def listed(parts: Sequence[Cells]) -> Cells:
    """The parts of each row that aren't null, with commas between them; the empty text where all are."""
    # Arrow's own way to skip nulls leaves out the rows where all are null.
    return pc.binary_replace_slice(joined_texts(*behind_commas(parts)), 0, 1, "")


def behind_commas(parts: Sequence[Cells]) -> list[Cells]:
    """Each part with a comma before it; the empty text where it is null."""
    return [pc.coalesce(joined_texts(",", part), "") for part in parts]


def where(is_there: Cells, cells: Cells) -> Cells:
    """*cells* where *is_there* says so, and null elsewhere."""
    return pc.if_else(is_there, cells, pa.scalar(None, pa.string()))


def replaced(cells: pa.Array, places: NDArray[np.int64], texts: Sequence[str | None]) -> pa.Array:
    """*cells* with other texts at *places*, which ascend."""
    mask = np.zeros(len(cells), bool)
    mask[places] = True
    return pc.replace_with_mask(cells, pa.array(mask), pa.array(texts, pa.string()))
