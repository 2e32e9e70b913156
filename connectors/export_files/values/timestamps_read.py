"""Dates of an export file made instants: how they are written is found out over all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import UNSEEN, Cells, joined_texts, n_answered
from connectors.export_files.values import dates
from connectors.export_files.values.dates import DAY_FIRST, MONTH_FIRST, DateCell, read_date

# An end may stand before its start on the clock where the clock was set back between them: nowhere by more.
MOST_SET_BACK = np.timedelta64(3, "h")
# What a cell's day and its time of day mean doesn't depend on one another. Any other cell is read whole.
_PARTED = (
    r"^(?P<day>[0-9]{1,4}[/.-] ?[0-9]{1,2}[/.-] ?[0-9]{1,4}\.?"
    r"|(?:[A-Za-z]+[.,]* )?[0-9]{1,2}[a-z.]{0,2}[ /.-][A-Za-z]+[.,]?[ /.-][0-9]{2,4}"
    r"|(?:[A-Za-z]+[.,]* )?[A-Za-z]+[.,]?[ /.-][0-9]{1,2}[a-z]{0,2},? [0-9]{4})"
    r"(?P<clock>(?:[ ,T].*)?)$"
)
_ANY_DAY = "2000-01-01"
# A DateCell a row; a day or an offset that isn't known is NaT.
_READ = np.dtype("i1, M8[D], M8[D], i1, m8[s], m8[s]")
_READ.names = DateCell._fields
_OTHER = {MONTH_FIRST: DAY_FIRST, DAY_FIRST: MONTH_FIRST}
_SAY_WHICH = f"run again with --dates {DAY_FIRST} or --dates {MONTH_FIRST}"


@dataclass(frozen=True, slots=True)
class Instants:
    """The instants of one file's columns of dates.

    columns: the cells of each, ISO 8601 in UTC to the second (``2026-11-24T02:15:00+00:00``), or null.
    format: how the dates are written, in words for people.
    n_unreadable: cells that hold something and are no date as *format* says.
    n_folded: times that the clock showed twice as summer time ended; the first of both is taken.
    n_missing_hour: times that the clock skipped as summer time began; moved forward by what it skipped.
    """

    columns: list[Cells]
    format: str
    n_unreadable: int
    n_folded: int
    n_missing_hour: int


def read_instants(
    columns: Sequence[Cells], *, order: str | None, zone: ZoneInfo, date_1904: bool = False
) -> Instants:
    """Make the dates in *columns*, the start and end dates of one file or one of them, instants.

    order: ``day-first``, ``month-first``, or None to find it out: from the days above 12, else from the
        ends, which can't lie before their starts. Only dates that don't begin with the year need it.
    zone: of the clock that wrote the dates; an offset in a cell wins over it.
    A date without a time of day is its midnight.

    Raises:
        ExportRefusedError: the order can't be known, contradicts itself or isn't *order*; or a
            spreadsheet has made other dates of a part of the dates.
    """
    read = [_DateColumn(column, dates.FIRST_DAY[date_1904]) for column in columns]
    ways = sum((column.n_by_way() for column in read), np.zeros(dates.SERIAL + 1, int))
    orders = sum((column.n_by_order() for column in read), np.zeros(3, int))
    _refuse_mixed_ways(ways)
    chosen = _order(orders, order, read, zone)
    found = [(column, *column.in_utc(chosen, zone)) for column in read]
    return Instants(
        columns=[column.texts(instants) for column, instants, _, _ in found],
        format=_words(read, ways, orders, chosen),
        n_unreadable=sum(column.n_unreadable(instants) for column, instants, _, _ in found),
        n_folded=sum(column.n_cells(is_folded) for column, _, is_folded, _ in found),
        n_missing_hour=sum(column.n_cells(is_skipped) for column, _, _, is_skipped in found),
    )


def refuse_undated(name: str, ends: Cells, found: Cells) -> None:
    """Refuse *ends* of which few are readable: they are written in a way that isn't known here."""
    n_read = len(found) - found.null_count
    n = n_answered(ends) or len(ends)
    if n_read * 2 < n:
        raise ExportRefusedError(
            f"{name}: {n - n_read:,} of {n:,} end dates can't be read, so nobody can tell which of a "
            "person's answers is the latest. Export “All responses data” anew, and import that file as it "
            "comes."
        )


class _DateColumn:
    """A column of dates, each different text read once: days and times of day recur, and are read apart.

    read: what each of the different texts says. codes: which of them each cell is.
    """

    def __init__(self, cells: Cells, first_day: date) -> None:
        different = pc.unique(cells)
        self.codes = pc.index_in(cells, value_set=different).to_numpy()
        self._times_met = np.bincount(self.codes, minlength=len(different))
        parts = pc.extract_regex(_plain(different), _PARTED)
        days, day_codes = _different(pc.coalesce(pc.struct_field(parts, "day"), different))
        clocks, clock_codes = _different(pc.coalesce(pc.struct_field(parts, "clock"), ""))
        self.read = np.array([read_date(text, first_day=first_day) for text in days], _READ)[day_codes]
        on_any_day = np.array([read_date(_ANY_DAY + text) for text in clocks], _READ)[clock_codes]
        has_clock = np.array([bool(text) for text in clocks], bool)[clock_codes]
        for name in ("seconds", "offset", "clock"):
            self.read[name] = np.where(has_clock, on_any_day[name], self.read[name])
        is_unreadable = (self.read["way"] == dates.UNREADABLE) | (on_any_day["way"] == dates.UNREADABLE)
        self.read[is_unreadable] = np.array(DateCell(dates.UNREADABLE), _READ)

    def n_by_way(self) -> NDArray[np.int_]:
        return np.bincount(self.read["way"], self._times_met, dates.SERIAL + 1).astype(int)

    def n_by_order(self) -> NDArray[np.int_]:
        """Cells that give a day as month first alone, as day first alone, and another one by each order."""
        by_month, by_day = self.read["by_month"], self.read["by_day"]
        has_month, has_day = ~np.isnat(by_month), ~np.isnat(by_day)
        in_either = has_month & has_day & (by_month != by_day)
        return np.array(
            [self.n_cells(one) for one in (has_month & ~has_day, has_day & ~has_month, in_either)]
        )

    def n_cells(self, texts: NDArray[np.bool_]) -> int:
        return int(self._times_met[texts].sum())

    def n_unreadable(self, instants: NDArray[np.datetime64]) -> int:
        """Cells that hold something and have no instant."""
        return self.n_cells(np.isnat(instants) & (self.read["way"] != dates.BLANK))

    def in_utc(
        self, order: str, zone: ZoneInfo
    ) -> tuple[NDArray[np.datetime64], NDArray[np.bool_], NDArray[np.bool_]]:
        """The texts as instants, read in that order of day and month, by the clock of *zone*; NaT for none.

        With each whether the clock showed that time twice, and whether it never did.
        """
        walls = self.read["by_month" if order == MONTH_FIRST else "by_day"] + self.read["seconds"]
        instants = walls - self.read["offset"]
        is_folded, is_skipped = np.zeros(len(walls), bool), np.zeros(len(walls), bool)
        by_zone = np.flatnonzero(np.isnat(self.read["offset"]) & ~np.isnat(walls))
        local = pd.DatetimeIndex(walls[by_zone]).tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
        instants[by_zone] = local.tz_convert(None).to_numpy()
        # Pandas can't take the first of two times, nor move on one that never was by what was skipped.
        for at in by_zone[local.isna()]:
            wall = walls[at].item()
            first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
            instants[at] = first.replace(tzinfo=None)
            is_folded[at], is_skipped[at] = first < second, first > second
        return instants, is_folded, is_skipped

    def texts(self, instants: NDArray[np.datetime64]) -> pa.Array:
        """Each cell's instant as text; null where it has none."""
        written = pc.utf8_replace_slice(
            pa.array(instants).cast(pa.string()), len("2026-11-24"), len("2026-11-24 "), "T"
        )
        return joined_texts(written, "+00:00").take(pa.array(self.codes))


def _plain(texts: pa.StringArray) -> pa.StringArray:
    """Without what `read_date` passes over, so that most are parted."""
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return texts
    seen = pc.replace_substring_regex(texts, f"[{UNSEEN}]", "")
    return pc.replace_substring_regex(seen, r"\p{Zs}", " ")


def _different(column: pa.StringArray) -> tuple[list[str], NDArray[np.int32]]:
    encoded = column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _order(orders: NDArray[np.int_], order: str | None, read: Sequence[_DateColumn], zone: ZoneInfo) -> str:
    n_month, n_day, n_either = orders
    if n_month and n_day:
        if order is None:
            raise ExportRefusedError(
                f"The dates contradict one another: {n_month} can only be month first and {n_day} only day"
                f" first; {_SAY_WHICH}, and the others are left out as unreadable."
            )
        return order
    proven: str | None = order or MONTH_FIRST
    if n_month or n_day:
        proven = MONTH_FIRST if n_month else DAY_FIRST
    elif n_either:
        proven = _order_by_rows(read, zone)
    if proven is None and order is None:
        raise ExportRefusedError(
            f"Day and month can be read both ways in each of the {n_either} dates; {_SAY_WHICH}."
        )
    if order and proven == _OTHER[order]:
        raise ExportRefusedError(
            f"The dates aren't {order}: {n_month or n_day or 'some'} of them make sense only {proven}, and"
            f" none only {order}; run again without --dates {order}."
        )
    return order or proven or MONTH_FIRST


def _order_by_rows(columns: Sequence[_DateColumn], zone: ZoneInfo) -> str | None:
    """The one order by which no end lies before its start, if by the other some do."""
    backwards = []
    for order in _OTHER if len(columns) > 1 else ():
        began, ended = (column.in_utc(order, zone)[0][column.codes] for column in columns)
        n = min(len(began), len(ended))
        if (ended[:n] < began[:n] - MOST_SET_BACK).any():
            backwards.append(order)
    return _OTHER[backwards[0]] if len(backwards) == 1 else None


def _refuse_mixed_ways(ways: NDArray[np.int_]) -> None:
    n_numbered, n_stored = ways[dates.NUMBERED], ways[list(dates.STORED)].sum()
    if n_numbered and n_stored:
        # It took as dates what fitted the order of its own country, and left the days above 12 as texts.
        raise ExportRefusedError(
            f"The dates are written in two ways: {n_numbered} with day and month in numbers and {n_stored} as"
            " a spreadsheet keeps them; it may have swapped day and month there. Export the responses again"
            " and don't save the file in a spreadsheet."
        )


def _words(read: Sequence[_DateColumn], ways: NDArray[np.int_], orders: NDArray[np.int_], order: str) -> str:
    if not ways[dates.NUMBERED]:
        return " and ".join(words for way, words in dates.STORED.items() if ways[way]) or "no dates"
    first = order.replace("-", " ") if orders.any() else "day and month alike"
    shown = np.unique(np.concatenate([column.read["clock"] for column in read]))
    clocks = {dates.CLOCKS[clock] for clock in shown if clock != dates.NO_CLOCK}
    return f"{first}, {' and '.join(sorted(clocks))}"
