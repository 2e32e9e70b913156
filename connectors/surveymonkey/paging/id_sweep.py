"""The sweep: the ids of all responses that the platform holds, and whether none can be missing."""

from collections.abc import Callable

from connectors.survey.contract import IdSweep

IDS_PER_PAGE = 1000
# Pages more than the first total asks for, in case the list grows meanwhile.
SPARE_PAGES = 10

FetchIds = Callable[[int], tuple[list[str], int]]


def sweep_ids(fetch: FetchIds) -> IdSweep:
    """Sweep the ids in pages; pass over them once more if anything moved meanwhile.

    fetch: asks for the ids at a position, from 1, sorted by date_modified; gives them and the total.
    """
    first = _pass_over(fetch)
    if first.is_whole:
        return first
    second = _pass_over(fetch)
    if second.is_whole:
        return second
    return IdSweep(list(dict.fromkeys(first.ids + second.ids)), second.total, is_whole=False)


def _pass_over(fetch: FetchIds) -> IdSweep:
    ids, total = fetch(1)
    seen = dict.fromkeys(ids)
    is_still = len(seen) == len(ids)
    last_page = -(-total // max(1, len(ids))) + SPARE_PAGES
    page = 1
    while ids and len(seen) < total and page < last_page:
        page += 1
        n_before, total_before = len(seen), total
        ids, total = fetch(page)
        seen.update(dict.fromkeys(ids))
        # A row that comes twice was edited, a total that falls lost one: both shift what follows.
        is_still = is_still and len(seen) == n_before + len(ids) and total >= total_before
    return IdSweep(list(seen), total, is_whole=is_still and len(seen) == total)
