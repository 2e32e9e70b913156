"""The platform's own counts beside ours, night by night, and the page on which all of it adds up."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from connectors.sandbox.server.serve import TOKEN
from connectors.sandbox.world.pledge import OTHER_ID, ROLE_ID, ROLES, SURVEY_ID, question_in
from flows.run.context import RunOptions
from flows.run.progress import Quiet
from flows.settings.model import Settings
from tests.driving import UNTIL, Pledge, run_night
from tests.faulty_sandbox import FaultKind, open_sandbox

N = 250
PARENT, POLITICIAN = "6012873301", "6012873305"
CHECK = "roles-as-platform"


class Nights:
    """A place and its platform; each night is run on a day of its own."""

    def __init__(self, folder, server):
        self.server = server
        self.pledge = Pledge(folder).at(server)
        self.settings = Settings(
            home=self.pledge.home, token=TOKEN, api_url=server.url, survey_id=SURVEY_ID, full_every_days=0
        )

    def night(self, days, **asked):
        self.server.clock.now = UNTIL + timedelta(days=days)
        return run_night(
            self.settings,
            Quiet(),
            now=lambda: self.server.clock.now,
            sleep=lambda _: None,
            options=RunOptions(**asked),
        )

    def asked(self):
        return sum("/rollups" in path for _, path in self.server.calls)

    def edit_unmet(self):
        """An edit that no walk meets: the platform stores it under its old time."""
        one = next(one for one in self.server.platform.signatories() if one.choice_id == PARENT)
        self.server.platform.edit(one.response_id, choice_id=POLITICIAN, modified_at=one.modified_at)
        return one.response_id

    def edit(self, days):
        """An edit that the night of that day meets, and that changes no role."""
        one = self.server.platform.signatories()[7]
        self.server.platform.edit(
            one.response_id, name="Changed Since", modified_at=UNTIL + timedelta(days=days, hours=-1)
        )

    def page(self):
        return self.pledge("reconcile", "--json").json


@pytest.fixture
def nights(tmp_path):
    with open_sandbox(N, seed=4, until=UNTIL - timedelta(hours=12), per_minute=None) as server:
        yield Nights(tmp_path, server)


def told_of(record, check=CHECK):
    return [warning for warning in record.warnings if check in warning]


def ticked(server):
    people = server.platform.signatories()
    counts = {choice_id: sum(one.choice_id == choice_id for one in people) for choice_id in ROLES}
    return counts | {OTHER_ID: sum(one.other_text is not None for one in people)}


# What a night asks, and what it keeps


def test_the_first_night_finds_each_role_as_the_platform_counts_it(nights):
    first = nights.night(0)
    wanted = ticked(nights.server)
    compared = [result for result in first.checks if result.get("check") == CHECK]
    observed = {result["subject"]: result["observed"] for result in compared}
    assert observed.items() >= {f"choice {choice_id}": n for choice_id, n in wanted.items()}.items()
    assert [result for result in compared if not result["ok"]] == []
    assert first.platform["rollups"].items() >= wanted.items()
    assert (first.platform["total"], first.platform["held"]) == (N, N)
    assert json.loads(json.dumps(first.as_json()))["platform"] == first.platform


@pytest.mark.long
def test_it_is_asked_only_where_something_has_changed_or_after_some_days(nights):
    nights.night(0)
    quiet = nights.night(1)
    assert (nights.asked(), quiet.requests, quiet.platform["rollups"]) == (1, 4, None)
    nights.edit(2)
    nights.night(2)
    assert nights.asked() == 2
    nights.night(8)
    assert nights.asked() == 2
    after = nights.night(9)
    assert (nights.asked(), after.state, after.warnings) == (3, "unchanged", [])
    nights.night(10, is_full=True)
    assert nights.asked() == 4


def test_a_difference_is_told_on_a_night_without_news_too_and_a_full_night_mends_it(nights):
    nights.night(0)
    nights.edit_unmet()
    late = nights.night(7)
    assert (late.state, len(told_of(late))) == ("unchanged", 2)
    assert f"choice {POLITICIAN}" in " ".join(told_of(late))

    mended = nights.night(8, is_full=True)
    assert (mended.state, mended.responses_changed, told_of(mended)) == ("complete", 1, [])


def test_roles_are_not_compared_while_the_ids_differ(nights):
    nights.night(0)
    for one in nights.server.platform.signatories()[:60]:
        nights.server.platform.delete(one.response_id)
    gone = nights.night(7)
    assert any("have vanished" in warning for warning in gone.warnings)
    assert nights.asked() == 1
    assert (gone.platform["n_vanished"], len(gone.platform["vanished"])) == (60, 60)
    assert (gone.platform["total"], gone.platform["held"]) == (N - 60, N)
    assert gone.platform["are_ids_compared"] is True


def test_a_record_names_a_hundred_ids_and_counts_the_rest(nights):
    nights.night(0)
    for one in nights.server.platform.signatories()[:130]:
        nights.server.platform.delete(one.response_id)
    platform = nights.night(7).platform
    assert (platform["n_vanished"], len(platform["vanished"])) == (130, 100)


@pytest.mark.parametrize(
    ("kind", "n_calls"),
    [
        (FaultKind.ERROR_500, 5),
        pytest.param(FaultKind.HTML_200, 5, marks=pytest.mark.long),
        pytest.param(FaultKind.REVOKED_GRANT, 1, marks=pytest.mark.long),
    ],
)
def test_a_refusal_is_told_once_and_costs_no_night(nights, kind, n_calls):
    nights.server.faults.kinds, nights.server.faults.probability = (kind,), 1.0
    nights.server.faults.only = "/rollups"
    first = nights.night(0)
    assert (first.state, first.platform["rollups"]) == ("complete", None)
    assert (nights.asked(), len(told_of(first, "own counts of each role"))) == (n_calls, 1)
    nights.edit(3)
    assert told_of(nights.night(3), "own counts of each role") == []
    assert nights.asked() == n_calls

    nights.server.faults.probability = 0.0
    later = nights.night(7)
    assert (nights.asked(), later.warnings, later.platform["rollups"] is None) == (n_calls + 1, [], False)


def test_without_a_call_to_spare_it_is_not_asked_and_the_night_is_whole(nights):
    nights.night(0)
    nights.edit(1)
    nights.server.limits.per_day = 4
    short = nights.night(1)
    assert (short.state, nights.asked(), short.warnings) == ("complete", 1, [])


def test_a_form_without_choices_for_the_role_is_not_asked_for_counts(nights):
    def as_text(design):
        question = question_in(design, ROLE_ID)
        question["family"], question["subtype"] = "open_ended", "single"
        del question["answers"]

    nights.server.platform.redesign(as_text)
    assert nights.night(0).state == "complete"
    assert nights.asked() == 0


# What is published


def test_the_published_comparison_has_one_row_a_thing_and_no_id(nights):
    nights.night(0)
    rows = nights.pledge("query", "from platform_comparison", "--format", "json").rows
    assert rows[0].items() >= {"what": "responses", "n_platform": N, "n_here": N}.items()
    wanted = ticked(nights.server)
    assert {row["what"]: row["n_platform"] for row in rows}.items() >= {
        f"role: {text}": wanted[choice_id] for choice_id, text in ROLES.items()
    }.items()
    assert [row for row in rows if row["n_platform"] != row["n_here"]] == []
    assert {row["compared_at"] for row in rows} == {UNTIL.isoformat()}


# The page


def test_the_page_of_two_nights_adds_up(after_two_nights, count):
    ran = after_two_nights("reconcile")
    page = after_two_nights("reconcile", "--json").json
    places = {(row["place"], row["reason"]): row["n_responses"] for row in page["places"]}
    assert places == count.by_place
    assert page["seen"] == page["placed"] == sum(places.values()) == 600
    assert page["adds_up"] is True
    assert page["platform"].items() >= {"total": 599, "held": 599, "difference": 0}.items()
    assert page["roles"]
    assert [row for row in page["roles"] if row["difference"]] == []
    for place in ("signatories", "duplicates", "held back", "not counted", "withdrawn", "erased"):
        assert f"\n {place}" in ran.stdout
    assert (ran.code, "✗" in ran.stdout, ran.stdout.count("✓")) == (0, False, 2 + len(page["roles"]))


def test_the_page_shows_no_value_of_a_person(after_two_nights, two_nights):
    shown = after_two_nights("reconcile").stdout + after_two_nights("reconcile", "--json").stdout
    texts = {
        text
        for one in two_nights[1].platform.signatories()
        for text in (one.name, one.email, one.other_text)
        if text and text.strip()
    }
    assert [text for text in texts if text in shown] == []


def test_what_people_decided_is_named_with_who_and_number(after_two_nights, count):
    held = next(one for one, (place, _) in count.places.items() if place == "held back")
    joke = next(one for one, (place, _) in count.places.items() if place == "signatory")
    after_two_nights("accept", held, "--because", "they phoned us")
    after_two_nights("reject", joke, "--because", "a joke of ours")
    assert after_two_nights("recount").code == 0
    decided = after_two_nights("reconcile", "--json").json["decided"]
    assert {(row["response_id"], row["place"], row["decision_no"]) for row in decided} == {
        (held, "signatory", 1),
        (joke, "not counted", 2),
    }
    ran = after_two_nights("reconcile")
    assert [held, "accepted by a person", decided[0]["who"], "1"] in [cells[:4] for cells in ran.cells]
    assert "a joke of ours" not in ran.stdout


@pytest.mark.long
def test_ids_that_vanished_and_stay_are_named(nights):
    nights.night(0)
    gone = sorted(one.response_id for one in nights.server.platform.signatories()[:60])
    for response_id in gone:
        nights.server.platform.delete(response_id)
    nights.night(7)
    platform = nights.page()["platform"]
    assert (platform["difference"], platform["only_here"]) == (-60, gone)
    shown = nights.pledge("reconcile").stdout
    assert "✗" in shown
    assert [response_id for response_id in gone if response_id not in shown] == []

    nights.night(8, accepts_withdrawals=True)
    assert nights.page()["platform"].items() >= {"difference": 0, "only_here": []}.items()


def test_a_role_that_differs_names_what_could_be_why(nights):
    nights.night(0)
    changed = nights.edit_unmet()
    nights.night(7)
    before = {row["choice_id"]: row for row in nights.page()["roles"]}
    assert (before[PARENT]["difference"], before[POLITICIAN]["difference"]) == (-1, 1)
    assert before[POLITICIAN]["could_explain"] == []
    assert "pledge sync --full fetches every response anew" in nights.pledge("reconcile").stdout

    # It is met at last, on a night that can't ask for the counts again.
    nights.server.limits.per_day = 6
    nights.night(8, is_full=True)
    after = {row["choice_id"]: row for row in nights.page()["roles"]}
    assert after[PARENT]["could_explain"][0] == {"response_id": changed, "reason": "changed since"}
    assert after[POLITICIAN]["could_explain"] == [{"response_id": changed, "reason": "came or changed since"}]
    shown = nights.pledge("reconcile").stdout
    assert shown.count(changed) == 2


def test_before_the_first_night_the_page_says_what_is_missing(run_pledge):
    ran = run_pledge("reconcile")
    assert (ran.code, ran.stdout) == (10, "")
    assert "pledge sync" in ran.stderr
