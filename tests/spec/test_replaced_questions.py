"""A form whose questions were replaced: the answers to both in, people and their roles out."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import EMAIL, FORM, NAME, PARENT, ROLE, SCHOOL, SURVEY, a_design, a_response, an_option
from tests.vaults import drawn
from warehouse.ingest import designs
from warehouse.queries import figures

NEW_EMAIL, NEW_NAME, NEW_ROLE, COUNCIL = "42", "41", "43", "52"
REPLACED = replace(
    FORM,
    version="v2",
    fields=(
        ("email", NEW_EMAIL, None),
        ("email", EMAIL, None),
        ("name", NEW_NAME, None),
        ("name", NAME, None),
        ("role", NEW_ROLE, None),
        ("role", ROLE, None),
    ),
)


def a_new_response(response_id, **changes):
    """A response to the form as it is now; the old questions can still be set by a_response's names."""
    answers = {
        NEW_EMAIL: [{"text": changes.pop("new_email")}] if "new_email" in changes else [],
        NEW_NAME: [{"text": changes.pop("new_name")}] if "new_name" in changes else [],
        NEW_ROLE: [{"choice_id": choice} for choice in changes.pop("new_choices", ())],
    }
    old = {"name": None, "email": None, "choice": None}
    return a_response(response_id, **{**old, **changes}, answers=answers)


def replace_questions(vault, *, is_hidden=False):
    """From now on the form has new questions for email, name and role; the old ones are hidden, or gone."""
    design = a_design()
    old = [{**option, "is_visible": True} for option in design["options"]] if is_hidden else []
    question = {
        "question_id": ROLE,
        "page_id": "61",
        "page_position": 1,
        "position": 3,
        "family": "single_choice",
    }
    question |= {"subtype": "", "heading": "", "is_visible": False, "is_required": False, "validation": None}
    new = [
        an_option("51", question_id=NEW_ROLE, text="Parent or carer", position=1),
        an_option(COUNCIL, question_id=NEW_ROLE, text="Council", position=2),
    ]
    designs.load_design(
        vault.connection,
        **{
            **design,
            "survey": {**design["survey"], "survey_id": SURVEY, "version": "v2"},
            "questions": [question] if is_hidden else [],
            "options": [*old, *new],
            "seen_at": vault.now,
        },
    )
    vault.form = REPLACED


def test_answers_to_the_earlier_questions_go_on_counting(vault):
    vault.night("""
        id | name  | email  | choice
        1  | Ailsa | a@b.co | 21
        2  | Bryce | b@b.co | 22
    """)
    replace_questions(vault)
    vault.receive([a_new_response(3, new_email="c@b.co", new_name="Catriona", new_choices=[COUNCIL])])
    vault.night()
    assert vault.people("id name email role") == drawn("""
        id | name     | email  | role
        1  | Ailsa    | a@b.co | Parent or carer
        2  | Bryce    | b@b.co | School or nursery
        3  | Catriona | c@b.co | Council
    """)
    assert vault.failed_measures() == []


def test_the_same_person_in_both_forms_is_one_signatory(vault):
    vault.night("""
        id | email  | choice
        1  | a@b.co | 22
    """)
    replace_questions(vault)
    later = "2026-09-01T10:00:00+00:00"
    vault.receive([a_new_response(2, new_email="A@b.co", new_choices=[COUNCIL], date_modified=later)])
    vault.night()
    assert vault.people("id role n_signatures") == drawn("""
        id | role    | n_signatures
        2  | Council | 2
    """)


def test_where_both_questions_are_answered_the_one_on_the_form_counts(vault):
    replace_questions(vault)
    both = {"name": "Old", "email": "old@b.co", "choice": SCHOOL}
    vault.receive([a_new_response(1, new_email="new@b.co", new_name="New", new_choices=[COUNCIL], **both)])
    vault.night()
    assert vault.people("name email role role_state") == drawn("""
        name | email    | role    | role_state
        New  | new@b.co | Council | known
    """)


def test_blanks_in_the_question_on_the_form_leave_the_earlier_answer(vault):
    replace_questions(vault)
    vault.receive(
        [a_new_response(1, new_email=" ", new_name="\u00a0", name="Old", email="o@b.co", choice=PARENT)]
    )
    vault.night()
    assert vault.people("name email role") == drawn("""
        name | email  | role
        Old  | o@b.co | Parent or carer
    """)


def test_choices_of_a_hidden_question_are_listed_only_for_those_who_have_them(vault):
    replace_questions(vault, is_hidden=True)
    vault.receive([a_new_response(1, email="a@b.co", choice=SCHOOL)])
    vault.night()
    assert figures.by_role(vault.connection) == {"School or nursery": 1}
    listed = vault.rows("select role from staging.roles where position < 1000 order by position")
    assert [row["role"] for row in listed] == ["Parent or carer", "Council"]


def test_one_choice_id_in_two_questions_doubles_nobody(vault):
    replace_questions(vault)
    designs.load_design(
        vault.connection,
        **{
            **a_design(),
            "survey": {**a_design()["survey"], "version": "v3"},
            "options": [an_option(SCHOOL, question_id=NEW_ROLE, text="A school", position=1)],
            "seen_at": vault.now,
        },
    )
    vault.form = replace(REPLACED, version="v3")
    vault.receive([a_new_response(1, email="a@b.co", choice=SCHOOL)])
    vault.night()
    assert vault.people("id role") == drawn("""
        id | role
        1  | A school
    """)
    assert vault.failed_measures() == []


def test_a_question_that_left_the_form_and_none_in_its_place_keeps_its_roles(vault):
    vault.night("""
        id | email  | choice | other
        1  | a@b.co | 22     | -
        2  | b@b.co | -      | Grandparent
    """)
    designs.load_design(
        vault.connection,
        **{
            **a_design(),
            "survey": {**a_design()["survey"], "version": "v2"},
            "options": [],
            "seen_at": vault.now,
        },
    )
    vault.form = replace(FORM, version="v2")
    vault.night("""
        id | email  | choice
        3  | c@b.co | -
    """)
    assert vault.people("id role") == drawn("""
        id | role
        1  | School or nursery
        2  | Other
        3  | (no answer)
    """)
