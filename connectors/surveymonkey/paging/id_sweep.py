"""The sweep: the ids of all responses that the platform holds, and whether none can be missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.survey.contract import IdSweep

IDS_PER_PAGE = 1000
# Pages more than the first total asks for, in case the list grows meanwhile.
SPARE_PAGES = 10

FetchIds = Callable[[int], tuple[list[str], int]]


@dataclass(slots=True)
class _Pass:
    """One pass over all pages."""

    ids: dict[str, None] = field(default_factory=dict)
    total: int = 0
    is_still: bool = True

    def add(self, ids: list[str], total: int) -> None:
        """Add a page. A row come twice was edited, a total that fell lost one: both shift what follows."""
        n_before = len(self.ids)
        self.ids.update(dict.fromkeys(ids))
        if len(self.ids) < n_before + len(ids) or total < self.total:
            self.is_still = False
        self.total = total

    @property
    def is_whole(self) -> bool:
        return self.is_still and len(self.ids) == self.total


def sweep_ids(fetch: FetchIds) -> IdSweep:
    """Sweep the ids in pages; pass over them once more if anything moved meanwhile.

    fetch: asks for the ids at a position, from 1, sorted by date_modified; gives them and the total.
    """
    first = _pass_over(fetch)
    if first.is_whole:
        return IdSweep(list(first.ids), first.total, is_whole=True)
    second = _pass_over(fetch)
    if second.is_whole:
        return IdSweep(list(second.ids), second.total, is_whole=True)
    return IdSweep(list(first.ids | second.ids), second.total, is_whole=False)


def _pass_over(fetch: FetchIds) -> _Pass:
    seen = _Pass()
    ids, total = fetch(1)
    seen.add(ids, total)
    last_page = -(-total // max(1, len(ids))) + SPARE_PAGES
    page = 1
    while ids and len(seen.ids) < seen.total and page < last_page:
        page += 1
        ids, total = fetch(page)
        seen.add(ids, total)
    return seen
