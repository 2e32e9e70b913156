"""A platform and a net of which 30 % of calls go wrong: the right figures, or a clear stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from connectors.errors import DayBudgetSpentError, SourceError
from connectors.sandbox.server.serve import TOKEN, SandboxServer
from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.errors import ChecksError
from flows.run.context import RunOptions
from flows.run.progress import Quiet
from flows.settings.model import Settings
from tests.chaos.states import published_tables
from tests.driving import UNTIL, run_night
from tests.faulty_sandbox import Fault, FaultKind, FaultPlan, open_sandbox
from tests.plain_count import PlainCount, plain_count
from warehouse.database.connection import open_vault

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from connectors.sandbox.world.people import Signatory
    from flows.run.record import RunRecord

pytestmark = pytest.mark.long

PROBABILITY = 0.3
N_RESPONSES = 330
IN_SOME_SIZES = {
    FaultKind.WRONG_TOTAL: (-40, -1, 1, 40),
    FaultKind.SHIFTED_PAGE: (-30, -1, 1, 30),
    FaultKind.SMALL_PAGE: (7, 50, 7, 50),
}
FAULTS = tuple(  # each kind as often
    Fault(kind, rows=rows, seconds=0.01) for kind in FaultKind for rows in IN_SOME_SIZES.get(kind, (1,) * 4)
)


CHANGES = (
    lambda other: {"email": other.email},
    lambda other: {"choice_id": None, "other_text": f"Other {other.response_id}"},
    lambda _: {"status": "partial"},
    lambda _: {"email": "no address"},
)


@dataclass
class Tally:
    """What came of the nights."""

    outcomes: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        nights = sum(self.outcomes.values())
        outcomes = ", ".join(f"{name} {n}" for name, n in self.outcomes.most_common())
        struck = ", ".join(f"{name} {n}" for name, n in self.struck.most_common())
        return f"faulty nights {nights}: {outcomes}; wrong numbers {len(self.wrong)}\nfaults: {struck}"


class Survey:
    """A survey, its home, and the nights over it."""

    def __init__(self, server: SandboxServer, home: Path) -> None:
        self.server = server
        self.settings = Settings(home=home, token=TOKEN, survey_id=SURVEY_ID, api_url=server.url)
        self.gone: dict[str, Signatory] = {}
        self._edited: set[str] = set()
        self._new = invent(100, 77, UNTIL)

    def night(self) -> RunRecord:
        clock = self.server.clock
        try:
            return run_night(
                self.settings,
                Quiet(),
                now=clock,
                sleep=clock.advance,
                monotonic=lambda: clock().timestamp(),
                options=RunOptions(accepts_fall=True),  # so many changes are no usual day
            )
        finally:
            clock.now = (
                UNTIL + (clock.now - UNTIL) // timedelta(days=1) * timedelta(days=1) + timedelta(days=1)
            )

    def change(self, chance: Random) -> None:
        """Edits, signatures and withdrawals of a day; who withdraws has never edited."""
        platform, now = self.server.platform, self.server.clock.now - timedelta(hours=5)
        there = platform.signatories()
        for number, one in enumerate(chance.sample(there, 30)):
            later = max(one.modified_at, now + timedelta(minutes=number // 3))
            platform.edit(one.response_id, modified_at=later, **chance.choice(CHANGES)(chance.choice(there)))
            self._edited.add(one.response_id)
        as_first = [one for one in platform.signatories() if one.response_id not in self._edited]
        for one in chance.sample(as_first, 5):
            platform.delete(one.response_id)
            self.gone[one.response_id] = one
        for _ in range(4):
            platform.add(replace(self._new.pop(), created_at=now, modified_at=now))

    def count(self) -> PlainCount:
        """Who counts at the platform now."""
        return self._count(set())

    def count_before_withdrawals(self) -> PlainCount:
        """The same, if withdrawals that the vault hasn't noted yet had not been."""
        with self._vault() as vault:
            noted = {one for (one,) in vault.execute("select response_id from core.withdrawn").fetchall()}
        return self._count(self.gone.keys() - noted)

    def _count(self, unnoticed: set[str]) -> PlainCount:
        with self._vault() as vault:
            found = vault.execute("select distinct response_id from raw.responses").fetchall()
        met = self.gone.keys() & {response_id for (response_id,) in found}
        there = [*self.server.platform.signatories(), *(self.gone[one] for one in unnoticed & met)]
        return plain_count(there, met - unnoticed)

    def _vault(self) -> AbstractContextManager[DuckDBPyConnection]:
        key = self.settings.default_key_file.read_text().strip()
        return open_vault(self.settings.vault_path, key, now=UNTIL, read_only=True)

    @property
    def published(self) -> Path:
        return self.settings.published_path

    def bytes_published(self) -> bytes | None:
        return self.published.read_bytes() if self.published.exists() else None


def _figures(record: RunRecord) -> dict[str, object]:
    names = ("n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn")
    return {name: getattr(record, name) for name in names}


def _assert_published(survey: Survey, count: PlainCount) -> None:
    tables = published_tables(survey.published)
    assert {role: n for role, n, _ in tables["signatories_by_role"] if n} == count.by_role
    assert sum(n for place, _, n in tables["reconciliation"] if place != "seen") == len(count.places)
    assert tables["about"][0][1] == len(count.people)


def _one_run(seed: int, n_nights: int, home: Path, tally: Tally) -> None:
    """A first load, or nights of changes after a good one, with faults; and a night without."""
    chance = Random(seed)
    with open_sandbox(N_RESPONSES, seed=seed % 5, until=UNTIL, per_minute=None, per_day=None) as server:
        survey = Survey(server, home)
        if seed % 3:
            survey.night()
        plan, first_call = server.faults, len(server.calls) + 1
        plan.kinds, plan.probability, plan.seed = FAULTS, PROBABILITY, seed
        is_all_right = False
        for number in range(n_nights):
            survey.change(chance)
            is_all_right = _faulty_night(survey, tally, f"run {seed}, night {number + 1}")
        for number, (_, path) in enumerate(server.calls[first_call - 1 :], first_call):
            fault = plan.decide(number, path)
            tally.struck.update([fault.kind.value] if fault else [])
        if is_all_right:
            return
        plan.probability = 0.0
        record = survey.night()
        assert record.state in {"complete", "unchanged"}, (seed, record.warnings)
        assert _figures(record) == survey.count().figures, seed
        _assert_published(survey, survey.count())


def _faulty_night(survey: Survey, tally: Tally, name: str) -> bool:
    """Whether the figures are those of the platform in the end."""
    before = survey.bytes_published()
    try:
        record = survey.night()
    except (SourceError, ChecksError) as stop:
        spent = isinstance(stop, DayBudgetSpentError)
        tally.outcomes["stopped, the day's calls spent" if spent else "stopped, refused or unreachable"] += 1
        if survey.bytes_published() != before:
            tally.wrong.append(f"{name}: stopped, and published all the same")
        return False
    if record.state == "partial" and survey.bytes_published() == before:
        tally.outcomes["partial, nothing published"] += 1
    elif _figures(record) == survey.count().figures:
        tally.outcomes["right"] += 1
        _assert_published(survey, survey.count())
        return True
    elif _figures(record) == survey.count_before_withdrawals().figures and record.warnings:
        tally.outcomes["right but for withdrawals, put off with a warning"] += 1
        _assert_published(survey, survey.count_before_withdrawals())
    else:
        tally.outcomes["wrong"] += 1
        tally.wrong.append(f"{name}: {record.state} {record.warnings}")
    return False


@pytest.mark.parametrize(("n_runs", "n_nights"), [(6, 1), pytest.param(300, 3, marks=pytest.mark.chaos)])
def test_faulty_calls_bring_the_right_figures_or_a_clear_stop(tmp_path, n_runs, n_nights):
    tally = Tally()
    for seed in range(n_runs):
        _one_run(seed, n_nights, tmp_path / str(seed), tally)

    print(f"\n{tally}")
    for one in tally.wrong:
        print(one)
    assert tally.wrong == []
    kinds = {kind.value for kind in FaultKind}
    assert set(tally.struck) == kinds if n_nights > 1 else len(kinds & set(tally.struck)) > 5


def test_the_faults_struck_are_those_asked_for():
    plan = FaultPlan(kinds=FAULTS, probability=PROBABILITY, seed=1)
    struck = sum(plan.decide(number, "/v3/surveys") is not None for number in range(2_000))
    assert 0.25 < struck / 2_000 < 0.35


@pytest.mark.parametrize("place", ["/bulk", "/responses?"])
def test_one_answer_of_the_night_before_hides_no_edit_and_no_withdrawal(tmp_path, place):
    with open_sandbox(N_RESPONSES, seed=1, until=UNTIL, per_minute=None, per_day=None) as server:
        survey = Survey(server, tmp_path)
        survey.night()
        there = server.platform.signatories()
        if place == "/bulk":
            server.platform.edit(
                there[0].response_id, modified_at=survey.server.clock.now, email="no address"
            )
        else:
            server.platform.delete(there[0].response_id)
            survey.gone[there[0].response_id] = there[0]
        first_call = len(server.calls) + 1
        number = first_call + (2 if place == "/bulk" else 3)  # after the account and the form
        server.faults.script = {number: FaultKind.REPEATED_PAGE}
        record = survey.night()

        assert place in server.calls[number - 1][1]
        assert _figures(record) == survey.count().figures
