"""What has changed on a form from one design to another, and what that means for the figures."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, takewhile
from operator import eq
from typing import Any, TypeAlias, TypeVar

from connectors.survey.contract import FieldMap, FieldRef, Option, Question, SurveyDesign

Meaning: TypeAlias = Callable[[str], str]  # of a fact, for the field named
Part = TypeVar("Part", Question, Option)
SHOWN_CHARACTERS = 60  # of a text of the form
CHARACTERS_BEFORE = 20  # shown before the place from which a text differs
PRESENTATION = "presentation"
NOUNS = {"choice": "choice", "other": "other-line", "row": "line", "col": "column"}
LEFT, CAME = "has left the form", "is now on the form"
NO_FIGURE = "No figure rests on it."
AS_OTHER = "Who wrote there without choosing is shown as “Other”."
IN_ORDER = "Roles are listed in it, and where a response chose several, the first of them counts."
WITHOUT = {
    "email": "A response without the email is held back.",
    "name": "A response without the name counts all the same.",
    "role": "A response without the role is shown as (no answer).",
}


def changes(
    before: SurveyDesign,
    after: SurveyDesign,
    fields: FieldMap | None = None,
    role_groups: Mapping[str, str] | None = None,
) -> list[str]:
    """A sentence for each change: none if both designs have the same version, else at least one.

    fields: which questions the figures rest on, settled for *after*; None if that could not be settled: then
        no sentence says what a change means.
    role_groups: a choice's id or text to the role that the settings show it as.
    Changes of the questions for email, name and role come first, those of the form as a whole last.
    """
    if before.version == after.version:
        return []
    old = {question.question_id: question for question in before.questions}
    new = {question.question_id: question for question in after.questions}
    figures = _Figures(fields, role_groups or {}, new)
    pairs = sorted(_pairs(old, new), key=lambda pair: not figures.fields_of(pair[0]))
    found = [sentence for pair in pairs for sentence in _of_a_question(figures, *pair)]
    return [*found, *_of_the_form(before, after)] or [f"A detail of the form has changed. {NO_FIGURE}"]


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the figures take from the form. now: the questions of the form as it is now, by id."""

    fields: FieldMap | None
    role_groups: Mapping[str, str]
    now: Mapping[str, Question]

    def fields_of(self, question: Question, line: Option | None = None) -> list[str]:
        """The fields that the question, or one line of it, gives now or gave before."""
        refs = self.fields.places if self.fields else ()
        here = [(name, ref.row_id) for name, ref in refs if ref.question_id == question.question_id]
        return list(dict.fromkeys(name for name, row in here if line is None or row == line.option_id))

    def role_of(self, choice: Option) -> str:
        return self.role_groups.get(choice.option_id) or self.role_groups.get(choice.text) or choice.text

    def means(self, names: Iterable[str], meaning: Meaning) -> str:
        """What a fact means for each of the fields *names*; that it means nothing, if there are none."""
        if self.fields is None:
            return ""
        return "".join(f" {sentence}" for sentence in [meaning(name) for name in names] or [NO_FIGURE])

    def still_asked(self, question: Question, name: str) -> str:
        """What it means for a field that the question which gives it is on the form."""
        if getattr(self.fields, name).question_id == question.question_id:
            return f"The {name} is taken from it."
        return f"It counts for the {name} where the newer question is not answered."

    def once_gone(self, gone: FieldRef, name: str) -> str:
        """What it means for a field that the question or line which gave it has left the form."""
        now: FieldRef = getattr(self.fields, name)
        newer = self.now.get(now.question_id)
        if now != gone and newer and newer.is_visible:
            return (
                f"The {name} is taken from {_shown(newer)} now; where that is empty, earlier answers count."
            )
        return f"Earlier answers count. {WITHOUT[name]}"


def _of_a_question(figures: _Figures, old: Question, new: Question) -> Iterator[str]:
    for fact, meaning in _facts(figures, old, new):
        yield f"The question {_shown(old)} {fact}.{figures.means(figures.fields_of(old), meaning)}"
    was, has = _options(old), _options(new)
    for before, now in _pairs(was, has):
        means = _of_an_option(figures, new, before, now)
        for fact in _facts_of_an_option(before, now):
            yield f"The {NOUNS[now.kind]} “{_cut(before.text)}” of {_shown(new)} {fact}.{means}"
    if _is_reordered(was, has):
        means = figures.means({"role"}.intersection(figures.fields_of(new)), lambda _: IN_ORDER)
        yield f"The choices of {_shown(new)} stand in another order.{means}"


def _pairs(was: Mapping[Any, Part], has: Mapping[Any, Part]) -> Iterator[tuple[Part, Part]]:
    """Questions or options before and now; what isn't on the form is as if it were hidden."""
    for key in {**was, **has}:
        before, now = was.get(key) or has[key], has.get(key) or was[key]
        shown = key in was and before.is_visible
        yield replace(before, is_visible=shown), replace(now, is_visible=key in has and now.is_visible)


def _facts(figures: _Figures, old: Question, new: Question) -> Iterator[tuple[str, Meaning]]:
    still_asked = partial(figures.still_asked, new)
    # What stands between questions is part of the wording.
    was_asked, is_asked = (one.is_visible and one.family != PRESENTATION for one in (old, new))
    if was_asked and not is_asked:
        yield LEFT, partial(figures.once_gone, FieldRef(old.question_id))
    if is_asked and not was_asked:
        yield CAME, still_asked
    if not was_asked or not is_asked:
        return
    if old.heading != new.heading:
        yield f"now reads “{_cut(new.heading, unlike=old.heading)}”", still_asked
    if (old.family, old.subtype) != (new.family, new.subtype):
        types = f"is of the type {new.family}/{new.subtype} now, before {old.family}/{old.subtype}"
        yield types, lambda _: _of_another_type(old, new)
    if old.validation != new.validation:
        checks = f"is checked for {new.validation or 'nothing'} now, before for {old.validation or 'nothing'}"
        yield checks, "The rules for the {} here stay the same.".format
    if old.is_required != new.is_required:
        yield f"{'must be answered' if new.is_required else 'may be left empty'} now", WITHOUT.__getitem__


def _of_another_type(old: Question, new: Question) -> str:
    if old.family == new.family:
        return "It only looks different: no figure changes."
    several = "Where a response chooses several, the first of them on the form counts."
    return several if new.family == "multiple_choice" else "See whether the next nights' figures are right."


def _options(question: Question) -> dict[tuple[str, str], Option]:
    """By kind and id, in the order of the form."""
    in_order = sorted(question.options, key=lambda option: option.position)
    return {(option.kind, option.option_id): option for option in in_order}


def _facts_of_an_option(old: Option, new: Option) -> Iterator[str]:
    if old.is_visible != new.is_visible:
        yield CAME if new.is_visible else LEFT
    if old.text != new.text:
        yield f"now reads “{_cut(new.text, unlike=old.text)}”"
    if old.row_type != new.row_type:
        yield f"asks for {new.row_type or 'any text'} now, before for {old.row_type or 'any text'}"
    if old.is_answer_choice != new.is_answer_choice:
        yield f"is {'a choice of its own' if new.is_answer_choice else 'a comment beside a choice'} now"


def _of_an_option(figures: _Figures, question: Question, old: Option, new: Option) -> str:
    """What a fact about it means for its role, for who is shown as “Other”, or for the field of its line."""
    if "role" in figures.fields_of(question) and new.kind in {"choice", "other"}:
        return f" {_of_a_choice(figures, old, new) if new.kind == 'choice' else AS_OTHER}"
    names = figures.fields_of(question, new)
    if new.is_visible:
        return figures.means(names, partial(figures.still_asked, question))
    return figures.means(names, partial(figures.once_gone, FieldRef(question.question_id, new.option_id)))


def _of_a_choice(figures: _Figures, old: Option, new: Option) -> str:
    """The role of who chose it; and the setting for another, left open where the text can't stand there."""
    before, role = figures.role_of(old), figures.role_of(new)
    is_new = new.is_visible and not old.is_visible
    how = "chooses it is shown as" if is_new else "chose it stays" if before == role else "chose it is now"
    shown = f"Who {how} “{_cut(role)}”"
    if before != role:
        purpose = f"to keep “{_cut(before)}”"
    elif is_new and role == new.text:
        purpose, before = "to show another role", "…"
    else:
        return f"{shown}."
    # A long text, or one that would end the quoted key, can't be copied as a line of the settings.
    can_stand = len(before) <= SHOWN_CHARACTERS and not set(before) & set('"\\')
    setting = f'[roles] "{new.option_id}" = "{before if can_stand else "…"}"'
    return f"{shown}; {purpose}, set in pledge.toml: {setting}."


def _of_the_form(before: SurveyDesign, after: SurveyDesign) -> Iterator[str]:
    if before.title != after.title:
        reads = _cut(after.title, unlike=before.title)
        yield f"The survey “{_cut(before.title)}” now reads “{reads}”, in the published database too."
    was, has = ([line for line in one.wording.split("\n") if line != one.title] for one in (before, after))
    if was != has:
        said = [f"new: “{_cut(line)}”" for line in has if line not in was]
        said += [f"gone: “{_cut(line)}”" for line in was if line not in has]
        yield (
            f"The text that people read has changed{f' ({said[0]})' if said else ''}. The table "
            "pledge_versions keeps both; who signs from now on counts under the new one."
        )
    if _is_reordered(_sequence(before), _sequence(after)):
        yield "Pages or questions stand in another order. No figure changes by it."


def _sequence(design: SurveyDesign) -> list[str]:
    asked = sorted(design.questions, key=lambda one: (one.page_position, one.position))
    ids = ((f"page {one.page_id}", f"question {one.question_id}") for one in asked)
    return list(dict.fromkeys(chain.from_iterable(ids)))


def _is_reordered(was: Collection[object], has: Collection[object]) -> bool:
    """Whether what stands in both stands in another order."""
    return [one for one in was if one in has] != [one for one in has if one in was]


def _shown(question: Question) -> str:
    """A question by its heading, or by its id if it has none."""
    return f"“{_cut(question.heading)}”" if question.heading else f"id:{question.question_id}"


def _cut(text: str, unlike: str = "") -> str:
    """At most SHOWN_CHARACTERS of a text, with the place from which it differs from another."""
    n_alike = sum(1 for _ in takewhile(bool, map(eq, text, unlike)))
    if n_alike >= SHOWN_CHARACTERS - CHARACTERS_BEFORE:
        text = f"…{text[n_alike - CHARACTERS_BEFORE :]}"
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
