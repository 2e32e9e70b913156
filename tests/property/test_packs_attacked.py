"""Packs of several nights, attacked by linear programming with all that they show.

5,000 sequences in the longest form; `print` tells how much was attacked.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.attacking import Found, all_packs, attack
from tests.worlds import a_world

LONGEST = 5_000


def attacked(seeds, *, assumes_growth=False, **how):
    found = Found()
    for seed in seeds:
        world = a_world(seed)
        if world.only_grows or not assumes_growth:
            attack(all_packs(world, Random(seed), **how), found, assumes_growth=assumes_growth)
    print(
        f"{len(seeds):,} sequences {how or ''}: {found.n_packs:,} packs, {found.n_tables:,} tables, "
        f"{found.n_pairs:,} pairs, {len(found.near)} too near; {found.n_hidden:,} hidden counts, "
        f"{len(found.narrowed)} narrowed"
    )
    return found


HOW = [
    pytest.param({}, id="as made"),
    pytest.param({"knows": False}, id="where the exact counts of earlier runs can't be looked up"),
]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("n_sequences", [20, pytest.param(75, marks=pytest.mark.long)])
def test_no_hidden_count_is_narrowed_and_no_two_tables_differ_by_fewer_than_the_threshold(n_sequences, how):
    found = attacked(range(n_sequences), **how)
    assert found.n_hidden > n_sequences
    assert (found.narrowed, found.near) == ([], [])


@pytest.mark.chaos
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("how", HOW)
def test_nor_in_5000_sequences(how):
    found = attacked(range(10_000, 10_000 + LONGEST), **how)
    assert (found.narrowed, found.near) == ([], [])


def test_packs_that_know_nothing_of_each_other_are_found_out():
    """Else the attacker would be too weak to prove anything."""
    assert attacked(range(12), remembers=False).near


def test_who_assumes_that_nobody_leaves_narrows_few():
    """What the rule leaves open, as docs/decisions/0057 says."""
    found = attacked(range(60), assumes_growth=True)
    assert 0 < len(found.narrowed) < found.n_hidden / 15
