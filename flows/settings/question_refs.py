"""Questions that settings name, by `id:…` or the beginning of a heading, on any form in force so far."""

import re
from collections.abc import Iterable, Iterator, Sequence

from connectors.survey.contract import Question, SurveyDesign
from connectors.survey.fields import folded
from flows.errors import SettingsError

Place = tuple[str, str | None]

MOST_CANDIDATES, MOST_QUESTIONS = 10, 20
HEADING_CHARACTERS = 40

_BY_ID = re.compile(r"id:\s*(\w+)(?:\s*/\s*(\w+))?")


def places_of(
    subject: str, question: str, designs: Sequence[SurveyDesign], *, line: str | None = None
) -> tuple[Place, ...]:
    """Where answers to the question stand: (question_id, row_id or None), that on the form now first.

    Those that it has replaced come after it. subject: what names the question, as an error begins.
    designs: at least one, the form now in force first. line: one line of the question.

    Raises:
        SettingsError: the question is on no form, or more than one fits it.
    """
    places: list[Place] = []
    for design in designs:
        found = list(dict.fromkeys(_found(question, line, design.questions)))
        if len(found) > 1 and not places:
            listed = ", ".join(
                f"id:{id_}" + (f"/{row}" if row else "") for id_, row in found[:MOST_CANDIDATES]
            )
            raise SettingsError(
                f"pledge.toml: {subject} fits more than one question or line: {listed}; name the right one "
                "by its id."
            )
        places += [place for place in found if place not in places]
    if not places:
        shown = [one for one in designs[0].questions if one.is_visible][:MOST_QUESTIONS]
        listed = ", ".join(f"id:{one.question_id} “{one.heading[:HEADING_CHARACTERS]}”" for one in shown)
        raise SettingsError(
            f"pledge.toml: {subject} is about a question or line that is on no form that was seen; "
            f"there are: {listed}."
        )
    return tuple(places)


def _found(question: str, line: str | None, questions: Iterable[Question]) -> Iterator[Place]:
    by_id = _BY_ID.fullmatch(question)
    line = by_id[2] if by_id and by_id[2] else line
    for fitting in _fitting(by_id[1] if by_id else None, question, questions):
        rows = [option for option in fitting.options if option.kind == "row"]
        if line is None:
            yield fitting.question_id, None
            continue
        row_id = _BY_ID.fullmatch(line)
        wanted = by_id[2] if by_id and by_id[2] else row_id[1] if row_id else None
        begins = _beginning(line, [row.text for row in rows])
        named = [row for row, is_it in zip(rows, begins, strict=True) if is_it or row.option_id == wanted]
        yield from ((fitting.question_id, row.option_id) for row in named)


def _fitting(question_id: str | None, heading: str, questions: Iterable[Question]) -> list[Question]:
    if question_id is not None:
        return [question for question in questions if question.question_id == question_id]
    shown = [question for question in questions if question.is_visible]
    begins = _beginning(heading, [question.heading for question in shown])
    return [question for question, is_it in zip(shown, begins, strict=True) if is_it]


def _beginning(words: str, texts: Sequence[str]) -> list[bool]:
    """Whether each text begins so; if there is one that is just that, it alone does."""
    wanted = folded(words)
    exact = [folded(text) == wanted for text in texts]
    return exact if sum(exact) == 1 else [folded(text).startswith(wanted) for text in texts]
