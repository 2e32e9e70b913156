"""The file that remembers what packs have shown: JSON, and nothing in it that a pack may not show."""

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reports.disclosure.release_sequence import NOTHING_SHOWN, Memory, Shown, ShownRow
from reports.disclosure.suppression import SafePoint
from reports.errors import MemoryFileError

VERSION = 1


def read_memory(path: Path) -> Memory:
    """What was shown so far; nothing when there is no file.

    Raises:
        MemoryFileError: the file can't be read or isn't such a file.
    """
    try:
        told = {VERSION: dict}[(read := json.loads(path.read_text(encoding="utf-8")))["version"]](read)
        return Memory(
            totals=tuple((datetime.fromisoformat(at), int(n)) for at, n in told["totals"]),
            roles=tuple(map(_shown, told["roles"])),
            others=tuple(map(_shown, told["others"])),
            points=tuple(SafePoint(date.fromisoformat(day), int(n)) for day, n in told["points"]),
            first_signed_on=_day(told["first_signed_on"]),
            last_signed_on=_day(told["last_signed_on"]),
        )
    except FileNotFoundError:
        return NOTHING_SHOWN
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MemoryFileError(
            f"{path.name}, which remembers what packs have shown, can't be read ({type(error).__name__}). "
            "Put a copy of it back; if there is none, move it away, and hand out no pack beside earlier ones."
        ) from None


def write_memory(path: Path, memory: Memory) -> None:
    """Replace the file; whatever fails, the earlier one stays."""
    told = {
        "version": VERSION,
        "about": "What packs have shown. pledge report needs it so that packs can't be subtracted. Keep it.",
        "totals": [(at.isoformat(), n) for at, n in memory.totals],
        "roles": [_told(one) for one in memory.roles],
        "others": [_told(one) for one in memory.others],
        "points": [(point.ends_on.isoformat(), point.n) for point in memory.points],
        "first_signed_on": memory.first_signed_on and memory.first_signed_on.isoformat(),
        "last_signed_on": memory.last_signed_on and memory.last_signed_on.isoformat(),
    }
    aside = path.with_name(f".{path.name}.new")
    with aside.open("w", encoding="utf-8") as handle:
        json.dump(told, handle, ensure_ascii=False, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "at": shown.at.isoformat(),
        "total": shown.total,
        "threshold": shown.threshold,
        "rows": [(row.label, row.n, row.of, row.at.isoformat()) for row in shown.rows],
    }


def _shown(told: dict[str, Any]) -> Shown:
    rows = (
        ShownRow(str(label), None if n is None else int(n), int(of), datetime.fromisoformat(at))
        for label, n, of, at in told["rows"]
    )
    return Shown(datetime.fromisoformat(told["at"]), int(told["total"]), int(told["threshold"]), tuple(rows))


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
