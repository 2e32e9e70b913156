"""Power cuts, stops and a full disk during imports: the same import again ends as if undisturbed."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from flows.errors import STOPPED
from flows.pipelines import importing
from flows.run.context import ImportOptions
from tests.chaos import test_writes_fail
from tests.chaos.forks import Forks
from tests.chaos.import_scenes import scenes_at
from tests.chaos.killing_imports import Killing, problem_of
from tests.chaos.states import published_tables
from tests.exporting import LONDON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.import_scenes import Scene
    from tests.chaos.killing_imports import Tally
    from tests.driving import Pledge

pytestmark = pytest.mark.long

full_disk = test_writes_fail.full_disk

HALF_WAY = {
    "load_files": ("file taken in",),
    "stage": ("batch staged",),
    "publish": ("file built", "file kept", "file in place"),
}
WHERE_MUCH_CHANGES = ("file taken in", "after load_files", "batch staged", "after build", "file in place")
REPLACING = "once more, replacing"
WITH_ANOTHER_COMMAND = ("before load_files", "file taken in", "batch staged", "file built")
SECONDS_TO_STOP = 5


def _boundaries() -> list[str]:
    names: list[str] = []
    importing(lambda step, *_: names.append(step.__name__), ImportOptions((), LONDON))
    return [name for step in names for name in (f"before {step}", *HALF_WAY.get(step, ()), f"after {step}")]


BOUNDARIES = _boundaries()


@pytest.fixture(scope="module")
def forks(full_disk) -> Iterator[Forks]:
    with Forks(full_disk) as started:
        yield started


@pytest.fixture(scope="module")
def small_scenes(forks, tmp_path_factory) -> Iterator[list[Scene]]:
    with scenes_at(forks, tmp_path_factory.mktemp("small"), [REPLACING], is_large=False) as made:
        yield made


@pytest.fixture(scope="module")
def large_scenes(forks, tmp_path_factory) -> Iterator[list[Scene]]:
    names = ["first import", REPLACING, "beside a platform", "without ids"]
    with scenes_at(forks, tmp_path_factory.mktemp("large"), names, is_large=True) as made:
        yield made


@pytest.mark.parametrize(
    ("scenes", "boundaries", "n_random"),
    [
        ("small_scenes", WHERE_MUCH_CHANGES, 0),
        pytest.param("large_scenes", BOUNDARIES, 6, marks=pytest.mark.chaos),
    ],
)
def test_a_killed_import_loses_nothing_and_the_next_one_ends_as_if_undisturbed(
    request, forks, scenes, boundaries, n_random
):
    is_long = boundaries is BOUNDARIES
    killing = Killing(forks, Random(20261130))
    for scene in request.getfixturevalue(scenes):
        killing.at_boundaries(scene, [[name] for name in boundaries] if is_long else [boundaries])
        if n_random:
            killing.at_random_instants(scene, n_random)
        for at in WITH_ANOTHER_COMMAND if is_long else ["file taken in"]:
            killing.with_another_command_first(scene, at)
        print(f"\n{scene.name}, {killing.tally}")
    assert set(killing.tally.places) == set(boundaries)
    _assert_nothing_lost(killing.tally)


@pytest.mark.chaos
def test_an_import_killed_while_it_commits_loses_nothing(forks, large_scenes):
    killing = Killing(forks, Random(20261130))
    for scene in large_scenes:
        if scene.name != "without ids":
            killing.at_boundaries(scene, [["file taken in"]])
            killing.while_the_log_grows(scene, 8)
    print(f"\n{killing.tally}")
    _assert_nothing_lost(killing.tally)


def _assert_nothing_lost(tally: Tally) -> None:
    for one in tally.different:
        print(one)
    assert tally.different == []
    assert (tally.lost, tally.doubled, tally.unreadable) == (0, 0, 0)


def _stopped_after(scene: Scene, pledge: Pledge, words: str) -> tuple[int, float, str]:
    """Tell an import to stop once it has said *words*; its exit code, seconds to its end, its last words."""
    with pledge.start(*scene.command) as process:
        assert process.stderr is not None
        assert any(words in line for line in process.stderr)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
        process.wait()
        return process.returncode, time.monotonic() - begun, rest


@pytest.mark.parametrize(
    ("scenes", "said"),
    [
        ("small_scenes", ["Took in"]),
        pytest.param(
            "large_scenes",
            ["shortened", "Took in", "Withdrew", "Read", "Checked", "Decided"],
            marks=pytest.mark.chaos,
        ),
    ],
)
def test_an_import_told_to_stop_ends_soon_and_the_next_one_as_if_undisturbed(request, forks, scenes, said):
    scene = next(one for one in request.getfixturevalue(scenes) if one.name == REPLACING)
    longest = 0.0
    for words in said:
        pledge = scene.start.copy_to(scene.start.folder.with_name("stopped"))
        code, seconds, rest = _stopped_after(scene, pledge, words)
        longest = max(longest, seconds)
        assert (code, "Traceback" in rest) == (STOPPED, False), rest
        assert published_tables(pledge.published) == scene.before
        assert pledge.records()[-1]["state"] == "partial"
        assert problem_of(scene, pledge, forks.run(pledge, *scene.command)) == ""
        shutil.rmtree(pledge.folder)
    print(
        f"\nimports told to stop {len(said)}: exit code 143 {len(said)}, longest {longest:.1f} s, different 0"
    )
    assert longest < SECONDS_TO_STOP


@pytest.mark.parametrize(
    ("scenes", "wanted"), [("small_scenes", 1), pytest.param("large_scenes", 12, marks=pytest.mark.chaos)]
)
def test_an_import_that_finds_the_disk_full_tells_and_loses_nothing(
    request, forks, full_disk, scenes, wanted
):
    if full_disk is None:
        pytest.skip("a disk that is full at a chosen write needs a C compiler")
    outcomes: Counter[str] = Counter()
    wrong, half_written = [], []
    for scene in request.getfixturevalue(scenes)[:2]:
        for most in _spread(forks, scene, wanted):
            pledge = scene.start.copy_to(scene.start.folder.with_name("full"))
            told = test_writes_fail._told(forks.run(pledge, *scene.command, most_writes=most))
            outcomes[told] += 1
            left = published_tables(pledge.published) if pledge.published.exists() else None
            is_old_or_new = left in (scene.before, scene.after.published)
            problem = problem_of(scene, pledge, forks.run(pledge, *scene.command))
            where = f"{scene.name}, full after {most} writes: {told}; {problem}"
            if told.startswith("not told") or not is_old_or_new:
                wrong.append(where)
            elif problem:  # tables stand before files in it
                (half_written if problem.startswith("file ") else wrong).append(where)
            shutil.rmtree(pledge.folder)
    print(
        f"\nfull disks {outcomes.total()}: {dict(outcomes)}; lost or unreadable {len(wrong)}, "
        f"with a half-written file that stays {len(half_written)}"
    )
    assert (wrong, half_written) == ([], [])
    assert outcomes["told, exit code 13"] > 0


def _spread(forks: Forks, scene: Scene, wanted: int) -> range:
    """So many of the writes that an undisturbed import makes."""
    pledge = scene.start.copy_to(scene.start.folder.with_name("counted"))
    ended = forks.run(pledge, *scene.command, most_writes=1_000_000)
    shutil.rmtree(pledge.folder)
    n = int(ended.stderr.split("writes ")[-1])
    return range(n // (2 * wanted), n, -(-n // wanted))
