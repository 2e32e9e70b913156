"""Roles that staff give: to what people wrote themselves, and to choices that were renamed or merged."""

from __future__ import annotations

import pytest

from tests.vaults import drawn, held_by_a_plain_rule
from warehouse.queries import figures
from warehouse.releases import publish
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

PEOPLE = """
    id | email  | choice | other
    1  | a@b.co | 21     | -
    2  | b@b.co | 22     | -
    3  | c@b.co | -      | Grandparent
    4  | d@b.co | -      | "  grand-parent! "
    5  | e@b.co | -      | GRAND PARENT
    6  | f@b.co | -      | Childminder
    7  | g@b.co | 77     | -
"""


@pytest.fixture
def people(vault):
    """A vault with people of all kinds of roles."""
    vault.check = held_by_a_plain_rule
    vault.night(PEOPLE)
    return vault


def assign(vault, kind, subject, role):
    decision = Decision(kind, subject, role, "as a test", "a tester")
    return decisions.keep(vault.connection, decision, at=vault.now)


def shown(vault):
    publish.make_shown_roles(vault.connection, vault.form)
    return {int(row["id"]): row["role"] for row in vault.people("id role")}


def test_a_text_is_given_a_role_by_its_normal_form(people):
    normal_form = figures.normal_form_of(people.connection, "Grand Parent")
    assign(people, "other text", normal_form, "Parent or carer")
    assert shown(people) == {
        1: "Parent or carer",
        2: "School or nursery",
        3: "Other",
        4: "Parent or carer",
        5: "Parent or carer",
        6: "Other",
        7: "(unknown choice)",
    }


def test_an_exact_text_goes_before_its_normal_form(people):
    assign(people, "other text", figures.normal_form_of(people.connection, "grand parent"), "Parent or carer")
    assign(people, "exact text", "GRAND PARENT", "Grandparents")
    assert {n: role for n, role in shown(people).items() if n in {3, 4, 5}} == {
        3: "Other",
        4: "Parent or carer",
        5: "Grandparents",
    }


def test_a_role_given_once_holds_for_texts_to_come_and_until_undone(people):
    number = assign(people, "other text", "childminder", "Childcare")
    people.night("""
        id | email  | choice | other
        8  | h@b.co | -      | childminder.
    """)
    assert (shown(people)[6], shown(people)[8]) == ("Childcare", "Childcare")
    decisions.undo(people.connection, number, who="a tester", because="as a test", at=people.now)
    assert (shown(people)[6], shown(people)[8]) == ("Other", "Other")


def test_a_choice_that_was_renamed_or_merged_is_shown_as_the_role_it_became(people):
    assign(people, "choice", "22", "Schools and nurseries")
    assign(people, "choice", "77", "Schools and nurseries")
    assert (shown(people)[2], shown(people)[7]) == ("Schools and nurseries", "Schools and nurseries")
    assert figures.by_role(people.connection)["Schools and nurseries"] == 2


def test_a_given_role_that_is_on_the_form_stands_where_the_form_has_it(people):
    assign(people, "other text", "childminder", "School or nursery")
    assign(people, "other text", "grandparent", "Grandparents")
    shown(people)
    assert list(figures.by_role(people.connection)) == [
        "Parent or carer",
        "School or nursery",
        "Grandparents",
        "Other",
        "(unknown choice)",
    ]


def test_the_list_for_staff_has_each_text_and_choice_with_the_role_it_is_shown_as(people):
    assign(people, "other text", "childminder", "Childcare")
    assign(people, "choice", "22", "Schools")
    shown(people)
    assert [
        {name: row[name] for name in ("kind", "text", "choice_id", "n_signatories", "role", "is_decided")}
        for row in figures.role_texts(people.connection)
    ] == [
        {**row, "n_signatories": int(row["n_signatories"]), "is_decided": row["is_decided"] == "yes"}
        for row in drawn("""
            kind           | text                | choice_id | n_signatories | role             | is_decided
            text           | "  grand-parent! "  | -         | 1             | Other            | no
            text           | Childminder         | -         | 1             | Childcare        | yes
            text           | GRAND PARENT        | -         | 1             | Other            | no
            text           | Grandparent         | -         | 1             | Other            | no
            choice         | Parent or carer     | 21        | 1             | Parent or carer  | no
            choice         | School or nursery   | 22        | 1             | Schools          | yes
            unknown choice | -                   | 77        | 1             | (unknown choice) | no
        """)
    ]


def test_only_the_given_role_leaves_the_vault(people, tmp_path):
    assign(people, "other text", "childminder", "Childcare")
    path = people.publish(tmp_path / "published", "run-1")
    _, rows = figures.query(path, "select distinct role from signatories order by role")
    assert [role for (role,) in rows] == [
        "(unknown choice)",
        "Childcare",
        "Other",
        "Parent or carer",
        "School or nursery",
    ]
    assert b"hildminder" not in path.read_bytes()
