"""What follows from the points of growth that are shown, and from nothing else: weeks, milestones, gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.disclosure.suppression import SafeSeries, possible

LONGEST_SILENCE = 3  # days without data that are no gap yet
FIRST_MILESTONES = (100, 500)


@dataclass(frozen=True)
class Step:
    """So many more, about, from the first to the last of these days: a week, or several joined."""

    starts_on: date
    ends_on: date
    n: int


@dataclass(frozen=True)
class Milestone:
    """*n* had signed by the end of *by*, and fewer by the end of *after*; None: that can't be told."""

    n: int
    after: date | None
    by: date


@dataclass(frozen=True)
class Gap:
    """Days on which no data came in, the first and the last of them: not a quiet time."""

    starts_on: date
    ends_on: date


def steps_of(series: SafeSeries) -> tuple[Step, ...]:
    """Between each two points shown: the difference of what is shown."""
    steps = []
    starts_on, so_far = series.starts_on, 0
    for point in series.points:
        steps.append(Step(starts_on, point.ends_on, max(0, point.n - so_far)))
        starts_on, so_far = point.ends_on + timedelta(days=1), point.n
    return tuple(steps)


def milestones_of(series: SafeSeries, threshold: int) -> tuple[Milestone, ...]:
    """Those that the points tell, rounding allowed for: 100, 500, 1,000, 2,500, 5,000, 10,000 and so on."""
    *earlier, last = series.points
    known = [(point.ends_on, *possible(point.n, threshold)) for point in earlier]
    known.append((last.ends_on, last.n, last.n))
    found = []
    for n in _round_numbers(last.n):
        by = next(day for day, low, _ in known if low >= n)
        before = [day for day, _, high in known if high < n and day < by]
        starts = series.starts_on - timedelta(days=1)
        found.append(Milestone(n, before[-1] if before else starts, by))
    return tuple(found)


def _round_numbers(highest: int) -> list[int]:
    numbers = [*FIRST_MILESTONES]
    ten = 1000
    while ten <= highest:
        numbers += [ten, ten * 5 // 2, ten * 5]
        ten *= 10
    return [n for n in numbers if n <= highest]


def gaps_between(read_on: Sequence[date], *, upto: date) -> tuple[Gap, ...]:
    """Spans of more than a few days in which nothing was read whole, from the days on which something was."""
    days = sorted({day for day in read_on if day <= upto})
    ends = [*days[1:], upto] if days else []
    return tuple(
        Gap(day + timedelta(days=1), following - timedelta(days=1))
        for day, following in zip(days, ends, strict=True)
        if (following - day).days - 1 > LONGEST_SILENCE
    )
