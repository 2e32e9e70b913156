"""Roles as the form changes and as the settings group them: old signatures under the current form."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import FORM, PARENT, ROLE, SCHOOL, a_response
from tests.vaults import drawn
from warehouse.queries import figures
from warehouse.releases import publish


def roles(vault):
    """Id, role as shown and text of its own, of each signatory."""
    publish.make_shown_roles(vault.connection, vault.form)
    return vault.people("id role role_other")


def answered(vault, *answers):
    """Role, state and text of one signatory whose answers to the role question are these."""
    vault.receive([a_response(1, email="a@b.co", choice=None, answers={ROLE: list(answers)})])
    vault.decide()
    (row,) = vault.people("role role_state role_other")
    return tuple(row.values())


BOTH_CHOOSE = """
    id | email  | choice
    1  | a@b.co | 21
    2  | b@b.co | 22
"""


def test_a_renamed_choice_is_shown_with_its_new_text(vault):
    vault.night(BOTH_CHOOSE)
    vault.form_becomes(
        "v2",
        """
        id | text
        21 | Parent, carer or guardian
        22 | School or nursery
    """,
    )
    assert roles(vault) == drawn("""
        id | role                      | role_other
        1  | Parent, carer or guardian | -
        2  | School or nursery         | -
    """)


def test_a_choice_that_left_the_form_keeps_its_last_text(vault):
    vault.night(BOTH_CHOOSE)
    vault.form_becomes(
        "v2",
        """
        id | text
        21 | Parent, carer or guardian
        22 | School
    """,
    )
    vault.night()
    vault.form_becomes(
        "v3",
        """
        id | text
        22 | School
        23 | Other supporter
    """,
    )
    vault.night("""
        id | email  | choice
        3  | c@b.co | 21
    """)
    assert roles(vault) == drawn("""
        id | role                      | role_other
        1  | Parent, carer or guardian | -
        2  | School                    | -
        3  | Parent, carer or guardian | -
    """)
    assert figures.by_role(vault.connection) == {"School": 1, "Parent, carer or guardian": 2}


def test_a_form_that_comes_back_is_the_current_one_again(vault):
    vault.night(BOTH_CHOOSE)
    vault.form_becomes(
        "v2",
        """
        id | text
        21 | Parent
        22 | School
        23 | Council
    """,
    )
    vault.night("""
        id | email  | choice
        3  | c@b.co | 23
    """)
    vault.form_becomes(
        "v1",
        """
        id | text
        21 | Parent or carer
        22 | School or nursery
    """,
    )
    assert roles(vault) == drawn("""
        id | role              | role_other
        1  | Parent or carer   | -
        2  | School or nursery | -
        3  | Council           | -
    """)


def test_a_choice_keeps_the_text_of_the_last_form_that_had_it_also_if_that_one_had_come_back(vault):
    vault.night(BOTH_CHOOSE)
    vault.form_becomes(
        "v2",
        """
        id | text
        21 | Parent
        22 | School
    """,
    )
    vault.night()
    vault.form_becomes(
        "v1",
        """
        id | text
        21 | Parent or carer
        22 | School or nursery
    """,
    )
    vault.night()
    vault.form_becomes(
        "v3",
        """
        id | text
        22 | School
    """,
    )
    assert roles(vault) == drawn("""
        id | role            | role_other
        1  | Parent or carer | -
        2  | School          | -
    """)


def test_a_choice_that_the_form_did_not_have_yet_is_known_once_it_has(vault):
    vault.night("""
        id | email  | choice
        1  | a@b.co | 23
        2  | b@b.co | 28
    """)
    assert [row["role"] for row in roles(vault)] == ["(unknown choice)", "(unknown choice)"]
    vault.form_becomes(
        "v2",
        """
        id | text                   | kind
        21 | Parent or carer        | choice
        23 | Council                | choice
        28 | Other (please specify) | other
    """,
    )
    vault.night()
    assert vault.people("id role role_state") == drawn("""
        id | role    | role_state
        1  | Council | known
        2  | Other   | other
    """)


def test_of_several_choices_the_first_on_the_current_form_counts(vault):
    vault.receive(
        [
            a_response(
                1, email="a@b.co", choice=None, answers={ROLE: [{"choice_id": PARENT}, {"choice_id": SCHOOL}]}
            )
        ]
    )
    vault.decide()
    vault.form_becomes(
        "v2",
        """
        id | text
        22 | School or nursery
        21 | Parent or carer
    """,
    )
    vault.night()
    assert vault.people("role") == [{"role": "School or nursery"}]


def test_a_choice_that_left_the_form_comes_after_those_that_are_on_it(vault):
    vault.form_becomes(
        "v2",
        """
        id | text
        22 | School or nursery
    """,
    )
    assert answered(vault, {"choice_id": PARENT}, {"choice_id": SCHOOL})[0] == "School or nursery"


def test_only_choices_that_people_can_see_are_listed_without_anybody(vault):
    vault.form_becomes(
        "v2",
        """
        id | text    | is_hidden
        21 | Parent  | -
        22 | School  | yes
        23 | Council | -
    """,
    )
    vault.night()
    listed = vault.rows("select role, position from staging.roles order by position")
    assert [row["role"] for row in listed if row["position"] < 1000] == ["Parent", "Council"]


# Settings that show several choices as one role.


def test_choices_are_grouped_by_their_id_or_by_their_text(vault):
    vault.form = replace(FORM, role_groups={"21": "Families", "School or nursery": "Professionals"})
    vault.night("""
        id | email  | choice | other
        1  | a@b.co | 21     | -
        2  | b@b.co | 22     | -
        3  | c@b.co | -      | Grandparent
    """)
    assert roles(vault) == drawn("""
        id | role          | role_other
        1  | Families      | -
        2  | Professionals | -
        3  | Other         | Grandparent
    """)


def test_a_group_by_id_goes_before_one_by_text(vault):
    vault.form = replace(FORM, role_groups={"21": "By id", "Parent or carer": "By text"})
    vault.night(BOTH_CHOOSE)
    assert roles(vault)[0]["role"] == "By id"


def test_several_choices_in_one_group_are_one_role_in_the_place_of_its_first(vault):
    vault.form = replace(FORM, role_groups={"21": "Everybody", "22": "Everybody"})
    vault.night(BOTH_CHOOSE)
    assert figures.by_role(vault.connection) == {"Everybody": 2}


def test_a_group_goes_on_by_id_when_its_choice_is_renamed_and_leaves(vault):
    vault.form = replace(FORM, role_groups={"21": "Families"})
    vault.night(BOTH_CHOOSE)
    vault.form_becomes(
        "v2",
        """
        id | text
        22 | School
    """,
    )
    assert [row["role"] for row in roles(vault)] == ["Families", "School"]


def test_two_choices_with_one_text_are_one_role(vault):
    vault.form_becomes(
        "v2",
        """
        id | text
        21 | Parent
        22 | Parent
    """,
    )
    vault.night(BOTH_CHOOSE)
    assert figures.by_role(vault.connection) == {"Parent": 2}
