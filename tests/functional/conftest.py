"""What the functional tests share: an operator's place to run commands in."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connectors.sandbox.world.people import invent
from tests.canaries import CANARIES, TOKEN, let_in
from tests.driving import AWKWARD_NAME, UNTIL, Pledge, Ran, a_sandbox
from tests.plain_count import PlainCount, plain_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.sandbox.server.serve import SandboxServer


@pytest.fixture
def run_pledge(tmp_path: Path) -> Pledge:
    """Runs commands in a folder of their own, with nothing set but PLEDGE_HOME."""
    return Pledge(tmp_path)


@pytest.fixture
def small(run_pledge: Pledge) -> Iterator[SandboxServer]:
    """A platform of 60 responses, which run_pledge's commands ask."""
    with a_sandbox(60) as server:
        run_pledge.at(server)
        yield server


@pytest.fixture(scope="session")
def small_settled_once(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """Where a good night over those 60 responses has been; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("small"))
    with a_sandbox(60) as server:
        assert pledge.at(server)("sync", "--direct").code == 0
    return pledge


@pytest.fixture
def small_settled(
    small_settled_once: Pledge, tmp_path: Path, small: SandboxServer
) -> tuple[Pledge, SandboxServer]:
    """A place after a good night, its platform, and a change there that the next night would publish."""
    small.platform.add(replace(invent(1, 9, UNTIL)[0], response_id="888000000001", status="completed"))
    return small_settled_once.copy_to(tmp_path).at(small), small


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pledge, SandboxServer]]:
    """Two nights over 600 responses, one of them withdrawn in between; not to be changed."""
    with a_sandbox(600, seed=3) as server:
        pledge = Pledge(tmp_path_factory.mktemp("commands")).at(server)
        count = plain_count(server.platform.signatories())
        awkward, gone = (person.response_id for person in count.people[:2])
        server.platform.edit(awkward, name=AWKWARD_NAME, choice_id=None, other_text="+44 131 496 0000")
        assert pledge("sync", "--direct").code == 0
        server.platform.delete(gone)
        assert pledge("sync", "--direct").code == 0
        yield pledge, server


@pytest.fixture
def after_two_nights(two_nights: tuple[Pledge, SandboxServer], tmp_path: Path) -> Pledge:
    """A place after two nights, to do anything in."""
    return two_nights[0].copy_to(tmp_path)


@pytest.fixture
def count(two_nights: tuple[Pledge, SandboxServer]) -> PlainCount:
    """Who counts there, in plain Python."""
    pledge, server = two_nights
    with pledge.vault() as vault:
        seen = vault.execute("select distinct response_id from raw.responses").fetchall()
    return plain_count(server.platform.signatories(), (response_id for (response_id,) in seen))


@dataclass(frozen=True)
class PrefectNights:
    """What three nights under Prefect left: a good one, one that a bug ended, and one told to stop.

    seconds_to_stop: from the signal to the end of the process.
    """

    pledge: Pledge
    server: SandboxServer
    good: Ran
    buggy: Ran
    stopped: Ran
    seconds_to_stop: float


@pytest.fixture(scope="session")
def prefect_nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectNights]:
    """Nights over 300 responses and the canaries; the temporary server costs half a minute, so only once."""
    script = Path(__file__).with_name("prefect_nights.py")
    with let_in(a_sandbox(300, token=TOKEN)) as server:
        pledge = Pledge(tmp_path_factory.mktemp("prefect")).at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)
        ran = pledge.in_a_process(script, "told", text=" ".join(CANARIES))
        seconds = time.time() - float((pledge.folder / "told").read_text())
        first, _, stopped = ran.stdout.partition("\n")
        good, buggy = (Ran(night["code"], night["stdout"], ran.stderr) for night in json.loads(first))
        yield PrefectNights(pledge, server, good, buggy, Ran(ran.code, stopped, ran.stderr), seconds)
