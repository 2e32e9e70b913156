"""Signs that a spreadsheet has made dates or numbers of the choices' texts: reported, never mended."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from connectors.export_files.values.ids import BLANKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


LOST_NOUGHTS = "number without its noughts"
DATE_FOR_RANGE = "date instead of a range"
ERROR_VALUE = "error value of a spreadsheet"
MOST_CHARACTERS = 40  # a longer cell is no such sign

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_MONTH_AND_NUMBER = re.compile(rf"{_MONTH}-[0-9]{{2}}|[0-9]{{1,2}}-{_MONTH}", re.IGNORECASE)
_NUMBER = re.compile(r"0*([0-9]+)(?:\.([0-9]+?)0*)?")
_DATE_CELL = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00)?")
_RANGE = re.compile(r"([0-9]{1,2})\s*[-/\u2013]\s*([0-9]{1,2})")
_ERROR_VALUE = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!)|#{3,}")


def find_damage(cells: Iterable[str] | Mapping[str, int], labels: Collection[str]) -> Counter[str]:
    """Count the cells that look like the remains of a choice's text, by the kind of sign.

    cells: each cell, or each different text and in how many cells it stands.

    A month with a number (``Oct-49`` was ``10-49``) is a kind of its own, named by that text, and no
    other text of a cell is in the result. A cell that is one of *labels*, the texts of the choices, is
    none; that a number lost its noughts (``1.20``, ``1.2``) or a date cell was a range (``2-5``) only
    the labels can tell.
    """
    known = {label.strip(BLANKS) for label in labels}
    shortened = {_shortest(label) for label in known} - {""}
    ranges = {(int(found[1]), int(found[2])) for label in known if (found := _RANGE.fullmatch(label))}
    signs: Counter[str] = Counter()
    for cell, n in Counter(cells).items():
        if len(cell) > MOST_CHARACTERS:
            continue
        text = cell.strip(BLANKS)
        if text and text not in known and (sign := _sign(text, shortened, ranges)):
            signs[sign] += n
    return signs


def _sign(text: str, shortened: set[str], ranges: set[tuple[int, int]]) -> str | None:
    if _MONTH_AND_NUMBER.fullmatch(text):
        return text
    if text in shortened:
        return LOST_NOUGHTS
    if _ERROR_VALUE.fullmatch(text):
        return ERROR_VALUE
    if found := _DATE_CELL.fullmatch(text):
        year, month, day = map(int, found.groups())
        if ranges & {(month, day), (day, month), (month, year % 100)}:
            return DATE_FOR_RANGE
    return None


def _shortest(label: str) -> str:
    """*label* as a spreadsheet shows it if it is a number; else nothing."""
    number = _NUMBER.fullmatch(label) if len(label) <= MOST_CHARACTERS else None
    if not number:
        return ""
    whole, fraction = number[1], (number[2] or "").rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
