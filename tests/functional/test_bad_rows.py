"""Nights with bad responses, rules of the user's own and falls: held back, told, nothing lost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import EMAIL_ID, NAME_ID
from tests.driving import UNTIL, a_sandbox
from tests.plain_count import plain_count
from tests.refusals import CHECKS, SETTINGS, assert_refused
from tests.variants import variants

CANARY = "quiltmuffin"


def _a_new_status(body):
    body["response_status"] = "archived"


def _of_another_survey(body):
    body["survey_id"] = "1"


def _from_the_future(body):
    body["date_modified"] = "2999-01-01T00:00:00+00:00"


def _without_a_time(body):
    body["date_modified"] = "soon"


def _without_an_address(body):
    for page in body["pages"]:
        page["questions"] = [one for one in page["questions"] if one["id"] != EMAIL_ID]


def _without_a_whole_address(body):
    _without_an_address(body)
    body["pages"][0]["questions"].append({"id": EMAIL_ID, "answers": [{"text": f"{CANARY} at home"}]})


BAD = {
    "status-unknown": _a_new_status,
    "other-survey": _of_another_survey,
    "modified-at-in-future": _from_the_future,
    "modified-at-missing": _without_a_time,
    "email-missing": _without_an_address,
    "email-invalid": _without_a_whole_address,
}


@pytest.mark.parametrize("n_bad", variants([600, 10_000], now=[600]))
def test_many_bad_responses_in_one_night_are_held_back_each_by_its_rule(run_pledge, n_bad):
    people = [
        replace(one, status="completed", mode="default", email=f"p{number}@example.org")
        for number, one in enumerate(invent(n_bad + 50, 4, UNTIL))
    ]
    kinds = list(BAD)
    wanted = {one.response_id: kinds[n % len(kinds)] for n, one in enumerate(people[:n_bad])}

    def spoil(body):
        if body["id"] in wanted:
            BAD[wanted[body["id"]]](body)

    with a_sandbox(0) as server:
        for one in people:
            server.platform.add(one)
        server.platform.reshape(spoil)
        told = run_pledge.at(server)("sync", "--direct", "--json").json
    assert (told["state"], told["conservation_ok"], told["n_signatories"]) == ("complete", True, 50)
    assert told["held_back"] == dict(Counter(wanted.values()))
    with run_pledge.vault() as vault:
        held = dict(vault.execute("select response_id, rule from core.held_back").fetchall())
    assert held == wanted
    assert CANARY not in json.dumps(told) + "".join(run_pledge.printed)


NAME_RULE = """
[[rules]]
name = "no-quilts"
question = "id:{question}"
must = "match"
pattern = "(?i)[^q].*"
severity = "{severity}"
reason = "A quilt."
"""


@pytest.mark.long
def test_a_rule_of_one_s_own_holds_back_from_the_next_night_on_and_lets_go_when_taken_out(small_settled):
    pledge, server = small_settled
    person = plain_count(server.platform.signatories()).people[0]
    server.platform.edit(person.response_id, name=CANARY)
    before = pledge("sync", "--direct", "--json").json
    toml = pledge.folder / "pledge.toml"
    toml.write_text(NAME_RULE.format(question=NAME_ID, severity="hold"))
    held = pledge("sync", "--direct", "--json").json
    assert held["held_back"]["no-quilts"] == 1
    assert held["conservation_ok"]
    (row,) = [row for row in pledge("held-back", "--format", "json").rows if row["rule"] == "no-quilts"]
    assert (row["response_id"], row["reason"]) == (person.response_id, "A quilt.")
    listed = pledge("query", "select rule from held_back_by_rule", "--format", "json").rows
    assert {"rule": "no-quilts"} in listed
    toml.write_text(NAME_RULE.format(question=NAME_ID, severity="warn"))
    assert "no-quilts" not in pledge("sync", "--direct", "--json").json["held_back"]
    toml.unlink()
    after = pledge("sync", "--direct", "--json").json
    assert (after["n_signatories"], after["held_back"]) == (before["n_signatories"], before["held_back"])
    assert CANARY not in "".join(pledge.printed) + "".join(map(json.dumps, pledge.records()))


def test_a_rule_about_a_question_that_there_is_not_is_refused_and_named(small_settled):
    pledge, _ = small_settled
    (pledge.folder / "pledge.toml").write_text(NAME_RULE.format(question="999", severity="hold"))
    assert_refused(pledge("sync", "--direct", "--json"), SETTINGS, "“no-quilts”", f"id:{NAME_ID}")


def test_a_fall_stops_the_night_until_somebody_says_that_it_is_right(small_settled):
    pledge, server = small_settled
    published = pledge.published.read_bytes()
    for person in plain_count(server.platform.signatories()).people[:12]:
        server.platform.edit(person.response_id, status="partial")
    ran = pledge("sync", "--direct", "--json")
    assert_refused(ran, CHECKS, "total-fell")
    told = [one for one in ran.json["warnings"] if one.startswith("total-fell (signatories now): ")]
    assert len(told) == 1
    assert "at least" in told[0]
    assert "--accept-fall" in told[0]
    assert pledge.published.read_bytes() == published
    told = pledge("sync", "--direct", "--json", "--accept-fall").json
    assert told["state"] == "complete"
    assert pledge.published.read_bytes() != published
