"""The questions for email, name and role are found by settings, shape or heading, or asked for."""

from __future__ import annotations

import pytest

from connectors.errors import FieldsError
from connectors.survey.contract import FieldMap, FieldRef, Option, Question, SurveyDesign
from connectors.survey.fields import find_fields


def _question(question_id, heading, family="open_ended", *, validation=None, options=(), is_visible=True):
    return Question(
        question_id=question_id,
        page_id="1",
        page_position=1,
        position=1,
        family=family,
        subtype="single",
        heading=heading,
        is_visible=is_visible,
        is_required=False,
        validation=validation,
        options=tuple(options),
    )


def _design(*questions):
    return SurveyDesign("77", "The Pledge", "{}", "0" * 16, "", None, None, tuple(questions))


def _row(row_id, text="", row_type=None, *, is_visible=True):
    return Option(row_id, "row", text, 0, is_visible=is_visible, row_type=row_type)


NAME = _question("1", "Name")
EMAIL = _question("2", "Email address (we only use it to tell you about the pledge)", validation="email")
ROLE = _question(
    "3", "You are a", "single_choice", options=[Option("31", "choice", "Parent", 1, is_visible=True)]
)
TOWN = _question("4", "Town")


def test_the_pledges_own_form_needs_no_settings():
    assert find_fields(_design(NAME, EMAIL, ROLE), {}) == FieldMap(
        FieldRef("2"), FieldRef("1"), FieldRef("3")
    )


@pytest.mark.parametrize("heading", ["Email", "E-mail address *", "YOUR  EMAIL", "Your e-mail:"])
def test_an_email_question_without_a_check_is_found_by_its_heading(heading):
    assert find_fields(_design(TOWN, _question("9", heading)), {}).email == FieldRef("9")


@pytest.mark.parametrize("heading", ["Emailing lists you like", "How do you feel about email?", "Mail"])
def test_other_headings_are_not_taken_for_the_email(heading):
    with pytest.raises(FieldsError, match="No question of survey 77"):
        find_fields(_design(_question("9", heading)), {})


def test_a_contact_block_gives_email_and_name_by_the_types_of_its_lines():
    lines = [_row("51", "Who are you?", "name"), _row("52", "", "phone"), _row("53", "Mail", "email")]
    design = _design(_question("5", "About you", "demographic", options=lines), ROLE)
    assert find_fields(design, {}) == FieldMap(FieldRef("5", "53"), FieldRef("5", "51"), FieldRef("3"))


def test_a_line_switched_off_or_a_question_taken_off_the_form_is_found_by_id_only():
    lines = [_row("53", "Email", "email", is_visible=False), _row("51", "Name", "name")]
    design = _design(
        _question("5", "About you", "demographic", options=lines),
        _question("6", "Old email", validation="email", is_visible=False),
        EMAIL,
    )
    assert find_fields(design, {}).email == FieldRef("2")
    assert find_fields(design, {"email": "id:6"}).email == FieldRef("6")
    assert find_fields(design, {"email": "id:5/53"}).email == FieldRef("5", "53")


def test_boxes_under_one_heading_are_found_by_their_own_texts():
    boxes = [_row("61", "Full name"), _row("62", "Email"), _row("63", "Town")]
    found = find_fields(_design(_question("6", "Please sign", options=boxes)), {})
    assert (found.email, found.name) == (FieldRef("6", "62"), FieldRef("6", "61"))


def test_a_form_without_name_and_role_gives_notes_that_say_what_to_set():
    found = find_fields(_design(EMAIL), {})
    assert (found.name, found.role) == (None, None)
    assert ['[questions] name = "id:…"' in found.notes[0], '[questions] role = "id:…"' in found.notes[1]] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    "heading", ["You are a …", "I am a:", "Are you a", "I\u2019m a", "You are an (tick one)"]
)
@pytest.mark.parametrize("family", ["single_choice", "multiple_choice"])
def test_the_role_is_a_choice_under_one_of_the_usual_headings(heading, family):
    assert find_fields(_design(EMAIL, _question("8", heading, family)), {}).role == FieldRef("8")


def test_a_beginning_ends_with_a_whole_word():
    able = _question("8", "You are able to", "single_choice")
    pets, full = _question("9", "Names of your pets"), _question("1", "Name (first and last)")
    found = find_fields(_design(EMAIL, able, pets, full), {})
    assert (found.name, found.role) == (FieldRef("1"), None)


def test_a_heading_that_is_just_the_usual_words_outranks_longer_ones():
    school, friend = _question("8", "Name of your school"), _question("7", "Email of a friend")
    found = find_fields(_design(friend, _question("9", "Email *"), school, NAME), {})
    assert (found.email, found.name) == (FieldRef("9"), FieldRef("1"))


def test_two_questions_that_fit_are_listed_and_the_setting_is_named():
    friend = _question("7", "Email of a friend " + "who might sign as well " * 3, validation="email")
    with pytest.raises(FieldsError) as caught:
        find_fields(_design(EMAIL, friend), {})
    assert str(caught.value) == (
        'More than one question could hold the email: id:2 "Email address (we only use it to tell yo", '
        'id:7 "Email of a friend who might sign as well". '
        'Name the right one in pledge.toml: [questions] email = "id:2".'
    )


def test_two_names_are_ambiguous_too():
    with pytest.raises(FieldsError, match='could hold the name: id:1 "Name", id:9 "Your name"'):
        find_fields(_design(EMAIL, NAME, _question("9", "Your name")), {})


def test_no_email_lists_every_question_that_could_hold_one():
    with pytest.raises(FieldsError, match=r'can hold it: id:1 "Name", id:4 "Town"\. .* email = "id:…"'):
        find_fields(_design(NAME, TOWN, ROLE), {})


def test_a_long_form_lists_twenty_candidates():
    with pytest.raises(FieldsError, match="and 5 more"):
        find_fields(_design(*(_question(str(number), "Question") for number in range(25))), {})


def test_a_setting_outranks_shape_and_heading():
    wanted = {"email": "id:4", "name": "town", "role": " id:3 "}
    assert find_fields(_design(NAME, EMAIL, ROLE, TOWN), wanted) == FieldMap(
        FieldRef("4"), FieldRef("4"), FieldRef("3")
    )


def test_a_setting_may_be_the_beginning_of_a_heading_and_a_whole_heading_outranks_a_beginning():
    design = _design(EMAIL, _question("8", "Name"), _question("9", "Name of your school"))
    assert find_fields(design, {"name": "NAME  of"}).name == FieldRef("9")
    assert find_fields(design, {"name": "name"}).name == FieldRef("8")
    assert find_fields(design, {"email": "email addr", "name": "id:9"}).email == FieldRef("2")


@pytest.mark.parametrize("setting", ["id:99", "id:2/5", "Nowhere", "id:3"])
def test_a_setting_that_fits_nothing_is_an_error_that_lists_the_questions(setting):
    with pytest.raises(
        FieldsError, match=r'fits no question of survey 77\. Questions that can hold it: id:2 "Email'
    ):
        find_fields(_design(EMAIL, ROLE), {"email": setting})


def test_a_role_set_to_a_question_without_choices_is_an_error():
    with pytest.raises(FieldsError, match='role = "id:2"'):
        find_fields(_design(EMAIL, ROLE), {"role": "id:2"})


def test_a_block_set_without_its_line_gives_the_line_of_the_right_type_or_asks_for_it():
    block = _question(
        "5", "About you", "demographic", options=[_row("51", "A", "name"), _row("53", "B", "email")]
    )
    boxes = _question("6", "Sign", options=[_row("61", "One"), _row("62", "Two")])
    assert find_fields(_design(block), {"email": "id:5"}).email == FieldRef("5", "53")
    with pytest.raises(FieldsError, match='id:6/61 "One", id:6/62 "Two"'):
        find_fields(_design(block, boxes), {"email": "id:6"})
