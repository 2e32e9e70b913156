"""A survey's design: the platform's JSON of it made into questions and their options."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from connectors.errors import SourceUnreachableError
from connectors.survey.contract import Option, Question, SurveyDesign
from connectors.survey.html_text import one_line, paragraphs
from connectors.survey.pledge_text import pledge_text

VERSION_CHARACTERS = 16
PRESENTATION = "presentation"
PICTURE = "image"


def parse_design(text: str) -> SurveyDesign:
    """Read the platform's survey details.

    Whatever a key lacks or has in another type is taken as absent; families that aren't known are kept.

    Raises:
        SourceUnreachableError: *text* is no JSON object.
    """
    survey = _survey(text)
    title = one_line(_text(survey.get("title")))
    pages = _objects(survey.get("pages"))
    questions = tuple(_questions(pages))
    wording = "\n".join(_wording(survey, pages))
    return SurveyDesign(
        survey_id=_id(survey.get("id")),
        title=title,
        text=text,
        version=_version(title, wording, questions),
        wording=wording,
        response_count=_number(survey.get("response_count")),
        created_at=_utc(survey.get("date_created")),
        questions=questions,
        pledge_text="\n".join(pledge_text(_text(survey.get("title")), _opening(pages))),
        modified_at=_utc(survey.get("date_modified")),
    )


def _survey(text: str) -> dict[str, Any]:
    try:
        survey = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        survey = None
    if not isinstance(survey, dict):
        raise SourceUnreachableError(
            "The survey's design is not the JSON object that SurveyMonkey describes. Run again later; "
            "if it stays so, report it."
        )
    return survey


def _questions(pages: list[dict[str, Any]]) -> Iterator[Question]:
    for page_index, page in enumerate(pages, start=1):
        for index, question in enumerate(_objects(page.get("questions")), start=1):
            validation = question.get("validation")
            yield Question(
                question_id=_id(question.get("id")),
                page_id=_id(page.get("id")),
                page_position=_number(page.get("position")) or page_index,
                position=_number(question.get("position")) or index,
                family=_text(question.get("family")),
                subtype=_text(question.get("subtype")),
                heading=_heading(question),
                is_visible=_is_visible(question),
                is_required=bool(question.get("required")),
                validation=(_text(validation.get("type")) or None) if isinstance(validation, dict) else None,
                options=tuple(_options(question.get("answers"))),
            )


def _options(answers: object) -> Iterator[Option]:
    if not isinstance(answers, dict):
        return
    for key, kind in (("choices", "choice"), ("rows", "row"), ("cols", "col"), ("other", "other")):
        given = answers.get(key)
        for option in _objects([given] if isinstance(given, dict) else given):
            yield _option(option, kind)
            # A menu in a matrix has the choices of each column inside it.
            yield from (_option(choice, "choice") for choice in _objects(option.get("choices")))


def _option(option: dict[str, Any], kind: str) -> Option:
    return Option(
        option_id=_id(option.get("id")),
        kind=kind,
        text=one_line(_text(option.get("text"))),
        position=_number(option.get("position")) or 0,
        is_visible=_is_visible(option),
        row_type=_text(option.get("type")) or None,
        is_answer_choice=option.get("is_answer_choice") is True,
    )


def _heading(question: dict[str, Any]) -> str:
    headings = (one_line(_text(heading.get("heading"))) for heading in _objects(question.get("headings")))
    return next((heading for heading in headings if heading), "")


def _wording(survey: dict[str, Any], pages: list[dict[str, Any]]) -> Iterator[str]:
    yield from paragraphs(_text(survey.get("title")))
    for page in pages:
        yield from paragraphs(_text(page.get("title")))
        yield from paragraphs(_text(page.get("description")))
        for question in _objects(page.get("questions")):
            if question.get("family") == PRESENTATION and _is_visible(question):
                for heading in _objects(question.get("headings")):
                    yield from paragraphs(_text(heading.get("heading")))


def _opening(pages: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Of each page up to the first question its title, and the texts on it that stand before a question."""
    for page in pages:
        texts, is_asked = [_text(page.get("description"))], False
        for question in filter(_is_visible, _objects(page.get("questions"))):
            if is_asked := question.get("family") != PRESENTATION:
                break
            if question.get("subtype") != PICTURE:
                texts += [_text(heading.get("heading")) for heading in _objects(question.get("headings"))]
        yield _text(page.get("title")), texts
        if is_asked:
            return


def _version(title: str, wording: str, questions: tuple[Question, ...]) -> str:
    # Ids are in it though nobody sees them: a choice made anew under the old text is another choice.
    seen = msgspec.json.encode((title, wording, questions))
    return hashlib.sha256(seen).hexdigest()[:VERSION_CHARACTERS]


def _objects(given: object) -> list[dict[str, Any]]:
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""


def _id(given: object) -> str:
    is_id = isinstance(given, str | int) and not isinstance(given, bool)
    return str(given) if is_id else ""


def _number(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _is_visible(given: dict[str, Any]) -> bool:
    return given.get("visible") is not False


def _utc(given: object) -> str | None:
    """ISO 8601 in UTC; the platform's dates without an offset are in UTC already."""
    try:
        moment = datetime.fromisoformat(_text(given))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
