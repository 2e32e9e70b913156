"""What a change on a form is, what the figures take from the form, and its texts cut short for a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from connectors.survey.contract import FieldMap, FieldRef, Option, Question


SHOWN_CHARACTERS = 60
CHARACTERS_BEFORE = 20  # shown before the first difference of two long texts
NO_FIGURE = "No figure rests on it."
ONCE_GONE = {
    "email": "Addresses already given still count, but each new response is held back without one.",
    "name": "Names already given stay; new signatories have none, and count.",
    "role": "Roles already given stay; new signatories are shown as (no answer).",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    kind: ``new question``, ``renamed choice`` and so on: what became of it, and what it is.
    question_id, option_id: what changed; None where it is a question as a whole, or the form.
    sentence: for the operator; the form's own texts in it are cut at *SHOWN_CHARACTERS*.
    """

    kind: str
    question_id: str | None
    option_id: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the figures take from the form.

    fields: None where it isn't known which questions they rest on; then no sentence says so.
    role_groups: a choice's id or text to the role it is shown as.
    questions: those of the form as it is now, by id.
    """

    fields: FieldMap | None
    role_groups: Mapping[str, str]
    questions: Mapping[str, Question]

    def fields_of(self, question: Question, line: Option | None = None) -> list[str]:
        """The fields that the question, or one line of it, gives now or gave before."""
        places = self.fields.places if self.fields else ()
        return list(
            dict.fromkeys(
                name
                for name, ref in places
                if ref.question_id == question.question_id and (not line or ref.row_id == line.option_id)
            )
        )

    def role_of(self, choice: Option) -> str:
        """The role that who chose it is shown with."""
        groups = self.role_groups
        return groups.get(choice.option_id) or groups.get(choice.text) or choice.text

    def meaning(self, names: Iterable[str], of_field: Callable[[str], str]) -> str:
        """What it means for each of the fields *names*; that it means nothing, if there are none."""
        if self.fields is None:
            return ""
        return "".join(f" {sentence}" for sentence in [of_field(name) for name in names] or [NO_FIGURE])

    def taken_from(self, name: str, question: Question) -> str:
        """What it means that the question, which gives the field *name*, is on the form."""
        now: FieldRef = getattr(self.fields, name)
        if now.question_id == question.question_id:
            return f"The {name} is taken from it."
        return f"It counts for the {name} where {self._shown(now)} is not answered."

    def once_gone(self, name: str, question_id: str, row_id: str | None = None) -> str:
        """What it means that the question, or the line of it, which gave the field *name* left the form."""
        now: FieldRef = getattr(self.fields, name)
        heir = self.questions.get(now.question_id)
        is_it = now.question_id == question_id and row_id in {None, now.row_id}
        if is_it or heir is None or not heir.is_visible:
            return ONCE_GONE[name]
        return (
            f"The {name} is taken from {self._shown(now)} now; who left that empty keeps the earlier answer."
        )

    def _shown(self, ref: FieldRef) -> str:
        question = self.questions.get(ref.question_id)
        return shown(question) if question else f"id:{ref.question_id}"


def shown(question: Question) -> str:
    """A question by its heading, or by its id if it has none."""
    return f"“{cut(question.heading)}”" if question.heading else f"id:{question.question_id}"


def cut(text: str) -> str:
    """*text*, at most *SHOWN_CHARACTERS* of it."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def cut_apart(before: str, after: str) -> tuple[str, str]:
    """Both texts cut so that their first difference shows."""
    pairs = zip(before, after, strict=False)
    same = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))
    if same < SHOWN_CHARACTERS - CHARACTERS_BEFORE:
        return cut(before), cut(after)
    start = same - CHARACTERS_BEFORE
    return cut(f"…{before[start:]}"), cut(f"…{after[start:]}")
