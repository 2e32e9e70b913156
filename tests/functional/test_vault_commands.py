"""The commands that open the vault for staff: held-back, signatories, explain."""

from __future__ import annotations

import csv
import io

import pytest

from tests.driving import AWKWARD_NAME, a_sandbox
from tests.plain_count import plain_count

COLUMNS = ["response_id", "name", "email", "email_key", "role", "role_other", "signed_at", "modified_at"]

# held-back


def test_held_back_lists_ids_and_rules_in_three_forms_and_no_value(after_two_nights, two_nights, count):
    held = {
        response_id: reason for response_id, (place, reason) in count.places.items() if place == "held back"
    }
    assert held
    rows = after_two_nights("held-back", "--format", "json").rows
    assert {row["response_id"]: row["rule"] for row in rows} == held
    assert all(set(row) == {"response_id", "rule", "reason", "held_since"} for row in rows)
    read = list(csv.DictReader(io.StringIO(after_two_nights("held-back", "--format", "csv").stdout)))
    assert read == rows
    shown = after_two_nights("held-back").stdout
    assert all(response_id in shown for response_id in held)
    typed = [
        text
        for one in two_nights[1].platform.signatories()
        if one.response_id in held
        for text in (one.name, one.email)
        if text and text.strip()
    ]
    assert typed
    assert [text for text in typed if text in shown] == []


# signatories


def test_the_list_of_signatories_wants_a_reason(after_two_nights):
    assert after_two_nights("signatories").code == 2
    ran = after_two_nights("signatories", "--reason", "  ")
    assert (ran.code, ran.stdout) == (2, "")
    assert "--reason" in ran.stderr


def test_each_use_of_the_list_is_recorded_with_its_reason(after_two_nights, count):
    after_two_nights("signatories", "--reason", "a letter of thanks")
    after_two_nights("signatories", "--reason", "a second letter", "--role", "Politician")
    with after_two_nights.vault() as vault:
        found = vault.execute(
            "select entry_no, command, reason, n_rows, who <> '' from privacy.access_log order by entry_no"
        ).fetchall()
    assert found == [
        (1, "signatories", "a letter of thanks", len(count.people), True),
        (2, "signatories", "a second letter", count.by_role["Politician"], True),
    ]


def test_the_csv_of_signatories_is_whole_and_harmless_in_a_spreadsheet(after_two_nights, count):
    ran = after_two_nights("signatories", "--reason", "a test")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert list(rows[0]) == COLUMNS
    assert {row["response_id"] for row in rows} == {person.response_id for person in count.people}
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert f"'{AWKWARD_NAME}" in cells
    assert "'+44 131 496 0000" in cells


def test_the_json_of_signatories_has_the_columns_of_the_contract_and_texts_as_typed(after_two_nights, count):
    rows = after_two_nights("signatories", "--reason", "a test", "--format", "json").rows
    assert {tuple(row) for row in rows} == {tuple(COLUMNS)}
    assert AWKWARD_NAME in [row["name"] for row in rows]
    assert {(row["response_id"], row["role"]) for row in rows} == {
        (person.response_id, person.role) for person in count.people
    }


def test_a_role_that_there_is_not_is_told_and_leaves_no_access(after_two_nights):
    ran = after_two_nights("signatories", "--reason", "a test", "--role", "Polititian")
    assert (ran.code, ran.stdout) == (2, "")
    assert "Politician" in ran.stderr
    with after_two_nights.vault() as vault:
        assert vault.execute("select count(*) from privacy.access_log").fetchone() == (0,)


def test_signatories_of_one_role_are_those_and_no_others(after_two_nights, count):
    rows = after_two_nights("signatories", "--reason", "a test", "--role", "Other", "--format", "json").rows
    assert {row["response_id"] for row in rows} == {
        person.response_id for person in count.people if person.role == "Other"
    }
    assert rows
    assert all(row["role_other"] is not None or row["role"] == "Other" for row in rows)


# explain


@pytest.mark.parametrize("place", ["signatory", "duplicate", "held back", "not counted", "withdrawn"])
def test_explain_says_where_a_response_is_and_why_but_not_what_was_typed(
    after_two_nights, two_nights, count, place
):
    by_id = {one.response_id: one for one in two_nights[1].platform.signatories()}
    some = [one for one, (found, _) in count.places.items() if found == place][:5]
    assert some
    for response_id in some:
        ran = after_two_nights("explain", response_id)
        assert ran.code == 0
        assert [place, count.places[response_id][1]] in ran.cells
        assert len([cells for cells in ran.cells if cells[0] == "api"]) == 1
        if response_id in by_id:
            one = by_id[response_id]
            typed = [text for text in (one.name, one.email, one.other_text, one.ip) if text and text.strip()]
            assert [text for text in typed if text.strip() in ran.stdout] == []


def test_explain_shows_each_version_and_who_shares_the_key(after_two_nights, two_nights):
    server = two_nights[1]
    with a_sandbox(1) as other:
        other.platform.delete(other.platform.signatories()[0].response_id)
        for one in server.platform.signatories():
            other.platform.add(one)
        first, second = (
            person.response_id for person in plain_count(other.platform.signatories()).people[:2]
        )
        email = other.platform.response(first).email
        other.platform.edit(second, email=email)
        after_two_nights.at(other)("sync", "--direct")
    shown = after_two_nights("explain", second).cells
    assert len([cells for cells in shown if cells[0] == "api"]) == 2
    (other_of_the_person,) = [cells for cells in shown if cells[0] == first]
    assert (other_of_the_person[1], other_of_the_person[-1]) == ("duplicate", "changed later")


def test_explain_of_a_response_never_received_ends_with_exit_code_2(after_two_nights):
    ran = after_two_nights("explain", "123")
    assert (ran.code, ran.stdout) == (2, "")
    assert "123" in ran.stderr


def test_a_command_on_the_vault_before_there_is_one_says_how_to_start(run_pledge):
    for command in (["held-back"], ["explain", "1"], ["signatories", "--reason", "x"]):
        ran = run_pledge(*command)
        assert (ran.code, ran.stdout) == (10, "")
        assert "pledge sync" in ran.stderr
    assert list(run_pledge.folder.iterdir()) == []
