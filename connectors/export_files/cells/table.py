"""What stands in an export file before anything is understood of it: cells of text in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.export_files.cells.cell_text import answered

AT_ONCE = 5_000  # rows that are lists of cells at one time
CELLS_AT_ONCE = 2_000_000  # no more rows once they have so many
PART_ROWS = 20_000
PART_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export file: a text file, or one sheet of a workbook.

    name: the file's, without folders, with that of the sheet or of the file in the archive behind it.
    encoding: Python's name of it, ``utf-16`` for each form of that; ``xlsx`` for a workbook.
    separator: of the cells; empty for a workbook.
    rows: in the file's order, title lines, headings and blank rows too. A cell is text as it stands there, of
        a workbook a date ``2019-11-03 03:34:11`` and a whole number ``42``. Rows may be of different length.
    date_1904: serial numbers of dates count from 1904, as in old workbooks of the Mac.
    fault: why a text beside an export can't be read, as a sentence; it has no rows then.
    notes: sentences for the operator.
    """

    name: str
    encoding: str
    separator: str
    rows: Rows
    date_1904: bool = False
    fault: str = ""
    notes: tuple[str, ...] = ()


class Rows:
    """Rows of text, held column by column: a tenth of the room that lists of cells take."""

    def __init__(self, columns: Sequence[pa.ChunkedArray], lengths: NDArray[np.int32]) -> None:
        """Each column has a text for each row, empty where the row is shorter; *lengths*: of the rows."""
        self.columns = columns
        self.lengths = lengths

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> Rows:
        """The same rows; they are gone through once."""
        return cls.of_parts(some_at_once(rows))

    @classmethod
    def of_parts(cls, parts: Iterable[Sequence[Sequence[str]]]) -> Rows:
        """The rows of all parts, none of them too many or empty: each is doubled for a moment."""
        columns: list[list[pa.Array]] = []
        lengths: list[NDArray[np.int32]] = []
        for rows in parts:
            blank = _empty(len(rows))  # one for all: a wide table may have thousands of blank columns
            pieces = _pieces(rows, blank)
            earlier = [_empty(len(some)) for some in lengths] if len(pieces) > len(columns) else []
            columns.extend(earlier.copy() for _ in range(len(columns), len(pieces)))
            for column, piece in zip_longest(columns, pieces, fillvalue=blank):
                column.append(piece)
            lengths.append(np.fromiter(map(len, rows), np.int32, len(rows)))
        return cls(list(map(pa.chunked_array, columns)), np.concatenate([np.zeros(0, np.int32), *lengths]))

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, at: int) -> list[str]:
        index = range(len(self))[at]
        return [column[index].as_py() for column in self.columns[: self.lengths[index]]]

    def __iter__(self) -> Iterator[list[str]]:
        return self.some(range(len(self)))

    def some(self, indexes: Sequence[int]) -> Iterator[list[str]]:
        """The rows at *indexes*, a part of them as lists at one time."""
        at_once = max(1, min(AT_ONCE, CELLS_AT_ONCE // max(1, len(self.columns))))
        for start in range(0, len(indexes), at_once):
            part = indexes[start : start + at_once]
            columns = [self.cells(index, part).to_pylist() for index in range(len(self.columns))]
            rows = zip(*columns, strict=True) if columns else ((),) * len(part)
            for at, cells in zip(part, rows, strict=True):
                yield list(cells[: self.lengths[at]])

    def followed_by(self, other: Rows, indexes: Sequence[int]) -> Rows:
        """These rows, and those of *other* at *indexes* below them."""
        all_here = range(len(self))
        columns = [
            pa.chunked_array([*self.cells(index, all_here).chunks, *other.cells(index, indexes).chunks])
            for index in range(max(len(self.columns), len(other.columns)))
        ]
        return Rows(columns, np.concatenate([self.lengths, other.lengths[np.asarray(indexes, int)]]))

    def filled(self) -> Sequence[int]:
        """Indexes of the rows with an answered cell; a range if they lie side by side."""
        indexes = np.flatnonzero(self.n_filled(range(len(self.columns)), range(len(self))))
        first, last = (int(indexes[0]), int(indexes[-1])) if len(indexes) else (0, -1)
        return range(first, last + 1) if last - first == len(indexes) - 1 else indexes.tolist()

    def n_filled(self, columns: Iterable[int], indexes: Sequence[int]) -> NDArray[np.int32]:
        """How many of the columns each of the rows at *indexes* fills."""
        n_filled = np.zeros(len(indexes), np.int32)
        for index in columns:
            n_filled += answered(self.cells(index, indexes)).to_numpy(zero_copy_only=False)
        return n_filled

    def width(self, indexes: Sequence[int]) -> int:
        return int(self.lengths[np.asarray(indexes, int)].max())

    def cells(self, index: int, indexes: Sequence[int]) -> pa.ChunkedArray:
        """Column *index* of the rows at *indexes*; the empty text where a row is shorter."""
        if index >= len(self.columns):
            return pa.chunked_array([_empty(len(indexes))])
        if isinstance(indexes, range):  # a piece cut out, where a list would gather row by row
            return self.columns[index].slice(indexes.start, len(indexes))
        return self.columns[index].take(pa.array(indexes, pa.int64()))


def _pieces(rows: Sequence[Sequence[str]], blank: pa.Array) -> list[pa.Array]:
    # For so many small pieces Arrow's own allocator takes more than twice their room.
    pool = pa.system_memory_pool()
    columns = zip_longest(*rows, fillvalue="")
    return [pa.array(column, pa.string(), memory_pool=pool) if any(column) else blank for column in columns]


def some_at_once(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """The rows in order, in lists of no more than AT_ONCE, and of few more cells than CELLS_AT_ONCE."""
    some: list[Sequence[str]] = []
    n_cells = 0
    for row in rows:
        some.append(row)
        n_cells += len(row)
        if len(some) == AT_ONCE or n_cells >= CELLS_AT_ONCE:
            yield some
            some, n_cells = [], 0
    if some:
        yield some


def parts_that_fit(rows: Rows, indexes: Sequence[int]) -> Iterator[Sequence[int]]:
    """*indexes* in parts of no more than PART_ROWS rows and PART_BYTES of text; a longer row is one alone."""
    lengths = np.zeros(len(indexes), np.int64)
    for index in range(len(rows.columns)):
        lengths += pc.binary_length(rows.cells(index, indexes)).to_numpy()
    ends = lengths.cumsum()
    start = 0
    while start < len(indexes):
        before = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, before + PART_BYTES, side="right"))
        end = max(start + 1, min(end, start + PART_ROWS))
        yield indexes[start:end]
        start = end


def _empty(n: int) -> pa.Array:
    return pa.repeat(pa.scalar("", pa.string()), n)
