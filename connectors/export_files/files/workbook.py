"""Workbooks in the XLSX form: every visible sheet as a table of text, and nothing in them run or followed.

Calamine makes room for the whole rectangle from the first cell to the last and copies a shared text into
every cell that names it. Two cells far apart, or one long text named a million times, would end the process.
So every part is read through once without keeping it, and refused if rectangle or texts are too large.
The same reading finds what a stored value can't show: error values, and formulas that were never worked out.
"""

import zipfile
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from string import ascii_uppercase
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.table import Rows, Table
from connectors.export_files.files.size_limits import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    Allowance,
    Source,
    chunks,
    printable,
)

MAX_SHEET_CELLS = 30_000_000
MAX_SHARED_TEXTS = 60_000_000
MAX_COPIED_CHARACTERS = 2_000_000_000
BOOK = "xl/workbook.xml"
SHARED_TEXTS = "xl/sharedstrings.xml"
A_FEW = 1_000  # a usual part has fewer kinds of element, and fewer columns
EXACT_WHOLE = 10**15  # a workbook's numbers keep fifteen digits; beyond, the last ones are not the person's

# What else a ZIP of this kind can be, by a part that only it has.
OTHER_DOCUMENTS = {
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "content.xml": "an OpenDocument file",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}


def is_workbook(archive: zipfile.ZipFile, source: Source) -> bool:
    """Raises ExportRefusedError if the archive is a document of another kind."""
    parts = {part.lower() for part in archive.namelist()}
    if BOOK in parts:
        return True
    for part, kind in OTHER_DOCUMENTS.items():
        if part in parts:
            raise source.refused(f"it is {kind}; save it as XLSX or CSV.")
    return False


def workbook_tables(source: Source, archive: zipfile.ZipFile, allowance: Allowance) -> list[Table]:
    """The visible sheets in the workbook's order, hidden ones left out."""
    _check_parts([part.lower() for part in archive.namelist()], source)
    # Before calamine sees it: what that makes room for, a few cells can make too much for any memory.
    date_1904 = _scan_parts(archive, source, allowance)
    try:
        # A hidden sheet is what somebody put away, an old copy or a list behind a menu; one of a chart has no
        # cells. No other is passed over, not even an empty one: `joined` says which it leaves out.
        with source.open() as stream, CalamineWorkbook.from_filelike(stream) as book:
            return [
                Table(
                    f"{source.name}: {printable(sheet.name)}",
                    "xlsx",
                    "",
                    Rows.of(_rows(book.get_sheet_by_name(sheet.name), source)),
                    date_1904=date_1904,
                )
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
            ]
    except (CalamineError, OverflowError) as error:
        raise source.refused("the workbook is damaged; export or save it again.") from error


def _check_parts(parts: list[str], source: Source) -> None:
    if len(set(parts)) < len(parts):  # readers differ on which of two parts of one name they take
        raise source.refused("two parts of the workbook have the same name; save it again.")
    if any(part.endswith("vbaproject.bin") or part.startswith("xl/macrosheets/") for part in parts):
        raise source.refused("the workbook has macros; save it as XLSX without macros.")
    if any(part.startswith("xl/externallinks/") for part in parts):
        raise source.refused("the workbook takes values from other files; break the links and save it.")


def _rows(sheet: CalamineSheet, source: Source) -> Iterator[list[str]]:
    # Row by row: one list of all takes more room. Columns before the first filled one are not among them.
    _, left = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [*[""] * left, *(value if type(value) is str else _cell_text(value) for value in row)]
        if max(map(len, cells), default=0) > MAX_CELL_CHARACTERS:
            raise source.refused(
                f"{printable(sheet.name)}: row {number:,} has a cell of more than "
                f"{MAX_CELL_CHARACTERS:,} characters; shorten it."
            )
        yield cells


def _cell_text(value: bool | float | str | time | date | datetime | timedelta) -> str:
    """A stored value as Table says; a date without a time is at midnight, seconds are whole."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < EXACT_WHOLE:
            return str(int(value))
        case datetime():
            return str((value + timedelta(seconds=0.5)).replace(microsecond=0))
        case date():
            return f"{value} 00:00:00"
        case time():
            return _cell_text(datetime.combine(date.min, value))[-len("03:34:11") :]
        case _:
            return str(value)


def _scan_parts(archive: zipfile.ZipFile, source: Source, allowance: Allowance) -> bool:
    """Reads every XML part of a workbook once; the allowance pays for their bytes, rows and cells.

    Returns whether serial numbers of dates count from 1904.
    """
    parts = [part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
    parts.sort(key=lambda part: part.filename.lower() != SHARED_TEXTS)  # the texts' lengths are needed first
    scan = _Scan(source)
    for part in parts:
        with archive.open(part) as stream:
            scan.read(part.filename.lower(), chunks(stream, source, allowance))
        allowance.take(source.name, rows=scan.rows, cells=scan.rows * scan.columns)
    # A sheet under another ending would be read without having been scanned.
    if not all(scan.targets.get(sheet, "").endswith(".xml") for sheet in scan.sheets):
        raise _unusual(source)
    return scan.date_1904


class _Scan:
    """The parts of a workbook, one after the other, element by element.

    rows, columns: of the last part, as far as its cells reach. sheets: their relationships' ids.
    targets: parts' names by these.
    """

    def __init__(self, source: Source) -> None:
        self.rows = self.columns = 0
        self.sheets: set[str] = set()
        self.targets: dict[str, str] = {}
        self.date_1904 = False
        self._source = source
        self._lengths = array("L")  # of the shared texts, in characters

    def read(self, part: str, pieces: Iterable[bytes]) -> None:
        self.rows = self.columns = 0
        self._part = part
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
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _unusual(self._source) from error

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
                raise _unusual(self._source)  # calamine makes room for so many before it has seen one
            case "workbookPr" if self._part.endswith("workbook.xml"):
                self.date_1904 = attributes.get("date1904") in {"1", "true"}
            case "sheet" if self._part.endswith("workbook.xml"):
                self.sheets.update(v for k, v in attributes.items() if k.endswith(":id"))
            case "Relationship" if self._part.endswith("workbook.xml.rels"):
                self.targets[attributes["Id"]] = attributes["Target"].lower()

    def _end(self, tag: str) -> None:
        match _without_prefix(tag):
            case "v" if self._kind == "s" or self._formula:
                self._value("".join(self._text).strip())
            case "c":
                if self._formula and self._kind is not None:
                    raise self._refused("a formula that was never worked out; open it, save it and try again")
                self._formula, self._kind = False, None
            case "si":
                self._parser.CharacterDataHandler = None
                if self._part != SHARED_TEXTS or len(self._lengths) >= MAX_SHARED_TEXTS:
                    raise _unusual(self._source)
                self._lengths.append(sum(map(len, self._text)))

    def _cell(self, attributes: dict[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        if self._kind == "e":
            raise self._refused("an error such as #NAME? instead of a value; correct the cell and try again")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            self._column, self._row = _number_of(letters), int(reference[len(letters) :])
        if self._column > self.columns or self._row > self.rows:
            self._widen()

    def _widen(self) -> None:
        self.columns = max(self.columns, self._column)
        self.rows = max(self.rows, self._row)
        if self.columns > MAX_COLUMNS:
            raise self._refused(f"a cell beyond column {MAX_COLUMNS:,}; export fewer questions at a time")
        if self.rows * self.columns > MAX_SHEET_CELLS:
            raise self._source.refused(
                f"a sheet in it reaches over more than {MAX_SHEET_CELLS:,} cells; "
                "export as CSV, or delete the empty rows and columns."
            )

    def _listen(self) -> None:
        self._text.clear()
        self._parser.CharacterDataHandler = self._text.append

    def _value(self, text: str) -> None:
        self._parser.CharacterDataHandler = None
        # Where nothing was worked out, the value is empty and of no kind; an empty text is of the kind "str".
        self._formula = self._formula and not text and self._kind != "str"
        if self._kind != "s":
            return
        if text.startswith("-"):
            raise _unusual(self._source)
        self._copied += self._lengths[int(text)] if text else 0
        if self._copied > MAX_COPIED_CHARACTERS:
            raise self._source.refused(
                f"a sheet in it has more than {MAX_COPIED_CHARACTERS:,} characters of text; "
                "export fewer responses at a time."
            )

    def _doctype(self, *_: object) -> None:
        raise _unusual(self._source)

    def _refused(self, why: str) -> ExportRefusedError:
        sheet = PurePosixPath(self._part).name
        return self._source.refused(f"row {self._row:,} of its {sheet} holds {why}.")


def _unusual(source: Source) -> ExportRefusedError:
    return source.refused("it isn't built as a workbook usually is; save it again or export as CSV.")


@lru_cache(A_FEW)
def _without_prefix(tag: str) -> str:
    return tag.rpartition(":")[2]


@lru_cache(A_FEW)
def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
