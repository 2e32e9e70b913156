"""An attacker with linear programming and every pack that there is, of any order, threshold and day."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from reports.branding import Brand
from reports.disclosure.release_sequence import NOTHING_SHOWN
from reports.disclosure.safe_pack import made_safe
from reports.disclosure.suppression import possible
from reports.errors import TooNearError
from reports.formats import csv_tables, json_counts
from tests.packs import figures

if TYPE_CHECKING:
    from random import Random

FIRST_NIGHT = date(2026, 3, 2)
MOST_GOALS = 60
Moment = tuple[date, int]
HIDDEN = "[c]"
LAST_HOUR = 23
NIGHT, MONTH = 0, 1  # a pack is made in the night; a month ends when its last day does


@dataclass
class World:
    """People by role and day of signing, and who of them was there on each night.

    nights: day to the people of that night, each (role, day of signing).
    """

    n_roles: int
    only_grows: bool
    nights: dict[date, list[tuple[int, date]]] = field(default_factory=dict)

    def counts(self, day):
        found = Counter(role for role, _ in self.nights[day])
        return [found[role] for role in range(self.n_roles)]


def a_world(random: Random) -> World:
    """Some months before the first night, then up to seven nights, days or weeks apart."""
    world = World(random.randint(2, 8), random.random() < 2 / 3)
    sizes = [
        random.choice([random.randint(0, 12), random.randint(0, 30), random.randint(0, 400)])
        for _ in range(world.n_roles)
    ]
    past = random.choice([1, 40, 150])
    people = [
        (role, FIRST_NIGHT - timedelta(days=random.randrange(past)))
        for role, n in enumerate(sizes)
        for _ in range(n)
    ]
    day = FIRST_NIGHT
    world.nights[day] = list(people)
    for _ in range(random.randint(1, 6)):
        day += timedelta(days=random.choice([1, 1, 2, 7, 30]))
        weights = [random.random() ** 3 + 1e-9 for _ in range(world.n_roles)]
        if random.random() < 0.3:
            weights = [float(role == random.randrange(world.n_roles)) + 1e-9 for role in range(world.n_roles)]
        n_new = random.choice([1, 1, 2, 5, 12, 25, 60, 200])
        people += [(role, day) for role in random.choices(range(world.n_roles), weights, k=n_new)]
        if not world.only_grows:
            for _ in range(min(random.choice([0, 1, 3, 15]), len(people))):
                _, signed = people.pop(random.randrange(len(people)))
                if random.random() < 0.5:
                    people.append((random.randrange(world.n_roles), signed))
        world.nights[day] = list(people)
    return world


def raw_figures(world: World, day: date):
    people = world.nights[day]
    by_day = sorted(Counter(signed for _, signed in people).items())
    in_detail = sorted(Counter((signed, f"role {role}") for role, signed in people).items())
    return figures(
        [(f"role {role}", n) for role, n in enumerate(world.counts(day))],
        as_at=datetime(day.year, day.month, day.day, 2, 15, tzinfo=UTC),
        by_day=by_day,
        first_signed_on=by_day[0][0] if by_day else None,
        last_signed_on=by_day[-1][0] if by_day else None,
        by_day_and_role=[(signed, role, n) for (signed, role), n in in_detail],
    )


@dataclass
class Told:
    """What the packs told: which totals, and of which role how many on which day; and by which threshold.

    first: the day of the pack that had the first table; months before it are of its people.
    """

    first: date | None = None
    totals: set[Moment] = field(default_factory=set)
    months: set[Moment] = field(default_factory=set)
    facts: dict[tuple[int, Moment], tuple[int, int]] = field(default_factory=dict)
    thresholds: dict[Moment, int] = field(default_factory=dict)
    n_fresh: int = 0
    n_refused: int = 0
    packs: list = field(default_factory=list)


def all_told(world: World, random: Random, *, remembers: bool = True) -> Told:
    """Packs of the nights in some order, each read back from its counts.json and its CSV files."""
    days = list(world.nights)
    if random.random() < 0.3:
        random.shuffle(days)
    usual = random.choice([10, 10, 10, 5, 7, 20])
    told, memory = Told(), NOTHING_SHOWN
    for day in days:
        threshold = usual if random.random() < 0.9 else random.choice([5, 10, 20])
        try:
            pack, after = made_safe(raw_figures(world, day), memory, threshold=threshold, tz="Europe/London")
        except TooNearError:
            told.n_refused += 1
            continue
        if told.first is None and after.roles:
            told.first = day
            note_months(after, told)
        memory = after if remembers else memory
        told.totals.add((day, NIGHT))
        told.packs.append(pack)
        read_back(pack, world, day, threshold, told)
    return told


def read_back(pack, world: World, day: date, threshold: int, told: Told) -> None:
    counts = json.loads(json_counts.render(pack, Brand())[".json"])
    tables = {
        name[1:-4]: [line.split(",") for line in text.decode().splitlines()[1:]]
        for name, text in csv_tables.render(pack, Brand()).items()
    }
    assert counts["total"] == len(world.nights[day])
    in_csv = {row[0]: row[1] for row in tables.get("roles", [])}
    assert in_csv == {
        role["role"]: HIDDEN if role["n"] is None else str(role["n"]) for role in counts["roles"]
    }
    on = date.fromisoformat(counts["roles_as_on"])
    if counts["roles"] and on == day and (on, NIGHT) not in told.thresholds:
        told.thresholds[on, NIGHT] = threshold
    for role in counts["roles"]:
        if role["n"] is not None and role["as_on"] == counts["roles_as_on"]:
            moment = (on, MONTH if (on, NIGHT) not in told.thresholds else NIGHT)
            note(told, number(role["role"]), moment, role["n"], told.thresholds[moment])
    for label, *cells in tables.get("role-periods", []):
        assert dict(pack.role_periods.rows)[label] == tuple(
            None if cell == HIDDEN else int(cell) for cell in cells
        )


def note_months(memory, told: Told) -> None:
    """The months before the first pack: all that may ever be shown of them."""
    for one in memory.roles:
        end = one.at.date()
        if end < told.first and one.at.hour == LAST_HOUR:
            told.thresholds[end, MONTH] = one.threshold
            told.months.add((end, MONTH))
            for row in one.rows:
                if row.n is not None and row.at == one.at:
                    note(told, number(row.label), (end, MONTH), row.n, one.threshold)


def note(told: Told, role: int, day: Moment, shown: int, threshold: int) -> None:
    low, high = possible(shown, threshold)
    least, most = told.facts.get((role, day), (low, high))
    told.facts[role, day] = max(low, least), min(high, most)
    told.n_fresh += 1


def number(label: str) -> int:
    return int(re.fullmatch(r"role (\d+)", label)[1])


@dataclass
class Found:
    """cells: counts and changes protected; narrowest: the least that one was wider than it must be."""

    cells: int = 0
    narrowest: float = float("inf")
    bad: list = field(default_factory=list)


def attack(world: World, told: Told, found: Found, random: Random) -> None:
    """The least and the greatest that each protected count and small change can be, for all that is told.

    A protected one must keep the threshold's width, or what the totals alone leave it.
    """
    days = sorted([*told.months, *told.totals])
    if not days:
        return
    truth = {(day, NIGHT): world.counts(day) for day, _ in told.totals}
    for end, _ in told.months:
        so_far = Counter(role for role, signed in world.nights[told.first] if signed <= end)
        truth[end, MONTH] = [so_far[role] for role in range(world.n_roles)]
    program = Program(world, days, truth, told)
    low = min([*told.thresholds.values(), *(pack.threshold for pack in told.packs)])
    goals = [((role, day), None) for role in range(world.n_roles) for day in days if truth[day][role] < low]
    apart = [
        ((role, later), (role, earlier))
        for role in range(world.n_roles)
        for at, earlier in enumerate(days)
        for later in days[at + 1 :]
        if abs(truth[later][role] - truth[earlier][role]) < low
    ]
    random.shuffle(apart)
    for goal in [*goals, *apart][: max(MOST_GOALS, len(goals))]:
        width = program.width(goal)
        found.cells += 1
        must = low - 1
        if width < must - 1e-6:
            must = min(must, program.width(goal, knows_roles=False))
        found.narrowest = min(found.narrowest, width - must)
        if width < must - 1e-6:
            found.bad.append((goal, width, must))


class Program:
    """Counts by role and day as unknowns; the totals, the figures told, and growth as what is known."""

    def __init__(self, world: World, days, truth, told: Told) -> None:
        self.at = {
            (role, day): n for n, (role, day) in enumerate((r, d) for r in range(world.n_roles) for d in days)
        }
        totals = [sum(truth[day]) for day in days]
        self.equal = np.zeros((len(days), len(self.at)))
        for row, day in enumerate(days):
            for role in range(world.n_roles):
                self.equal[row, self.at[role, day]] = 1
        self.totals = totals
        self.blank = [(0, totals[days.index(day)]) for _, day in self.at]
        self.bounds = list(self.blank)
        for (role, day), (low, high) in told.facts.items():
            assert low <= truth[day][role] <= high
            self.bounds[self.at[role, day]] = low, high
        steps = []
        if world.only_grows:
            for role in range(world.n_roles):
                for earlier, later in pairwise(days):
                    step = np.zeros(len(self.at))
                    step[self.at[role, earlier]], step[self.at[role, later]] = 1, -1
                    steps.append(step)
        self.steps = np.array(steps) if steps else None

    def width(self, goal, *, knows_roles: bool = True) -> float:
        aim = np.zeros(len(self.at))
        aim[self.at[goal[0]]] = 1
        if goal[1]:
            aim[self.at[goal[1]]] = -1
        ends = []
        for sign in (1, -1):
            done = linprog(
                sign * aim,
                A_ub=self.steps,
                b_ub=None if self.steps is None else np.zeros(len(self.steps)),
                A_eq=self.equal,
                b_eq=self.totals,
                bounds=self.bounds if knows_roles else self.blank,
                method="highs",
            )
            assert done.status == 0, done.message
            ends.append(sign * done.fun)
        return ends[1] - ends[0]
