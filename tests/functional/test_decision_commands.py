"""What people decide, by the commands: kept with who, when and why, of force from the next build, undone."""

from __future__ import annotations

import json

import pytest

from tests.driving import a_sandbox
from tests.plain_count import plain_count

BECAUSE = ("--because", "the person wrote to us")


@pytest.fixture
def held(after_two_nights):
    """Ids of responses held back, and the rule of each."""
    return {row["response_id"]: row["rule"] for row in after_two_nights("held-back", "--format", "json").rows}


def record(ran):
    assert ran.code == 0, ran.stderr
    return ran.json


def test_an_accepted_response_counts_after_a_recount_and_no_more_when_undone(after_two_nights, held):
    before = record(after_two_nights("status", "--json"))
    response_id = next(iter(held))
    ran = after_two_nights("accept", response_id, *BECAUSE)
    assert (ran.code, ran.stdout) == (0, "")
    assert "pledge undo 1" in ran.stderr
    after = record(after_two_nights("recount", "--json"))
    assert (after["state"], after["n_signatories"]) == ("complete", before["n_signatories"] + 1)
    assert sum(after["held_back"].values()) == sum(before["held_back"].values()) - 1
    assert after["conservation_ok"]
    story = after_two_nights("explain", response_id).cells
    decision = next(cells for cells in story if cells[:2] == ["1", "response"])
    assert (decision[4], decision[-1]) == ("accept", "")
    assert ["signatory", "accepted by a person"] in story
    assert [cells[0] for cells in story if len(cells) == 5 and cells[3].startswith("20")][-2:] == [
        "held back",
        "signatory",
    ]
    assert after_two_nights("undo", "1", *BECAUSE).code == 0
    again = record(after_two_nights("recount", "--json"))
    assert again["n_signatories"] == before["n_signatories"]
    undone = after_two_nights("explain", response_id).cells
    assert next(cells[-1] for cells in undone if cells[:2] == ["1", "response"]).startswith("20")


def test_a_rejected_response_is_told_as_such_and_kept(after_two_nights, count):
    chosen = count.people[5].response_id
    before = record(after_two_nights("status", "--json"))
    assert after_two_nights("reject", chosen, *BECAUSE).code == 0
    after = record(after_two_nights("recount", "--json"))
    assert after["not_counted"]["rejected by a person"] == 1
    assert before["n_signatories"] - after["n_signatories"] in {0, 1}
    assert ["not counted", "rejected by a person"] in after_two_nights("explain", chosen).cells


def test_decisions_are_listed_with_who_and_why_and_what_became_of_them(after_two_nights, held, count):
    first, *_ = held
    after_two_nights("accept", first, *BECAUSE)
    after_two_nights("reject", count.people[3].response_id, "--because", "a test of our own")
    after_two_nights("undo", "2", "--because", "it was no test")
    rows = after_two_nights("decisions", "--reason", "a test", "--format", "json").rows
    assert [(row["decision_no"], row["verdict"], row["because"]) for row in rows] == [
        (1, "accept", "the person wrote to us"),
        (2, "reject", "a test of our own"),
    ]
    assert [row["is_in_force"] for row in rows] == [True, False]
    assert rows[1]["undone_because"] == "it was no test"
    assert all(row["who"] for row in rows)


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (["accept", "123", *BECAUSE], "isn't held back"),
        (["reject", "123", *BECAUSE], "no response of the pledge"),
        (["undo", "7", *BECAUSE], "isn't in force"),
        (["undo", "seven", *BECAUSE], "number"),
        (["accept", "123", "--because", " "], "--because"),
        (["accept", "123"], "--because"),
        (["decide", "same", "same-mailbox", "1", "2", *BECAUSE], "is open"),
        (["assign-role", "--choice", "999", "--as", "Parent", *BECAUSE], "999"),
        (["assign-role", "--other", "!!!", "--as", "Parent", *BECAUSE], "--exactly"),
        (["assign-role", "--other", "Nanny", "--as", " ", *BECAUSE], "--as"),
        (["assign-role", "--other", "Nanny", "--as", "(no answer)", *BECAUSE], "in brackets"),
        (["assign-role", "--other", "Words that nobody wrote", "--as", "Parent", *BECAUSE], "No signatory"),
        (["decisions"], "--reason"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_kept(after_two_nights, command, word):
    ran = after_two_nights(*command)
    assert (ran.code, ran.stdout) == (2, "")
    assert word in ran.stderr
    assert after_two_nights("decisions", "--reason", "a test", "--format", "json").rows == []


def test_a_role_that_people_wrote_is_given_one_and_only_that_is_published(after_two_nights):
    listed = after_two_nights("roles", "--reason", "a test", "--format", "json").rows
    text = max((row for row in listed if row["kind"] == "text"), key=lambda row: row["n_signatories"])
    before = record(after_two_nights("status", "--json"))["by_role"]
    ran = after_two_nights("assign-role", "--other", text["text"], "--as", "Grandparents", *BECAUSE)
    assert ran.code == 0
    assert "is a new role" in ran.stderr
    after = record(after_two_nights("recount", "--json"))
    assert after["state"] == "complete"
    assert after["by_role"]["Grandparents"] >= text["n_signatories"]
    assert after["by_role"]["Grandparents"] + after["by_role"]["Other"] == before["Other"]
    rows = after_two_nights("query", "from signatories_by_role where role = 'Grandparents'").stdout
    assert "Grandparents" in rows
    with after_two_nights.vault() as vault:
        found = vault.execute("select command, reason from privacy.access_log").fetchall()
    assert found == [("roles", "a test")]


def test_a_recheck_checks_every_response_and_changes_nothing_of_itself(after_two_nights):
    before = record(after_two_nights("status", "--json"))
    after = record(after_two_nights("recount", "--recheck", "--json"))
    assert after["state"] == "unchanged"
    assert max(result.get("n_checked", 0) for result in after["checks"]) > before["n_signatories"]
    figures = ("n_signatories", "held_back", "not_counted", "duplicates", "withdrawn", "by_role")
    assert {name: after[name] for name in figures} == {name: before[name] for name in figures}


def test_a_recount_makes_no_call_and_needs_no_platform(after_two_nights, held):
    after_two_nights("accept", next(iter(held)), *BECAUSE)
    after_two_nights.environment.pop("SURVEYMONKEY_API_URL", None)
    after_two_nights.environment.pop("SURVEYMONKEY_ACCESS_TOKEN", None)
    after = record(after_two_nights("recount", "--json"))
    assert (after["state"], after["requests"], after["command"]) == ("complete", 0, "recount")


def test_a_recount_before_there_is_a_vault_says_how_to_start(run_pledge):
    ran = run_pledge("recount")
    assert (ran.code, ran.stdout) == (10, "")
    assert "pledge sync" in ran.stderr


def a_case_of(platform, people):
    """Two of *people* become one mailbox by their addresses; a third shares an address with a fourth."""
    one, other, third, fourth = (person.response_id for person in people[:4])
    platform.edit(one, email="mora.invented@gmail.com", name="Mora Invented")
    platform.edit(other, email="mo.ra.invented+pledge@googlemail.com", name="Mora Invented")
    platform.edit(third, email="family@example.org", name="Ailsa Invented")
    platform.edit(fourth, email="family@example.org", name="Bartholomew Made-Up")


@pytest.fixture
def with_cases(after_two_nights, two_nights):
    """A place where two cases have been noticed."""
    server = two_nights[1]
    with a_sandbox(1) as other:
        other.platform.delete(other.platform.signatories()[0].response_id)
        for one in server.platform.signatories():
            other.platform.add(one)
        a_case_of(other.platform, plain_count(other.platform.signatories()).people)
        assert after_two_nights.at(other)("sync", "--direct").code == 0
        yield after_two_nights


def cases(pledge):
    rows = pledge("review", "--reason", "a test", "--format", "json").rows
    wanted = ("same-mailbox", "two-people-one-address")
    return {row["case_name"].split()[0]: row for row in rows if row["case_name"].split()[0] in wanted}


def headline(pledge):
    return json.loads(pledge("query", "from headline", "--format", "json").stdout)[0]


def test_the_review_list_names_both_sides_and_its_use_is_recorded(with_cases):
    found = cases(with_cases)
    assert set(found["same-mailbox"]["emails"]) == {
        "mora.invented@gmail.com",
        "mo.ra.invented+pledge@googlemail.com",
    }
    assert set(found["two-people-one-address"]["names"]) == {"Ailsa Invented", "Bartholomew Made-Up"}
    assert all(len(row["response_ids"]) == 2 for row in found.values())
    assert with_cases("review", "--reason", " ").code == 2
    with with_cases.vault() as vault:
        assert vault.execute("select command from privacy.access_log").fetchall() == [("review",)]


@pytest.mark.long
def test_cases_change_the_range_and_not_the_headline_until_a_person_decides(with_cases):
    before, found = headline(with_cases), cases(with_cases)
    assert before["n_lowest"] < before["n_signatories"] < before["n_highest"]
    for verdict, signal in (("same", "same-mailbox"), ("apart", "two-people-one-address")):
        assert with_cases("decide", verdict, *found[signal]["case_name"].split(), *BECAUSE).code == 0
    assert cases(with_cases) == {}
    after = record(with_cases("recount", "--json"))
    assert (after["state"], after["n_signatories"]) == ("complete", before["n_signatories"])
    assert headline(with_cases)["n_to_review"] == before["n_to_review"] - 2
    with_cases("undo", "1", *BECAUSE)
    assert record(with_cases("recount", "--json"))["n_signatories"] == before["n_signatories"] + 1


@pytest.mark.long
def test_a_case_can_be_closed_as_nothing_and_opened_again(with_cases):
    before, found = headline(with_cases), cases(with_cases)
    name = found["same-mailbox"]["case_name"]
    assert with_cases("decide", "apart", *name.split(), *BECAUSE).code == 2
    assert with_cases("decide", "nothing", *name.split(), *BECAUSE).code == 0
    after = record(with_cases("recount", "--json"))
    assert (after["state"], after["n_signatories"]) == ("complete", before["n_signatories"])
    assert headline(with_cases)["n_lowest"] == before["n_lowest"] + 1
    assert "same-mailbox" not in cases(with_cases)
    with_cases("undo", "1", *BECAUSE)
    assert cases(with_cases)["same-mailbox"]["case_name"] == name
