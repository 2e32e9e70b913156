"""What vanished ids mean: believed, doubted, or left for another night."""

from __future__ import annotations

import pytest

from connectors.survey.contract import IdSweep
from flows.steps.sweep import why_not_withdrawn


def judged(n_vanished, n_held, *, is_whole=True, is_accepted=False, share=0.05):
    """How many are marked, and what is said where they aren't."""
    swept = IdSweep([], n_held - n_vanished, is_whole)
    doubt = why_not_withdrawn(
        n_vanished, n_held=n_held, swept=swept, largest_share=share, is_accepted=is_accepted
    )
    return 0 if doubt else n_vanished, doubt


@pytest.mark.parametrize(
    ("n_vanished", "n_held", "marked"),
    [
        (0, 0, 0),
        (0, 1_000, 0),
        (1, 1, 1),  # a handful may always go
        (10, 10, 10),
        (11, 11, 0),
        (11, 219, 0),
        (11, 220, 11),  # a twentieth
        (50, 1_000, 50),
        (51, 1_000, 0),
        (1_000, 1_000, 0),
    ],
)
def test_a_handful_or_a_small_share_is_believed_and_more_is_not(n_vanished, n_held, marked):
    n, warning = judged(n_vanished, n_held)
    assert n == marked
    assert (warning is None) == (marked == n_vanished)


def test_a_doubt_says_how_many_and_what_to_do():
    _, warning = judged(1_200, 2_500)
    assert "1,200 of 2,500" in warning
    assert "--accept-withdrawals" in warning


@pytest.mark.parametrize("n_vanished", [1, 11, 900])
def test_a_persons_word_settles_it_but_not_for_a_sweep_that_was_short(n_vanished):
    assert judged(n_vanished, 1_000, is_accepted=True) == (n_vanished, None)
    n, warning = judged(n_vanished, 1_000, is_accepted=True, is_whole=False)
    assert n == 0
    assert "short" in warning


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_may_be_set_to_nothing_or_to_all(share):
    assert judged(10, 1_000, share=share) == (10, None)
    assert judged(1_000, 1_000, share=share)[0] == (1_000 if share else 0)
