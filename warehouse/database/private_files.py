"""The one way to put a file in its place: written aside, flushed to the disk, renamed."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
OWNER_ONLY = 0o600


@contextmanager
def put_in_place(
    target: Path, *, tag: str = "", mode: int | None = OWNER_ONLY, is_new: bool = False
) -> Iterator[Path]:
    """Where to write a file aside; when the block has ended well, it takes *target*'s place.

    A kill or a power cut leaves the old file or the new one, whole; a block that fails leaves nothing aside.

    tag: sets files aside apart where two processes may write the same one. mode: None for the usual rights.
    is_new: never over another file.

    Raises:
        FileExistsError: *is_new*, and *target* is there.
    """
    aside = target.with_name(f".{target.name}.{tag}.new" if tag else f".{target.name}.new")
    throw_away(aside)
    try:
        yield aside
        if mode is not None:
            aside.chmod(mode)
        flush(aside)
        if is_new:
            os.link(aside, target)
        else:
            aside.replace(target)
        flush(target.parent)
    finally:
        throw_away(aside)


def throw_away(path: Path) -> None:
    """Delete a file, if it is there, and the log of it: that would be taken for the next one's."""
    path.unlink(missing_ok=True)
    log_of(path).unlink(missing_ok=True)


def log_of(path: Path) -> Path:
    """Where the engine logs what isn't in a database file yet."""
    return path.with_name(f"{path.name}.wal")


def flush(path: Path) -> None:
    """Have the disk hold what was written to a file, or which names a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_private(target: Path, content: bytes, *, is_new: bool = False) -> Path:
    """Put a file in place that only its owner may ever read; see `put_in_place`."""
    with put_in_place(target, is_new=is_new) as aside:
        copy_private(io.BytesIO(content), aside)
    return target


def copy_private(file: BinaryIO, target: Path) -> None:
    """Copy an open file into a new one that only its owner may read."""

    def private(name: str, flags: int) -> int:
        return os.open(name, flags, OWNER_ONLY)

    with open(target, "xb", opener=private) as writing:
        shutil.copyfileobj(file, writing, CHUNK)


def make_private_folder(folder: Path) -> None:
    """A folder that only its owner may look into."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
