"""Figures that contradict themselves make no pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reports.errors import FiguresError
from reports.figures import Figures

SOUND = Figures(
    title="Connect Pledge",
    organisation="Connect",
    as_at=datetime(2026, 11, 24, 2, 15, tzinfo=UTC),
    run_id="run-1",
    n_signatories=12,
    by_role=[("Parent", 9), ("Teacher", 3)],
    by_day=[(date(2026, 11, 1), 12)],
    wording="",
    wording_since=None,
    places=[("signatory", "", 12), ("held back", "", 2)],
    n_seen=14,
    held_back=[("email_missing", "no address", 2)],
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"by_role": [("Parent", 9)]}, "The roles and the signatories"),
        ({"by_role": [("Parent", 13), ("Teacher", -1)]}, "The roles and the signatories"),
        ({"by_day": []}, "The days and the signatories"),
        ({"places": [("signatory", "", 14)], "held_back": []}, "The reconciliation and the signatories"),
        ({"n_seen": 15}, "The reconciliation and the responses seen"),
        ({"held_back": []}, "The rules and the responses held back"),
    ],
)
def test_sums_that_disagree_are_refused_by_name(change, what):
    with pytest.raises(FiguresError, match=what):
        replace(SOUND, **change)


def test_a_form_without_a_role_question_is_sound():
    assert replace(SOUND, by_role=[]).n_signatories == 12


def test_a_place_nobody_knows_is_refused():
    with pytest.raises(FiguresError, match="none of signatory, duplicate"):
        replace(SOUND, places=[*SOUND.places, ("somewhere", "", 0)])


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(FiguresError, match="no time zone"):
        replace(SOUND, as_at=SOUND.as_at.replace(tzinfo=None))
