"""What a night will cost in calls, worked out before the dear ones are made."""

from dataclasses import dataclass
from math import ceil

from connectors.surveymonkey.transport.rate_limits import Budget

PER_PAGE = 100
IDS_PER_CALL = 1_000
OVERLAP_SHARE = 0.01  # each page begins one second before the last row of the page before
DAY_LIMIT = 500  # of a draft or private app
TOTALS = 1  # one call tells how many responses there are
ROLLUPS = 1  # and one how many ticked each choice


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a night, in the order of their worth, and how many there are."""

    n_responses: int | None  # at the platform; None if it was not asked yet
    n_to_fetch: int  # new or changed
    spent: int  # so far
    left_today: int | None  # None if the platform doesn't say
    reserved: int  # of those, for other users of the app
    pull: int  # for what is new or changed
    totals: int  # for how many responses there are
    sweep: int  # for comparing all ids: only done if the totals differ, or every few days
    rollups: int  # for the platform's own counts of each role: if something has changed, or every few days
    full: int  # for fetching every response again, done every few weeks; 0 where it isn't due
    put_off: tuple[str, ...]  # which of them today's calls don't suffice for
    nights: int  # that the pull will take, this one included


def make_plan(
    *,
    n_responses: int | None,
    n_to_fetch: int,
    spent: int,
    left_today: int | None,
    reserved: int,
    is_full_due: bool = False,
) -> Plan:
    """Work out the calls; a day after today is taken to have *DAY_LIMIT* of them."""
    costs = {
        "pull": calls_to_pull(n_to_fetch),
        "totals": TOTALS,
        "sweep": calls_to_sweep(n_responses or 0),
        "rollups": ROLLUPS,
        "full": calls_to_pull(n_responses or 0) if is_full_due else 0,
    }
    free = None if left_today is None else max(0, left_today - reserved)
    later = max(1, DAY_LIMIT - reserved)
    return Plan(
        n_responses=n_responses,
        n_to_fetch=n_to_fetch,
        spent=spent,
        left_today=left_today,
        reserved=reserved,
        **costs,
        put_off=_put_off(costs, free),
        nights=1 if free is None or costs["pull"] <= free else 1 + ceil((costs["pull"] - free) / later),
    )


def calls_to_pull(n_responses: int) -> int:
    """Calls to fetch so many responses: at least one, which tells that there are none."""
    return max(1, ceil(n_responses * (1 + OVERLAP_SHARE) / PER_PAGE))


def calls_to_sweep(n_responses: int) -> int:
    """Calls to fetch all ids."""
    return max(1, ceil(n_responses / IDS_PER_CALL))


def suffices(budget: Budget, calls: int) -> bool:
    """So many calls may still be made today, those kept for others left alone."""
    left = budget.calls_left_today
    return left is None or left - budget.reserve >= calls


def _put_off(costs: dict[str, int], free: int | None) -> tuple[str, ...]:
    """What no calls are left for, once all that is worth more has had its own."""
    names = []
    for name, calls in costs.items():
        if free is not None:
            free -= calls
            if calls and free < 0:
                names.append(name)
    return tuple(names)
