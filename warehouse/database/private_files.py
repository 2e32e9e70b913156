"""Files put in place whole: written aside, flushed to the disk, renamed."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path


CHUNK = 1 << 20


def flush(path: Path) -> None:
    """Have the disk hold what was written to a file, or which names a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(aside: Path, target: Path) -> None:
    """Rename a file written aside to its name; a power cut leaves the old one or the new one, whole."""
    flush(aside)
    aside.replace(target)
    flush(target.parent)


def copy_private(file: BinaryIO, target: Path) -> None:
    """Copy an open file into a new one that only its owner may read."""

    def private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    with open(target, "xb", opener=private) as writing:
        shutil.copyfileobj(file, writing, CHUNK)


def make_private_folder(folder: Path) -> None:
    """A folder that only its owner may look into."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
