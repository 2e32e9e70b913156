"""How the pack says that the figures add up: the range of the total, and the platform's own count."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reports.errors import FiguresError
from reports.figures import Figures
from reports.texts.wording import between, platform_finding
from tests.packs import safe

DAY = date(2026, 11, 24)


def figures(n=612, **changes):
    usual = {
        "title": "Connect Pledge",
        "organisation": "Connect",
        "as_at": datetime(2026, 11, 24, 2, 15, tzinfo=UTC),
        "run_id": "run-1",
        "n_signatories": n,
        "by_role": [("Parent", n)],
        "by_day": [(date(2026, 11, 1), n)],
        "wording": "",
        "wording_since": None,
        "places": [("signatory", "", n), ("withdrawn", "", 13)],
        "n_seen": n + 13,
        "held_back": [],
    }
    return Figures(**(usual | changes))


@pytest.mark.parametrize(
    ("n", "lowest", "highest", "between"),
    [
        (612, 611, 613, (602, 622)),
        (612, 612, 613, (602, 622)),
        (612, 612, 612, (602, 622)),
        (610, 610, 610, (600, 620)),
        (612, 590, 641, (582, 642)),
        (10, 10, 11, (0, 20)),
        (9, 8, 9, None),
        (612, None, None, None),
    ],
)
def test_a_range_is_rounded_outward_and_small_totals_have_none(n, lowest, highest, between):
    assert safe(figures(n, lowest=lowest, highest=highest)).between == between


@pytest.mark.parametrize(
    ("doubts", "said"),
    [
        ([], "settled one way or the other."),
        ([("same person", 9)], "settled one way or the other."),
        ([("same person", 10)], "or the other: one person may have signed from two addresses."),
        (
            [("same person", 3), ("two people", 12), ("not genuine", 40)],
            "or the other: two people may share one address, a signature may not be genuine.",
        ),
    ],
)
def test_its_sentence_names_the_kinds_of_doubt_that_ten_people_are_in(doubts, said):
    made = between(safe(figures(612, lowest=600, highest=640, doubts=doubts)))
    assert made.startswith("Between 592 and 642 if every open doubt were")
    assert made.endswith(said)


@pytest.mark.parametrize("ends", [{"lowest": 613}, {"highest": 611}, {"lowest": -1}])
def test_a_range_that_leaves_the_total_out_is_refused(ends):
    with pytest.raises(FiguresError, match="range"):
        figures(**ends)


@pytest.mark.parametrize(
    ("n_platform", "n_here", "words"),
    [
        (612, 612, "holds is the same as ours."),
        (613, 612, "holds differs from ours by fewer than 10."),
        (603, 612, "holds differs from ours by fewer than 10."),
        (622, 612, "holds differs from ours by about 10."),
        (600, 613, "holds differs from ours by about 15."),
    ],
)
def test_the_platforms_count_is_told_by_how_far_it_is_from_ours(n_platform, n_here, words):
    said = platform_finding(safe(figures(platform=(n_platform, n_here, DAY))))
    assert said is not None
    assert said.endswith(words)
    assert "on 24 November 2026" in said


def test_without_a_comparison_nothing_is_said_of_the_platform():
    assert platform_finding(safe(figures())) is None


def test_neither_of_the_two_counts_is_in_the_pack():
    pack = safe(figures(platform=(1613, 1612, DAY)))
    assert "1613" not in repr(pack)
    assert "1612" not in repr(pack)
