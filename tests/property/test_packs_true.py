"""What packs say of pledges that change over 60 nights is true at the date that it stands by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.truth import Checker
from tests.worlds import Packs, a_world, figures_of

LONGEST = 500


def held_against_the_truth(seeds, n_nights):
    whole = Checker()
    for seed in seeds:
        world = a_world(seed, n_nights=n_nights)
        packs, checker = Packs(world), Checker()
        for day in world.nights:
            checker.check(packs.pack(day), figures_of(world, day))
        whole.n += checker.n
        whole.wrong += [(seed, *one) for one in checker.wrong]
        whole.shown += checker.shown
        whole.showable += checker.showable
    shares = {what: f"{whole.shown[what] / whole.showable[what]:.0%}" for what in whole.showable}
    print(
        f"{len(seeds)} pledges of {n_nights} nights: {whole.n:,} figures, {len(whole.wrong)} wrong, "
        f"shown {shares}"
    )
    return whole


@pytest.mark.parametrize("n_pledges", [4, pytest.param(20, marks=pytest.mark.long)])
def test_every_figure_is_right_within_its_rounding_at_its_own_date(n_pledges):
    found = held_against_the_truth(range(n_pledges), 60)
    assert found.n > 1000 * n_pledges
    assert found.wrong == []


@pytest.mark.chaos
@pytest.mark.timeout(7200)
def test_and_so_it_is_in_500_pledges():
    assert held_against_the_truth(range(1000, 1000 + LONGEST), 60).wrong == []


def test_a_wrong_figure_is_found():
    """Else the comparison would be too weak to prove anything."""
    world = a_world(1, n_nights=3)
    packs, checker = Packs(world), Checker()
    *_, last = world.nights
    for day in world.nights:
        pack, figures = packs.pack(day), figures_of(world, day)
        if day == last:
            (first, n), (second, m), *more = figures.by_role
            figures = replace(figures, by_role=[(first, n + 8), (second, m - 8), *more])
        checker.check(pack, figures)
    assert checker.wrong
