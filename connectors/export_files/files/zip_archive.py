"""ZIP archives: the directory read with care, and the export files in them; the disk is not written to."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from connectors.errors import ExportRefusedError
from connectors.export_files.cells.cell_text import SURE_NAMES, letters
from connectors.export_files.files.size_limits import (
    CHUNK_BYTES,
    MAX_PACKED_BYTES,
    Allowance,
    Source,
    chunks,
    printable,
)

MAX_MEMBERS = 1_000
MAX_DIRECTORY_BYTES = 1_000_000
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OTHER_ARCHIVE_STARTS = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT_STARTS = (b"<", b"%PDF", b"{\\rtf")  # they may speak of the columns, and are no table
TAKEN = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx"})
_DIRECTORY_END = struct.Struct("<4s4xHHLLH")
_DIRECTORY_END_MARK = b"PK\x05\x06"
_ZIP64_MARK = b"PK\x06\x07"
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1
_HOW_IT_FAILS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@contextmanager
def opened_zip(source: Source) -> Iterator[zipfile.ZipFile]:
    """The archive, its directory bounded and its members readable; what fails inside is refused in words."""
    try:
        with source.open() as stream:
            _check_directory(stream, source)
            with zipfile.ZipFile(stream) as archive:
                for member in archive.infolist():
                    _check_member(member, source)
                yield archive
    except _HOW_IT_FAILS as error:
        raise source.refused("the archive is damaged; download or copy it again.") from error


def members(archive: zipfile.ZipFile, archive_name: str) -> Iterator[Source]:
    """The export files in an archive, in its order, whatever they are called; archives inside are refused."""
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = "__MACOSX" in path.parts or path.name.startswith(".")
        # Folders' names are dropped, so a path in an archive leads nowhere.
        source = Source(f"{archive_name}: {printable(path.name)}", partial(archive.open, member))
        if not member.is_dir() and not hidden and _is_export(source, path.suffix.lower()):
            yield source


def in_memory(source: Source, allowance: Allowance) -> Source:
    """A member of an archive as a file in memory: a workbook is read back and forth, a member only forth."""
    unpacked = io.BytesIO()
    with source.open() as stream:
        for chunk in chunks(stream, source, allowance):
            unpacked.write(chunk)
            if unpacked.tell() > MAX_PACKED_BYTES:
                raise _too_large(source)
    content = unpacked.getvalue()
    return Source(source.name, lambda: io.BytesIO(content))


def _is_export(source: Source, ending: str) -> bool:
    with source.open() as stream:
        start = stream.read(8)
    if ending in TAKEN or start.startswith(OLE_START):
        return True
    if start.startswith(ZIP_STARTS + OTHER_ARCHIVE_STARTS):
        raise source.refused("an archive inside an archive; unpack the outer one.")
    return not start.startswith(DOCUMENT_STARTS) and names_columns(source)


def names_columns(source: Source) -> bool:
    """Whether one of the platform's columns is named anywhere at the beginning, in whatever encoding."""
    with source.open() as stream:
        start = letters(stream.read(CHUNK_BYTES).decode("latin-1"))
    return any(name in start for name in SURE_NAMES)


def _check_directory(stream: IO[bytes], source: Source) -> None:
    """Refuses an archive whose directory alone would fill the memory, before the directory is read."""
    size = stream.seek(0, io.SEEK_END)
    if size > MAX_PACKED_BYTES:
        raise _too_large(source)
    stream.seek(max(0, size - _LONGEST_COMMENT - _DIRECTORY_END.size - 20))
    tail = stream.read()
    at = tail.rfind(_DIRECTORY_END_MARK)
    if at < 0 or len(tail) - at < _DIRECTORY_END.size:
        raise zipfile.BadZipFile
    if _ZIP64_MARK in tail[max(0, at - 20) : at]:
        raise source.refused("it is in the ZIP64 form for very large archives; pack it again.")
    _, _, count, directory_bytes, _, _ = _DIRECTORY_END.unpack_from(tail, at)
    if count > MAX_MEMBERS or directory_bytes > MAX_DIRECTORY_BYTES:
        raise source.refused(f"more than {MAX_MEMBERS:,} files are in it; give the export's own archive.")
    stream.seek(0)


def _check_member(member: zipfile.ZipInfo, source: Source) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise source.refused("a file in it is locked with a password; unpack it and give what was in it.")
    # The others unpack without a bound on how much comes out at once.
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise source.refused("it is packed in an unusual way; unpack it and give what was in it.")


def _too_large(source: Source) -> ExportRefusedError:
    return source.refused(
        f"it is packed and still over {MAX_PACKED_BYTES:,} bytes; export fewer responses at a time."
    )
