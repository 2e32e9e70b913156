"""`pledge report --open`: the pack's page in the browser that the system has."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def open_page(paths: Sequence[Path]) -> str:
    """Open the page among *paths*, and say where it is; that no browser could show it is no failure."""
    pages = [path.absolute() for path in paths if path.suffix == ".html"]
    if not pages:
        return "There is no page to open: --formats leaves html out."
    address = pages[0].as_uri()
    try:
        is_open = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        is_open = False
    if is_open:
        return f"Your browser shows {address}."
    return f"No browser was found here. The page is at {address}; open it where there is one."
