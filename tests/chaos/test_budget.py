"""The platform's limits: no call over them, no page twice, and how many calls a night takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.errors import DayBudgetSpentError
from connectors.sandbox.server.serve import TOKEN, SandboxServer
from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.errors import BUDGET, exit_code_of
from flows.run.progress import Quiet
from flows.run.record import RunRecord, read_records
from flows.settings.model import Settings
from tests.chaos.states import published_tables
from tests.driving import UNTIL, run_night
from tests.faulty_sandbox import open_sandbox
from tests.plain_count import plain_count

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

DAY = timedelta(days=1)
MOST_ROWS_SENT_AGAIN = 0.03


class Nights:
    """Nights over one survey, by a clock that moves only when the client waits, and from night to night.

    sent: responses that the platform sent with their answers, each time it did.
    """

    def __init__(self, server: SandboxServer, home: Path, **changes: Any) -> None:
        self.server = server
        self.settings = Settings(home=home, token=TOKEN, survey_id=SURVEY_ID, api_url=server.url, **changes)
        self.sent = 0
        self._nights = 0
        page_of = server.platform.page

        def counted(*asked: Any, in_bulk: bool) -> tuple[list[bytes], int]:
            items, total = page_of(*asked, in_bulk=in_bulk)
            self.sent += len(items) if in_bulk else 0
            return items, total

        server.platform.page = counted  # type: ignore[method-assign]

    def run(self) -> tuple[int, RunRecord]:
        """One night; its exit code and its record."""
        clock = self.server.clock
        try:
            record = run_night(
                self.settings,
                Quiet(),
                now=clock,
                sleep=clock.advance,
                monotonic=lambda: clock().timestamp(),
            )
        except DayBudgetSpentError as error:
            return exit_code_of(error), read_records(self.settings.runs_folder, last=1)[0]
        return (BUDGET if record.state == "partial" else 0), record

    def next_day(self) -> None:
        self._nights += 1
        self.server.clock.now = UNTIL + self._nights * DAY

    @property
    def n_published(self) -> int | None:
        """Responses that the published file accounts for; None without a file."""
        path = self.settings.published_path
        if not path.exists():
            return None
        return sum(n for place, _, n in published_tables(path)["reconciliation"] if place != "seen")


@pytest.mark.parametrize(
    ("n_responses", "per_day", "reserve", "most_nights"),
    [
        (3_000, 15, 3, 4),
        pytest.param(200_000, 500, 0, 5, marks=pytest.mark.chaos),
    ],
)
def test_a_first_load_larger_than_a_days_calls_goes_on_night_after_night(
    tmp_path, n_responses, per_day, reserve, most_nights
):
    codes, left, published = [], [], []
    with open_sandbox(n_responses, seed=3, until=UNTIL, per_minute=120, per_day=per_day) as server:
        nights = Nights(server, tmp_path, calls_reserved=reserve)
        while not codes or codes[-1]:
            code, record = nights.run()
            codes.append(code)
            left.append(record.calls_left_today)
            published.append(nights.n_published)
            if code:
                _assert_a_spent_day_costs_no_call(nights)
            nights.next_day()
            assert len(codes) <= most_nights + 1
        pages = Counter(path for _, path in server.calls if "/bulk" in path)
        again = sum(n - 1 for n in pages.values())

    print(
        f"\nfirst load of {n_responses:,} at {per_day} calls a day, {reserve} reserved: {len(codes)} nights, "
        f"{len(server.calls)} calls, over the limit {server.limits.calls_over_limit}, "
        f"pages asked for twice {again}, responses sent again {nights.sent / n_responses - 1:.2%}"
    )
    assert server.limits.calls_over_limit == 0
    assert min(left) >= reserve
    assert codes == [BUDGET] * (len(codes) - 1) + [0]
    assert published[0] is None
    assert set(published) <= {None, n_responses}
    assert len(codes) <= most_nights
    assert again == 0
    assert nights.sent <= n_responses * (1 + MOST_ROWS_SENT_AGAIN)
    expected = plain_count(server.platform.signatories()).figures
    assert {name: getattr(record, name) for name in expected} == expected


def _assert_a_spent_day_costs_no_call(nights: Nights) -> None:
    """A second run on the same day knows from the record that nothing is left."""
    before = len(nights.server.calls)
    code, record = nights.run()
    assert code == BUDGET
    assert record.requests == len(nights.server.calls) - before == 0


@pytest.mark.parametrize("n_responses", [2_000, pytest.param(20_000, marks=pytest.mark.chaos)])
def test_a_usual_night_takes_few_calls_and_an_unchanged_one_fewer(tmp_path, n_responses):
    with open_sandbox(n_responses, seed=4, until=UNTIL, per_minute=120, per_day=500) as server:
        nights = Nights(server, tmp_path)
        assert nights.run()[0] == 0
        nights.next_day()
        unchanged = nights.run()[1]
        nights.next_day()
        _a_day_of_changes(server)
        changed = nights.run()[1]
        nights.next_day()
        after_it = nights.run()[1]

    print(
        f"\n{n_responses:,} responses: a night with 100 changes {changed.requests} calls, "
        f"unchanged nights {unchanged.requests} and {after_it.requests} calls, "
        f"over the limit {server.limits.calls_over_limit}"
    )
    assert (changed.state, changed.responses_new, changed.responses_changed) == ("complete", 60, 38)
    assert changed.responses_withdrawn == 2
    assert changed.requests <= 30
    assert (unchanged.state, after_it.state) == ("unchanged", "unchanged")
    assert max(unchanged.requests, after_it.requests) <= 4
    assert server.limits.calls_over_limit == 0


def _a_day_of_changes(server: SandboxServer) -> None:
    """60 sign, 38 change their answers, 2 withdraw."""
    platform, now = server.platform, server.clock.now
    there = sorted(platform.signatories(), key=lambda one: int(one.response_id))
    for number, one in enumerate(there[::50][:38]):
        platform.edit(one.response_id, name="Edited Since", modified_at=now - timedelta(minutes=number + 1))
    for one in there[1::50][:2]:
        platform.delete(one.response_id)
    for number, one in enumerate(invent(60, 99, now)):
        signed_at = now - timedelta(minutes=20 * number + 5)
        platform.add(replace(one, created_at=signed_at, modified_at=signed_at))


def test_calls_wait_for_the_minute_and_none_is_made_while_it_has_none_left(tmp_path):
    asked_at = []
    with open_sandbox(2_000, seed=5, until=UNTIL, per_minute=4, per_day=None) as server:
        server.faults.on_call = lambda _number, _path: asked_at.append(server.clock())
        nights = Nights(server, tmp_path)
        code, record = nights.run()
        waited = server.clock.now - UNTIL

    minutes = Counter(at.replace(second=0, microsecond=0) for at in asked_at)
    print(f"\n4 calls a minute: {record.requests} calls over {len(minutes)} minutes, waited {waited}")
    assert code == 0
    assert server.limits.calls_over_limit == 0
    assert max(minutes.values()) == 4
    assert len(minutes) <= -(-record.requests // 4) + 1
