"""Power cuts: a sync killed anywhere loses nothing, doubles nothing, and the next one needs no help."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import duckdb
import pytest

from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import ROLE_ID, question_in
from flows.pipelines import nightly
from tests.chaos.forks import Forks
from tests.chaos.states import Tables, different, doubled_in, ids_in, published_tables, vault_tables
from tests.driving import UNTIL, Pledge, a_sandbox
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

pytestmark = pytest.mark.long

SYNC = ("sync", "--direct", "--json")
HALF_WAY = {
    "pull": ("page kept",),
    "sweep": ("withdrawals marked",),
    "stage": ("batch staged",),
    "publish": ("file built", "file kept", "file in place"),
}
PAUSE_A_PAGE = 0.02  # seconds, so that a first load commits several times
MOST_KILLS_IN_A_ROW = 3
AT_BOUNDARY, AT_RANDOM = "at a boundary", "at a random instant"


def _steps() -> list[str]:
    names: list[str] = []
    nightly(lambda step, *_: names.append(step.__name__))
    return names


BOUNDARIES = [
    name for step in _steps() for name in (f"before {step}", *HALF_WAY.get(step, ()), f"after {step}")
]


@dataclass
class Scene:
    """A home before a night, and what an undisturbed night makes of it.

    before, after: the rows of its published file; before is None where nothing was published yet.
    seconds: how long the undisturbed night took.
    """

    name: str
    start: Pledge
    before: Tables | None
    after: Tables
    vault: Tables
    seconds: float


@dataclass
class Tally:
    """What came of the kills."""

    counts: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    unreadable: int = 0
    different: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills = sum(self.counts.values())
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(self.counts.items()))
        return (
            f"kills {kills} ({kinds}): lost {self.lost}, doubled {self.doubled}, "
            f"unreadable {self.unreadable}, different {len(self.different)}"
        )


@contextmanager
def _scenes(forks: Forks, folder: Path, n_responses: int) -> Iterator[list[Scene]]:
    """A first load, and a night of edits, additions, deletions and a changed form after it."""
    with a_sandbox(n_responses) as first, a_sandbox(n_responses) as second:
        first.faults.on_call = second.faults.on_call = lambda _number, _path: time.sleep(PAUSE_A_PAGE)
        empty = Pledge(folder / "empty").at(first)
        empty.folder.mkdir()
        loaded = empty.copy_to(folder / "loaded").at(second)
        assert forks.run(loaded, *SYNC).code == 0
        _change(second, n_responses // 20)
        yield [
            _scene(forks, "first load", empty, folder / "first load undisturbed"),
            _scene(forks, "changed night", loaded, folder / "changed night undisturbed"),
        ]


def _change(server: SandboxServer, n: int) -> None:
    platform = server.platform
    there = platform.signatories()
    for number, one in enumerate(there[:n]):
        platform.edit(one.response_id, name="Edited Since", modified_at=UNTIL)
        if number % 3 == 0:
            platform.edit(one.response_id, email=there[-1 - number].email, modified_at=UNTIL)
    for one in there[n : n + n // 2]:
        platform.delete(one.response_id)
    known = {one.response_id for one in there}
    for one in invent(n, 99, UNTIL):
        if one.response_id not in known:  # the largest ids are few
            platform.add(one)
    platform.redesign(
        lambda design: question_in(design, ROLE_ID)["answers"]["choices"][0].update(text="Parents")
    )


def _scene(forks: Forks, name: str, start: Pledge, folder: Path) -> Scene:
    undisturbed = start.copy_to(folder)
    ended = forks.run(undisturbed, *SYNC)
    assert ended.code == 0, ended.stderr
    return Scene(
        name=name,
        start=start,
        before=published_tables(start.published) if start.published.exists() else None,
        after=published_tables(undisturbed.published),
        vault=_vault(undisturbed),
        seconds=ended.seconds,
    )


def _vault(pledge: Pledge) -> Tables:
    with pledge.vault() as vault:
        return vault_tables(vault)


@dataclass
class Killing:
    """Runs nights, kills them, and looks at what is left."""

    forks: Forks
    folder: Path
    tally: Tally = field(default_factory=Tally)

    def at_boundaries(self, scene: Scene, *, each_on_its_own: bool) -> None:
        """Kill at each boundary: each in a home of its own, or one night after the other in the same."""
        for group in [[name] for name in BOUNDARIES] if each_on_its_own else [BOUNDARIES]:
            with self._home(scene) as pledge:
                for at in group:
                    self._kill(scene, pledge, at=at)
                self._end(scene, pledge, f"killed at {', '.join(group)}"[:80])

    def at_random_instants(self, scenes: list[Scene], wanted: int, chance: Random) -> None:
        """Kill at instants of the time that a night takes, up to three nights in a row."""
        while self.tally.counts[AT_RANDOM] < wanted:
            scene = chance.choice(scenes)
            instants = [
                chance.uniform(0.0, scene.seconds) for _ in range(chance.randint(1, MOST_KILLS_IN_A_ROW))
            ]
            with self._home(scene) as pledge:
                for after in instants[: wanted - self.tally.counts[AT_RANDOM]]:
                    self._kill(scene, pledge, after=after)
                self._end(scene, pledge, f"killed after {instants} s")

    @contextmanager
    def _home(self, scene: Scene) -> Iterator[Pledge]:
        pledge = scene.start.copy_to(self.folder / "killed")
        yield pledge
        shutil.rmtree(pledge.folder)

    def _kill(
        self, scene: Scene, pledge: Pledge, *, at: str | None = None, after: float | None = None
    ) -> None:
        ended = self.forks.run(pledge, *SYNC, kill_after=after, kill_at=at)
        assert ended.was_killed or ended.code == 0, ended.stderr
        if ended.was_killed:
            self.tally.counts[AT_BOUNDARY if at else AT_RANDOM] += 1
            self.tally.places.update([at] if at else [])
            self._look(scene, pledge)

    def _look(self, scene: Scene, pledge: Pledge) -> None:
        """After a kill: the published file is the old one or the new one, and the vault opens."""
        try:
            if pledge.published.exists():
                if published_tables(pledge.published) not in (scene.before, scene.after):
                    self.tally.different.append(f"{scene.name}: the published file, after a kill")
            elif scene.before is not None:
                self.tally.lost += 1
            if (pledge.home / "vault" / "vault.duckdb").exists():
                with pledge.vault() as vault:
                    vault.execute("select count(*) from duckdb_tables()").fetchone()
        except (duckdb.Error, WarehouseError):
            self.tally.unreadable += 1

    def _end(self, scene: Scene, pledge: Pledge, kills: str) -> None:
        """An undisturbed run after the kills: all tables as if they had not been."""
        ended = self.forks.run(pledge, *SYNC)
        if ended.code:
            self.tally.unreadable += 1
            self.tally.different.append(
                f"{scene.name}, {kills}: exit code {ended.code}: {ended.stderr[-400:]}"
            )
            return
        vault, published = _vault(pledge), published_tables(pledge.published)
        self.tally.lost += len(ids_in(scene.vault) - ids_in(vault))
        self.tally.doubled += doubled_in(vault)
        names = different(vault, scene.vault) + different(published, scene.after)
        if names:
            self.tally.different.append(f"{scene.name}, {kills}: {', '.join(names)}")


@pytest.mark.parametrize(
    ("n_responses", "n_random", "is_long"),
    [(600, 6, False), pytest.param(5_000, 200, True, marks=pytest.mark.chaos)],
)
def test_a_killed_sync_loses_nothing_and_the_next_one_ends_as_if_undisturbed(
    tmp_path, n_responses, n_random, is_long
):
    with Forks() as forks, _scenes(forks, tmp_path, n_responses) as scenes:
        killing = Killing(forks, tmp_path)
        for scene in scenes if is_long else scenes[1:]:
            killing.at_boundaries(scene, each_on_its_own=is_long)
        killing.at_random_instants(scenes, n_random, Random(20261124))

    tally = killing.tally
    print(f"\n{tally}")
    for one in tally.different:
        print(one)
    assert set(tally.places) == set(BOUNDARIES)
    assert tally.counts[AT_RANDOM] == n_random
    assert tally.different == []
    assert (tally.lost, tally.doubled, tally.unreadable) == (0, 0, 0)
