"""An attacker with linear programming and every pack that there is, of any order, threshold and day."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from reports.branding import Brand
from reports.disclosure.suppression import possible
from reports.formats import csv_tables, json_counts
from tests.worlds import Packs

if TYPE_CHECKING:
    from random import Random

    from reports.packs_shown import ShownTable
    from reports.safe_pack import SafePack
    from tests.worlds import World

HIDDEN = "[c]"
KINDS = ("roles", "by-area", "not-counted")


@dataclass
class Found:
    """What attacks found. narrowed: (table, label, least, greatest) of hidden counts under the threshold that
    can be less than anything; near: pairs of tables that differ by fewer people than the threshold.
    """

    n_packs: int = 0
    n_tables: int = 0
    n_pairs: int = 0
    n_hidden: int = 0
    narrowed: list = field(default_factory=list)
    near: list = field(default_factory=list)


def all_packs(world: World, random: Random, *, remembers: bool = True, knows: bool = True) -> Packs:
    """Packs of the nights in some order, each read back from its files and held against what it remembers."""
    days = list(world.nights)
    if random.random() < 0.3:
        random.shuffle(days)
    usual = random.choice([10, 10, 10, 5, 7, 20])
    packs = Packs(world, knows=knows)
    everything = packs.memory
    for day in days:
        threshold = usual if random.random() < 0.9 else random.choice([5, 10, 20])
        pack = packs.pack(day, threshold=threshold)
        everything = packs.memory.joined(everything)
        assert_only_tables_are_told(pack, packs)
        if not remembers:
            packs.memory = type(packs.memory)()
    packs.memory = everything
    return packs


def assert_only_tables_are_told(pack: SafePack, packs: Packs) -> None:
    """Each table in the files is one of those that are remembered, whole, or less of it.

    So whoever attacks those attacks the files.
    """
    files = csv_tables.render(pack, Brand())
    counts = json.loads(json_counts.render(pack, Brand())[".json"])
    shown = {what: [] for what in KINDS}
    for one in packs.memory.tables:
        shown[one.what].append(dict(one.rows))
    told = {what: rows_of(files[f"-{what}.csv"]) for what in KINDS if f"-{what}.csv" in files}
    assert {row["role"]: row["n"] for row in counts["roles"]} == dict(told.get("roles", []))
    for what, rows in told.items():
        assert any(is_of(dict(rows), table) for table in shown[what]) or not any(n for _, n in rows)
    for _, column in columns_of(files.get("-role-periods.csv", b"")):
        assert any(is_of(column, table) for table in shown["roles"])


def is_of(told: dict[str, int | None], table: dict[str, int | None]) -> bool:
    return all(n is None or table.get(label) == n for label, n in told.items())


def rows_of(text: bytes) -> list[tuple[str, int | None]]:
    """(label, count) of a long table: the columns after the date."""
    _, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    return [(row[1], None if row[2] == HIDDEN else int(row[2])) for row in rows]


def columns_of(text: bytes) -> list[tuple[str, dict[str, int | None]]]:
    _, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig"))) if text else [None]
    columns: dict[str, dict[str, int | None]] = {}
    for row in rows:
        columns.setdefault(row[0], {})[row[1]] = None if row[2] == HIDDEN else int(row[2])
    return list(columns.items())


def attack(packs: Packs, found: Found, *, assumes_growth: bool = False) -> None:
    """All that linear programming tells of what tables of people hide, and whether any two are too near.

    Known are: each shown count within its rounding; the exact total of each pack; that in one pack who had
    signed by a day is among those who had by a later one; and, where it *assumes growth*, that in all packs.
    """
    found.n_packs += len(packs.memory.packs)
    for what in ("roles", "by-area"):
        tables = sorted((one for one in packs.memory.tables if one.what == what), key=lambda one: one.at)
        found.n_tables += len(tables)
        for one, other in combinations(tables, 2):
            found.n_pairs += 1
            if n_apart(packs, one, other) < max(one.threshold, other.threshold):
                found.near.append((one, other))
        if tables:
            _narrow(packs, tables, found, assumes_growth)


def n_apart(packs: Packs, one: ShownTable, other: ShownTable) -> int:
    """People in whom two tables differ: one by one, not by counts; by role, however roles were grouped."""
    if one.what == "roles":
        first, second = ({at: one.role for at, one in packs.people(table).items()} for table in (one, other))
    else:
        first, second = packs.answers(one), packs.answers(other)
    return sum(first.get(at) != second.get(at) for at in first.keys() | second.keys())


def _narrow(packs: Packs, tables: list[ShownTable], found: Found, assumes_growth: bool) -> None:
    places = [(n, label) for n, one in enumerate(tables) for label, _ in one.rows]
    program = Program({place: number for number, place in enumerate(places)})
    for n, one in enumerate(tables):
        program.know_table(n, one, len(packs.people(one)))
    for (n, one), (m, other) in combinations(enumerate(tables), 2):
        if one.run_id == other.run_id or assumes_growth:
            program.know_growth(n, m)
    for n, one in enumerate(tables):
        counts = packs.counts(one)
        for label, count in one.rows:
            if count is None and counts[label] < one.threshold:
                least, most = program.ends(n, label)
                found.n_hidden += 1
                assert least - 1e-6 <= counts[label] <= most + 1e-6
                if least > 1e-6 or most < min(one.threshold - 1, sum(counts.values())) - 1e-6:
                    found.narrowed.append((one, label, least, most))


class Program:
    """Counts by table and label as unknowns, and what is known of them."""

    def __init__(self, at: dict[tuple[int, str], int]) -> None:
        self.at = at
        self.bounds: list[tuple[float, float]] = [(0, 0)] * len(at)
        self.equal, self.totals, self.under, self.most = [], [], [], []

    def know_table(self, n: int, table: ShownTable, n_people: int) -> None:
        for label, count in table.rows:
            known = (0, n_people) if count is None else possible(count, table.threshold)
            self.bounds[self.at[n, label]] = known
        row = self._row({(n, label): 1 for label, _ in table.rows})
        if table.upto is None:  # the headline has its exact total
            self.equal.append(row)
            self.totals.append(n_people)
        else:
            low, high = possible(table.total, table.threshold)
            self.under += [row, -row]
            self.most += [high, -low]

    def know_growth(self, earlier: int, later: int) -> None:
        for n, label in self.at:
            if n == earlier and (later, label) in self.at:
                self.under.append(self._row({(earlier, label): 1, (later, label): -1}))
                self.most.append(0)

    def ends(self, n: int, label: str) -> tuple[float, float]:
        known = {"A_eq": self.equal, "b_eq": self.totals, "A_ub": self.under, "b_ub": self.most}
        known = {name: np.array(value) if value else None for name, value in known.items()}
        found = []
        for sign in (1, -1):
            aim = sign * self._row({(n, label): 1})
            done = linprog(aim, bounds=self.bounds, method="highs", **known)
            assert done.status == 0, done.message
            found.append(sign * done.fun)
        return found[0], found[1]

    def _row(self, weights: dict[tuple[int, str], int]):
        row = np.zeros(len(self.at))
        for place, weight in weights.items():
            row[self.at[place]] = weight
        return row
