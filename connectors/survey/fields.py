"""Which questions of a survey ask for email, name and role: by settings, else by shape, else by heading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import FieldsError
from connectors.survey.contract import FieldMap, FieldRef, Option, Question, SurveyDesign

EMAIL_BEGINNINGS = ("email", "e-mail", "your email", "your e-mail")
NAME_BEGINNINGS = ("name", "your name", "full name", "your full name")
ROLE_BEGINNINGS = tuple(
    f"{words} {article}" for words in ("you are", "i am", "i'm", "are you") for article in ("a", "an")
)

TEXT_FAMILIES = frozenset({"open_ended", "demographic"})
CHOICE_FAMILIES = frozenset({"single_choice", "multiple_choice"})
HEADING_CHARACTERS = 40
MOST_CANDIDATES = 20

_BY_ID = re.compile(r"id:\s*(\w+)(?:\s*/\s*(\w+))?")


@dataclass(frozen=True, slots=True)
class _Line:
    """A question, or one of the lines in its block; asks_for: the field that its type shows, else None."""

    ref: FieldRef
    heading: str
    is_visible: bool
    asks_for: str | None

    @property
    def setting(self) -> str:
        row = "" if self.ref.row_id is None else f"/{self.ref.row_id}"
        return f"id:{self.ref.question_id}{row}"


@dataclass(frozen=True, slots=True)
class _Field:
    """What is looked for: its name in the settings, which families can hold it, how its heading begins.

    without: what becomes of new responses while the form does not ask for it.
    """

    name: str
    families: frozenset[str]
    beginnings: tuple[str, ...]
    without: str


_FIELDS = (
    _Field("email", TEXT_FAMILIES, EMAIL_BEGINNINGS, without="each new response is held back without one"),
    _Field("name", TEXT_FAMILIES, NAME_BEGINNINGS, without="new signatories have none"),
    _Field("role", CHOICE_FAMILIES, ROLE_BEGINNINGS, without="new signatories are shown as (no answer)"),
)


def find_fields(
    design: SurveyDesign, wanted: Mapping[str, str], remembered: Sequence[tuple[str, FieldRef]] = ()
) -> FieldMap:
    """Find the questions for email, name and role.

    wanted: settings by ``email``, ``name`` and ``role``, each ``id:QUESTION``, ``id:QUESTION/LINE`` or the
        beginning of a heading. Questions taken off the form are found by id only.
    remembered: what was settled before, as `FieldMap.places` gives it. A question that is still on the
        form keeps its field, however its heading reads now, unless a setting takes it. One that has left
        the form, or that another has replaced, goes on giving the answers that it got: no earlier
        response loses its email, name or role by a change of the form.

    Raises:
        FieldsError: nothing fits the email, nor ever did; or more than one question fits a field;
            or a setting fits none.
    """
    settled = [
        _settle(
            design.survey_id,
            field,
            _lines(design, field),
            wanted.get(field.name, "").strip(),
            [ref for name, ref in remembered if name == field.name],
        )
        for field in _FIELDS
    ]
    (email, *_), name, role = (refs for refs, _ in settled)
    return FieldMap(
        email=email,
        name=name[0] if name else None,
        role=role[0] if role else None,
        notes=tuple(note for _, note in settled if note),
        earlier=tuple(
            (field.name, ref) for field, (refs, _) in zip(_FIELDS, settled, strict=True) for ref in refs[1:]
        ),
    )


def _settle(
    survey_id: str, field: _Field, lines: list[_Line], setting: str, before: list[FieldRef]
) -> tuple[list[FieldRef], str | None]:
    """Where the field stands, the one that counts first; and a note where the form does not ask for it."""
    visible = [line for line in lines if line.is_visible]
    if setting:
        now = _by_setting(survey_id, field, lines, setting)
        on_the_form = {line.ref for line in visible}
        return [now, *(ref for ref in before if ref != now and ref not in on_the_form)], None
    found = _on_the_form(field, visible, before)
    if found:
        return [found, *(ref for ref in before if ref != found)], None
    name_it = f'pledge.toml: [questions] {field.name} = "id:…".'
    if before:
        return before, (
            f"The form no longer asks for the {field.name}: answers given to id:{before[0].question_id} "
            f"still count, but {field.without}. If a question asks for it, name that in {name_it}"
        )
    if field.name == "email":
        raise FieldsError(
            f"No question of survey {survey_id} shows by its type or heading that it asks for the email. "
            f"Questions that can hold it: {_listed(visible)}. Name the right one in {name_it}"
        )
    return [], (
        f"No question asks for the {field.name}, so it stays empty; if one does, name it in {name_it}"
    )


def _on_the_form(field: _Field, lines: list[_Line], before: list[FieldRef]) -> FieldRef | None:
    found = [line for line in lines if line.asks_for == field.name] or _beginning(lines, field)
    # One that stayed keeps its field, so a newer one beside it is for a person to decide.
    stayed = [line for ref in before for line in lines if line.ref == ref][:1]
    return _only(field, [*stayed, *(line for line in found if line not in stayed)])


def _by_setting(survey_id: str, field: _Field, lines: list[_Line], setting: str) -> FieldRef:
    by_id = _BY_ID.fullmatch(setting)
    if by_id:
        found = _with_ids(field, lines, by_id[1], by_id[2])
    else:
        visible = [line for line in lines if line.is_visible]
        found = [line for line in visible if folded(line.heading).startswith(folded(setting))]
        exact = [line for line in found if folded(line.heading) == folded(setting)]
        found = exact if len(exact) == 1 else found
    ref = _only(field, found)
    if ref is None:
        raise FieldsError(
            f'The setting {field.name} = "{setting}" under [questions] in pledge.toml fits no question of '
            f"survey {survey_id}. Questions that can hold it: {_listed(lines)}. "
            "Name one of them, or take the setting out."
        )
    return ref


def _with_ids(field: _Field, lines: list[_Line], question_id: str, row_id: str | None) -> list[_Line]:
    of_question = [line for line in lines if line.ref.question_id == question_id]
    if row_id is not None:
        return [line for line in of_question if line.ref.row_id == row_id]
    # A block without a line named: the line that asks for the field, if one does.
    of_type = [line for line in of_question if line.asks_for == field.name]
    return of_type or _beginning(of_question, field) or of_question


def _only(field: _Field, found: list[_Line]) -> FieldRef | None:
    """The one that was found, or None; FieldsError where there are several."""
    if len(found) > 1:
        raise FieldsError(
            f"More than one question could hold the {field.name}: {_listed(found)}. "
            f'Name the right one in pledge.toml: [questions] {field.name} = "{found[0].setting}".'
        )
    return found[0].ref if found else None


def _lines(design: SurveyDesign, field: _Field) -> list[_Line]:
    """Each line that can hold *field*, in the order of the form."""
    lines: list[_Line] = []
    for question in design.questions:
        if question.family not in field.families:
            continue
        rows = [option for option in question.options if option.kind == "row"]
        if rows and question.family in TEXT_FAMILIES:
            lines += [_row_line(question, row) for row in rows]
        else:
            takes_email = question.family == "open_ended" and question.validation == "email"
            ref = FieldRef(question.question_id)
            lines.append(_Line(ref, question.heading, question.is_visible, "email" if takes_email else None))
    return lines


def _row_line(question: Question, row: Option) -> _Line:
    ref = FieldRef(question.question_id, row.option_id)
    return _Line(ref, row.text, question.is_visible and row.is_visible, row.row_type)


def _beginning(lines: list[_Line], field: _Field) -> list[_Line]:
    """The lines whose headings begin so; or the one, if there is one, whose heading is just that."""
    found = [line for line in lines if any(_begins(folded(line.heading), one) for one in field.beginnings)]
    exact = [line for line in found if folded(line.heading).rstrip(" *:.?") in field.beginnings]
    return exact if len(exact) == 1 else found


def _begins(heading: str, beginning: str) -> bool:
    """Whether *heading* begins with the words of *beginning*, the last one whole."""
    rest = heading[len(beginning) :]
    return heading.startswith(beginning) and not rest[:1].isalnum()


def folded(text: str) -> str:
    # Editors make a curly apostrophe of the straight one that people type in the settings.
    return " ".join(text.replace("\u2019", "'").casefold().split())


def _listed(lines: list[_Line]) -> str:
    shown = [f'{line.setting} "{line.heading[:HEADING_CHARACTERS]}"' for line in lines[:MOST_CANDIDATES]]
    more = len(lines) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"
