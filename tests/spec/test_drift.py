"""What the operator is told when the form changes: a form and an edit in, sentences out."""

from __future__ import annotations

import pytest

from connectors.errors import FieldsError
from connectors.survey.contract import FieldRef
from connectors.survey.fields import find_fields
from connectors.survey.form_changes import changes
from tests.forms import FIELDS, LONG, Editor, a_question, told


def test_an_unchanged_form_is_told_nothing_of():
    assert told() == []
    assert told(lambda e: e.form.update(nickname="Pledge 2", date_modified="2026-05-05T10:00:00")) == []


# Questions.

TOWN_GONE = "The question “Town” has left the form. No figure rests on it."
ROLE_GONE = (
    "The question “You are a …” has left the form. Earlier answers count. "
    "A response without the role is shown as (no answer)."
)
QUESTIONS = {
    "a new question": (
        lambda e: e.add(a_question("16", "open_ended", "Your school")),
        "The question “Your school” is now on the form. No figure rests on it.",
    ),
    "a new question of an unknown family": (
        lambda e: e.add({"id": "16", "family": "hologram", "answers": {"shapes": [{"id": 1}]}}),
        "The question id:16 is now on the form. No figure rests on it.",
    ),
    "a deleted question": (lambda e: e.remove("14"), TOWN_GONE),
    "a hidden question": (lambda e: e.question("14").update(visible=False), TOWN_GONE),
    "the role deleted": (lambda e: e.remove("13"), ROLE_GONE),
    "the role hidden": (lambda e: e.question("13").update(visible=False), ROLE_GONE),
    "the name deleted": (
        lambda e: e.remove("11"),
        (
            "The question “Name” has left the form. Earlier answers count. "
            "A response without the name counts all the same."
        ),
    ),
    "a reworded heading": (
        lambda e: e.question("13").update(headings=[{"heading": "Which of these describes you?"}]),
        ("The question “You are a …” now reads “Which of these describes you?”. The role is taken from it."),
    ),
    "a heading reworded near its end": (
        lambda e: e.question("12").update(headings=[{"heading": LONG.replace("person", "human being")}]),
        (
            f"The question “{LONG[:59]}…” now reads “…g but to count each human being once”. "
            "The email is taken from it."
        ),
    ),
    "another family": (
        lambda e: e.question("13").update(family="multiple_choice", subtype="vertical"),
        (
            "The question “You are a …” is of the type multiple_choice/vertical now, before "
            "single_choice/single. Where a response chooses several, the first of them on the form counts."
        ),
    ),
    "another subtype": (
        lambda e: e.question("13").update(subtype="menu"),
        (
            "The question “You are a …” is of the type single_choice/menu now, before "
            "single_choice/single. It only looks different: no figure changes."
        ),
    ),
    "a family that gives other answers": (
        lambda e: e.question("13").update(family="matrix"),
        (
            "The question “You are a …” is of the type matrix/single now, before single_choice/single. "
            "See whether the next nights' figures are right."
        ),
    ),
    "another check": (
        lambda e: e.question("14").update(validation={"type": "text_length"}),
        "The question “Town” is checked for text_length now, before for nothing. No figure rests on it.",
    ),
    "an email no longer checked": (
        lambda e: e.question("12").update(validation=None),
        (
            f"The question “{LONG[:59]}…” is checked for nothing now, before for email. "
            "The rules for the email here stay the same."
        ),
    ),
    "an email that may be left empty": (
        lambda e: e.question("12").update(required=None),
        f"The question “{LONG[:59]}…” may be left empty now. A response without the email is held back.",
    ),
    "a role that must be answered": (
        lambda e: e.question("13").update(required={"text": "!"}),
        (
            "The question “You are a …” must be answered now. "
            "A response without the role is shown as (no answer)."
        ),
    ),
}


@pytest.mark.parametrize("case", QUESTIONS)
def test_a_changed_question_is_told_with_what_it_means_for_the_figures(case):
    edit, sentence = QUESTIONS[case]
    assert told(edit) == [sentence]


def test_a_role_question_in_the_place_of_another_is_told_as_its_heir():
    def replace(editor):
        editor.remove("13")
        editor.add(a_question("18", "single_choice", "I am a", answers={"choices": []}))

    assert told(replace) == [
        (
            "The question “You are a …” has left the form. "
            "The role is taken from “I am a” now; where that is empty, earlier answers count."
        ),
        "The question “I am a” is now on the form. The role is taken from it.",
    ]


def test_a_question_that_is_back_on_the_form_is_told():
    def hidden(editor):
        editor.question("13").update(visible=False)

    def shown(editor):
        editor.question("13").update(visible=True)

    assert told(shown, before=[hidden]) == [
        "The question “You are a …” is now on the form. The role is taken from it."
    ]


def test_an_earlier_question_that_changes_counts_after_the_newer_one():
    def both(editor):
        editor.add(a_question("19", "single_choice", "I am a", answers={"choices": []}))

    def reworded(editor):
        editor.question("13").update(headings=[{"heading": "Who are you?"}])

    assert told(reworded, before=[both], remembered=[("role", FieldRef("19")), *FIELDS]) == [
        (
            "The question “You are a …” now reads “Who are you?”. "
            "It counts for the role where the newer question is not answered."
        )
    ]


# The form as a whole.

FORM_AS_A_WHOLE = {
    "the title": (
        lambda e: e.form.update(title="The Families Pledge"),
        ("The survey “The Connect Pledge” now reads “The Families Pledge”, in the published database too."),
    ),
    "a new paragraph": (
        lambda e: e.question("10").update(headings=[{"heading": "<p>I listen.</p><p>I say thanks.</p>"}]),
        (
            "The text that people read has changed (new: “I say thanks.”). The table pledge_versions keeps "
            "both; who signs from now on counts under the new one."
        ),
    ),
    "a paragraph gone": (
        lambda e: e.remove("10"),
        (
            "The text that people read has changed (gone: “I listen.”). The table pledge_versions keeps "
            "both; who signs from now on counts under the new one."
        ),
    ),
    "questions in another order": (
        lambda e: e.form["pages"][1]["questions"].reverse(),
        "Pages or questions stand in another order. No figure changes by it.",
    ),
    "a question on another page": (
        lambda e: e.form["pages"][0]["questions"].append(e.form["pages"][1]["questions"].pop(0)),
        "Pages or questions stand in another order. No figure changes by it.",
    ),
    "something else": (
        lambda e: e.form["pages"][1].update(id="9"),
        "A detail of the form has changed. No figure rests on it.",
    ),
}


@pytest.mark.parametrize("case", FORM_AS_A_WHOLE)
def test_a_change_of_the_form_as_a_whole_is_told(case):
    edit, sentence = FORM_AS_A_WHOLE[case]
    assert told(edit) == [sentence]


def test_what_the_figures_rest_on_is_told_first_and_the_form_as_a_whole_last():
    edits = [
        FORM_AS_A_WHOLE["the title"][0],
        QUESTIONS["a deleted question"][0],
        QUESTIONS["the role hidden"][0],
    ]
    assert told(*edits) == [ROLE_GONE, TOWN_GONE, FORM_AS_A_WHOLE["the title"][1]]


def test_where_the_fields_could_not_be_settled_changes_are_told_without_what_they_mean():
    editor = Editor()
    old = editor.design()
    editor.add(a_question("17", "open_ended", "Email of a friend", validation={"type": "email"}))
    editor.remove("14")
    new = editor.design()
    with pytest.raises(FieldsError):
        find_fields(new, {}, FIELDS)
    assert changes(old, new) == [
        "The question “Town” has left the form.",
        "The question “Email of a friend” is now on the form.",
    ]


def test_texts_of_the_form_are_cut_at_sixty_characters():
    (said,) = told(lambda e: e.choices()[0].update(text="x" * 500))
    assert f"“{'x' * 59}…”" in said
    assert "x" * 60 not in said
