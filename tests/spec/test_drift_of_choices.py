"""What the operator is told when the choices or lines of a question change, and what becomes of the roles."""

from __future__ import annotations

import pytest

from connectors.survey.contract import FieldRef
from tests.forms import FIELDS, a_question, told

CHOICES = {
    "a new choice": (
        lambda e: e.choices().append({"id": "24", "text": "Childminder", "position": 4}),
        (
            "New choice “Childminder” of “You are a …”. Who chooses it is shown as “Childminder”. "
            'To count it with another role, set in pledge.toml: [roles] "24" = "…".'
        ),
    ),
    "a renamed choice": (
        lambda e: e.choices()[0].update(text="Parent, carer or guardian"),
        (
            "The choice “Parent or carer” of “You are a …” is now called “Parent, carer or guardian”. "
            "Its signatories are shown as “Parent, carer or guardian” from tonight on; "
            'to keep “Parent or carer”, set in pledge.toml: [roles] "21" = "Parent or carer".'
        ),
    ),
    "a hidden choice": (
        lambda e: e.choices()[1].update(visible=False),
        (
            "The choice “School or nursery” of “You are a …” is hidden: nobody can choose it any more. "
            "Who chose it stays “School or nursery”."
        ),
    ),
    "a choice shown again": (
        lambda e: e.choices()[2].update(visible=True),
        (
            "The choice “Practitioner” of “You are a …” is back on the form. "
            "Who chooses it is shown as “Practitioner”."
        ),
    ),
    "a deleted choice": (
        lambda e: e.choices().pop(1),
        (
            "The choice “School or nursery” of “You are a …” was deleted. "
            "Who chose it stays “School or nursery”."
        ),
    ),
    "a choice made anew": (
        lambda e: e.choices()[1].update(id="42"),
        (
            "The choice “School or nursery” of “You are a …” was made anew: it has another id. "
            "Who chose either is shown as “School or nursery”."
        ),
    ),
    "choices in another order": (
        lambda e: [e.choices()[0].update(position=2), e.choices()[1].update(position=1)],
        (
            "The choices of “You are a …” stand in another order. The roles are listed in it from "
            "tonight on, and where a response chose several, the first of them counts."
        ),
    ),
    "no other-line": (
        lambda e: e.question("13")["answers"].pop("other"),
        (
            "The other-line “Other (please specify)” of “You are a …” has left the form. "
            "Who wrote there without choosing stays “Other”."
        ),
    ),
    "an other-line that became a comment": (
        lambda e: e.question("13")["answers"]["other"].update(is_answer_choice=False),
        (
            "The other-line “Other (please specify)” of “You are a …” is now a comment beside a choice. "
            "Who writes there without choosing is shown as “Other”, as before."
        ),
    ),
    "a renamed other-line": (
        lambda e: e.question("13")["answers"]["other"].update(text="Something else"),
        (
            "The other-line “Other (please specify)” of “You are a …” is now called “Something else”. "
            "Who writes there without choosing is shown as “Other”, as before."
        ),
    ),
    "a new choice of another question": (
        lambda e: e.choices("15").append({"id": "33", "text": "A poster"}),
        "New choice “A poster” of “How did you hear of us?”. No figure rests on it.",
    ),
    "an other-line as a list": (
        lambda e: e.question("15")["answers"].update(other=[{"id": "39", "text": "Else"}]),
        "New other-line “Else” of “How did you hear of us?”. No figure rests on it.",
    ),
}


@pytest.mark.parametrize("case", CHOICES)
def test_a_changed_choice_is_told_with_what_becomes_of_its_signatories(case):
    edit, sentence = CHOICES[case]
    assert told(edit) == [sentence]


def test_an_other_line_that_came_and_one_that_became_a_choice_are_told():
    def without(editor):
        editor.question("13")["answers"].pop("other")

    def comment(editor):
        editor.question("13")["answers"]["other"] = {"id": "29", "text": "Else", "is_answer_choice": False}

    def choice(editor):
        editor.question("13")["answers"]["other"].update(is_answer_choice=True)

    assert told(comment, before=[without]) == [
        "New other-line “Else” of “You are a …”. Who writes there without choosing is shown as “Other”."
    ]
    assert told(choice, before=[without, comment]) == [
        (
            "The other-line “Else” of “You are a …” is now a choice of its own. "
            "Who writes there without choosing is shown as “Other”, as before."
        )
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
        ({"21": "Families"}, "Its signatories stay “Families”, as pledge.toml says."),
        (
            {"Parent or carer": "Families"},
            (
                "pledge.toml names it by its old text, so its signatories are shown as “Guardian” from "
                'tonight on; to keep “Families”, set in pledge.toml: [roles] "21" = "Families".'
            ),
        ),
        (
            {"Guardian": "Families"},
            (
                "Its signatories are shown as “Families” from tonight on; to keep “Parent or carer”, "
                'set in pledge.toml: [roles] "21" = "Parent or carer".'
            ),
        ),
    ],
)
def test_a_renamed_choice_is_told_with_the_role_that_the_settings_make_of_it(groups, sentence):
    (said,) = told(_rename, groups=groups)
    assert said == f"The choice “Parent or carer” of “You are a …” is now called “Guardian”. {sentence}"


def test_a_new_choice_that_the_settings_group_is_told_with_its_group():
    edit, _ = CHOICES["a new choice"]
    assert told(edit, groups={"24": "Professionals"}) == [
        "New choice “Childminder” of “You are a …”. Who chooses it is shown as “Professionals”."
    ]


def test_a_choice_made_anew_that_was_grouped_by_its_id_is_told_how_to_count_both_as_one():
    edit, _ = CHOICES["a choice made anew"]
    (said,) = told(edit, groups={"22": "Professionals"})
    assert said.endswith(
        "Who chose the earlier one is shown as “Professionals”, who chooses the new one as “School or "
        'nursery”; to count both as one, set in pledge.toml: [roles] "42" = "Professionals".'
    )


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

    gone = "Addresses already given still count, but each new response is held back without one."
    assert told_of_the_block(lambda rows: rows[0].update(text="E-mail")) == [
        (
            "The line “Email” of “Reach you” is now called “E-mail”. "
            "It is known by its id, so it goes on giving the email."
        )
    ]
    assert told_of_the_block(lambda rows: rows[0].update(visible=False)) == [
        f"The line “Email” of “Reach you” has left the form. {gone}"
    ]
    assert told_of_the_block(lambda rows: rows.pop(1)) == [
        "The line “Phone” of “Reach you” has left the form. No figure rests on it."
    ]
    assert told_of_the_block(lambda rows: rows[1].update(type="state")) == [
        "The line “Phone” of “Reach you” is now for: state; before for: phone. No figure rests on it."
    ]
