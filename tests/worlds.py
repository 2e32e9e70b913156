"""Pledges that grow, shrink and change, and a pack of each night: what is true, and what is told."""

from __future__ import annotations

import random as chance
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from reports.disclosure.make_safe import made_safe
from reports.figures import Breakdown
from reports.packs_shown import NOTHING_SHOWN
from reports.readable import by_choice, not_counted
from tests.packs import LONDON, figures

if TYPE_CHECKING:
    from reports.packs_shown import Memory, ShownTable
    from reports.safe_pack import SafePack

FIRST_NIGHT = date(2026, 3, 2)
AREAS = ("Angus", "Fife", "Moray", "Outside Scotland", "(no answer)")
REASONS = ("left unfinished", "preview", "spam")


@dataclass(frozen=True)
class Person:
    role: int
    signed_on: date
    area: str


@dataclass
class World:
    """Who was there on each night, by number, and how many forms were elsewhere.

    groups: by night, roles that are shown as one from then on. only_grows: nobody leaves or changes role.
    """

    n_roles: int
    only_grows: bool
    nights: dict[date, dict[int, Person]] = field(default_factory=dict)
    others: dict[date, dict[str, int]] = field(default_factory=dict)
    grouped_from: date | None = None

    def label(self, role: int, day: date) -> str:
        if self.grouped_from and day >= self.grouped_from and role < 2:
            return "role 0 or 1"
        return f"role {role}"

    def labels(self, day: date) -> list[str]:
        return list(dict.fromkeys(self.label(role, day) for role in range(self.n_roles)))


def a_world(seed: int, *, n_nights: int | None = None) -> World:
    """Some months before the first night, then nights that are days or weeks apart."""
    random = chance.Random(seed)
    world = World(random.randint(2, 8), random.random() < 2 / 3)
    sizes = [
        random.choice([random.randint(0, 12), random.randint(0, 30), random.randint(0, 400)])
        for _ in range(world.n_roles)
    ]
    past = random.choice([1, 40, 150])
    people = {}
    for role, n in enumerate(sizes):
        for _ in range(n):
            people[len(people)] = _person(
                random, role, FIRST_NIGHT - timedelta(days=random.randrange(1, past + 1))
            )
    others = {reason: random.choice([0, 3, 12, 140]) for reason in REASONS}
    day, number = FIRST_NIGHT, len(people)
    for night in range(n_nights or random.randint(2, 7)):
        if night:
            day += timedelta(
                days=random.choice([1, 1, 2, 7, 30]) if n_nights is None else random.choice([1, 1, 1, 5])
            )
            number = _change(world, random, people, number, day - timedelta(days=1))
            others[random.choice(REASONS)] += random.choice([0, 1, 2, 15])
        world.nights[day], world.others[day] = dict(people), dict(others)
    if random.random() < 0.2:
        world.grouped_from = random.choice(list(world.nights))
    return world


def _person(random: chance.Random, role: int, day: date) -> Person:
    return Person(role, day, random.choices(AREAS, [8, 20, 2, 1, 3])[0])


def _change(world: World, random: chance.Random, people: dict[int, Person], number: int, day: date) -> int:
    weights = [random.random() ** 3 + 1e-9 for _ in range(world.n_roles)]
    if random.random() < 0.3:
        weights = [float(role == random.randrange(world.n_roles)) + 1e-9 for role in range(world.n_roles)]
    for role in random.choices(range(world.n_roles), weights, k=random.choice([1, 1, 2, 5, 12, 25, 60, 200])):
        people[number] = _person(random, role, day)
        number += 1
    if not world.only_grows:
        for _ in range(min(random.choice([0, 1, 3, 15]), len(people))):
            one = random.choice(list(people))
            gone = people.pop(one)
            if random.random() < 0.5:
                people[one] = replace(gone, role=random.randrange(world.n_roles))
    return number


def figures_of(world: World, day: date):
    people = world.nights[day].values()
    by_role = Counter(world.label(one.role, day) for one in people)
    by_area = Counter(one.area for one in people)
    in_detail = sorted(Counter((one.signed_on, world.label(one.role, day)) for one in people).items())
    return figures(
        [(label, by_role[label]) for label in world.labels(day)],
        others=[("not counted", reason, n) for reason, n in world.others[day].items()],
        as_at=datetime(day.year, day.month, day.day, 2, 15, tzinfo=UTC),
        run_id=f"{day}",
        by_day=sorted(Counter(one.signed_on for one in people).items()),
        by_day_and_role=[(signed, label, n) for (signed, label), n in in_detail],
        breakdowns=[Breakdown("Area", "Where do you live?", [(area, by_area[area]) for area in AREAS])],
    )


@dataclass
class Packs:
    """What packs of a world have shown. knows: the exact counts of earlier runs can be looked up."""

    world: World
    memory: Memory = NOTHING_SHOWN
    knows: bool = True

    def pack(self, day: date, *, threshold: int = 10) -> SafePack:
        made, self.memory = made_safe(
            figures_of(self.world, day),
            self.memory,
            threshold=threshold,
            zone=LONDON,
            counts_of=self.counts if self.knows else lambda _: None,
        )
        return made

    def people(self, table: ShownTable) -> dict[int, Person]:
        """Whom a table of people counts, by number."""
        there = self.world.nights[date.fromisoformat(table.run_id)]
        return {at: one for at, one in there.items() if table.upto is None or one.signed_on <= table.upto}

    def answers(self, table: ShownTable) -> dict[int, str]:
        """What each of them answered, as the table has it."""
        day = date.fromisoformat(table.run_id)
        by_role = table.what == "roles"
        return {
            at: self.world.label(one.role, day) if by_role else one.area
            for at, one in self.people(table).items()
        }

    def counts(self, table: ShownTable) -> dict[str, int]:
        day = date.fromisoformat(table.run_id)
        if table.what == "not-counted":
            places = [("not counted", reason, n) for reason, n in self.world.others[day].items()]
            return dict(not_counted(places, []))
        found = Counter(self.answers(table).values())
        if table.what == "roles":
            return {label: found[label] for label in self.world.labels(day)}
        return dict(by_choice((area, found[area]) for area in AREAS))
