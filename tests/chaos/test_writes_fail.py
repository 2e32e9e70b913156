"""A disk that is full from any write on, and files that may not grow: a sentence, and nothing lost."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from flows.errors import WAREHOUSE
from tests.chaos.forks import Ended, Forks
from tests.chaos.states import Tables, different, published_tables, vault_tables
from tests.driving import UNTIL, Pledge, a_sandbox
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.sandbox.server.serve import SandboxServer

pytestmark = pytest.mark.long

SYNC = ("sync", "--direct")
N_RESPONSES = 200
SMALLEST_FILE, LARGEST_FILE = 2_000, 4_000_000  # bytes: room for what is told, and above a night's largest
NO_COPY = "was not backed up"


@dataclass
class Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory) -> Path | None:
    """The library that lets a process find the disk full from a chosen write on; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = tmp_path_factory.mktemp("preloaded") / "full_disk.so"
    source = Path(__file__).with_name("full_disk.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


@pytest.fixture(scope="module")
def homes(tmp_path_factory, full_disk) -> Iterator[Homes]:
    """Two homes, each with a platform."""
    with Forks(full_disk) as forks, a_sandbox(N_RESPONSES) as first, a_sandbox(N_RESPONSES) as second:
        yield Homes(forks, first, second, tmp_path_factory.mktemp("homes"))


class Homes:
    """A home before its first night and one after it, and what an undisturbed night makes of each."""

    def __init__(self, forks: Forks, first: SandboxServer, second: SandboxServer, folder: Path) -> None:
        self.forks, self.folder = forks, folder
        empty = Pledge(folder / "empty").at(first)
        empty.folder.mkdir()
        loaded = empty.copy_to(folder / "loaded").at(second)
        assert forks.run(loaded, *SYNC).code == 0
        after_first = _tables(loaded)
        for one in second.platform.signatories()[:40:4]:
            second.platform.edit(one.response_id, modified_at=UNTIL, choice_id=None, other_text="Granny")
        second.platform.delete(second.platform.signatories()[-1].response_id)
        undisturbed = loaded.copy_to(folder / "undisturbed")
        assert forks.run(undisturbed, *SYNC).code == 0
        self.starts = [(empty, after_first), (loaded, _tables(undisturbed))]


def _tables(pledge: Pledge) -> tuple[Tables, Tables]:
    with pledge.vault() as vault:
        return vault_tables(vault), published_tables(pledge.published)


def _try(homes: Homes, tally: Tally, which: int, **limit: int) -> None:
    """A night without room, what it says and leaves, and the next one with room."""
    start, expected = homes.starts[which]
    name = f"{'changed night' if which else 'first load'}, {limit}"
    pledge = start.copy_to(homes.folder / "tried")
    before = published_tables(start.published) if start.published.exists() else None
    ended = homes.forks.run(pledge, *SYNC, **limit)
    tally.outcomes[_told(ended)] += 1
    if _told(ended).startswith("not told"):
        tally.wrong.append(f"{name}: {_told(ended)}: {ended.stderr[-300:]}")
    try:
        left = published_tables(pledge.published) if pledge.published.exists() else None
        if left not in (before, expected[1]):
            tally.wrong.append(f"{name}: the published file is neither the old one nor the new one")
        again = homes.forks.run(pledge, *SYNC)
        names = different(*_as_one(_tables(pledge), expected)) if again.code == 0 else [again.stderr[-300:]]
        if names:
            tally.wrong.append(f"{name}: with room again, different: {names}")
    except (duckdb.Error, WarehouseError, OSError) as error:
        tally.wrong.append(f"{name}: unreadable ({type(error).__name__})")
    shutil.rmtree(pledge.folder)


def _as_one(one: tuple[Tables, Tables], other: tuple[Tables, Tables]) -> tuple[Tables, Tables]:
    """Vault and published file as one set of tables each."""
    return one[0] | one[1], other[0] | other[1]


def _told(ended: Ended) -> str:
    if ended.code == WAREHOUSE and "Traceback" not in ended.stderr and "Could not write" in ended.stderr:
        return "told, exit code 13"
    if ended.code == 0:
        return "only the vault's copy missing, told" if NO_COPY in ended.stderr else "enough room"
    return f"not told, exit code {ended.code}"


def _report(kind: str, tally: Tally) -> None:
    outcomes = ", ".join(f"{name} {n}" for name, n in tally.outcomes.most_common())
    print(f"\n{kind} {sum(tally.outcomes.values())}: {outcomes}; lost or unreadable {len(tally.wrong)}")
    for one in tally.wrong:
        print(one)
    assert tally.wrong == []


def _writes_of(homes: Homes, which: int) -> int:
    """How many writes an undisturbed night makes."""
    pledge = homes.starts[which][0].copy_to(homes.folder / "counted")
    ended = homes.forks.run(pledge, *SYNC, most_writes=1_000_000)
    assert ended.code == 0
    shutil.rmtree(pledge.folder)
    return int(ended.stderr.split("writes ")[-1])


def _spread(most: int, wanted: int | None) -> Iterable[int]:
    return range(most) if wanted is None else range(0, most, -(-most // wanted))


@pytest.mark.parametrize("wanted", [3, pytest.param(None, marks=pytest.mark.chaos)])
def test_a_disk_that_is_full_from_any_write_on_is_told_and_loses_nothing(homes, full_disk, wanted):
    if full_disk is None:
        pytest.skip("a disk that is full at a chosen write needs a C compiler")
    tally = Tally()
    for which in (0, 1):
        for most in _spread(_writes_of(homes, which), wanted):
            _try(homes, tally, which, most_writes=most)
    _report("full disks", tally)
    assert tally.outcomes["told, exit code 13"] > 0


@pytest.mark.parametrize("wanted", [1, pytest.param(60, marks=pytest.mark.chaos)])
def test_files_that_may_not_grow_are_told_and_lose_nothing(homes, wanted):
    tally = Tally()
    step = (LARGEST_FILE / SMALLEST_FILE) ** (1 / wanted)
    for number in range(wanted):
        for which in (0, 1):
            _try(homes, tally, which, most_bytes=int(SMALLEST_FILE * step**number))
    _report("quotas", tally)
    assert tally.outcomes["told, exit code 13"] > 0
