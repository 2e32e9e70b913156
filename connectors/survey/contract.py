"""What every source of responses gives; a response stays the text that came in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk over the responses goes on.

    modified_from: ISO 8601 instant in UTC without offset, to the second; None means from the beginning.
    page: position among the responses modified since then, from 1; more than 1 only where one second
        holds more responses than a page.
    """

    modified_from: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ResponsePage:
    """One page of responses, cut apart but not decoded.

    ids: response ids as text, in the order received, one for each body.
    bodies: the JSON text of each response, untouched.
    after: where to go on once this page is kept.
    is_last: nothing that this walk should see comes after it.
    n_to_come: about how many responses of this walk come after it, by the platform's own count.
    """

    ids: list[str]
    bodies: list[str]
    after: Cursor
    is_last: bool
    n_to_come: int


@dataclass(frozen=True, slots=True)
class IdSweep:
    """Ids of all responses that the platform holds, whatever their status.

    ids: each once.
    total: how many the platform says there are.
    is_whole: the walk came to its end and found as many as the platform says.
    """

    ids: list[str]
    total: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, row, column or other-line of a question.

    kind: ``choice``, ``row``, ``col`` or ``other``.
    text: as on the form, HTML taken out and spaces folded.
    position: as the platform gives it; 0 where it gives none.
    row_type: what a line of a contact block asks for (``name``, ``email`` …), else None.
    is_answer_choice: for ``other``: choosing it is an answer of its own, not a comment.
    """

    option_id: str
    kind: str
    text: str
    position: int
    is_visible: bool
    row_type: str | None = None
    is_answer_choice: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey's design.

    heading: HTML taken out, entities resolved, spaces folded; the first one that is not empty.
    validation: the platform's type of it (``email``, ``integer`` …), else None.
    """

    question_id: str
    page_id: str
    page_position: int
    position: int
    family: str
    subtype: str
    heading: str
    is_visible: bool
    is_required: bool
    validation: str | None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """A survey's design as it stood at one moment.

    text: the JSON text as received.
    version: hash of what people see: title, pages, questions, options.
    wording: title, page titles and descriptions, and presentation texts, as plain text: what
        a person who signs has read, one paragraph a line.
    response_count: the platform's own figure; None where it gives none.
    created_at, modified_at: ISO 8601 in UTC; None where the platform gives none.
    pledge_text: what people sign, see `connectors.survey.pledge_text`; empty where the form has none.
    """

    survey_id: str
    title: str
    text: str
    version: str
    wording: str
    response_count: int | None
    created_at: str | None
    questions: tuple[Question, ...]
    pledge_text: str = ""
    modified_at: str | None = None


@dataclass(frozen=True, slots=True)
class FieldRef:
    """Where one field's answer stands: a question, and its line in a contact block (else None)."""

    question_id: str
    row_id: str | None = None


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which questions ask for email, name and role.

    email, name, role: where each stands on the form, or stood last if it left the form; None where no
        form ever asked for it.
    notes: sentences for the operator about what was not found.
    earlier: field and place of the questions that asked for it before, latest first: an answer there
        counts for a response that answers none of the newer ones.
    """

    email: FieldRef
    name: FieldRef | None
    role: FieldRef | None
    notes: tuple[str, ...] = ()
    earlier: tuple[tuple[str, FieldRef], ...] = ()

    @property
    def places(self) -> tuple[tuple[str, FieldRef], ...]:
        """Each field with each question that gives it, the one that counts before the earlier ones."""
        now = (("email", self.email), ("name", self.name), ("role", self.role))
        return (*((name, ref) for name, ref in now if ref), *self.earlier)
