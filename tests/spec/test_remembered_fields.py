"""Which questions give email, name and role once the form has changed, by what was settled before."""

from __future__ import annotations

import pytest

from connectors.errors import FieldsError
from connectors.survey.contract import FieldRef
from connectors.survey.fields import find_fields
from tests.forms import FIELDS, Editor, a_question

EMAIL, NAME, ROLE = (ref for _, ref in FIELDS)
NEW = FieldRef("18")


def settled(*edits, remembered=FIELDS, **settings):
    """Where the fields stand on a form that these edits have changed."""
    editor = Editor()
    for edit in edits:
        edit(editor)
    return find_fields(editor.design(), settings, remembered)


def remove(question_id):
    return lambda editor: editor.remove(question_id)


def hide(question_id):
    return lambda editor: editor.question(question_id).update(visible=False)


def reword(question_id, heading):
    return lambda editor: editor.question(question_id).update(headings=[{"heading": heading}])


def add(heading, family="open_ended", **more):
    return lambda editor: editor.add(a_question("18", family, heading, **more))


NEW_EMAIL = add("Your email", validation={"type": "email"})
NEW_NAME = add("Your name")
NEW_ROLE = add("I am a", "single_choice")
OTHER_CHOICE = add("Which council?", "single_choice")

STANDS = {
    # what became of the form: (field, its places, is the operator told)
    "nothing": ([], "role", [ROLE], False),
    "the role deleted": ([remove("13")], "role", [ROLE], True),
    "the role hidden": ([hide("13")], "role", [ROLE], True),
    "the role reworded": ([reword("13", "Tell us about yourself")], "role", [ROLE], False),
    "the role replaced": ([remove("13"), NEW_ROLE], "role", [NEW, ROLE], False),
    "the role hidden and replaced": ([hide("13"), NEW_ROLE], "role", [NEW, ROLE], False),
    "the role beside another choice": ([reword("13", "About you"), OTHER_CHOICE], "role", [ROLE], False),
    "the name deleted": ([remove("11")], "name", [NAME], True),
    "the name hidden and replaced": ([hide("11"), NEW_NAME], "name", [NEW, NAME], False),
    "the email deleted": ([remove("12")], "email", [EMAIL], True),
    "the email hidden": ([hide("12")], "email", [EMAIL], True),
    "the email replaced": ([remove("12"), NEW_EMAIL], "email", [NEW, EMAIL], False),
    "the email reworded, no longer checked": (
        [reword("12", "Where we reach you"), lambda e: e.question("12").update(validation=None)],
        "email",
        [EMAIL],
        False,
    ),
}


@pytest.mark.parametrize("case", STANDS)
def test_no_answer_given_before_loses_its_field_by_a_change_of_the_form(case):
    edits, field, places, is_told = STANDS[case]
    found = settled(*edits)
    assert [ref for name, ref in found.places if name == field] == places
    assert [ref for name, ref in found.places if name != field] == [ref for n, ref in FIELDS if n != field]
    assert [note.split(":")[0] for note in found.notes] == [
        f"The form no longer asks for the {field}"
    ] * is_told


def test_what_becomes_of_new_responses_is_told():
    (note,) = settled(remove("12")).notes
    assert note == (
        "The form no longer asks for the email: answers given to id:12 still count, but each new response is "
        "held back without one. If a question asks for it, name that in pledge.toml: "
        '[questions] email = "id:…".'
    )
    assert "new signatories have none" in settled(remove("11")).notes[0]
    assert "new signatories are shown as (no answer)" in settled(remove("13")).notes[0]


def test_a_line_that_left_its_block_is_remembered_by_question_and_line():
    def block(editor):
        editor.remove("12")
        rows = [{"id": "51", "text": "", "type": "email", "visible": False}]
        editor.add(a_question("5", "demographic", "You", answers={"rows": rows}))

    line = FieldRef("5", "51")
    assert settled(block, remembered=[("email", line), *FIELDS[1:]]).email == line


def test_the_places_of_one_night_are_what_the_next_remembers():
    first = settled(remove("13"), NEW_ROLE)
    second = settled(remove("13"), NEW_ROLE, remembered=first.places)
    back = settled(remembered=second.places)
    assert second.places == first.places
    assert [ref for name, ref in back.places if name == "role"] == [ROLE, NEW]


@pytest.mark.parametrize(
    ("edits", "candidates"),
    [
        ([NEW_EMAIL], "id:12 .* id:18"),
        ([reword("13", "Tell us about yourself"), NEW_ROLE], "id:13 .* id:18"),
    ],
)
def test_a_question_that_could_take_the_place_of_one_on_the_form_is_asked_about(edits, candidates):
    with pytest.raises(FieldsError, match=candidates):
        settled(*edits)


def test_a_setting_decides_among_questions_on_the_form_and_leaves_those_that_left_it():
    assert settled(NEW_ROLE, role="id:18").places == (FIELDS[0], FIELDS[1], ("role", NEW))
    assert [ref for name, ref in settled(hide("13"), NEW_ROLE, role="id:18").places if name == "role"] == [
        NEW,
        ROLE,
    ]


def test_a_setting_that_names_a_question_gone_from_the_form_is_an_error_still():
    with pytest.raises(FieldsError, match=r"fits no question of survey 77\..* or take the setting out"):
        settled(remove("12"), email="id:12")


def test_a_form_that_never_asked_for_an_email_is_an_error_still():
    with pytest.raises(FieldsError, match="No question of survey 77"):
        settled(remove("12"), remembered=())
