"""Packs of several nights, attacked by linear programming with all that they show, read back from the files.

5,000 of them in the longest form; `print` tells how many counts were attacked.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.attacking import Found, a_world, all_told, attack

LONGEST = 5_000


def attacked(seeds, *, remembers=True):
    found = Found()
    n_nights = n_fresh = n_refused = 0
    for seed in seeds:
        random = Random(seed)
        world = a_world(random)
        told = all_told(world, random, remembers=remembers)
        before = len(found.bad)
        attack(world, told, found, random)
        found.bad[before:] = [(seed, *one) for one in found.bad[before:]]
        n_nights += len(told.totals)
        n_fresh += told.n_fresh
        n_refused += told.n_refused
    print(
        f"{len(seeds):,} sequences, {n_nights:,} packs, {n_fresh:,} figures told, {n_refused} packs refused, "
        f"{found.cells:,} counts and changes attacked, narrowest {found.narrowest:+.0f} of what it must be, "
        f"{len(found.bad)} narrowed"
    )
    return found


@pytest.mark.parametrize("n_sequences", [15, pytest.param(75, marks=pytest.mark.long)])
def test_no_small_count_and_no_small_change_is_narrowed_by_any_number_of_packs(n_sequences):
    assert attacked(range(n_sequences)).bad == []


@pytest.mark.chaos
@pytest.mark.timeout(7200)
def test_nor_in_5000_sequences():
    assert attacked(range(10_000, 10_000 + LONGEST)).bad == []


def test_packs_that_know_nothing_of_each_other_are_found_out():
    """Else the attacker would be too weak to prove anything."""
    assert attacked(range(5), remembers=False).bad
