"""Places at which a run has just committed something: a test may end the process there.

Whatever is installed is told each name as it is reached; in use nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_installed: list[Callable[[str], None]] = []


@contextmanager
def installed(told: Callable[[str], None]) -> Iterator[None]:
    """Within the block *told* is called with each name; for tests."""
    _installed.append(told)
    try:
        yield
    finally:
        _installed.remove(told)


def reached(name: str) -> None:
    """Say that the run has come so far as *name*."""
    for told in _installed:
        told(name)
