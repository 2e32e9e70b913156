"""What packs have shown, remembered as JSON: nothing is in it that a pack may not show."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from reports.errors import MemoryFileError
from reports.safe_pack import SafePoint

ROLES, NOT_COUNTED = "roles", "not-counted"
BASE = 5
Counts = Mapping[str, int]


@dataclass(frozen=True)
class ShownTable:
    """A table that a pack has shown, as a file may remember it.

    what: ROLES, NOT_COUNTED, or a breakdown's slug. at, run_id: of the figures that it was counted from.
    rows: (label, count rounded, or None for hidden). total: rounded.
    upto: it counts only who had first signed by the end of that day; None: everybody.
    """

    what: str
    at: datetime
    run_id: str
    threshold: int
    total: int
    rows: tuple[tuple[str, int | None], ...]
    upto: date | None = None


@dataclass(frozen=True)
class Memory:
    """What packs have shown so far.

    packs: (as at, exact total) of each. tables: of roles, of responses that don't count, of breakdowns.
    points: of growth, but for the last of each pack. signed_since: the first signature's day, as first told.
    """

    packs: tuple[tuple[datetime, int], ...] = ()
    tables: tuple[ShownTable, ...] = ()
    points: tuple[SafePoint, ...] = ()
    signed_since: date | None = None
    version: int = 2

    def joined(self, other: "Memory") -> "Memory":
        """What either remembers; a point that both have is as in this one."""
        points = {point.ends_on: point for point in (*other.points, *self.points)}
        days = [day for day in (self.signed_since, other.signed_since) if day]
        return Memory(
            tuple(sorted({*self.packs, *other.packs})),
            tuple(sorted({*self.tables, *other.tables}, key=_in_order)),
            tuple(points[day] for day in sorted(points)),
            min(days, default=None),
        )


def _in_order(table: ShownTable) -> tuple[datetime, str]:
    return table.at, f"{table.what} {table.run_id} {table.upto} {table.rows}"


NOTHING_SHOWN = Memory()


def as_text(memory: Memory) -> str:
    """As JSON; days and instants as ISO 8601 has them."""
    return json.dumps(asdict(memory), ensure_ascii=False, indent=1, default=lambda at: at.isoformat())


def from_text(text: bytes, name: str) -> Memory:
    """The memory that `as_text`, or version 1 of it, has written.

    Raises:
        MemoryFileError: it isn't such a text; the sentence has *name*.
    """
    try:
        content = json.loads(text)
        if content["version"] == 1:
            content = _from_version_1(content)
        if content["version"] == NOTHING_SHOWN.version:
            return _memory(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise MemoryFileError(
        f"{name}, which remembers what packs have shown, can't be read. Put a copy of the file or of the "
        "vault back. A file without a copy may be moved away: the vault remembers too."
    )


def _memory(content: dict[str, Any]) -> Memory:
    tables = (
        ShownTable(**one | {
            "at": datetime.fromisoformat(one["at"]),
            "rows": tuple((str(label), None if n is None else int(n)) for label, n in one["rows"]),
            "upto": _day(one["upto"]),
        })
        for one in content["tables"]
    )  # fmt: skip
    return Memory(
        packs=tuple((datetime.fromisoformat(at), int(total)) for at, total in content["packs"]),
        tables=tuple(tables),
        points=tuple(
            SafePoint(date.fromisoformat(one["ends_on"]), int(one["n"])) for one in content["points"]
        ),
        signed_since=_day(content["signed_since"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _from_version_1(content: dict[str, Any]) -> dict[str, Any]:
    """Each figure had a day of its own then; those of a table's own day are kept."""
    tables = [
        {
            "what": what,
            "at": one["at"],
            "run_id": "",
            "threshold": one["threshold"],
            "total": max(one["total"] // BASE * BASE, one["threshold"]),
            "rows": [(label, n if at == one["at"] else None) for label, n, _, at in one["rows"]],
            "upto": None,
        }
        for key, what in (("roles", ROLES), ("others", NOT_COUNTED))
        for one in content[key]
    ]
    points = [{"ends_on": day, "n": n} for day, n in content["points"]]
    since = content["first_signed_on"]
    return {
        "packs": content["totals"],
        "tables": tables,
        "points": points,
        "signed_since": since,
        "version": 2,
    }
