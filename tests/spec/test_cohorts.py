"""Which table of roles a pack shows beside those of earlier packs: exact counts of nights in, tables out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports.disclosure.cohorts import n_differing
from reports.disclosure.make_safe import made_safe
from reports.packs_shown import NOTHING_SHOWN
from reports.readable import not_counted
from tests.packs import LONDON, figures

HIDDEN = None
FIRST = datetime(2026, 9, 1, 2, 15, tzinfo=UTC)
ROLES = ("Parent", "Teacher", "Councillor", "Politician", "Other")


class Nights:
    """Packs of nights that are a day apart, in the order in which they are asked for."""

    def __init__(self, *nights, labels=ROLES, threshold=10, knows=True):
        self.nights, self.labels, self.threshold, self.knows = nights, labels, threshold, knows
        self.memory = NOTHING_SHOWN

    def pack(self, night, *, labels=None, threshold=None, **changes):
        roles = list(zip(labels or self.labels, self.nights[night], strict=False))
        raw = figures(roles, as_at=FIRST + timedelta(days=night), run_id=f"run-{night}", **changes)
        made, self.memory = made_safe(
            raw,
            self.memory,
            threshold=threshold or self.threshold,
            zone=LONDON,
            counts_of=self.counts if self.knows else lambda _: None,
        )
        return made

    def counts(self, table):
        if table.what == "not-counted":
            return dict(not_counted(figures([("Parent", 1)]).places, []))
        return dict(zip(self.labels, self.nights[int(table.run_id.removeprefix("run-"))], strict=False))


def shown(pack):
    """The counts, and of how many nights after the first they are; None: of the pack's own."""
    at = pack.roles.as_at
    return [row.n for row in pack.roles.rows], (at.date() - FIRST.date()).days if at else None


@pytest.mark.parametrize(
    ("nights", "table"),
    [
        pytest.param([[640, 212], [640, 213]], ([640, 210], 0), id="one more: the table stands"),
        pytest.param([[640, 212], [644, 217]], ([640, 210], 0), id="nine more: it stands"),
        pytest.param([[640, 212], [645, 217]], ([645, 215], None), id="ten more: it is renewed as a whole"),
        pytest.param([[640, 212], [650, 212]], ([650, 210], None), id="ten of one role: as a whole too"),
        pytest.param([[640, 212], [631, 212]], ([640, 210], 0), id="nine fewer: it stands"),
        pytest.param([[640, 212], [630, 212]], ([630, 210], None), id="ten fewer"),
        pytest.param(
            [[640, 212], [631, 221]], ([640, 210], 0), id="nine in another role, the total the same"
        ),
        pytest.param([[640, 212], [630, 222]], ([630, 220], None), id="ten in another role"),
        pytest.param([[640, 212], [635, 222]], ([635, 220], None), id="five changed role and five came"),
        pytest.param([[640, 212], [640, 212]], ([640, 210], 0), id="none: the earlier one, under its date"),
        pytest.param(
            [[640, 212, 98, 4, 5], [700, 272, 98, 4, 15]],
            ([700, 270, 100, HIDDEN, HIDDEN], None),
            id="what is hidden is decided anew",
        ),
        pytest.param(
            [[640, 212, 12], [700, 270, 3]], ([700, HIDDEN, HIDDEN], None), id="a small one appears"
        ),
        pytest.param([[3, 4], [5, 4]], ([], None), id="under the threshold there is no table"),
    ],
)
def test_a_table_is_renewed_as_a_whole_once_ten_people_differ_or_stands(nights, table):
    packs = Nights(*nights)
    packs.pack(0)
    assert shown(packs.pack(1)) == table


def test_it_differs_by_ten_from_every_table_shown_not_only_from_the_last():
    packs = Nights([100, 50], [112, 50], [103, 50], [113, 50], [123, 50])
    assert [shown(packs.pack(night))[1] for night in range(5)] == [None, None, 0 + 1, 1, None]


def test_an_earlier_day_shows_the_last_table_by_then_or_none():
    packs = Nights([100, 50], [104, 50], [140, 50], [144, 50])
    packs.pack(1)
    assert shown(packs.pack(0)) == ([], None)
    packs.pack(2)
    assert shown(packs.pack(3)) == ([140, 50], 2)
    assert shown(packs.pack(1)) == ([105, 50], None)


def test_the_same_run_again_shows_its_own_table_as_of_now():
    packs = Nights([640, 212])
    first, again = packs.pack(0), packs.pack(0, as_of=None)
    assert (first.roles, shown(again)) == (again.roles, ([640, 210], None))


def test_the_total_of_a_standing_table_is_rounded_and_the_headline_exact():
    packs = Nights([640, 212], [641, 212])
    packs.pack(0)
    second = packs.pack(1)
    assert (second.total, second.roles.total) == (853, 850)


@pytest.mark.parametrize(
    ("threshold", "second"),
    [(20, [640, 210, HIDDEN, HIDDEN, HIDDEN]), (10, [640, 210, 100, 15, 15]), (5, [640, 210, 100, 15, 15])],
)
def test_another_threshold_shows_the_standing_table_or_less_of_it(threshold, second):
    packs = Nights([640, 212, 98, 14, 16], [640, 212, 98, 15, 16])
    packs.pack(0)
    assert shown(packs.pack(1, threshold=threshold)) == (second, 0)


def test_regrouped_roles_wait_until_ten_people_differ():
    packs = Nights([300, 200], [305], [309, 201], [312, 203])
    packs.nights = ([300, 200], [500], [505], [511])
    packs.pack(0)
    for night, on in ((1, 0), (2, 0), (3, None)):
        made = packs.pack(night, labels=("Parent and teacher",))
        assert ([row.label for row in made.roles.rows] == ["Parent and teacher"], shown(made)[1]) == (
            on is None, on,
        )  # fmt: skip


@pytest.mark.parametrize(("more", "on"), [(12, 0), (13, None)])
def test_where_nobody_knows_the_exact_counts_the_rounded_totals_must_tell_ten(more, on):
    packs = Nights([640, 210], [640 + more, 210], knows=False)
    packs.pack(0)
    assert shown(packs.pack(1))[1] == on


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ({"a": 5, "b": 5}, {"a": 5, "b": 5}, 0),
        ({"a": 5, "b": 5}, {"a": 8, "b": 5}, 3),
        ({"a": 5, "b": 5}, {"a": 8, "b": 2}, 3),
        ({"a": 5, "b": 5}, {"a": 12, "b": 1}, 7),
        ({"a": 5, "b": 5}, {"a and b": 10}, 0),
        ({"a": 5, "b": 5, "c": 1}, {"a and b": 11, "c": 3}, 3),
    ],
)
def test_two_tables_differ_by_what_answers_have_gained_or_lost(one, other, least):
    assert (n_differing(one, other), n_differing(other, one)) == (least, least)


BY_MONTH = [
    (date(2026, month, 3), role, n) for month in (5, 6, 7, 8) for role, n in (("Parent", 60), ("Teacher", 30))
]


def by_month(*nights, zone=LONDON):
    memory, found = NOTHING_SHOWN, []
    for number, (at, rows) in enumerate(nights):
        roles = {role: sum(n for _, of, n in rows if of == role) for role in ("Parent", "Teacher")}
        raw = figures(
            list(roles.items()),
            as_at=at,
            run_id=f"run-{number}",
            by_day=[(day, n) for day, _, n in rows],
            by_day_and_role=rows,
        )

        def counts(table):
            of_run = nights[int(table.run_id.removeprefix("run-"))][1]
            return {
                role: sum(n for day, of, n in of_run if of == role and (not table.upto or day <= table.upto))
                for role in ("Parent", "Teacher")
            }

        pack, memory = made_safe(raw, memory, threshold=10, zone=zone, counts_of=counts)
        found.append(pack.role_periods)
    return found


def columns(grid):
    return (
        {end: [counts[at] for _, counts in grid.rows] for at, end in enumerate(grid.days)} if grid else None
    )


def test_months_are_those_who_had_signed_by_their_ends():
    (grid,) = by_month((datetime(2026, 9, 9, 1, tzinfo=UTC), BY_MONTH))
    assert columns(grid) == {
        date(2026, 5, 31): [60, 30],
        date(2026, 6, 30): [120, 60],
        date(2026, 7, 31): [180, 90],
    }
    assert grid.totals == (90, 180, 270)


def test_a_month_in_which_fewer_than_ten_signed_is_joined_with_the_next():
    rows = [*BY_MONTH[:4], (date(2026, 7, 3), "Parent", 9), *BY_MONTH[6:]]
    (grid,) = by_month((datetime(2026, 9, 9, 1, tzinfo=UTC), rows))
    assert list(columns(grid)) == [date(2026, 5, 31), date(2026, 6, 30)]


def test_a_month_once_shown_is_shown_alike_until_ten_have_changed_in_it():
    at = datetime(2026, 9, 9, 1, tzinfo=UTC)
    one_left = [(date(2026, 5, 3), "Parent", 57), *BY_MONTH[1:]]
    ten_left = [(date(2026, 5, 3), "Parent", 47), *BY_MONTH[1:]]
    first, second, third = by_month(
        (at, BY_MONTH), (at + timedelta(days=1), one_left), (at + timedelta(days=2), ten_left)
    )
    assert columns(second) == columns(first)
    assert columns(third)[date(2026, 5, 31)] == [45, 30]


def test_many_months_are_those_of_quarters_and_the_last_one():
    months = [*(date(2025, month, 3) for month in range(1, 13)), date(2026, 1, 9)]
    rows = [(day, role, 60) for day in months for role in ("Parent", "Teacher")]
    (grid,) = by_month((datetime(2026, 2, 9, 1, tzinfo=UTC), [*rows, (date(2026, 2, 1), "Parent", 50)]))
    assert list(columns(grid)) == [
        date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 1, 31),
    ]  # fmt: skip


def test_months_end_when_their_last_day_does_where_readers_are():
    zone = ZoneInfo("Asia/Tokyo")
    (grid,) = by_month((datetime(2026, 6, 30, 16, tzinfo=UTC), BY_MONTH[:4]), zone=zone)
    assert grid is None


def test_a_raised_threshold_hides_points_of_growth_and_changes_that_it_would_not_have_shown():
    by_day = [(date(2026, 8, 2), 7), (date(2026, 8, 9), 8), (date(2026, 8, 16), 85)]
    packs = Nights([90, 10], [120, 15])
    low = packs.pack(0, threshold=5, by_day=by_day)
    high = packs.pack(1, threshold=20, by_day=[*by_day, (date(2026, 8, 23), 35)])
    assert [point.n for point in low.growth.points] == [5, 15, 100]
    assert [point.n for point in high.growth.points] == [100, 135]
    assert {label: then for label, then, _ in high.since.rows} == {"Parent": None, "Teacher": None}
