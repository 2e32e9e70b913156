"""What a table of roles may show beside those of earlier packs: exact counts of nights in, safe ones out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reports.disclosure.release_sequence import NOTHING_SHOWN, next_others, next_table
from reports.errors import TooNearError

HIDDEN = None
FIRST = datetime(2026, 9, 1, 2, 15, tzinfo=UTC)


def shown(*nights, order=None, threshold=10, thresholds=None):
    """(counts, day of the table, days of the rows that are older) of each night, the nights a day apart."""
    memory, found = NOTHING_SHOWN, {}
    for night in order or range(len(nights)):
        at = FIRST + timedelta(days=night)
        roles = [(f"role {number}", n) for number, n in enumerate(nights[night])]
        own = (thresholds or {}).get(night, threshold)
        table, told = next_table(roles, at=at, threshold=own, before=memory)
        memory = replace(
            memory,
            totals=(*memory.totals, (at, sum(nights[night]))),
            roles=(*memory.roles, told) if told else memory.roles,
        )
        on = (table.as_on - FIRST.date()).days if table.rows and table.as_on else None
        found[night] = ([row.cell.n for row in table.rows], on)
    return [found[night] for night in sorted(found)]


@pytest.mark.parametrize(
    ("nights", "safe"),
    [
        pytest.param(
            [[640, 12], [640, 13]],
            [([640, 10], 0), ([640, 10], 0)],
            id="12 becomes 13: nobody sees that it was a teacher who signed",
        ),
        pytest.param(
            [[640, 212, 98], [660, 212, 98]],
            [([640, 210, 100], 0), ([640, 210, 100], 1)],
            id="20 more of one role: that the others are none more isn't told",
        ),
        pytest.param(
            [[640, 212, 98], [659, 212, 98]],
            [([640, 210, 100], 0), ([640, 210, 100], 0)],
            id="19 more: nothing is counted anew",
        ),
        pytest.param(
            [[640, 212, 98], [700, 300, 160]],
            [([640, 210, 100], 0), ([700, 300, 160], 1)],
            id="all have moved much: all are renewed",
        ),
        pytest.param(
            [[640, 212, 98, 4, 5], [700, 272, 98, 4, 5]],
            [([640, 210, 100, HIDDEN, HIDDEN], 0), ([640, 270, 100, HIDDEN, HIDDEN], 1)],
            id="who has moved least stays as it was, as cover for the small change",
        ),
        pytest.param(
            [[640, 212, 98], [600, 180, 60]],
            [([640, 210, 100], 0), ([600, 180, 60], 1)],
            id="fewer, too",
        ),
        pytest.param(
            [[640, 212, 12], [700, 270, 3]],
            [([640, 210, 10], 0), ([700, 210, HIDDEN], 1)],
            id="a count that has become small is hidden, and the others cover it",
        ),
        pytest.param([[3, 4], [4, 4]], [([], None), ([], None)], id="under the threshold there is no table"),
    ],
)
def test_a_figure_is_renewed_only_where_the_change_is_safe_as_well(nights, safe):
    assert shown(*nights) == safe


def test_the_decision_rests_on_what_is_known_anyway_so_that_its_time_tells_nothing():
    nights = [[600 + n, 200, 100] for n in range(41)]
    assert [on for _, on in shown(*nights)] == [0] * 20 + [20] * 20 + [40]


def test_a_pack_of_an_earlier_day_is_a_point_of_the_sequence_too():
    late_first = shown([600, 200, 90], [640, 230, 130], [700, 290, 190], order=[2, 0, 1])
    assert [counts for counts, _ in late_first][2] == [700, 290, 190]
    assert late_first[0] == ([600, 200, 90], 0)


def test_a_day_so_near_before_a_pack_that_its_total_would_tell_is_refused():
    with pytest.raises(TooNearError, match="2026-09-02"):
        shown([5, 9, 4, 22], [5, 10, 4, 23], order=[1, 0])


@pytest.mark.parametrize(
    ("thresholds", "second"),
    [
        ({1: 20}, [640, 210, HIDDEN, HIDDEN, HIDDEN]),
        ({1: 5}, [640, 210, 100, 15, 15]),
    ],
)
def test_another_threshold_shows_the_same_table_or_less(thresholds, second):
    (_, first), (counts, on) = shown([640, 212, 98, 14, 16], [640, 212, 98, 14, 16], thresholds=thresholds)
    assert (first, counts, on) == (0, second, 0)


def test_regrouped_roles_are_shown_with_the_next_table():
    at = FIRST
    _, told = next_table([("a", 300), ("b", 200)], at=at, threshold=10, before=NOTHING_SHOWN)
    memory = replace(NOTHING_SHOWN, totals=((at, 500),), roles=(told,))
    day = timedelta(days=1)
    table, none = next_table([("a and b", 505)], at=at + day, threshold=10, before=memory)
    assert ([row.label for row in table.rows], none) == (["a", "b"], None)
    table, _ = next_table([("a and b", 520)], at=at + day, threshold=10, before=memory)
    assert [(row.label, row.cell.n) for row in table.rows] == [("a and b", 520)]


def test_of_the_other_forms_a_figure_is_renewed_once_it_has_moved_by_the_threshold():
    first, told = next_others([("left", 140), ("spam", 12)], at=FIRST, threshold=10, before=())
    assert [row.cell.n for row in first.rows] == [140, 10]
    later = FIRST + timedelta(days=1)
    again, none = next_others([("left", 141), ("spam", 13)], at=later, threshold=10, before=(told,))
    assert ([row.cell.n for row in again.rows], again.total, none) == ([140, 10], 150, None)
    moved, _ = next_others([("left", 170), ("spam", 13)], at=later, threshold=10, before=(told,))
    assert ([row.cell.n for row in moved.rows], moved.total) == ([170, 10], 185)
