"""What an attacker can work out of tables of the same roles at several times, with their exact totals.

He knows bounds on each count, and so on each difference between two times; the bounds of all roles add up to
what the totals say. With two times the ends found here are exactly those that linear programming finds: the
three bounds of a role make a polygon whose edges have three directions, and a sum of such is one again. With
more times they may be a little wider; tests/property/test_sequences_attacked.py attacks with the real thing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Bounds = np.ndarray[tuple[int, int, int], np.dtype[np.int64]]


ROUNDS = 8


class Span(NamedTuple):
    """From *low* to *high*, both possible."""

    low: int
    high: int


class Told(NamedTuple):
    """What was told at one time: the total, exact, and of each role a span, or None for nothing.

    asked: the positions of the roles that there were then; the others came or went when roles were regrouped.
    """

    total: int
    roles: Sequence[Span | None]
    asked: frozenset[int]


def tells_too_much(times: Sequence[Told], threshold: int) -> bool:
    """Is a count that isn't told, or a small change, narrowed to under the threshold's width?

    times: in their order. What the totals alone narrow is no fault of the tables. The attacker may take it
    that nobody left or chose another role: then no count falls.
    """
    nothing = [one._replace(roles=[None] * len(one.roles)) for one in times]
    for only_grows in (True, False):
        found = _bounds(times, only_grows=only_grows)
        if found is None and not only_grows:
            return True  # what was shown contradicts itself: nothing is proven
        if found is not None and _is_narrow(found, _bounds(nothing, only_grows=only_grows), times, threshold):
            return True
    return False


def _is_narrow(found: Bounds, alone: Bounds | None, times: Sequence[Told], threshold: int) -> bool:
    """*found*: the greatest of each difference between two times; time 0 is before anybody signed."""
    least = -found.transpose(0, 2, 1)
    width = found - least
    allowed = width if alone is None else alone + alone.transpose(0, 2, 1)
    is_large = (least >= threshold) | (found <= -threshold)
    is_told = np.array([[span is not None for span in one.roles] for one in times]).T
    is_secret = ~is_large
    is_secret[-1] = False  # the rest is nobody's role
    is_secret[:-1, 0, 1:] &= ~is_told
    is_secret[:-1, 1:, 0] &= ~is_told
    return bool(np.any(is_secret & (width < np.minimum(threshold - 1, allowed))))


def _bounds(times: Sequence[Told], *, only_grows: bool) -> Bounds | None:
    """[role, time a, time b]: the greatest that the count at b less that at a can be; None: impossible.

    The last role is the rest: all together that not every table has. Whatever they were grouped as, they
    were the same people.
    """
    totals = np.array([0, *(one.total for one in times)])
    apart = totals[None, :] - totals[:, None]
    rest, n_times = len(times[0].roles), len(totals)
    most = np.full((rest + 1, n_times, n_times), totals.max(), dtype=np.int64)
    most[:, np.arange(n_times), np.arange(n_times)] = 0
    most[:, :, 0] = 0
    most[:, 0, :] = np.minimum(most[:, 0, :], totals)
    for at, one in enumerate(times, 1):
        for role, span in enumerate(one.roles):
            if span is not None:
                most[role, 0, at], most[role, at, 0] = min(span.high, one.total), -span.low
    if only_grows:
        later, earlier = np.tril_indices(n_times, -1)
        most[:, later, earlier] = np.minimum(most[:, later, earlier], 0)
    asked = {one.asked for one in times}
    common = frozenset.intersection(*asked)
    for _ in range(ROUNDS):
        before = most.copy()
        for via in range(n_times):
            most = np.minimum(most, most[:, :, via, None] + most[:, via, None, :])
        _add_up(most, [*common, rest], apart)
        for roles in asked:
            parts = [*(roles - common)]
            most[rest] = np.minimum(most[rest], most[parts].sum(axis=0))
            _add_up(most, parts, most[rest])
        if np.array_equal(most, before):
            break
    is_possible = np.all(most + most.transpose(0, 2, 1) >= 0)
    return most if is_possible else None


def _add_up(most: Bounds, parts: list[int], whole: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> None:
    """Lower the bounds of *parts*, which add up to no more than *whole*."""
    least = -most[parts].transpose(0, 2, 1)
    most[parts] = np.minimum(most[parts], whole - (least.sum(axis=0) - least))
