"""The one table of responses in a file: which of its tables hold them, and how several are joined."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import stripped
from connectors.export_files.cells.table import Rows, Table
from connectors.export_files.layout.columns import fixed_columns
from connectors.export_files.layout.header_rows import Header, TopRows, read_header

_LIKE_AN_ID = r"^\s*[0-9]{9,}\s*$"
_ENOUGH_IDS = 2  # a page of notes may have a telephone number


def joined(tables: Sequence[Table]) -> Header:
    """The one table of responses in a file's tables, with its headings read.

    Tables with the same respondents are put side by side, as a wide survey is given in two; tables with the
    same headings and other respondents below one another. Its notes say which were left out.

    Raises:
        ExportRefusedError: they fit neither way, or one is no table of responses, or one that can't be read
            stands beside none that has the platform's columns.
    """
    taken, notes = _with_responses(list(map(TopRows, tables)))
    whole = read_header(taken[0])
    for other in taken[1:]:
        whole = _joined_two(whole, read_header(other))
    return replace(whole, table=replace(whole.table, notes=(*notes, *whole.table.notes)))


def _with_responses(tables: Sequence[TopRows]) -> tuple[list[TopRows], list[str]]:
    """The tables that are taken, and a sentence for each that is left out; one at least is taken.

    Empty tables are left out, copies of an earlier one, and what has none of the platform's columns beside a
    table that has some. Such a one with ids in it is taken: it may be responses without their headings.
    """
    is_any_named = any(top.sure is not None for top in tables)
    taken: list[TopRows] = []
    notes: list[str] = []
    for top in tables:
        if top.table.fault and not is_any_named:
            raise ExportRefusedError(top.table.fault)
        reason = "" if top.sure is not None else _reason(top, is_beside=is_any_named)
        copied = next((one.table.name for one in taken if _content(one.table) == _content(top.table)), None)
        if not reason and copied:
            reason = f" is the same table as {copied}: it was taken once."
        if reason:
            notes.append(top.table.name + reason)
        else:
            taken.append(top)
    return (taken, notes) if taken else ([tables[0]], [])


def _reason(top: TopRows, *, is_beside: bool) -> str:
    """Why a table without any of the platform's columns is left out; empty if it isn't."""
    if top.table.fault:
        return " is left out: it names none of the platform's columns, and is no table that can be read."
    if not top.filled:
        return " is empty, so it is left out."
    if not is_beside or _has_ids(top.table):
        return ""
    return (
        " is left out: it has none of the platform's own columns, such as Respondent ID. Rows that aren't "
        f"blank: {len(top.filled):,}; if they are responses, import them as a file of their own."
    )


def _content(table: Table) -> tuple[bool, Sequence[pa.ChunkedArray]]:
    return table.date_1904, table.rows.columns


def _has_ids(table: Table) -> bool:
    matches = (pc.sum(pc.match_substring_regex(column, _LIKE_AN_ID)).as_py() for column in table.rows.columns)
    return any((n or 0) >= _ENOUGH_IDS for n in matches)


def _joined_two(left: Header, right: Header) -> Header:
    names = f"{left.table.name} and {right.table.name}"
    if left.table.date_1904 != right.table.date_1904:
        raise ExportRefusedError(
            f"{names} count the days of their dates from different years. Save both as CSV, and import them "
            "so."
        )
    left_ids, right_ids = _ids(left), _ids(right)
    is_headed_alike = [left.table.rows[at] for at in left.rows] == [right.table.rows[at] for at in right.rows]
    if left_ids and left_ids.keys() == right_ids.keys():
        partners = [right_ids[one] for one in left_ids]
        return (_once if is_headed_alike else _beside)(names, left, right, partners)
    if is_headed_alike and not left_ids.keys() & right_ids.keys():
        rows = left.table.rows.followed_by(right.table.rows, right.records)
        return read_header(TopRows(replace(left.table, rows=rows)))
    raise ExportRefusedError(
        f"{names} lie in one file, and are neither two halves of the same responses nor "
        "more responses to the same questions. Import them one by one, each as a file of its own."
    )


def _ids(header: Header) -> dict[str, int]:
    """Respondent ids to the rows that they stand in; empty if there are none, or one stands twice."""
    index = fixed_columns(header).get("respondent_id")
    if index is None:
        return {}
    ids = stripped(header.cells(index)).to_pylist()
    found = dict(zip(ids, header.records, strict=True))
    return found if len(found) == len(header.records) else {}


def _once(names: str, left: Header, right: Header, partners: list[int]) -> Header:
    width = max(len(left.table.rows.columns), len(right.table.rows.columns))
    n_differing = _n_differing(left, right, partners, [(i, i) for i in range(width)])
    if n_differing:
        raise ExportRefusedError(
            f"{names} hold the same responses to the same questions, but say different things of "
            f"{n_differing:,} of them. Import one of the two alone, the newer."
        )
    note = f"{right.table.name} holds the same as {left.table.name} in another order: it was taken once."
    return replace(left, table=replace(left.table, notes=(*left.table.notes, note)))


def _beside(names: str, left: Header, right: Header, partners: list[int]) -> Header:
    """The columns of *right* behind those of *left*, but for the fixed ones that both have."""
    if len(left.rows) != len(right.rows):
        raise ExportRefusedError(
            f"{names} hold the same responses under headings of different height, so they can't be joined. "
            "Export anew, and import the file as it comes."
        )
    fixed, other_fixed = fixed_columns(left), fixed_columns(right)
    both = {other_fixed[name]: fixed[name] for name in fixed.keys() & other_fixed.keys()}
    n_differing = _n_differing(left, right, partners, [(i, j) for j, i in both.items()])
    if n_differing:
        raise ExportRefusedError(
            f"{names} hold the same responses, but say different things of {n_differing:,} of them: their "
            "dates, addresses or the like. Export anew, and import the file as it comes."
        )
    indexes, partner_indexes = [*left.rows, *left.records], [*right.rows, *partners]
    width, other_width = len(left.table.rows.columns), len(right.table.rows.columns)
    columns = [left.table.rows.cells(i, indexes) for i in range(width)]
    columns += [right.table.rows.cells(j, partner_indexes) for j in range(other_width) if j not in both]
    rows = Rows(columns, np.full(len(indexes), len(columns), np.int32))
    return read_header(TopRows(replace(left.table, rows=rows)))


def _n_differing(left: Header, right: Header, partners: list[int], both: list[tuple[int, int]]) -> int:
    """How many records say other things in some of the columns than their partners, and would lose them."""
    differs = np.zeros(len(left.records), bool)
    for i, j in both:
        cells = stripped(left.cells(i))
        others = stripped(right.table.rows.cells(j, partners))
        differs |= pc.not_equal(cells, others).to_numpy(zero_copy_only=False)
    return int(differs.sum())
