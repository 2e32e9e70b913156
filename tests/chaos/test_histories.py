"""Whatever happens at the platform, between syncs and during them: a quiet sync makes the vault its equal.

Nine histories of ten check their rows by a plain rule instead of Great Expectations, whose fixed cost is
three quarters of such a small night; the tenth takes all steps as they are.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import DayBudgetSpentError, SourceUnreachableError
from connectors.sandbox.server.serve import TOKEN
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.orchestration.run import do_step
from flows.pipelines import nightly
from flows.run.clock import run_name
from flows.run.context import RunContext, RunOptions, SurveyForm, Walk
from flows.run.progress import Quiet
from flows.run.record import RunRecord
from flows.settings.model import Settings
from tests.builders import KEY
from tests.chaos.world import POOL, World
from tests.driving import UNTIL
from tests.faulty_sandbox import Fault, FaultKind, FaultPlan, open_sandbox
from tests.vaults import held_by_a_plain_rule
from warehouse.database.connection import open_vault
from warehouse.queries import figures
from warehouse.releases import publish
from warehouse.transform import build
from warehouse.transform.stage import staging_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

pytestmark = pytest.mark.long

BETWEEN = (
    "add", "add", "add_several_at_once", "add_late", "add_several_late",
    "edit", "edit", "edit_several_at_once", "edit_late", "edit_very_late", "delete", "delete", "restore",
    "redesign",
)  # fmt: skip
NIGHTS = ("quiet night", "disturbed night", "disturbed night", "night short of calls")
MOST_NIGHTS = 2  # before the last one
DAY = 86_400

happenings = st.tuples(
    st.sampled_from(BETWEEN + NIGHTS + NIGHTS), st.integers(1, 12), st.sampled_from(BETWEEN)
)
histories = st.tuples(
    st.integers(0, 2**32),
    st.sampled_from([0, 1, 8, 25]),
    st.sampled_from([3, 7, 100]),
    st.booleans(),
    st.lists(happenings, min_size=3, max_size=14),
)


class Story:
    """One history: a platform, a vault kept open from night to night, and what was found wrong."""

    def __init__(self, server: SandboxServer, vault: Any, home: Path, seed: int, n_responses: int) -> None:
        self.world = World(server, seed, n_responses)
        self.server = server
        self.vault = vault
        self.settings = Settings(
            home=home,
            token=TOKEN,
            survey_id=SURVEY_ID,
            api_url=server.url,
            sweep_every_days=1,
            largest_withdrawal=1.0,
        )
        self.tally: Counter[str] = Counter()
        self._disturb: Callable[[], None] = lambda: None
        self._instead = {} if seed % 10 == 0 else {"check": _check_plainly, "audit": _audit_plainly}

    def night(self, *, is_full: bool = False) -> None:
        """The steps of a night, on the open vault."""
        started = self.world.now
        record = RunRecord(run_id=run_name(started), command="sync", started_at=started.isoformat())
        night = RunContext(
            settings=self.settings,
            record=record,
            vault=self.vault,
            progress=Quiet(),
            now=self.server.clock,
            sleep=self.server.clock.advance,
            monotonic=lambda: self.server.clock().timestamp(),
            options=RunOptions(is_full=is_full),
        )
        self.tally["nights"] += 1
        self.server.faults.on_call = self._heard
        try:
            with night.at_end:
                nightly(lambda step, *found: do_step(night, self._instead.get(step.__name__, step), *found))
        finally:
            self._disturb = lambda: None
            self.server.limits.per_day = None
            self.world.clock.advance(DAY)

    def _heard(self, _number: int, path: str) -> None:
        self._disturb()
        if path.endswith("/details"):
            self.world.seen()

    def disturbed_night(self, every: int, first: str) -> None:
        """Things happen while the platform is asked, and it may end in a clear stop."""
        kinds = [first, *self.world.chance.choices(BETWEEN, k=6)]
        asked = count(1)

        def happen() -> None:
            if kinds and next(asked) % every == 0:
                self.world.happen(kinds.pop())
                self.tally["things during a sync"] += 1

        self._disturb = happen
        try:
            self.night()
        except SourceUnreachableError:
            self.tally["clear stops"] += 1

    def night_short_of_calls(self, calls: int) -> None:
        """The day's calls end in the middle."""
        self.world.server.limits.per_day = calls
        with suppress(DayBudgetSpentError):
            self.night()
        self.tally["nights short of calls"] += 1

    def quiet_night(self) -> None:
        """Nothing happens meanwhile: then what the vault holds is what the platform holds."""
        if self.world.old_edits:
            self.tally["of them full, for changes stored hours late"] += 1
        self.night(is_full=bool(self.world.old_edits))
        self.world.old_edits = 0
        self.tally["quiet nights"] += 1
        self._assert_equal()

    def _assert_equal(self) -> None:
        newest = self.vault.execute(
            "select response_id, arg_max(body, received_no) from core.signatures"
            " join raw.responses using (response_id, received_no) group by all"
        ).fetchall()
        received = {response_id for response_id, _ in newest}
        expected = self.world.count(received)
        there = {key: {**body, "ip_address": ""} for key, body in self.world.bodies().items()}
        assert there.keys() <= received <= self.world.ever
        assert {key: _without_place(body) for key, body in newest if key in there} == there
        places = self.vault.execute(
            "select response_id, disposition, reason from core.dispositions"
        ).fetchall()
        assert len(places) == len(received)
        assert {key: (place, reason) for key, place, reason in places} == expected.places
        people = self.vault.execute(
            "select email_key, response_id, role, signed_at, n_signatures"
            " from core.signatories join staging.signatory_roles using (signatory_id)"
        ).fetchall()
        roles = self.world.roles(expected)
        assert sorted(people) == sorted(
            (one.key, one.response_id, roles[one.key], one.signed_at, one.n_signatures)
            for one in expected.people
        )


def _check_plainly(run: RunContext, form: SurveyForm, n_pending: int) -> None:
    """Hold back who misses a valid address or a time."""
    if n_pending:
        found = held_by_a_plain_rule(build.facts(run.vault, form.form))
        held = [(response_id, f"email-{problem}", "", "because") for response_id, problem, _, _ in found]
        build.hold_back(run.vault, held, at=run.now(), run_id=run.run_id)


def _audit_plainly(run: RunContext, form: SurveyForm, _walk: Walk) -> bool:
    """All sums that must agree do."""
    measures = figures.measures(run.vault, form.survey_id, None)
    assert (measures["observed"] == measures["expected"]).all()
    return publish.is_new_content(run.vault, form.form, run.settings.published_path)


def _without_place(body: str) -> dict[str, Any]:
    """The body as a list gives it: asked for singly, a response says where its person stopped."""
    decoded: dict[str, Any] = json.loads(body)
    decoded.pop("current_page_id", None)
    return decoded


def _live(server: SandboxServer, home: Path, history: tuple[Any, ...]) -> Counter[str]:
    """Let a history happen, and a quiet night after it."""
    seed, n_responses, per_page, is_inclusive, things = history
    server.faults.kinds = (Fault(FaultKind.SMALL_PAGE, rows=per_page),)
    server.faults.probability = 1.0 if per_page < 100 else 0.0
    with _a_vault(home) as vault:
        story = Story(server, vault, home, seed, n_responses)
        server.platform.bounds_inclusive = is_inclusive
        n_nights = 0
        for kind, number, other in things:
            if kind in BETWEEN:
                story.world.happen(kind)
                story.tally["things between syncs"] += 1
            elif n_nights < MOST_NIGHTS:
                n_nights += 1
                _one_night(story, kind, number, other)
        story.quiet_night()
    return story.tally


def _one_night(story: Story, kind: str, number: int, other: str) -> None:
    if kind == "quiet night":
        story.quiet_night()
    elif kind == "disturbed night":
        story.disturbed_night(number, other)
    else:
        story.night_short_of_calls(number + 1)


@contextmanager
def _a_vault(home: Path) -> Iterator[Any]:
    path = home / "vault" / "vault.duckdb"
    for old in (path, path.with_name("vault.duckdb.wal"), home / "published" / "pledge.duckdb"):
        old.unlink(missing_ok=True)
    with open_vault(path, KEY, now=UNTIL) as vault, staging_area(vault):
        yield vault


@pytest.mark.parametrize("n_histories", [12, pytest.param(2_000, marks=pytest.mark.chaos)])
def test_after_a_quiet_sync_the_vault_equals_the_platform(tmp_path, n_histories):
    tally: Counter[str] = Counter()
    with open_sandbox(
        0, seed=1, until=UNTIL, per_minute=None, per_day=None, faults=FaultPlan(seed=1)
    ) as server:

        @settings(max_examples=n_histories, deadline=None, suppress_health_check=list(HealthCheck))
        @given(histories)
        def holds(history):
            tally.update(_live(server, tmp_path, history))
            tally["histories"] += 1

        holds()
    kinds = ", ".join(f"{kind} {n}" for kind, n in tally.items())
    print(f"\n{kinds}: differences 0")
    assert tally["histories"] >= n_histories
    assert tally["things during a sync"] > 0


def test_a_change_stored_late_behind_a_walk_that_was_cut_short_is_met_by_the_next(tmp_path):
    with (
        open_sandbox(0, seed=1, until=UNTIL, per_minute=None, per_day=None) as server,
        _a_vault(tmp_path) as vault,
    ):
        story = Story(server, vault, tmp_path, 1, 0)
        signed = [UNTIL - timedelta(minutes=40) + timedelta(seconds=8 * number) for number in range(250)]
        for one, at in zip(POOL, signed, strict=False):
            story.world.ever.add(one.response_id)
            server.platform.add(replace(one, created_at=at, modified_at=at))
        story.night_short_of_calls(3)  # the account, the form and the first page
        late = server.platform.edit(POOL[5].response_id, name="Stored Late", modified_at=signed[40])
        story.quiet_night()

    assert late.modified_at < signed[99]
    assert story.tally["nights short of calls"] == 1
