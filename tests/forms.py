"""A form as the platform gives it, in the hands of somebody who changes it, and what is told of that."""

from __future__ import annotations

import copy
import json

from connectors.survey.contract import FieldRef
from connectors.survey.design import parse_design
from connectors.survey.fields import find_fields
from connectors.survey.form_changes import changes

LONG = "Email address, which we keep in a safe place and use for nothing but to count each person once"


def a_question(question_id, family, heading, **more):
    return {
        "id": question_id,
        "family": family,
        "subtype": "single",
        "headings": [{"heading": heading}],
        **more,
    }


FORM = {
    "id": "77",
    "title": "The Connect Pledge",
    "pages": [
        {
            "id": "1",
            "title": "Sign",
            "questions": [
                a_question("10", "presentation", "<p>I listen.</p><p>I act.</p>"),
                a_question("11", "open_ended", "Name", required={"text": "!"}),
                a_question("12", "open_ended", LONG, required={"text": "!"}, validation={"type": "email"}),
            ],
        },
        {
            "id": "2",
            "title": "About you",
            "questions": [
                a_question(
                    "13",
                    "single_choice",
                    "You are a …",
                    answers={
                        "choices": [
                            {"id": "21", "text": "Parent or carer", "position": 1},
                            {"id": "22", "text": "School or nursery", "position": 2},
                            {"id": "23", "text": "Practitioner", "position": 3, "visible": False},
                        ],
                        "other": {"id": "29", "text": "Other (please specify)", "is_answer_choice": True},
                    },
                ),
                a_question("14", "open_ended", "Town"),
                a_question(
                    "15",
                    "single_choice",
                    "How did you hear of us?",
                    answers={"choices": [{"id": "31", "text": "Radio"}, {"id": "32", "text": "A friend"}]},
                ),
            ],
        },
    ],
}
FIELDS = (("email", FieldRef("12")), ("name", FieldRef("11")), ("role", FieldRef("13")))


class Editor:
    """The form in the hands of somebody who changes it."""

    def __init__(self):
        self.form = copy.deepcopy(FORM)

    def design(self):
        """The form as it stands now."""
        return parse_design(json.dumps(self.form))

    def question(self, question_id):
        return next(q for page in self.form["pages"] for q in page["questions"] if q["id"] == question_id)

    def choices(self, question_id="13"):
        return self.question(question_id)["answers"]["choices"]

    def remove(self, question_id):
        for page in self.form["pages"]:
            page["questions"] = [q for q in page["questions"] if q["id"] != question_id]

    def add(self, question, page=1):
        self.form["pages"][page]["questions"].append(question)


def told(*edits, before=(), remembered=FIELDS, groups=None):
    """The sentences for a form that these edits have changed, after it had been changed by those before."""
    editor = Editor()
    for edit in before:
        edit(editor)
    old = editor.design()
    for edit in edits:
        edit(editor)
    new = editor.design()
    return changes(old, new, find_fields(new, {}, remembered), groups)
