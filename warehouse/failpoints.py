"""Places at which a run has just committed something: a test may end the process there.

Whatever is installed is told each name as it is reached; in use nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_installed: list[Callable[[str], None]] = []


def install(told: Callable[[str], None]) -> None:
    """Have *told* called with each name from now on; for tests."""
    _installed[:] = [told]


def reached(name: str) -> None:
    """Say that the run has come so far as *name*."""
    for told in _installed:
        told(name)
