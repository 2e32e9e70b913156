"""Where a walk over the responses goes next: decided here, without network or clock.

The platform pages by position, and every edit, addition or deletion shifts positions, so
position is trusted as little as can be. Responses come sorted by date_modified. From the last one
on a page the walk goes on by time, one second earlier, since nobody knows whether the
bound takes in its own second. Only where those two seconds hold more than a page does it go up by
position, and then it comes down again over the same pages: whatever leaves its place moves
what follows towards the front, so on the way down nothing unchanged can slip by.
"""

from dataclasses import dataclass, replace

from connectors.surveymonkey.payloads import Page, Row

ASKED_PER_PAGE = 100
# Responses dated later than this after the platform's own clock don't move the walk: one
# with a nonsense date would hide all that are signed after it.
AHEAD_SECONDS = 24 * 3600
# How often a page that can't be right is asked for again before it is taken as it is.
LOOKS_AGAIN = 2
# How often a stretch is walked by position when the counts disagree.
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask next, and why.

    since: second since 1970 from which responses are asked for; None means all.
    page: position from there.
    by_time: False where the order can't be trusted, so that positions lead to the end.
    top: the page at which the walk turned; 0 on the way up.
    onward: where to go on once the walk has come down; None means at *since*.
    ends: on the way down, whether nothing came after *top*.
    counted: on the way down, the platform's total when the walk turned.
    looks, rounds: how often this page was asked for again, and this stretch walked.
    """

    since: int | None
    page: int = 1
    by_time: bool = True
    top: int = 0
    onward: int | None = None
    ends: bool = False
    counted: int = 0
    looks: int = 0
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing comes after.

    since: where the next walk begins. agrees: as many came as the platform counts.
    """

    since: int | None
    agrees: bool = True


def advance(request: Request, page: Page, n_found: int) -> Request | Finished:
    """Decide from the page that came for *request* what to ask next.

    n_found: distinct responses that came since the walk arrived at ``request.since``, *page* included.
    """
    if request.top:
        return _down(request, page, n_found)
    onward = _later(request.since, latest_row(request.since, page))
    # All is on this page. A full one isn't believed: more may have come since the platform counted.
    if request.page == 1 and page.total <= len(page.rows) and not _is_full(page):
        return Finished(_or_since(onward if request.by_time else request.onward, request))
    # Once out of order, a stretch is walked by position to its end: a time would skip what stands late.
    seconds = [row.second for row in page.rows if row.second is not None]
    is_in_order = request.by_time and seconds == sorted(seconds)
    leads = is_in_order and onward is not None
    if request.page == 1:
        return Request(since=onward) if leads else _up_from_first(request, page, is_in_order, onward)
    # Up by position until a page reaches into later seconds, or nothing follows; then down again.
    ends = _is_last(request, page, n_found)
    if leads or ends:
        onward = onward if is_in_order else request.onward
        turned = replace(request, top=request.page, onward=onward, ends=ends, counted=page.total)
        return replace(turned, page=request.page - 1, looks=0)
    return replace(request, page=request.page + 1, by_time=is_in_order, looks=0)


def latest_row(since: int | None, page: Page) -> Row | None:
    """The latest dated row of *page* that isn't ahead of the platform's clock; of equals the last."""
    dated = [(row.second, position) for position, row in enumerate(page.rows) if row.second is not None]
    if page.clock is not None:
        horizon = page.clock + AHEAD_SECONDS
        # Where all lie ahead, and the walk began so, it's the clock that is wrong.
        if (since is not None and since <= horizon) or any(second <= horizon for second, _ in dated):
            dated = [(second, position) for second, position in dated if second <= horizon]
    return page.rows[max(dated)[1]] if dated else None


def _is_full(page: Page) -> bool:
    """Whether *page* holds all it can: then more may follow, whatever the count says."""
    return len(page.rows) >= (page.per_page or ASKED_PER_PAGE)


def is_doubtful(request: Request, page: Page, last_id: str | None) -> bool:
    """Whether *page* can't be what was asked for: another page or time, a wrong count, or a gap before it.

    last_id: the response at which the walk left off; it lies within the overlap, so it must come again.
    """
    if page.number not in {None, request.page} or page.since not in {None, request.since}:
        return True
    if page.total < len(page.rows):
        return True
    if request.page > 1:
        return False
    is_gap = last_id is not None and all(row.response_id != last_id for row in page.rows)
    return is_gap or (not page.rows and page.total > 0)


def _later(since: int | None, latest: Row | None) -> int | None:
    if latest is None or latest.second is None:
        return None
    onward = max(0, latest.second - 1)
    return onward if since is None or onward > since else None


def _or_since(onward: int | None, request: Request) -> int | None:
    return request.since if onward is None else onward


def _up_from_first(request: Request, page: Page, is_in_order: bool, onward: int | None) -> Request:
    if not _is_full(page) and request.looks < LOOKS_AGAIN:
        return replace(request, looks=request.looks + 1)
    # Whatever is changed while positions lead is dated later than what this page shows.
    onward = onward if request.by_time else request.onward
    return replace(request, page=2, by_time=is_in_order, onward=onward, looks=0)


def _is_last(request: Request, page: Page, n_found: int) -> bool:
    if not page.rows:
        return True
    reached = (request.page - 1) * (page.per_page or ASKED_PER_PAGE) + len(page.rows)
    # What the platform repeats as per_page may not be what it gives, so the rows are counted too.
    return reached >= page.total and n_found >= page.total and not _is_full(page)


def _down(request: Request, page: Page, n_found: int) -> Request | Finished:
    if request.page > 1:
        return replace(request, page=request.page - 1, looks=0)
    if not request.ends:
        return Request(since=request.onward)
    # The smaller of both counts: what was deleted on the way down can't come.
    agrees = n_found >= min(page.total, request.counted)
    if agrees or request.rounds >= ROUNDS:
        return Finished(_or_since(request.onward, request), agrees)
    onward = None if request.by_time else request.onward
    return Request(since=request.since, by_time=request.by_time, onward=onward, rounds=request.rounds + 1)
