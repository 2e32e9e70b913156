"""What has changed on a form from one design to another, and what each change means for the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.survey.form_changes_options import changes_of_options
from connectors.survey.form_changes_words import NO_FIGURE, Change, Figures, cut, cut_apart, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.survey.contract import FieldMap, Question, SurveyDesign


PRESENTATION = "presentation"
IF_EMPTY = {
    "email": "A response that leaves it empty is held back.",
    "name": "Who leaves it empty counts without a name.",
    "role": "Who leaves it empty is shown as (no answer).",
}


def changes(
    before: SurveyDesign,
    after: SurveyDesign,
    fields: FieldMap | None = None,
    role_groups: Mapping[str, str] | None = None,
) -> list[Change]:
    """What has changed from *before* to *after*: none if both have the same version, else at least one.

    fields: which questions the figures rest on, settled for *after*; None if that could not be settled.
    role_groups: a choice's id or text to the role that the settings show it as.
    Changes of the questions for email, name and role come first, those of the form as a whole last.
    """
    if before.version == after.version:
        return []
    old = {question.question_id: question for question in before.questions}
    new = {question.question_id: question for question in after.questions}
    figures = Figures(fields, role_groups or {}, new)
    ids = sorted(old | new, key=lambda question_id: not figures.fields_of((old | new)[question_id]))
    found = [
        change
        for question_id in ids
        for change in _of_a_question(figures, old.get(question_id), new.get(question_id))
    ]
    found += _of_the_form(before, after, figures)
    return found or [Change("changed detail", None, None, f"A detail of the form has changed. {NO_FIGURE}")]


def _of_a_question(figures: Figures, old: Question | None, new: Question | None) -> Iterator[Change]:
    """The changes of one question; what stands between questions is part of the wording."""
    was_asked, is_asked = _is_asked(old), _is_asked(new)
    if old and was_asked and not is_asked:
        yield _left(figures, old)
    if new and is_asked and not was_asked:
        yield _came(figures, new, "shown" if old else "new")
    if old and new and was_asked and is_asked:
        yield from _facets(figures, old, new)
    if old and new:
        yield from changes_of_options(figures, old, new)


def _is_asked(question: Question | None) -> bool:
    return question is not None and question.is_visible and question.family != PRESENTATION


def _left(figures: Figures, old: Question) -> Change:
    means = figures.meaning(figures.fields_of(old), lambda name: figures.once_gone(name, old.question_id))
    sentence = f"The question {shown(old)} has left the form; answers already given to it are kept."
    return Change("removed question", old.question_id, None, sentence + means)


def _came(figures: Figures, new: Question, verb: str) -> Change:
    begun = (
        f"New question {shown(new)}." if verb == "new" else f"The question {shown(new)} is back on the form."
    )
    means = figures.meaning(figures.fields_of(new), lambda name: figures.taken_from(name, new))
    return Change(f"{verb} question", new.question_id, None, begun + means)


def _facets(figures: Figures, old: Question, new: Question) -> Iterator[Change]:
    """What changed about a question that was on the form and still is."""

    def change(kind: str, sentence: str, of_field: Callable[[str], str]) -> Change:
        means = figures.meaning(figures.fields_of(new), of_field)
        return Change(f"{kind} of a question", new.question_id, None, sentence + means)

    if old.heading != new.heading:
        was, reads = cut_apart(old.heading, new.heading)
        yield change(
            "heading",
            f"The question “{was}” now reads “{reads}”.",
            lambda name: f"It is known by its id, so it goes on giving the {name}.",
        )
    if (old.family, old.subtype) != (new.family, new.subtype):
        yield change(
            "type",
            f"The question {shown(new)} is now of the type {new.family}/{new.subtype}, "
            f"no longer {old.family}/{old.subtype}.",
            lambda _: _of_another_type(old, new),
        )
    if old.validation != new.validation:
        yield change(
            "check",
            f"The form now checks answers to {shown(new)} for: {new.validation or 'nothing'}; "
            f"before for: {old.validation or 'nothing'}.",
            lambda name: f"The rules for the {name} here stay the same.",
        )
    if old.is_required != new.is_required:
        must = "must now be answered" if new.is_required else "may now be left empty"
        yield change(
            "duty",
            f"The question {shown(new)} {must}.",
            lambda name: f"Fewer will lack the {name}." if new.is_required else IF_EMPTY[name],
        )


def _of_another_type(old: Question, new: Question) -> str:
    if old.family == new.family:
        return "It only looks different: no figure changes."
    if new.family == "multiple_choice":
        return "Where a response chooses several, the first of them on the form counts."
    if new.family == "single_choice":
        return "A response chooses one from now on."
    return "Its answers may come in another shape: see whether the figures of the next nights are right."


def _of_the_form(before: SurveyDesign, after: SurveyDesign, figures: Figures) -> Iterator[Change]:
    if before.title != after.title:
        was, reads = cut_apart(before.title, after.title)
        yield Change(
            "title",
            None,
            None,
            f"The survey “{was}” is now called “{reads}”; the published database carries the new title.",
        )
    was_lines, lines = _below_the_title(before), _below_the_title(after)
    if was_lines != lines:
        said = [f"new: “{cut(line)}”" for line in lines if line not in was_lines]
        said += [f"gone: “{cut(line)}”" for line in was_lines if line not in lines]
        said += ["the same in another order"]
        yield Change(
            "wording",
            None,
            None,
            f"The text that people read has changed ({said[0]}). The table "
            "pledge_versions keeps both; who signs from now on counts under the new one.",
        )
    if _is_reordered(before, after, figures):
        yield Change(
            "order",
            None,
            None,
            "Pages, questions or choices stand in another order. No figure changes by it.",
        )


def _below_the_title(design: SurveyDesign) -> list[str]:
    """The lines of the wording without those that are the title."""
    lines = design.wording.split("\n")
    ends = (n for n in range(len(lines) + 1) if " ".join(lines[:n]) == design.title)
    return lines[next(ends, 0) :]


def _is_reordered(before: SurveyDesign, after: SurveyDesign, figures: Figures) -> bool:
    """Whether what both forms have stands otherwise; the choices of the role are told by themselves."""
    was, has = _sequence(before, figures), _sequence(after, figures)
    return [key for key in was if key in has] != [key for key in has if key in was]


def _sequence(design: SurveyDesign, figures: Figures) -> dict[tuple[str, str, str], None]:
    """Ids of pages, questions and options in the order of the form."""
    sequence: dict[tuple[str, str, str], None] = {}
    for question in sorted(design.questions, key=lambda one: (one.page_position, one.position)):
        sequence["page", question.page_id, ""] = None
        sequence["question", question.question_id, ""] = None
        if "role" not in figures.fields_of(question):
            for option in sorted(question.options, key=lambda one: one.position):
                sequence[option.kind, question.question_id, option.option_id] = None
    return sequence
