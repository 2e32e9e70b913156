"""An export file as tables of text, whatever it was saved as and whatever its name ends with.

A file is taken whole or refused: no character is replaced, no row is cut off, no cell is moved.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.table import Rows, Table, some_at_once
from connectors.export_files.files import zip_archive
from connectors.export_files.files.encoding import encoding_of
from connectors.export_files.files.size_limits import (
    CHUNK_BYTES,
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_LINE_CHARACTERS,
    Allowance,
    Source,
    shown_name,
)
from connectors.export_files.files.workbook import is_workbook, workbook_tables

SEPARATORS = ("\t", ";", ",")  # of equally good ones the first
SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 4_000_000
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml", b"%pdf", b"{\\rtf")


def open_tables(path: Path) -> list[Table]:
    """The tables of a text file, of a workbook's visible sheets, or of an archive of these; at least one.

    Raises:
        ExportRefusedError: the file is none of these, is damaged or locked, or too large.
        OSError: the file can't be read from its disk.
    """
    source = Source(shown_name(path), lambda: path.open("rb"))
    _refuse_no_file(path, source.name)
    tables = list(_tables(source, Allowance()))
    if not tables:
        raise source.refused("no table is in it; give the CSV or XLSX file of the export.")
    return tables


def _refuse_no_file(path: Path, name: str) -> None:
    """A pipe would be waited for, holding the vault; what a link leads to is what counts."""
    mode = path.stat().st_mode
    if S_ISDIR(mode):
        raise ExportRefusedError(
            f"{name} can't be read: it is a folder. Give the file of the export that lies in it."
        )
    if not S_ISREG(mode):
        raise ExportRefusedError(
            f"{name} can't be read: it is a pipe, a device or the like. Save the export as a file, "
            "and give that."
        )


def _tables(source: Source, allowance: Allowance) -> Iterator[Table]:
    with source.open() as stream:
        start = stream.read(512)
    if not start:
        raise source.refused("the file is empty; export it again.")
    if start.startswith(zip_archive.OLE_START):
        raise _old_or_locked(source)
    if start.startswith(zip_archive.OTHER_ARCHIVE_STARTS):
        raise source.refused("it is an archive, but no ZIP; unpack it and give what was in it.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP_STARTS):
        raise source.refused("it is a document and no table; export as CSV or XLSX.")
    if start.startswith(zip_archive.ZIP_STARTS):
        yield from _zip_tables(source, allowance)
    else:
        yield _text_table(source, allowance)


def _zip_tables(source: Source, allowance: Allowance, *, is_inside: bool = False) -> Iterator[Table]:
    """is_inside: the ZIP lies in another, so it must be a workbook."""
    with zip_archive.opened_zip(source) as archive:
        if is_workbook(archive, source):
            yield from workbook_tables(source, archive, allowance)
            return
        if is_inside:
            raise source.refused("an archive inside an archive; unpack the outer one.")
        for member in zip_archive.members(archive, source.name):
            with member.open() as stream:
                start = stream.read(4)
            if start.startswith(zip_archive.ZIP_STARTS):
                yield from _zip_tables(zip_archive.in_memory(member, allowance), allowance, is_inside=True)
            else:
                yield from _member_tables(member, allowance) if start else [_empty_table(member)]


def _member_tables(member: Source, allowance: Allowance) -> list[Table]:
    """A text that explains an export is written as people write, so it may be no table that can be read."""
    try:
        return list(_tables(member, allowance))
    except ExportRefusedError as error:
        if not member.name.lower().endswith(".txt") or zip_archive.names_columns(member):
            raise
        return [replace(_empty_table(member), fault=str(error))]


def _empty_table(source: Source) -> Table:
    return Table(source.name, "utf-8", ",", Rows.of(()))


def _old_or_locked(source: Source) -> ExportRefusedError:
    why = "it is an old Excel file (XLS); save it as XLSX or CSV."
    with source.open() as stream:
        before = b""
        while chunk := stream.read(CHUNK_BYTES):
            if ENCRYPTED_PART in before + chunk:
                why = "the workbook is locked with a password; save it without one."
                break
            before = chunk[-len(ENCRYPTED_PART) :]
    return source.refused(f"{why}")


def _text_table(source: Source, allowance: Allowance) -> Table:
    encoding = encoding_of(source, allowance)
    try:
        separator = _separator(source, encoding.codec)
        with _long_cells(), io.TextIOWrapper(source.open(), encoding.codec, newline="") as text:
            lines = text if encoding.is_plain else _mended(text, source)
            parts = some_at_once(_narrow_rows(lines, separator, source))
            rows = Rows.of_parts(_allowed(parts, source.name, allowance))
    except UnicodeError as error:
        raise source.refused(
            f"it is {encoding.name} but for some broken characters; export it again."
        ) from error
    is_last_short = len(rows) and rows.lengths[-1] < rows.lengths.max()
    if is_last_short and not encoding.is_ended:
        raise source.refused(
            f"it ends in the middle of row {len(rows):,}, as if it was cut; download or copy it again."
        )
    return Table(source.name, encoding.name, separator, rows)


def _mended(text: io.TextIOWrapper, source: Source) -> Iterator[str]:
    """A text's lines with their ends, without NUL; a carriage return ends one too, CR CR LF ends one only."""
    line = text.readline(MAX_LINE_CHARACTERS)
    while line:
        if len(line) == MAX_LINE_CHARACTERS:
            raise source.refused(
                f"a line is longer than {MAX_LINE_CHARACTERS:,} characters; is it a CSV file?"
            )
        following = text.readline(MAX_LINE_CHARACTERS)
        if line.endswith("\r") and following == "\r\n":
            line, following = line + following, text.readline(MAX_LINE_CHARACTERS)
        yield line.replace("\0", "")
        line = following


def _allowed(
    parts: Iterable[list[Sequence[str]]], name: str, allowance: Allowance
) -> Iterator[list[Sequence[str]]]:
    """The parts of a table, paid for by the allowance before more is read."""
    n_rows = widest = 0
    for some in parts:
        before = n_rows * widest
        n_rows, widest = n_rows + len(some), max(widest, *map(len, some))
        allowance.take(name, rows=len(some), cells=n_rows * widest - before)
        yield some


def _narrow_rows(lines: Iterable[str], separator: str, source: Source) -> Iterator[list[str]]:
    number = 0
    try:
        for row in csv.reader(lines, delimiter=separator, strict=True):
            number += 1
            if len(row) > MAX_COLUMNS:
                raise source.refused(
                    f"row {number:,} has more than {MAX_COLUMNS:,} columns; is it a CSV file?"
                )
            yield row
    except csv.Error as error:
        raise source.refused(
            f"row {number + 1:,} has a quotation mark that is not closed, or text behind "
            f"one that is, or a cell of more than {MAX_CELL_CHARACTERS:,} characters; export it again."
        ) from error


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _separator(source: Source, codec: str) -> str:
    """That by which most of the first rows get the same width; of several the one with more columns."""
    with _long_cells(), io.TextIOWrapper(source.open(), codec, newline="") as text:
        sample = text.read(SAMPLE_CHARACTERS).replace("\0", "").replace("\r\r\n", "\n")
        judged = {separator: _consistency(sample, separator) for separator in SEPARATORS}
    return max(judged, key=lambda separator: judged[separator]) if any(map(any, judged.values())) else ","


def _consistency(sample: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have the commonest width above one, and that width."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in islice(reader, SAMPLE_ROWS) if len(row) > 1)
    except csv.Error:  # said in words, with its row, when the rows are read
        return (0, 0)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
