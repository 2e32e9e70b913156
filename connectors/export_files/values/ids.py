"""Respondent ids of an export file: repaired where sure, held back where not, made where there are none."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.columns_of_cells import replaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.export_files.cells.columns_of_cells import Cells


# Blanks (Z), controls (Cc), and what copying brings along: byte order mark, zero-width, direction marks (Cf).
BLANKS = "".join(
    character
    for character in map(chr, range(0x10000))
    if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
)
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


@dataclass(frozen=True, slots=True)
class Ids:
    """The respondent ids of one file, one for each of its records.

    texts: digits only; None where the cell is blank or damaged.
    damaged: positions in *texts* of the ids that can't be known any more.
    n_repaired: cells that weren't digits alone and were made so.
    """

    texts: list[str | None]
    damaged: list[int]
    n_repaired: int


def read_ids(cells: Sequence[str]) -> Ids:
    """The ids in *cells*, without blanks around them, thousands separators and a ``.0`` at the end.

    Noughts in front go too: the platform's ids have none. The exponent form is an id if no digit is
    missing (``1.14083000001E+11``). Damaged is all else that isn't digits: ``1.14083E+11`` has lost
    some, and so has a number with separators or ``.0`` that is longer than a spreadsheet keeps;
    ``114.000`` reads both ways. Whether an id may occur twice is not decided here.
    """
    texts: list[str | None] = []
    damaged: list[int] = []
    n_repaired = 0
    for position, cell in enumerate(cells):
        text = cell.strip(BLANKS)
        whole = _whole_number(text)
        if text and whole is None:
            damaged.append(position)
        n_repaired += whole is not None and whole != cell
        texts.append(whole)
    return Ids(texts, damaged, n_repaired)


def read_id_column(cells: Cells) -> tuple[Cells, int]:
    """The ids of a column as `read_ids` reads them, null where it has none, and how many are repaired."""
    chunks = cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]
    read = [_read_chunk(chunk) for chunk in chunks]
    return pa.chunked_array([ids for ids, _ in read], pa.string()), sum(n for _, n in read)


def _read_chunk(cells: pa.Array) -> tuple[pa.Array, int]:
    """Most ids are digits alone: only the others are read one by one."""
    is_plain = pc.and_not(pc.ascii_is_decimal(cells), pc.starts_with(cells, "0"))
    odd = pc.indices_nonzero(pc.invert(is_plain))
    if not len(odd):
        return cells, 0
    found = read_ids(cells.take(odd).to_pylist())
    return replaced(cells, odd.to_numpy(), found.texts), found.n_repaired


def content_ids(rows: Iterable[Sequence[str]], *, survey: str) -> list[str]:
    """An id for each of *rows*, made of the survey's id and the row's cells: the same at each import.

    Blanks around a cell and blank cells at the row's end make no difference. Rows that are alike get a
    running number (``-2``, ``-3``), so that two people who answered alike stay two; in whichever order
    the rows come, the ids are the same as a set.
    """
    seen: Counter[str] = Counter()
    ids = []
    for row in rows:
        content = _content_id(row, survey)
        seen[content] += 1
        ids.append(content if seen[content] == 1 else f"{content}-{seen[content]}")
    return ids


def _whole_number(text: str) -> str | None:
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = (kept[1] or kept[2] or "").strip(BLANKS)
    digits = text if _DIGITS.fullmatch(text) else _digits_of_a_number(text)
    return (digits.lstrip("0") or "0") if digits else None


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
    cells = [cell.strip(BLANKS) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    # JSON keeps the borders of the cells: ["ab", "c"] and ["a", "bc"] are two rows.
    content = json.dumps([survey, *cells]).encode("ascii")
    return f"row-{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}"
