"""What the operator is told when the choices or lines of a question change, and what becomes of the roles."""

from __future__ import annotations

import pytest

from connectors.survey.contract import FieldRef
from tests.forms import FIELDS, a_question, told

CHOICES = {
    "a new choice": (
        lambda e: e.choices().append({"id": "24", "text": "Childminder", "position": 4}),
        (
            "The choice “Childminder” of “You are a …” is now on the form. Who chooses it is shown as "
            '“Childminder”; to show another role, set in pledge.toml: [roles] "24" = "…".'
        ),
    ),
    "a renamed choice": (
        lambda e: e.choices()[0].update(text="Parent, carer or guardian"),
        (
            "The choice “Parent or carer” of “You are a …” now reads “Parent, carer or guardian”. "
            "Who chose it is now “Parent, carer or guardian”; to keep “Parent or carer”, set in "
            'pledge.toml: [roles] "21" = "Parent or carer".'
        ),
    ),
    "a hidden choice": (
        lambda e: e.choices()[1].update(visible=False),
        (
            "The choice “School or nursery” of “You are a …” has left the form. "
            "Who chose it stays “School or nursery”."
        ),
    ),
    "a choice shown again": (
        lambda e: e.choices()[2].update(visible=True),
        (
            "The choice “Practitioner” of “You are a …” is now on the form. Who chooses it is shown as "
            '“Practitioner”; to show another role, set in pledge.toml: [roles] "23" = "…".'
        ),
    ),
    "a deleted choice": (
        lambda e: e.choices().pop(1),
        (
            "The choice “School or nursery” of “You are a …” has left the form. "
            "Who chose it stays “School or nursery”."
        ),
    ),
    "a hidden choice renamed": (
        lambda e: e.choices()[2].update(text="Professional"),
        (
            "The choice “Practitioner” of “You are a …” now reads “Professional”. "
            "Who chose it is now “Professional”; to keep “Practitioner”, set in "
            'pledge.toml: [roles] "23" = "Practitioner".'
        ),
    ),
    "choices in another order": (
        lambda e: [e.choices()[0].update(position=2), e.choices()[1].update(position=1)],
        (
            "The choices of “You are a …” stand in another order. Roles are listed in it, and where a "
            "response chose several, the first of them counts."
        ),
    ),
    "choices of another question in another order": (
        lambda e: e.choices("15").reverse(),
        "The choices of “How did you hear of us?” stand in another order. No figure rests on it.",
    ),
    "no other-line": (
        lambda e: e.question("13")["answers"].pop("other"),
        (
            "The other-line “Other (please specify)” of “You are a …” has left the form. "
            "Who wrote there without choosing is shown as “Other”."
        ),
    ),
    "an other-line that became a comment": (
        lambda e: e.question("13")["answers"]["other"].update(is_answer_choice=False),
        (
            "The other-line “Other (please specify)” of “You are a …” is a comment beside a choice now. "
            "Who wrote there without choosing is shown as “Other”."
        ),
    ),
    "a renamed other-line": (
        lambda e: e.question("13")["answers"]["other"].update(text="Something else"),
        (
            "The other-line “Other (please specify)” of “You are a …” now reads “Something else”. "
            "Who wrote there without choosing is shown as “Other”."
        ),
    ),
    "a new choice of another question": (
        lambda e: e.choices("15").append({"id": "33", "text": "A poster"}),
        "The choice “A poster” of “How did you hear of us?” is now on the form. No figure rests on it.",
    ),
    "an other-line as a list": (
        lambda e: e.question("15")["answers"].update(other=[{"id": "39", "text": "Else"}]),
        "The other-line “Else” of “How did you hear of us?” is now on the form. No figure rests on it.",
    ),
}


@pytest.mark.parametrize("case", CHOICES)
def test_a_changed_choice_is_told_with_what_becomes_of_its_signatories(case):
    edit, sentence = CHOICES[case]
    assert told(edit) == [sentence]


def test_a_choice_made_anew_is_one_gone_and_one_new_each_with_its_role():
    assert told(lambda e: e.choices()[1].update(id="42"), groups={"22": "Professionals"}) == [
        (
            "The choice “School or nursery” of “You are a …” has left the form. "
            "Who chose it stays “Professionals”."
        ),
        (
            "The choice “School or nursery” of “You are a …” is now on the form. Who chooses it is shown as "
            '“School or nursery”; to show another role, set in pledge.toml: [roles] "42" = "…".'
        ),
    ]


def test_an_other_line_that_came_and_one_that_became_a_choice_are_told():
    def without(editor):
        editor.question("13")["answers"].pop("other")

    def comment(editor):
        editor.question("13")["answers"]["other"] = {"id": "29", "text": "Else", "is_answer_choice": False}

    def choice(editor):
        editor.question("13")["answers"]["other"].update(is_answer_choice=True)

    shown = "Who wrote there without choosing is shown as “Other”."
    assert told(comment, before=[without]) == [
        f"The other-line “Else” of “You are a …” is now on the form. {shown}"
    ]
    assert told(choice, before=[without, comment]) == [
        f"The other-line “Else” of “You are a …” is a choice of its own now. {shown}"
    ]


def test_an_inserted_choice_is_no_new_order():
    def insert(editor):
        for choice in editor.choices():
            choice["position"] += 1
        editor.choices().append({"id": "20", "text": "Child", "position": 1})

    assert len(told(insert)) == 1


# Roles that the settings group.


def _rename(editor):
    editor.choices()[0].update(text="Guardian")


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({"21": "Families"}, "Who chose it stays “Families”."),
        (
            {"Parent or carer": "Families"},
            (
                "Who chose it is now “Guardian”; to keep “Families”, set in pledge.toml: "
                '[roles] "21" = "Families".'
            ),
        ),
        (
            {"Guardian": "Families"},
            (
                "Who chose it is now “Families”; to keep “Parent or carer”, set in pledge.toml: "
                '[roles] "21" = "Parent or carer".'
            ),
        ),
        (
            {"21": 'The "families"', "Guardian": "x"},
            'Who chose it stays “The "families"”.',
        ),
        (
            {"Parent or carer": 'The "families"'},
            (
                'Who chose it is now “Guardian”; to keep “The "families"”, set in pledge.toml: '
                '[roles] "21" = "…".'
            ),
        ),
    ],
)
def test_a_renamed_choice_is_told_with_the_role_that_the_settings_make_of_it(groups, sentence):
    (said,) = told(_rename, groups=groups)
    assert said == f"The choice “Parent or carer” of “You are a …” now reads “Guardian”. {sentence}"


def test_a_new_choice_that_the_settings_group_is_told_with_its_group():
    edit, _ = CHOICES["a new choice"]
    assert told(edit, groups={"24": "Professionals"}) == [
        (
            "The choice “Childminder” of “You are a …” is now on the form. "
            "Who chooses it is shown as “Professionals”."
        )
    ]


def test_a_line_of_a_contact_block_is_told_by_what_it_gives():
    def block(editor):
        editor.remove("12")
        rows = [
            {"id": "51", "text": "Email", "type": "email"},
            {"id": "52", "text": "Phone", "type": "phone"},
        ]
        editor.add(a_question("12", "demographic", "Reach you", answers={"rows": rows}))

    def told_of_the_block(edit):
        return told(
            lambda e: edit(e.question("12")["answers"]["rows"]),
            before=[block],
            remembered=[("email", FieldRef("12", "51")), *FIELDS[1:]],
        )

    assert told_of_the_block(lambda rows: rows[0].update(text="E-mail")) == [
        "The line “Email” of “Reach you” now reads “E-mail”. The email is taken from it."
    ]
    assert told_of_the_block(lambda rows: rows[0].update(visible=False)) == [
        (
            "The line “Email” of “Reach you” has left the form. Earlier answers count. "
            "A response without the email is held back."
        )
    ]
    assert told_of_the_block(lambda rows: rows.pop(1)) == [
        "The line “Phone” of “Reach you” has left the form. No figure rests on it."
    ]
    assert told_of_the_block(lambda rows: rows[1].update(type="state")) == [
        "The line “Phone” of “Reach you” asks for state now, before for phone. No figure rests on it."
    ]
