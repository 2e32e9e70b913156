"""TODO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.export_files.cells.cell_text import letters

if TYPE_CHECKING:
    from collections.abc import Sequence


# The other fixed names are also what people call their own questions.
SURE_NAMES = frozenset({"respondentid", "collectorid", "startdate", "enddate", "ipaddress"})
RESPONSE_LABEL = "response"
TEXT_LABEL = "openendedresponse"


def sure_columns(row: Sequence[str]) -> list[int]:
    """Where a row holds names that only the platform's own columns have."""
    return [i for i, text in enumerate(row) if text and letters(text) in SURE_NAMES]
