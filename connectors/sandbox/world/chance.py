"""Draws from a seeded generator, so that shares stand in tables and not in chains of comparisons."""

from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Mixture(Generic[T]):
    """Values drawn in proportion to their shares, whatever the shares add up to."""

    def __init__(self, *shares: tuple[float, T]) -> None:
        self._values = [value for _, value in shares]
        self._cumulated = list(accumulate(share for share, _ in shares))

    def draw(self, rng: Random) -> T:
        return rng.choices(self._values, cum_weights=self._cumulated)[0]


def happens(rng: Random, share: float) -> bool:
    """True in that share of the calls, from 0 to 1."""
    return rng.random() < share
