"""A small disk that can be filled up, and files that may not grow."""

from __future__ import annotations

import os
import resource
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class SmallDisk:
    """A disk of a few megabytes in memory, mounted at *folder*."""

    folder: Path

    @contextmanager
    def full(self, *, but: int) -> Iterator[None]:
        """Within the block there are no more than *but* bytes of room."""
        found = os.statvfs(self.folder)
        filler = self.folder / "filler"
        filler.write_bytes(bytes(max(0, found.f_bavail * found.f_frsize - but)))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def a_small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk in memory at *folder*; skips the test where this process may not mount."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a full disk needs the right to mount a small one in memory")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def files_no_larger_than(n_bytes: int) -> Iterator[None]:
    """Within the block no file of this process grows over *n_bytes*, as under a quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
