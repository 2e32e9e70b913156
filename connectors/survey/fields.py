"""Which questions of a survey ask for email, name and role: by settings, else by shape, else by heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import FieldsError
from connectors.survey.contract import FieldMap, FieldRef, Option, Question, SurveyDesign

EMAIL_BEGINNINGS = ("email", "e-mail", "your email", "your e-mail")
NAME_BEGINNINGS = ("name", "your name", "full name", "your full name")
ROLE_BEGINNINGS = (
    "you are a",
    "you are an",
    "i am a",
    "i am an",
    "i'm a",
    "i'm an",
    "are you a",
    "are you an",
)

TEXT_FAMILIES = frozenset({"open_ended", "demographic"})
CHOICE_FAMILIES = frozenset({"single_choice", "multiple_choice"})
HEADING_CHARACTERS = 40
MOST_CANDIDATES = 20

_BY_ID = re.compile(r"id:\s*(\w+)(?:\s*/\s*(\w+))?")


@dataclass(frozen=True, slots=True)
class _Line:
    """One place for an answer: a question, or one of the lines in its block."""

    question: Question
    row: Option | None = None

    @property
    def ref(self) -> FieldRef:
        return FieldRef(self.question.question_id, self.row.option_id if self.row else None)

    @property
    def heading(self) -> str:
        return self.row.text if self.row else self.question.heading

    @property
    def is_visible(self) -> bool:
        return self.question.is_visible and (self.row is None or self.row.is_visible)

    @property
    def setting(self) -> str:
        return f"id:{self.ref.question_id}" + (f"/{self.ref.row_id}" if self.row else "")

    @property
    def shown(self) -> str:
        return f'{self.setting} "{self.heading[:HEADING_CHARACTERS]}"'


@dataclass(frozen=True, slots=True)
class _Field:
    """What is looked for: its name in the settings, which families can hold it, how its heading begins.

    without: what becomes of new responses while the form does not ask for it.
    """

    name: str
    families: frozenset[str]
    beginnings: tuple[str, ...]
    without: str


_EMAIL = _Field(
    "email", TEXT_FAMILIES, EMAIL_BEGINNINGS, without="each new response is held back without one"
)
_NAME = _Field("name", TEXT_FAMILIES, NAME_BEGINNINGS, without="new signatories have none")
_ROLE = _Field("role", CHOICE_FAMILIES, ROLE_BEGINNINGS, without="new signatories are shown as (no answer)")
_FIELDS = (_EMAIL, _NAME, _ROLE)


def find_fields(
    design: SurveyDesign, wanted: Mapping[str, str], remembered: Sequence[tuple[str, FieldRef]] = ()
) -> FieldMap:
    """Find the questions for email, name and role.

    *wanted* holds settings by ``email``, ``name`` and ``role``, each ``id:QUESTION``,
    ``id:QUESTION/LINE`` or the beginning of a heading. What is not set is looked for by shape (a text
    box or a line that takes an email address), then by the usual beginnings of headings.
    Questions taken off the form are found by id only.

    *remembered* holds the places settled before, as `FieldMap.places` gives them. A question that is
    still on the form keeps its field, however its heading reads now. One that has left the form, or
    that another has replaced, goes on giving the answers that it got: no earlier response loses its
    email, name or role by a change of the form. Only a setting takes its field from a question that is
    still on the form.

    Raises:
        FieldsError: nothing fits the email, nor ever did; or more than one question fits a field;
            or a setting fits none.
    """
    settled = [
        _settle(
            design,
            field,
            wanted.get(field.name, "").strip(),
            [ref for name, ref in remembered if name == field.name],
        )
        for field in _FIELDS
    ]
    (email, *_), name, role = (places for places, _ in settled)
    return FieldMap(
        email=email,
        name=name[0] if name else None,
        role=role[0] if role else None,
        notes=tuple(note for _, note in settled if note),
        earlier=tuple(
            (field.name, ref)
            for field, (places, _) in zip(_FIELDS, settled, strict=True)
            for ref in places[1:]
        ),
    )


def _settle(
    design: SurveyDesign, field: _Field, setting: str, before: list[FieldRef]
) -> tuple[list[FieldRef], str | None]:
    """The places of *field*, the one that counts first; and a note where the form does not ask for it."""
    lines = [line for line in _lines(design, field) if line.is_visible]
    if setting:
        now = _by_setting(design, field, setting)
        on_the_form = {line.ref for line in lines}
        return [now, *(ref for ref in before if ref != now and ref not in on_the_form)], None
    found = _on_the_form(field, lines, before)
    if found:
        return [found, *(ref for ref in before if ref != found)], None
    if before:
        return before, _left_the_form(field, before[0])
    if field is _EMAIL:
        raise _none_found(design, field)
    return [], _never_asked(field)


def _on_the_form(field: _Field, lines: Sequence[_Line], before: Sequence[FieldRef]) -> FieldRef | None:
    found = [line for line in lines if _has_shape(field, line)] or _beginning(lines, field.beginnings)
    kept = [line for ref in before for line in lines if line.ref == ref][:1]
    fitting = [*kept, *(line for line in found if line not in kept)]
    if len(fitting) > 1:
        raise _several(field, fitting)
    return fitting[0].ref if fitting else None


def _by_setting(design: SurveyDesign, field: _Field, setting: str) -> FieldRef:
    by_id = _BY_ID.fullmatch(setting)
    if by_id:
        found = _with_ids(design, field, by_id[1], by_id[2])
    else:
        lines = [line for line in _lines(design, field) if line.is_visible]
        found = [line for line in lines if folded(line.heading).startswith(folded(setting))]
        exact = [line for line in found if folded(line.heading) == folded(setting)]
        found = exact if len(exact) == 1 else found
    if len(found) > 1:
        raise _several(field, found)
    if not found:
        raise FieldsError(
            f'The setting {field.name} = "{setting}" under [questions] in pledge.toml fits no question of '
            f"survey {design.survey_id}. Questions that can hold it: {_listed(_lines(design, field))}. "
            "Name one of them, or take the setting out."
        )
    return found[0].ref


def _with_ids(design: SurveyDesign, field: _Field, question_id: str, row_id: str | None) -> list[_Line]:
    lines = [line for line in _lines(design, field) if line.ref.question_id == question_id]
    if row_id is not None:
        return [line for line in lines if line.ref.row_id == row_id]
    # A block without a line named: the line that asks for the field, if one does.
    of_type = [line for line in lines if line.row is not None and line.row.row_type == field.name]
    return of_type or _beginning(lines, field.beginnings) or lines


def _lines(design: SurveyDesign, field: _Field) -> list[_Line]:
    """Each place that can hold *field*, in the order of the form."""
    lines: list[_Line] = []
    for question in design.questions:
        if question.family not in field.families:
            continue
        rows = [option for option in question.options if option.kind == "row"]
        if rows and question.family in TEXT_FAMILIES:
            lines += [_Line(question, row) for row in rows]
        else:
            lines.append(_Line(question))
    return lines


def _has_shape(field: _Field, line: _Line) -> bool:
    """A line of a contact block says what it asks for, a text box whether it takes an address."""
    if line.row is not None:
        return line.row.row_type == field.name
    return field is _EMAIL and line.question.family == "open_ended" and line.question.validation == "email"


def _beginning(lines: Iterable[_Line], beginnings: Sequence[str]) -> list[_Line]:
    """The lines whose headings begin so; or the one, if there is one, whose heading is just that."""
    found = [line for line in lines if any(_begins(folded(line.heading), words) for words in beginnings)]
    exact = [line for line in found if folded(line.heading).rstrip(" *:.?") in beginnings]
    return exact if len(exact) == 1 else found


def _begins(heading: str, beginning: str) -> bool:
    """Whether *heading* begins with the words of *beginning*, the last one whole."""
    rest = heading[len(beginning) :]
    return heading.startswith(beginning) and not rest[:1].isalnum()


def folded(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").casefold().split())


def _several(field: _Field, found: Sequence[_Line]) -> FieldsError:
    return FieldsError(
        f"More than one question could hold the {field.name}: {_listed(found)}. "
        f'Name the right one in pledge.toml: [questions] {field.name} = "{found[0].setting}".'
    )


def _none_found(design: SurveyDesign, field: _Field) -> FieldsError:
    lines = [line for line in _lines(design, field) if line.is_visible]
    return FieldsError(
        f"No question of survey {design.survey_id} shows by its type or heading that it asks for the "
        f"{field.name}. "
        f"Questions that can hold it: {_listed(lines)}. "
        f'Name the right one in pledge.toml: [questions] {field.name} = "id:…".'
    )


def _never_asked(field: _Field) -> str:
    return (
        f"No question asks for the {field.name}, so it stays empty; "
        f'if one does, name it in pledge.toml: [questions] {field.name} = "id:…".'
    )


def _left_the_form(field: _Field, last: FieldRef) -> str:
    return (
        f"The form no longer asks for the {field.name}: answers given to id:{last.question_id} still count, "
        f"but {field.without}. If a question asks for it, name that in pledge.toml: "
        f'[questions] {field.name} = "id:…".'
    )


def _listed(lines: Sequence[_Line]) -> str:
    shown = [line.shown for line in lines[:MOST_CANDIDATES]]
    more = len(lines) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"
