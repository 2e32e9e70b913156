"""A file to be read, on the disk or in an archive, and how much may come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from connectors.export_files.errors import ExportRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_UNPACKED_BYTES = 2_000_000_000
MAX_PACKED_BYTES = 500_000_000
MAX_CELLS = 200_000_000
MAX_COLUMNS = 10_000
MAX_CELL_CHARACTERS = 1_000_000
MAX_LINE_CHARACTERS = 20_000_000
CHUNK_BYTES = 1 << 20  # even, so that every chunk of UTF-16 begins with the same half of a character


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name for people, without folders, and a way to read its bytes from the beginning."""

    name: str
    open: Callable[[], BinaryIO]


class Allowance:
    """What may still come out of one file; an archive and all in it share one."""

    def __init__(self, unpacked_bytes: int = MAX_UNPACKED_BYTES, cells: int = MAX_CELLS) -> None:
        self._bytes = self._bytes_left = unpacked_bytes
        self._cells = self._cells_left = cells

    def take_bytes(self, count: int, name: str) -> None:
        """Raises ExportRefusedError if so many more bytes are too many."""
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise ExportRefusedError(
                f"{name}: unpacked it is larger than {self._bytes:,} bytes; export fewer responses at a time."
            )

    def take_cells(self, count: int, name: str) -> None:
        """Raises ExportRefusedError if so many more cells are too many."""
        self._cells_left -= count
        if self._cells_left < 0:
            raise ExportRefusedError(
                f"{name}: it has more than {self._cells:,} cells; export fewer responses at a time."
            )


def chunks(stream: BinaryIO, name: str, allowance: Allowance) -> Iterator[bytes]:
    """The stream's bytes, counted as they come: what a header says of its length is not believed."""
    while chunk := stream.read(CHUNK_BYTES):
        allowance.take_bytes(len(chunk), name)
        yield chunk
