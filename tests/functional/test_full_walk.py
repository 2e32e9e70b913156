"""Every few weeks all responses are fetched again: what was stored late under an earlier time is met then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.sandbox.server.serve import TOKEN
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.run.context import RunOptions
from flows.run.progress import Quiet
from flows.settings.model import Settings
from tests.driving import UNTIL, run_night
from tests.faulty_sandbox import Fault, FaultKind, open_sandbox

N = 250
CALLS = 3  # for so many responses
USUAL_CALLS = 4  # the account, the form, what changed, the ids


class Nights:
    """A place, its platform, and an edit of the second night that is stored hours late."""

    def __init__(self, home, server, **settings):
        self.server = server
        self.settings = Settings(home=home, token=TOKEN, api_url=server.url, survey_id=SURVEY_ID, **settings)
        self.night(0)
        self.late = server.platform.signatories()[3]
        newest = max(one.modified_at for one in server.platform.signatories())
        server.platform.edit(
            self.late.response_id, name="Stored Late", modified_at=newest - timedelta(hours=3)
        )

    def night(self, days, **options):
        self.server.clock.now = UNTIL + timedelta(days=days)
        return run_night(
            self.settings,
            Quiet(),
            now=lambda: self.server.clock.now,
            sleep=lambda _: None,
            **options,
        )


@pytest.fixture
def server():
    """A platform without limits a minute."""
    with open_sandbox(N, seed=4, until=UNTIL - timedelta(hours=12), per_minute=None) as opened:
        yield opened


@pytest.mark.long
def test_a_late_edit_is_met_after_four_weeks_and_the_days_run_anew(tmp_path, server):
    nights = Nights(tmp_path, server)
    usual = nights.night(1)
    assert (usual.state, usual.responses_changed, usual.plan["full"]) == ("unchanged", 0, 0)
    assert nights.night(27).responses_changed == 0

    due = nights.night(28)
    assert (due.state, due.responses_changed, due.plan["full"]) == ("complete", 1, CALLS)
    after = nights.night(29)
    assert (after.state, after.plan["full"]) == ("unchanged", 0)
    assert due.requests - after.requests >= CALLS


def test_a_full_night_meets_it_at_once_and_the_days_run_from_it(tmp_path, server):
    nights = Nights(tmp_path, server)
    assert nights.night(20, options=RunOptions(is_full=True)).responses_changed == 1
    assert nights.night(28).plan["full"] == 0


def test_with_nought_days_it_is_never_done(tmp_path, server):
    nights = Nights(tmp_path, server, full_every_days=0)
    assert (nights.night(400).responses_changed, nights.night(401).plan["full"]) == (0, 0)


def test_it_waits_for_a_night_that_has_the_calls(tmp_path, server):
    nights = Nights(tmp_path, server)
    server.limits.per_day = USUAL_CALLS + CALLS  # and none for the platform's own counts
    short = nights.night(28)
    assert (short.state, short.responses_changed, short.plan["put_off"]) == ("unchanged", 0, ("full",))
    server.limits.per_day = None
    assert nights.night(29).responses_changed == 1


@pytest.mark.long
def test_broken_off_it_costs_no_night_and_is_tried_again(tmp_path, server):
    nights = Nights(tmp_path, server)
    changed = server.platform.signatories()[5]
    server.platform.edit(
        changed.response_id, name="Just Now", modified_at=UNTIL + timedelta(days=28) - timedelta(minutes=5)
    )
    second_page = len(server.calls) + USUAL_CALLS + 2
    server.faults.script = {second_page + n: Fault(FaultKind.ERROR_500) for n in range(10)}
    broken = nights.night(28)
    assert broken.state == "complete"
    assert broken.responses_changed == 1
    assert any("broken off" in warning for warning in broken.warnings)

    server.faults.script = {}
    again = nights.night(29)
    assert (again.state, again.responses_changed, again.warnings) == ("complete", 1, [])
