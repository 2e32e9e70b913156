"""A column of dates, each different text read once: days and times of day recur, and are read apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.export_files.cells.cell_text import UNSEEN, Cells, joined_texts
from connectors.export_files.values.dates import (
    BLANK,
    CLOCKS,
    DAY_FIRST,
    DAY_SECONDS,
    MONTH_FIRST,
    REMEMBERED,
    UNREADABLE,
    WAYS,
    DateCell,
    read_date,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # on the wall, of whichever zone
_EPOCH_DAY = _EPOCH.toordinal()
_NO_DAY = -1
_NOT_STATED = _CHANGES = 2**30  # no offset
_ANY_DAY = "2000-01-01"
HOUR_SECONDS = 3_600
_READ = np.dtype(
    [
        ("by_month", np.int32),  # the day's ordinal, or _NO_DAY
        ("by_day", np.int32),
        ("seconds", np.int32),
        ("offset", np.int32),
        ("way", np.int32),  # which of WAYS
        ("clock", np.int32),  # which of CLOCKS
    ]
)
# What a cell's day and its time of day mean doesn't depend on one another. Any other cell is read whole.
_PARTED = (
    r"^(?P<day>[0-9]{1,4}[/.-] ?[0-9]{1,2}[/.-] ?[0-9]{1,4}\.?"
    r"|(?:[A-Za-z]+[.,]* )?[0-9]{1,2}[a-z.]{0,2}[ /.-][A-Za-z]+[.,]?[ /.-][0-9]{2,4}"
    r"|(?:[A-Za-z]+[.,]* )?[A-Za-z]+[.,]?[ /.-][0-9]{1,2}[a-z]{0,2},? [0-9]{4})"
    r"(?P<clock>(?:[ ,T].*)?)$"
)
IN_EITHER, ALIKE = "in either order", "alike in both"


@dataclass(frozen=True, slots=True)
class Utc:
    """The instants of a column's different texts, in seconds since 1970.

    is_folded: the clock showed that time twice. is_skipped: it never did.
    """

    seconds: NDArray[np.int64]
    is_date: NDArray[np.bool_]
    is_folded: NDArray[np.bool_]
    is_skipped: NDArray[np.bool_]


class DateColumn:
    """A column of one file; *codes*: for each cell which of the different texts it is."""

    def __init__(self, cells: Cells, first_day: date) -> None:
        different = pc.unique(cells)
        self.codes: NDArray[np.int32] = pc.index_in(cells, value_set=different).to_numpy()
        self._times_met = np.bincount(self.codes, minlength=len(different))
        parts = pc.extract_regex(_plain(different), _PARTED)
        days, day_codes = _different(pc.coalesce(pc.struct_field(parts, "day"), different))
        clocks, clock_codes = _different(pc.coalesce(pc.struct_field(parts, "clock"), ""))
        self._read = _table([read_date(text, first_day=first_day) for text in days])[day_codes]
        on_any_day = _table([read_date(_ANY_DAY + text) for text in clocks])[clock_codes]
        has_clock = np.array(list(map(bool, clocks)), bool)[clock_codes]
        for name in ("seconds", "offset", "clock"):
            self._read[name] = np.where(has_clock, on_any_day[name], self._read[name])
        unreadable = _table([DateCell(UNREADABLE)])[0]
        is_unreadable = (self._read["way"] == unreadable["way"]) | (on_any_day["way"] == unreadable["way"])
        self._read[is_unreadable] = unreadable

    def ways(self) -> Counter[str]:
        """How many cells are written in each of WAYS."""
        return self._named(self._read["way"], WAYS)

    def clocks(self) -> Counter[str]:
        """How many cells show each of CLOCKS."""
        return self._named(self._read["clock"], CLOCKS)

    def orders(self) -> Counter[str]:
        """How many cells give a day by which orders of day and month."""
        by_month, by_day = self._read["by_month"], self._read["by_day"]
        is_either = (by_month != _NO_DAY) & (by_day != _NO_DAY)
        codes = np.select([by_month == by_day, is_either, by_day == _NO_DAY], [0, 1, 2], 3)
        return self._named(codes, (ALIKE, IN_EITHER, MONTH_FIRST, DAY_FIRST))

    def _named(self, codes: NDArray[np.int32], names: Sequence[str]) -> Counter[str]:
        n_cells = np.bincount(codes, self._times_met, len(names))
        return Counter({name: int(n) for name, n in zip(names, n_cells, strict=True) if n})

    def n_cells(self, texts: NDArray[np.bool_]) -> int:
        """In how many cells those texts stand."""
        return int(self._times_met[texts].sum())

    def n_unreadable(self, utc: Utc) -> int:
        """Cells that hold something and have no instant."""
        return self.n_cells(~utc.is_date & (self._read["way"] != WAYS.index(BLANK)))

    def in_utc(self, order: str, zone: ZoneInfo) -> Utc:
        """The texts as instants, read in that order of day and month, by the clock of *zone*."""
        day = self._read["by_month" if order == MONTH_FIRST else "by_day"].astype(np.int64)
        offset = self._read["offset"].astype(np.int64)
        is_date = day != _NO_DAY
        seconds = (day - _EPOCH_DAY) * DAY_SECONDS + self._read["seconds"]
        is_folded, is_skipped = np.zeros(len(day), bool), np.zeros(len(day), bool)
        by_zone = np.flatnonzero(is_date & (offset == _NOT_STATED))
        days, day_codes = np.unique(day[by_zone], return_inverse=True)
        steady = np.array([_steady_offset(int(one), zone) for one in days], np.int64)[day_codes]
        changing = by_zone[steady == _CHANGES]
        first, second = _offsets(seconds[changing], zone)
        is_folded[changing], is_skipped[changing] = first > second, first < second
        offset[by_zone] = steady
        offset[changing] = first
        return Utc(seconds - offset, is_date, is_folded, is_skipped)

    def texts(self, utc: Utc) -> pa.Array:
        """Each cell's instant as text; null where it has none."""
        instants = pa.array(utc.seconds, pa.timestamp("s"), mask=~utc.is_date).cast(pa.string())
        written = pc.utf8_replace_slice(instants, len("2026-11-24"), len("2026-11-24 "), "T")
        return joined_texts(written, "+00:00").take(pa.array(self.codes))


def _plain(texts: pa.StringArray) -> pa.StringArray:
    """Without what `read_date` passes over, so that most are parted."""
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return texts
    seen = pc.replace_substring_regex(texts, f"[{UNSEEN}]", "")
    return pc.replace_substring_regex(seen, r"\p{Zs}", " ")


def _table(cells: Sequence[DateCell]) -> NDArray[Any]:
    rows = [
        (
            *(day.toordinal() if day else _NO_DAY for day in (cell.by_month, cell.by_day)),
            cell.seconds,
            _NOT_STATED if cell.offset is None else cell.offset,
            WAYS.index(cell.way),
            CLOCKS.index(cell.clock),
        )
        for cell in cells
    ]
    return np.array(rows, _READ)


def _different(column: pa.StringArray) -> tuple[list[str], NDArray[np.int32]]:
    encoded = column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


@lru_cache(REMEMBERED)
def _steady_offset(day: int, zone: ZoneInfo) -> int:
    """How far the clock of *zone* is ahead all day, in seconds; _CHANGES if it is put on or back in it."""
    midnight = (day - _EPOCH_DAY) * DAY_SECONDS
    first, second = _offsets(np.arange(midnight, midnight + DAY_SECONDS + 1, HOUR_SECONDS), zone)
    return first[0] if len({*first, *second}) == 1 else _CHANGES


def _offsets(walls: NDArray[np.int64], zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How far the clock was ahead when it showed *walls*, for the first time and for the second."""
    shown = [_EPOCH + timedelta(seconds=int(wall)) for wall in walls]
    return _ahead(shown, zone), _ahead([one.replace(fold=1) for one in shown], zone)


def _ahead(shown: Sequence[datetime], zone: ZoneInfo) -> NDArray[np.int64]:
    ahead = [zone.utcoffset(one) or timedelta() for one in shown]
    return np.array([one // timedelta(seconds=1) for one in ahead], np.int64)
