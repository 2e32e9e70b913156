"""People unlike any other through nights that are killed, starved of disk, refused and faulty: none gets out.

After each night every file and all that was printed is searched; at the end the people are forgotten, and
the vault and its copies are searched too. Run with -s it prints how much was searched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.canaries import CANARIES, TOKEN, Search, canary_people, let_in, published_cells
from tests.chaos.forks import Forks
from tests.driving import Pledge, a_sandbox
from tests.faulty_sandbox import FaultKind
from tests.forgetting import tables_with
from warehouse.database.connection import attached

if TYPE_CHECKING:
    from connectors.sandbox.server.serve import SandboxServer

pytestmark = pytest.mark.long

SYNC = ("sync", "--direct", "--json")
KINDS = ("killed", "no room", "refused", "faulty", "whole")
WORDS = ("quenborofitz", "zyxwvarnish", "kaputtbriefly", "quiltmuffin", "bücherwurmdorf", "ünïkwøldsen")


@dataclass
class Tally:
    """How nights ended, and what was searched."""

    nights: Counter[str] = field(default_factory=Counter)
    searches: int = 0
    n_files: int = 0
    n_bytes: int = 0
    hits: list[str] = field(default_factory=list)

    def search(self, pledge: Pledge) -> None:
        """Look into every file, and all that was printed."""
        search = Search()
        search.folder(pledge.folder)
        search.texts(pledge.printed, "what was printed or logged")
        search.texts(published_cells(pledge), "the published tables")
        pledge.printed.clear()
        self.searches += 1
        self.n_files += search.n_files
        self.n_bytes += search.n_bytes
        self.hits += search.hits

    def __str__(self) -> str:
        nights = ", ".join(f"{kind} {n}" for kind, n in sorted(self.nights.items()))
        return (
            f"nights {self.nights.total()} ({nights}): "
            f"searched {self.n_files:,} files, {self.n_bytes:,} bytes, "
            f"in {self.searches} searches for {len(CANARIES)} canaries: {len(self.hits)} hits"
        )


def a_night(kind: str, forks: Forks, pledge: Pledge, server: SandboxServer, chance: Random) -> None:
    """One night of that kind, over somebody's changed answers."""
    one = chance.choice([person for person in canary_people() if person.email])
    server.platform.edit(one.response_id, name=f"{one.name or ''} Quenborofitz {chance.random()}")
    server.faults.probability, server.faults.kinds = 0.0, ()
    server.access.state = "valid"
    limits: dict[str, float | int] = {}
    if kind == "killed":
        limits = {"kill_after": chance.uniform(0.05, 1.5)}
    elif kind == "no room":
        limits = {"most_bytes": chance.randint(4_000, 900_000)}
    elif kind == "faulty":
        server.faults.probability, server.faults.seed = 0.2, chance.randrange(1_000)
        server.faults.kinds = (FaultKind.HTML_200, FaultKind.TRUNCATED_JSON, FaultKind.REPEATED_PAGE)
    elif kind == "refused":
        server.access.state = chance.choice(["revoked", "expired"])
    ended = forks.run(pledge, *SYNC, **limits)
    assert kind != "whole" or ended.code == 0, ended.stderr
    server.access.state = "valid"
    server.faults.probability = 0.0


@pytest.mark.parametrize(
    ("n_nights", "n_forgotten"),
    [(5, 2), pytest.param(120, 9, marks=[pytest.mark.chaos, pytest.mark.timeout(7200)])],
)
def test_no_person_gets_out_of_nights_that_go_wrong(tmp_path, n_nights, n_forgotten):
    tally, chance = Tally(), Random(7)
    (tmp_path / "place").mkdir()
    with Forks() as forks, let_in(a_sandbox(200, token=TOKEN)) as server:
        pledge = Pledge(tmp_path / "place").at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)
        for number in range(n_nights):
            kind = KINDS[number % len(KINDS)]
            a_night(kind, forks, pledge, server, chance)
            tally.nights[kind] += 1
            tally.search(pledge)
        assert pledge("report", "--formats", "html,pdf,xlsx,csv,json,charts").code == 0
        tally.search(pledge)
        addressed = [one.email for one in canary_people() if one.email]
        for address in addressed[:n_forgotten]:
            assert pledge("forget", address).code == 0
        tally.search(pledge)
        left = left_in_vaults(pledge, WORDS if n_forgotten >= len(addressed) else WORDS[-2:])
    print(f"\n{tally}; after forgetting, tables of the vault and its copies with a hit: {len(left)}")
    assert (tally.hits, left) == ([], {})


def left_in_vaults(pledge: Pledge, words: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
    """Tables of the vault and its copies in which one of the forgotten people can still be read."""
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    found = {}
    for path in [pledge.home / "vault" / "vault.duckdb", *(pledge.home / "backups").glob("*.duckdb")]:
        with attached(path, key, read_only=True) as vault:
            if tables := tables_with(vault, words):
                found[path.name] = tables
    return found
