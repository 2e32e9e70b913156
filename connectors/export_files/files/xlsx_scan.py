"""What a workbook's parts would grow to, found before the workbook is read.

Calamine makes room for the whole rectangle from the first cell to the last and copies a shared text into
every cell that names it. Two cells far apart, or one long text named a million times, would end the process.
So every part is read through once without keeping it, and refused if rectangle or texts are too large.
The same reading finds what a stored value can't show: error values, and formulas that were never worked out.
"""

from __future__ import annotations

import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from string import ascii_uppercase
from typing import BinaryIO, cast
from xml.parsers import expat

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.files.size_limits import MAX_COLUMNS, Allowance, chunks

MAX_SHEET_CELLS = 30_000_000
MAX_SHARED_TEXTS = 60_000_000
MAX_COPIED_CHARACTERS = 2_000_000_000
SHARED_TEXTS = "xl/sharedstrings.xml"
TRUE = ("1", "true")
BOOK = "workbook.xml"
BOOK_RELATIONSHIPS = "workbook.xml.rels"
A_FEW = 1_000  # a usual part has fewer kinds of element, and fewer columns


def scan_parts(archive: zipfile.ZipFile, name: str, allowance: Allowance) -> bool:
    """Reads every XML part of a workbook once; the allowance pays for their bytes, rows and cells.

    Returns whether serial numbers of dates count from 1904.

    Raises:
        ExportRefusedError: the workbook would grow too large, or holds what can't be read from it.
    """
    parts = [part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
    parts.sort(key=lambda part: part.filename.lower() != SHARED_TEXTS)  # the texts' lengths are needed first
    found = _Found()
    for part in parts:
        scan = _Scan(name, part.filename, found)
        with archive.open(part) as stream:
            scan.read(chunks(cast("BinaryIO", stream), name, allowance))
        allowance.take_rows(scan.rows, name)
        allowance.take_cells(scan.rows * scan.columns, name)
    # A sheet under another ending would be read without having been scanned.
    if not all(found.targets.get(sheet, "").endswith(".xml") for sheet in found.sheets):
        raise _unusual(name)
    return found.date_1904


@dataclass(slots=True)
class _Found:
    """What one part says and another needs."""

    lengths: array[int] = field(default_factory=lambda: array("L"))  # of the shared texts, in characters
    sheets: set[str] = field(default_factory=set)  # their relationships' ids
    targets: dict[str, str] = field(default_factory=dict)  # parts' names by the relationships' ids
    date_1904: bool = False


class _Scan:
    """One part, element by element."""

    def __init__(self, name: str, part: str, found: _Found) -> None:
        self.rows = self.columns = 0  # of the rectangle from the first place of a sheet to the last cell
        self._name = name
        self._part = part.lower()
        self._found = found
        self._row = self._column = 0
        self._copied = 0  # characters of shared texts, once for each cell that names one
        self._kind: str | None = None  # of the cell that is being read
        self._formula = False  # read in this cell, its value not yet
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _unusual(self._name) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _without_prefix(tag):
            case "c":
                self._cell(attributes)
            case "v" if self._kind == "s" or self._formula:
                self._listen()
            case "f":
                self._formula = True
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case "si":
                self._listen()
            case "sst" if int(attributes.get("uniqueCount", 0)) > MAX_SHARED_TEXTS:
                raise _unusual(self._name)  # calamine makes room for so many before it has seen one
            case "workbookPr" if self._part.endswith(BOOK):
                self._found.date_1904 = attributes.get("date1904") in TRUE
            case "sheet" if self._part.endswith(BOOK):
                self._found.sheets.update(v for k, v in attributes.items() if k.endswith(":id"))
            case "Relationship" if self._part.endswith(BOOK_RELATIONSHIPS):
                self._found.targets[attributes["Id"]] = attributes["Target"].lower()

    def _end(self, tag: str) -> None:
        match _without_prefix(tag):
            case "v" if self._kind == "s" or self._formula:
                self._value("".join(self._text).strip())
            case "c":
                if self._formula and self._kind is not None:
                    raise self._refused(
                        "a formula that was never worked out", "open it, save it and try again"
                    )
                self._formula, self._kind = False, None
            case "si":
                self._keep_length(sum(map(len, self._text)))

    def _cell(self, attributes: dict[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        if self._kind == "e":
            raise self._refused(
                "an error such as #NAME? instead of a value", "correct the cell and try again"
            )
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            self._column, self._row = _number_of(letters), int(place[len(letters) :])
        if self._column > self.columns or self._row > self.rows:
            self._widen()

    def _widen(self) -> None:
        self.columns = max(self.columns, self._column)
        self.rows = max(self.rows, self._row)
        if self.columns > MAX_COLUMNS:
            raise self._refused(f"a cell beyond column {MAX_COLUMNS:,}", "export fewer questions at a time")
        if self.rows * self.columns > MAX_SHEET_CELLS:
            raise ExportRefusedError(
                f"{self._name}: a sheet in it reaches over more than {MAX_SHEET_CELLS:,} cells; "
                "export as CSV, or delete the empty rows and columns."
            )

    def _listen(self) -> None:
        self._text.clear()
        self._parser.CharacterDataHandler = self._text.append

    def _value(self, text: str) -> None:
        self._parser.CharacterDataHandler = None
        # Where nothing was worked out, the value is empty and of no kind; an empty text is of the kind "str".
        self._formula = self._formula and not text and self._kind != "str"
        if self._kind == "s":
            self._copy(text)

    def _copy(self, number: str) -> None:
        if number.startswith("-"):
            raise _unusual(self._name)
        self._copied += self._found.lengths[int(number)] if number else 0
        if self._copied > MAX_COPIED_CHARACTERS:
            raise ExportRefusedError(
                f"{self._name}: a sheet in it has more than {MAX_COPIED_CHARACTERS:,} characters of text; "
                "export fewer responses at a time."
            )

    def _keep_length(self, length: int) -> None:
        self._parser.CharacterDataHandler = None
        if self._part != SHARED_TEXTS or len(self._found.lengths) >= MAX_SHARED_TEXTS:
            raise _unusual(self._name)
        self._found.lengths.append(length)

    def _doctype(self, *_: object) -> None:
        raise _unusual(self._name)

    def _refused(self, what: str, remedy: str) -> ExportRefusedError:
        sheet = PurePosixPath(self._part).name
        return ExportRefusedError(f"{self._name}: row {self._row:,} of its {sheet} holds {what}; {remedy}.")


def _unusual(name: str) -> ExportRefusedError:
    return ExportRefusedError(
        f"{name}: it isn't built as a workbook usually is; save it again or export as CSV."
    )


@lru_cache(A_FEW)
def _without_prefix(tag: str) -> str:
    return tag.rpartition(":")[2]


@lru_cache(A_FEW)
def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
