"""Respondent ids of an export file: repaired where sure, held back where not, made where there are none."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, Cells, one_array, replaced
from connectors.export_files.layout.columns import Layout

# A spreadsheet keeps 15 digits of a number and writes noughts for the rest.
DIGITS_KEPT = 15
HASH_CHARACTERS = 24

_DIGITS = re.compile(r"[0-9]+")
# What people write so that a spreadsheet keeps a number as it stands.
_KEPT_AS_TEXT = re.compile(r"=\"([^\"]*)\"|['\u2019](.*)")
_WHOLE_NUMBER = re.compile(
    r"([0-9]+|[0-9]{1,3}(?:([,'\u2019 \u00a0\u2009\u202f])[0-9]{3})(?:\2[0-9]{3})*)(?:\.0+)?"
    r"|([0-9]+|[0-9]{1,3}(?:([.'\u2019 \u00a0\u2009\u202f])[0-9]{3})(?:\4[0-9]{3})*),0{1,2}"
    r"|([0-9]{1,3}(?:\.[0-9]{3}){2,})"
)
_GROUP_OR_FRACTION = re.compile(r"[0-9]{1,3}\.000")
_SEPARATORS = str.maketrans("", "", ".,'\u2019 \u00a0\u2009\u202f")
_EXPONENT_FORM = re.compile(r"([1-9])[.,]([0-9]+)E\+?([0-9]{1,2})", re.IGNORECASE)


def read_id(cell: str) -> str | None:
    """The id in a cell, digits only; None where it is blank, or damaged so that it can't be known any more.

    A spreadsheet's separators, ``.0`` and noughts in front go: the platform's ids have none. Damaged is all
    that has lost digits, as ``1.14083E+11`` and what is longer than a spreadsheet keeps; ``114.000`` reads
    both ways.
    """
    text = cell.strip(BLANK_CHARACTERS)
    if quoted := _KEPT_AS_TEXT.fullmatch(text):
        text = (quoted[1] or quoted[2] or "").strip(BLANK_CHARACTERS)
    digits = text if _DIGITS.fullmatch(text) else _digits_of_a_number(text)
    return (digits.lstrip("0") or "0") if digits else None


def read_id_column(cells: Cells) -> tuple[pa.Array, int]:
    """The ids of a column, null where a cell has none, and how many weren't digits alone and were made so."""
    column = one_array(cells)
    # Most ids are digits alone: only the others are read one by one.
    is_plain = pc.and_not(pc.ascii_is_decimal(column), pc.starts_with(column, "0"))
    odd = pc.indices_nonzero(pc.invert(is_plain))
    written = column.take(odd).to_pylist()
    read = [read_id(cell) for cell in written]
    n_repaired = sum(text not in {None, cell} for text, cell in zip(read, written, strict=True))
    return replaced(column, odd.to_numpy(), read), n_repaired


def content_ids(rows: Iterable[Sequence[str]], *, survey: str) -> list[str]:
    """An id for each of *rows*, made of the survey's id and the row's cells: the same at each import.

    Blanks around a cell and at the row's end make no difference. Rows that are alike get a running number
    (``-2``, ``-3``), so that two people who answered alike stay two; the ids of all are a set without order.
    """
    seen: Counter[str] = Counter()
    ids = []
    for row in rows:
        content = _content_id(row, survey)
        seen[content] += 1
        ids.append(content if seen[content] == 1 else f"{content}-{seen[content]}")
    return ids


def _digits_of_a_number(text: str) -> str:
    """The digits of a number as a spreadsheet writes it; empty if not all of them are there."""
    number = _WHOLE_NUMBER.fullmatch(text)
    if number and not _GROUP_OR_FRACTION.fullmatch(text):
        digits = (number[1] or number[3] or number[5]).translate(_SEPARATORS)
    elif (number := _EXPONENT_FORM.fullmatch(text)) and len(number[2]) == int(number[3]):
        digits = number[1] + number[2]
    else:
        return ""
    return digits if len(digits) <= DIGITS_KEPT else ""


def _content_id(row: Sequence[str], survey: str) -> str:
    cells = [cell.strip(BLANK_CHARACTERS) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    # JSON keeps the borders of the cells: ["ab", "c"] and ["a", "bc"] are two rows.
    content = json.dumps([survey, *cells]).encode("ascii")
    return f"row-{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}"


def of_several_responses(layout: Layout, ids: pa.Array) -> list[int]:
    """Positions, ascending, of records that can't be one response though they have one id.

    ids: one for each record, null where it has none. A spreadsheet has made such ids alike: two versions of
    one response were begun at one time, and say the same if they were changed at one time.
    """
    counts = pc.value_counts(ids)
    again = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).drop_null()
    positions = pc.indices_nonzero(pc.is_in(ids, value_set=again)).to_pylist()
    by_id: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    rows = layout.header.table.rows.some([layout.header.records[at] for at in positions])
    for at, row in zip(positions, rows, strict=True):
        by_id[ids[at].as_py()].append((at, [cell.strip(BLANK_CHARACTERS) for cell in row]))
    return sorted(
        at for some in by_id.values() if not _is_one([row for _, row in some], layout) for at, _ in some
    )


def _is_one(versions: Sequence[Sequence[str]], layout: Layout) -> bool:
    def cell(row: Sequence[str], name: str) -> str:
        index = layout.fixed.get(name, len(row))
        return row[index] if index < len(row) else ""

    said = defaultdict(set)
    for row in versions:
        said[cell(row, "end_date")].add(" ".join(filter(None, row)))
    n_begun = len({cell(row, "start_date") for row in versions})
    return n_begun == 1 and all(len(texts) == 1 for texts in said.values())
