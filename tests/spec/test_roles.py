"""The role a signatory is shown with: the form and the answers drawn in, roles drawn out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import FORM, OTHER, PARENT, ROLE, SCHOOL, a_response
from tests.vaults import drawn
from warehouse.queries import figures
from warehouse.releases import publish

GONE = "77"


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


def test_a_choice_is_shown_with_its_text_and_what_is_no_choice_says_why(vault):
    vault.night("""
        id | email  | choice | other
        1  | a@b.co | 21     | -
        2  | b@b.co | 22     | -
        3  | c@b.co | -      | Grandparent
        4  | d@b.co | -      | -
        5  | e@b.co | 77     | -
    """)
    assert roles(vault) == drawn("""
        id | role              | role_other
        1  | Parent or carer   | -
        2  | School or nursery | -
        3  | Other             | Grandparent
        4  | (no answer)       | -
        5  | (unknown choice)  | -
    """)
    assert figures.by_role(vault.connection) == {
        "Parent or carer": 1,
        "School or nursery": 1,
        "Other": 1,
        "(unknown choice)": 1,
        "(no answer)": 1,
    }


# The answers that the platform gives to one question.


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([{"choice_id": PARENT}], ("Parent or carer", "known", None)),
        ([{"choice_id": 21}], ("Parent or carer", "known", None)),
        ([{"other_id": OTHER, "text": "Grandparent"}], ("Other", "other", "Grandparent")),
        ([{"other_id": OTHER}], ("Other", "other", None)),
        ([{"other_id": OTHER, "text": " \u200b"}], ("Other", "other", None)),
        ([{"other_id": "28", "text": "of an older form"}], ("Other", "other", "of an older form")),
        ([{"choice_id": OTHER}], ("Other", "other", None)),
        ([{"choice_id": OTHER, "text": "Grandparent"}], ("Other", "other", "Grandparent")),
        ([{"choice_id": OTHER}, {"other_id": OTHER, "text": "Aunt"}], ("Other", "other", "Aunt")),
        ([{"choice_id": GONE}], ("(unknown choice)", "unknown choice", None)),
        ([{"choice_id": GONE}, {"choice_id": GONE}], ("(unknown choice)", "unknown choice", None)),
        ([{"choice_id": ""}], ("(no answer)", "no answer", None)),
        ([{"choice_id": None, "other_id": None, "text": None}], ("(no answer)", "no answer", None)),
        (
            [{"text": "a text that no form asked for"}],
            ("(no answer)", "no answer", "a text that no form asked for"),
        ),
        ([], ("(no answer)", "no answer", None)),
    ],
)
def test_each_shape_of_an_answer_has_a_role(vault, answers, shown):
    assert answered(vault, *answers) == shown


@pytest.mark.parametrize(
    "answers",
    [
        [{"choice_id": SCHOOL}, {"other_id": OTHER, "text": "and a parent too"}],
        [{"other_id": OTHER, "text": "and a parent too"}, {"choice_id": SCHOOL}],
        [{"choice_id": SCHOOL}, {"choice_id": SCHOOL}, {"other_id": OTHER, "text": "and a parent too"}],
        [{"choice_id": SCHOOL, "other_id": OTHER, "text": "and a parent too"}],
    ],
)
def test_an_other_line_beside_a_choice_is_a_comment(vault, answers):
    assert answered(vault, *answers) == ("School or nursery", "known", "and a parent too")


@pytest.mark.parametrize(
    "answers",
    [
        [{"choice_id": PARENT}, {"choice_id": SCHOOL}],
        [{"choice_id": SCHOOL}, {"choice_id": PARENT}],
        [{"choice_id": SCHOOL}, {"choice_id": SCHOOL}, {"choice_id": PARENT}],
        [{"choice_id": GONE}, {"choice_id": SCHOOL}, {"choice_id": PARENT}],
    ],
)
def test_of_several_choices_the_first_on_the_form_counts(vault, answers):
    assert answered(vault, *answers) == ("Parent or carer", "several", None)


def test_of_an_unknown_choice_and_a_known_one_the_known_one_counts(vault):
    assert answered(vault, {"choice_id": GONE}, {"choice_id": SCHOOL}) == (
        "School or nursery",
        "several",
        None,
    )


def test_the_same_choice_twice_is_one(vault):
    assert answered(vault, {"choice_id": SCHOOL}, {"choice_id": SCHOOL}) == (
        "School or nursery",
        "known",
        None,
    )


def test_a_form_that_asks_no_role_shows_none(vault):
    vault.form = replace(FORM, fields=tuple(field for field in FORM.fields if field[0] != "role"))
    vault.night("""
        id | email  | choice
        1  | a@b.co | 21
    """)
    assert vault.people("id role role_state") == drawn("""
        id | role        | role_state
        1  | (not asked) | not asked
    """)
