"""Random histories of pulls, imports and erasures: nobody erased comes back, and the sums hold.

The long form is marked chaos; run with -s it prints what was done.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests.builders import a_response
from tests.conservation import what_is_wrong
from tests.forgetting import forgotten, tables_with
from tests.vaults import Vault, a_vault, held_by_a_plain_rule
from warehouse.ingest.response_text import form_of

PEOPLE = [f"canary{number}@example.org" for number in range(5)] + ["cänary5@bücher.example", "canary6@@x"]
MOSTLY = 0.8
SPELLINGS = (str, str.upper, str.title, " {} ".format)
LONG_AGO = datetime(2026, 3, 1, 9, tzinfo=UTC)  # before every erasure


@dataclass
class World:
    """What the platform has, and who was erased since they last did anything."""

    random: Random
    responses: dict[int, dict] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    erased_ids: set[str] = field(default_factory=set)
    done: Counter = field(default_factory=Counter)
    n: int = 0

    def body(self, response_id: int) -> str:
        return a_response(response_id, **self.responses[response_id])

    def sign(self, now: datetime, *, is_late: bool = False) -> None:
        """Somebody signs or edits a response; a late one was made long ago, and only shows now."""
        self.n += 1
        response_id, email = self.random.randint(1, 12), self.random.choice(PEOPLE)
        at = ((LONG_AGO if is_late else now) + timedelta(seconds=self.n)).isoformat()
        friend = self.random.choice(PEOPLE)
        self.responses[response_id] = {
            "email": self.random.choice(SPELLINGS)(email),
            "name": f"Canary {self.n}" if self.random.random() < MOSTLY else f"friend of {friend}",
            "date_created": at,
            "date_modified": at,
            "response_status": self.random.choice(["completed"] * 4 + ["partial"]),
        }
        if not is_late:
            self.erased.discard(form_of(email))


def step(world: World, vault: Vault) -> None:
    """One thing that happens; each pull and import brings all that the platform has, in any order."""
    what = world.random.choice(["sign", "sign late", "sign late", "pull", "import", "erase"])
    world.done[what] += 1
    vault.now += timedelta(hours=1)
    if what.startswith("sign"):
        world.sign(vault.now, is_late=what == "sign late")
    elif what == "erase":
        person = forgotten(vault, world.random.choice(SPELLINGS)(world.random.choice(PEOPLE)))
        world.erased |= person.forms
        world.erased_ids |= person.response_ids
    else:
        ids = world.random.sample(sorted(world.responses), len(world.responses))
        vault.receive([world.body(one) for one in ids], source="api" if what == "pull" else "file")
        vault.decide()


def check(world: World, vault: Vault) -> None:
    assert what_is_wrong(vault.connection, vault.form.survey_id) == {}
    assert vault.failed_measures() == []
    there = {row["id"]: row["place"] for row in vault.places()}
    assert {there[one] for one in world.erased_ids} <= {"erased"}
    counted = {
        form_of(row["email"]) for row in vault.rows("select email from core.signatures where email <> ''")
    }
    assert not counted & world.erased
    assert tables_with(vault.connection, world.erased) == {}


def run(tmp_path, seed: int, n_steps: int = 14) -> Counter:
    world = World(Random(seed))
    with a_vault(tmp_path / str(seed), check=held_by_a_plain_rule) as vault:
        for _ in range(4):
            world.sign(vault.now)
        vault.decide()
        for _ in range(n_steps):
            step(world, vault)
            if vault.rows("select 1 from core.pending_responses limit 1") == []:
                check(world, vault)
    return world.done


@pytest.mark.parametrize(
    "n_histories",
    [
        2,
        pytest.param(6, marks=pytest.mark.long),
        pytest.param(1_000, marks=[pytest.mark.chaos, pytest.mark.timeout(7200)]),
    ],
)
def test_nobody_erased_comes_back(tmp_path, n_histories):
    done = Counter()
    for seed in range(n_histories):
        done += run(tmp_path, seed)
    print(f"histories {n_histories:,}: {', '.join(f'{what} {n:,}' for what, n in sorted(done.items()))}")
    assert done["erase"] > n_histories
