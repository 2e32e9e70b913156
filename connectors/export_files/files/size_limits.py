"""A file to be read, on the disk or in an archive, and how much may come out of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from connectors.errors import ExportRefusedError

MOST = {"bytes": 2_000_000_000, "rows": 10_000_000, "cells": 100_000_000}  # out of one file; bytes unpacked
MAX_PACKED_BYTES = 500_000_000
MAX_COLUMNS = 10_000
MAX_CELL_CHARACTERS = 1_000_000
MAX_LINE_CHARACTERS = 20_000_000
_TOO_MUCH = {
    "bytes": "unpacked it is larger than {:,} bytes; export fewer responses at a time.",
    "rows": "it has more than {:,} rows, blank ones among them; export fewer responses at a time.",
    "cells": "it has more than {:,} cells, each row as wide as the widest; export fewer responses at a time, "
    "and see that no row is far wider than the others.",
}
CHUNK_BYTES = 1 << 20  # even, so that every chunk of UTF-16 begins with the same half of a character


def shown_name(path: PurePath) -> str:
    """A file's name for people, without folders; what has none, such as ``.``, as it was given."""
    return printable(path.name or str(path))


def printable(name: str) -> str:
    r"""*name*, and what can't be shown in it as Python writes it: ``\x1b``, ``\udcff`` for the byte FF."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


@contextmanager
def refusing_unreadable(path: PurePath) -> Iterator[None]:
    """Says in words what the disk says, and what Python and Arrow say where there is no more memory."""
    try:
        yield
    except OSError as error:
        raise ExportRefusedError(
            f"{shown_name(path)} can't be read: {error.strerror}. See that the path is right, and that you "
            "may read the file."
        ) from None
    except MemoryError:
        raise ExportRefusedError(
            f"{shown_name(path)}: reading it takes more memory than there is. Export fewer responses at a "
            "time, or import it on a larger computer."
        ) from None


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name for people, without folders, and a way to read its bytes from the beginning."""

    name: str
    open: Callable[[], IO[bytes]]

    def refused(self, why: str) -> ExportRefusedError:
        return ExportRefusedError(f"{self.name}: {why}")


class Allowance:
    """What may still come out of one file; an archive and all in it share one."""

    def __init__(self) -> None:
        self._taken = dict.fromkeys(MOST, 0)

    def take(self, name: str, **counts: int) -> None:
        """Count so many more bytes, rows (blank ones too) or cells (each row has those of the widest).

        Raises:
            ExportRefusedError: they are too many.
        """
        for what, count in counts.items():
            self._taken[what] += count
            if self._taken[what] > MOST[what]:
                raise ExportRefusedError(f"{name}: " + _TOO_MUCH[what].format(MOST[what]))


def chunks(stream: IO[bytes], source: Source, allowance: Allowance) -> Iterator[bytes]:
    """The stream's bytes, counted as they come: what a header says of its length is not believed."""
    while chunk := stream.read(CHUNK_BYTES):
        allowance.take(source.name, bytes=len(chunk))
        yield chunk
