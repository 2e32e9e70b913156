"""What the points of growth tell: how many signed from week to week, and when round numbers were reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.disclosure.suppression import BASE, possible
from reports.safe_pack import SafeSeries

FIRST_MILESTONES = (100, 500)


@dataclass(frozen=True)
class Step:
    """So many more, about, from the first to the last of these days: a week, or several joined."""

    starts_on: date
    ends_on: date
    n: int


@dataclass(frozen=True)
class Milestone:
    """*n* had signed by the end of *by*, the first point for which that is certain."""

    n: int
    by: date


def steps_of(series: SafeSeries) -> tuple[Step, ...]:
    """Between each two points shown: the difference of what is shown, to the nearest 5."""
    steps = []
    starts_on, so_far = series.starts_on, 0
    for point in series.points:
        steps.append(Step(starts_on, point.ends_on, _nearest(point.n - so_far)))
        starts_on, so_far = point.ends_on + timedelta(days=1), point.n
    return tuple(steps)


def _nearest(n: int) -> int:
    return max(0, (n + BASE // 2) // BASE * BASE)


def milestones_of(series: SafeSeries, threshold: int) -> tuple[Milestone, ...]:
    """Those that the points tell, rounding allowed for: 100, 500, 1,000, 2,500, 5,000, 10,000 and so on."""
    *earlier, last = series.points
    known = [(point.ends_on, possible(point.n, threshold)[0]) for point in earlier]
    known.append((last.ends_on, last.n))
    return tuple(
        Milestone(n, next(day for day, least in known if least >= n)) for n in _round_numbers(last.n)
    )


def _round_numbers(highest: int) -> Sequence[int]:
    numbers = [*FIRST_MILESTONES]
    ten = 1000
    while ten <= highest:
        numbers += [ten, ten * 5 // 2, ten * 5]
        ten *= 10
    return [n for n in numbers if n <= highest]
