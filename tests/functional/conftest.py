"""What the functional tests share: an operator's place to run commands in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.canaries import CANARIES, TOKEN, let_in
from tests.driving import Pledge, Ran, a_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.sandbox.serve import SandboxServer


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


@dataclass(frozen=True)
class PrefectNights:
    """What two nights under Prefect left: a good one, and one that a bug ended."""

    pledge: Pledge
    server: SandboxServer
    good: Ran
    buggy: Ran


@pytest.fixture(scope="session")
def prefect_nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectNights]:
    """Nights over 300 responses and the canaries; the temporary server costs half a minute, so only once."""
    script = Path(__file__).with_name("prefect_nights.py")
    with let_in(a_sandbox(300, token=TOKEN)) as server:
        pledge = Pledge(tmp_path_factory.mktemp("prefect")).at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)
        ran = pledge.in_a_process(script, text=" ".join(CANARIES))
        assert ran.code == 0, ran.stderr
        good, buggy = (Ran(night["code"], night["stdout"], ran.stderr) for night in json.loads(ran.stdout))
        yield PrefectNights(pledge, server, good, buggy)
