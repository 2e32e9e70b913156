"""Workbooks in the XLSX form: every visible sheet as a table of text, and nothing in them run or followed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from connectors.export_files.cells.table import Rows, Table
from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.files.size_limits import MAX_CELL_CHARACTERS, Allowance, Source, printable
from connectors.export_files.files.xlsx_scan import scan_parts

BOOK = "xl/workbook.xml"
EXACT_WHOLE = 10**15  # a workbook's numbers keep fifteen digits; beyond, the last ones are not the person's

# What else a ZIP of this kind can be, by a part that only it has.
OTHER_DOCUMENTS = {
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "content.xml": "an OpenDocument file",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}

HALF_A_SECOND = timedelta(microseconds=500_000)
Value = bool | int | float | str | time | date | datetime | timedelta


def is_workbook(archive: zipfile.ZipFile, name: str) -> bool:
    """Raises ExportRefusedError if the archive is a document of another kind."""
    parts = {part.lower() for part in archive.namelist()}
    if BOOK in parts:
        return True
    for part, kind in OTHER_DOCUMENTS.items():
        if part in parts:
            raise ExportRefusedError(f"{name}: it is {kind}; save it as XLSX or CSV.")
    return False


def workbook_tables(source: Source, archive: zipfile.ZipFile, allowance: Allowance) -> list[Table]:
    """The visible sheets in the workbook's order, hidden ones left out.

    Raises:
        ExportRefusedError: the workbook can't be read, or not safely.
    """
    _check_parts([part.lower() for part in archive.namelist()], source.name)
    # Before calamine sees it: what that makes room for, a few cells can make too much for any memory.
    date_1904 = scan_parts(archive, source.name, allowance)
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
        raise ExportRefusedError(
            f"{source.name}: the workbook is damaged; export or save it again."
        ) from error


def _check_parts(parts: list[str], name: str) -> None:
    if len(set(parts)) < len(parts):  # readers differ on which of two parts of one name they take
        raise ExportRefusedError(f"{name}: two parts of the workbook have the same name; save it again.")
    if any(part.endswith("vbaproject.bin") or part.startswith("xl/macrosheets/") for part in parts):
        raise ExportRefusedError(f"{name}: the workbook has macros; save it as XLSX without macros.")
    if any(part.startswith("xl/externallinks/") for part in parts):
        raise ExportRefusedError(
            f"{name}: the workbook takes values from other files; break the links and save it."
        )


def _rows(sheet: CalamineSheet, source: Source) -> Iterator[list[str]]:
    # Row by row: one list of all takes more room. Columns before the first filled one are not among them.
    _, left = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [*[""] * left, *(value if type(value) is str else cell_text(value) for value in row)]
        if max(map(len, cells), default=0) > MAX_CELL_CHARACTERS:
            raise ExportRefusedError(
                f"{source.name}: {printable(sheet.name)}: row {number:,} has a cell of more than "
                f"{MAX_CELL_CHARACTERS:,} characters; shorten it."
            )
        yield cells


def cell_text(value: Value) -> str:
    """A stored value as Table says; a date without a time is at midnight, seconds are whole."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < EXACT_WHOLE:
            return str(int(value))
        case datetime():
            return str((value + HALF_A_SECOND).replace(microsecond=0))
        case date():
            return f"{value} 00:00:00"
        case time():
            return cell_text(datetime.combine(date.min, value))[-len("03:34:11") :]
        case _:
            return str(value)
