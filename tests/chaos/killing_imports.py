"""Runs imports, kills them, and looks at what is left."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows.errors import SETTINGS
from tests.chaos.import_scenes import NUMBERED, n_versions, state_of
from tests.chaos.states import doubled_in, ids_in, published_tables
from tests.conservation import what_is_wrong
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from tests.chaos.forks import Ended, Forks
    from tests.chaos.import_scenes import Scene
    from tests.driving import Pledge

MOST_KILLS_IN_A_ROW = 3
LOG_BEGUN, LOG_WHOLE = 20_000, 13_000_000  # bytes of the vault's log, before the large file and after it
SECONDS_BETWEEN_LOOKS = 0.001
AT_BOUNDARY, AT_RANDOM, IN_TAKE_IN, IN_COMMIT = (
    "at a boundary", "at a random instant", "at random in load_files", "while the vault's log grew",
)  # fmt: skip


@dataclass
class Tally:
    """What came of the kills.

    reached: seconds from the beginning of an import to where it was killed.
    within_file: kills that left a part of the first file in the vault.
    """

    counts: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    instead: Counter[str] = field(default_factory=Counter)
    reached: dict[tuple[str, str], float] = field(default_factory=dict)
    first_file: dict[str, int] = field(default_factory=dict)
    within_file: int = 0
    lost: int = 0
    doubled: int = 0
    unreadable: int = 0
    different: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(self.counts.items()))
        return (
            f"kills {self.counts.total()} ({kinds}), {self.within_file} of them within a file; "
            f"then another command first {self.instead.total()}: lost {self.lost}, doubled {self.doubled}, "
            f"unreadable {self.unreadable}, different {len(self.different)}"
        )


@dataclass
class Killing:
    """Runs imports, kills them, and looks at what is left."""

    forks: Forks
    chance: Random
    tally: Tally = field(default_factory=Tally)

    def at_boundaries(self, scene: Scene, groups: Sequence[Sequence[str]]) -> None:
        """Kill at each boundary; those of one group one after the other in the same home."""
        for group in groups:
            with self._home(scene) as pledge:
                for at in group:
                    self._kill(scene, pledge, AT_BOUNDARY, at=at)
                self._end(scene, pledge, f"killed at {', '.join(group)}"[:80])

    def at_random_instants(self, scene: Scene, n: int) -> None:
        """Kill at instants of the whole import, and twice as often of the step that takes files in."""
        span = (
            self.tally.reached[scene.name, "before load_files"],
            self.tally.reached[scene.name, "after load_files"],
        )
        killed = 0
        while killed < n:
            with self._home(scene) as pledge:
                for _ in range(min(self.chance.randint(1, MOST_KILLS_IN_A_ROW), n - killed)):
                    kind = IN_TAKE_IN if killed % 3 else AT_RANDOM
                    after = self.chance.uniform(*(span if killed % 3 else (0.0, scene.seconds)))
                    killed += self._kill(scene, pledge, kind, after=after)
                self._end(scene, pledge, "killed at random")

    def while_the_log_grows(self, scene: Scene, n: int) -> None:
        """Kill when the vault's log has come to some size: within a commit, or between two."""
        for _ in range(n):
            size = self.chance.uniform(LOG_BEGUN, LOG_WHOLE)
            with self._home(scene) as pledge:
                with _killed_when_log_holds(self.forks, pledge, size):
                    self._kill(scene, pledge, IN_COMMIT)
                self._end(scene, pledge, f"killed when the log held {size:,.0f} bytes")

    def with_another_command_first(self, scene: Scene, at: str) -> None:
        """After a kill a night or a recount: nobody is lost or doubled by it; then the same import."""
        with self._home(scene) as pledge:
            self._kill(scene, pledge, AT_BOUNDARY, at=at)
            n_kept = n_versions(pledge)
            ended = self.forks.run(pledge, *scene.instead)
            self.tally.instead[scene.instead[0]] += 1
            name = f"{scene.name}, {scene.instead[0]} after a kill at {at}"
            if ended.code and not (ended.code == SETTINGS and n_kept == 0):
                self.tally.different.append(f"{name}: exit code {ended.code}: {ended.stderr[-400:]}")
            with pledge.vault() as vault:
                wrong = what_is_wrong(vault, pledge.environment["PLEDGE_SURVEY_ID"])
            if wrong or n_versions(pledge) != n_kept:
                self.tally.different.append(f"{name}: {wrong}, {n_versions(pledge) - n_kept} versions more")
            self._end(scene, pledge, name, but=NUMBERED)

    @contextmanager
    def _home(self, scene: Scene) -> Iterator[Pledge]:
        pledge = scene.start.copy_to(scene.start.folder.with_name("killed"))
        yield pledge
        shutil.rmtree(pledge.folder)

    def _kill(
        self, scene: Scene, pledge: Pledge, kind: str, *, at: str | None = None, after: float | None = None
    ) -> bool:
        ended = self.forks.run(pledge, *scene.command, kill_after=after, kill_at=at)
        assert ended.was_killed or (ended.code == 0 and not at), f"{at}: {ended.code} {ended.stderr}"
        if ended.was_killed:
            self.tally.counts[kind] += 1
            self._look(scene, pledge)
        if at:
            self.tally.places[at] += 1
            self.tally.reached.setdefault((scene.name, at), ended.seconds)
        if at == "file taken in":
            self.tally.first_file.setdefault(scene.name, n_versions(pledge))
        return ended.was_killed

    def _look(self, scene: Scene, pledge: Pledge) -> None:
        """After a kill: the published file is the old one or the new one, and the vault opens."""
        try:
            if pledge.published.exists():
                if published_tables(pledge.published) not in (scene.before, scene.after.published):
                    self.tally.different.append(f"{scene.name}: the published file, after a kill")
            elif scene.before is not None:
                self.tally.lost += 1
            n = n_versions(pledge)
            self.tally.lost += n < scene.n_before
            self.tally.within_file += scene.n_before < n < self.tally.first_file.get(scene.name, 0)
        except (duckdb.Error, WarehouseError):
            self.tally.unreadable += 1

    def _end(self, scene: Scene, pledge: Pledge, kills: str, but: frozenset[str] = frozenset()) -> None:
        """The same import after the kills: all as if they had not been, and nothing half-written."""
        problem = problem_of(scene, pledge, self.forks.run(pledge, *scene.command), but)
        if problem:
            self.tally.different.append(f"{scene.name}, {kills}: {problem}")
            return
        vault = state_of(pledge).vault
        self.tally.lost += len(ids_in(scene.after.vault) - ids_in(vault))
        self.tally.doubled += doubled_in(vault)


def problem_of(scene: Scene, pledge: Pledge, ended: Ended, but: frozenset[str] = frozenset()) -> str:
    """What is wrong with a home after an import that nothing disturbed; empty if nothing is."""
    if ended.code:
        return f"exit code {ended.code}: {ended.stderr[-400:]}"
    try:
        return ", ".join(state_of(pledge).differs_from(scene.after, but=but))
    except (duckdb.Error, WarehouseError) as error:
        return f"unreadable ({type(error).__name__})"


@contextmanager
def _killed_when_log_holds(forks: Forks, pledge: Pledge, size: float) -> Iterator[None]:
    """Within the block the command that runs is killed once the vault's log is of that size."""
    log = pledge.home / "vault" / "vault.duckdb.wal"
    server = forks._process.pid
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(SECONDS_BETWEEN_LOOKS):
            with suppress(OSError):
                if log.stat().st_size >= size:
                    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
                        os.kill(int(child), signal.SIGKILL)
                    return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        is_over.set()
        watching.join()
