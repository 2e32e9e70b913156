"""Places at which a run has just committed something: a test may end the process there.

Whatever is installed is told each name as it is reached; in use nothing is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_installed: list[Callable[[str], None]] = []


@contextmanager
def installed(callback: Callable[[str], None]) -> Iterator[None]:
    """Within the block *callback* is called with each name; for tests."""
    _installed.append(callback)
    try:
        yield
    finally:
        _installed.remove(callback)


def reached(name: str) -> None:
    """Say that the run has come so far as *name*."""
    for callback in _installed:
        callback(name)
