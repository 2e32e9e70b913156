"""Once in a while every response is fetched again, though its time says nothing of a change.

An edit that the platform stores later than the next walk's overlap, under its earlier time, is met by no
other walk, and its id and the totals stay as they were.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from warehouse.database import marks

MARK = "last full walk"


def is_due(vault: Any, *, every_days: int, now: datetime) -> bool:
    """Whether the last one is *every_days* ago; 0 is never. Before the first one none is due."""
    last = marks.mark(vault, MARK)
    if last is None or not every_days:
        return False
    return (now.date() - datetime.fromisoformat(last).date()).days >= every_days


def mark_done(vault: Any, *, now: datetime) -> None:
    """The next one is due *every_days* after *now*."""
    marks.set_mark(vault, MARK, now.isoformat())


def begin_to_count(vault: Any, *, now: datetime) -> None:
    """Let the days run from *now*, unless they run already: the first load, however many nights it took."""
    if marks.mark(vault, MARK) is None:
        mark_done(vault, now=now)
