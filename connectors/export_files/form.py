"""The form as an export file shows it, with the platform's ids of questions and choices where they are known.

Where no design is known, or a question isn't on it, ids are made of the texts: the same heading has
the same id in every file.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from connectors.contract import Option, Question, SurveyDesign
from connectors.export_files.design import PAGE, design_of
from connectors.export_files.layout import Column, QuestionColumns, is_answered
from connectors.fields import EMAIL_BEGINNINGS, NAME_BEGINNINGS
from connectors.surveymonkey.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.layout import Layout
    from connectors.export_files.table import Table

ID_CHARACTERS = 15
MADE = "file-"  # how the ids begin that are made of texts
MOST_CHOICES = 300  # more different texts in one column are no choices: people wrote them
FAMILIES = {
    "open_ended": ("open_ended", "single"),
    "single_choice": ("single_choice", "vertical"),
    "multiple_choice": ("multiple_choice", "vertical"),
    "lines": ("open_ended", "multi"),
    "matrix": ("matrix", "rating"),
}


@dataclass(frozen=True, slots=True)
class FileColumn:
    """How the cells of one column become answers.

    part: as in the layout; a ``response`` column that holds people's own words is ``text``.
    option_id: the choice ticked (``choice``), the other-line (``other``, ``comment``) or the line
        (``line``); empty where the question has none.
    by_text: folded text of a cell to (kind, option id), for ``response`` columns and matrices.
    """

    index: int
    part: str
    option_id: str = ""
    by_text: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """A question with the columns that hold its answers."""

    question_id: str
    page_id: str
    columns: tuple[FileColumn, ...]


@dataclass(frozen=True, slots=True)
class FileForm:
    """The design of the file alone, and where the answers to its questions stand."""

    design: SurveyDesign
    questions: tuple[FileQuestion, ...]


def form_of(table: Table, layout: Layout, *, survey_id: str, known: SurveyDesign | None) -> FileForm:
    """Give each question and choice of a file its id, by heading and text.

    known: the platform's own design of the same survey, or None.
    """
    asked = [*layout.questions, *(_alone(column) for column in layout.extra)]
    finder = _Finder(known)
    made = [
        _made(table, layout, columns, position, finder) for position, columns in enumerate(asked, start=1)
    ]
    questions = [question for question, _ in made]
    return FileForm(
        design=design_of(survey_id, known.title if known else table.name, questions),
        questions=tuple(file_question for _, file_question in made),
    )


def is_made_of_a_file(design: SurveyDesign) -> bool:
    """The design is one that a file showed, not the platform's own."""
    return any(question.page_id == PAGE for question in design.questions)


def with_earlier_choices(designs: Sequence[SurveyDesign]) -> SurveyDesign:
    """The first design, its questions with what their choices were called on the others, unseen now."""
    earlier: dict[str, list[Option]] = defaultdict(list)
    for design in designs[1:]:
        for question in design.questions:
            earlier[question.question_id] += [replace(one, is_visible=False) for one in question.options]
    questions = tuple(
        replace(question, options=(*question.options, *earlier[question.question_id]))
        for question in designs[0].questions
    )
    return replace(designs[0], questions=questions)


def folded(text: str) -> str:
    """*text* as texts are compared: without HTML, case and repeated blanks."""
    return one_line(text).replace("\u2019", "'").casefold()


def made_id(*parts: str) -> str:
    """An id made of texts; it can't be one of the platform's, which are numbers."""
    return MADE + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_CHARACTERS]


class _Finder:
    """Finds a heading's question on a known design; the second of two alike is the second there too."""

    def __init__(self, known: SurveyDesign | None) -> None:
        self._by_heading: dict[str, list[Question]] = defaultdict(list)
        for question in known.questions if known else ():
            self._by_heading[folded(question.heading)].append(question)
        self._n_made: Counter[str] = Counter()

    def find(self, heading: str) -> Question | None:
        found = self._by_heading[folded(heading)]
        if not found:
            return None
        return found.pop(0)

    def new_id(self, heading: str) -> str:
        self._n_made[heading] += 1
        return made_id(folded(heading), str(self._n_made[heading]))


def _alone(column: Column) -> QuestionColumns:
    return QuestionColumns(column.label, (Column(column.index, "", "text"),), "open_ended")


def _made(
    table: Table, layout: Layout, asked: QuestionColumns, position: int, finder: _Finder
) -> tuple[Question, FileQuestion]:
    known = finder.find(asked.heading)
    question_id = known.question_id if known else finder.new_id(asked.heading)
    options = _Options(known, question_id)
    for other in (column for column in asked.columns if column.part == "other"):
        options.named(
            "other", other.label
        )  # before the cells that say so, which may stand in an earlier column
    parts = [_as_text(column) if _asks_for_a_person(asked) else column for column in asked.columns]
    columns = tuple(_column(table, layout, column, options) for column in parts)
    is_platforms = known is not None and known.page_id != PAGE
    shape = "open_ended" if _asks_for_a_person(asked) else asked.shape
    family, subtype = (known.family, known.subtype) if known and is_platforms else FAMILIES[shape]
    page_id = known.page_id if known else PAGE
    question = Question(
        question_id=question_id,
        page_id=page_id,
        page_position=known.page_position if known else 1,
        position=known.position if known else position,
        family=family,
        subtype=subtype,
        heading=one_line(asked.heading),
        is_visible=True,
        is_required=bool(known and known.is_required),
        validation=known.validation if known else None,
        options=tuple(options.used),
    )
    return question, FileQuestion(question_id, page_id, columns)


def _asks_for_a_person(asked: QuestionColumns) -> bool:
    """One column under a heading that begins as those for a name or an address: no choices, however few."""
    heading = folded(asked.heading)
    return len(asked.columns) == 1 and heading.startswith((*EMAIL_BEGINNINGS, *NAME_BEGINNINGS))


def _as_text(column: Column) -> Column:
    return Column(column.index, column.label, "text")


class _Options:
    """The options of one question: those known, and those that the file alone has."""

    def __init__(self, known: Question | None, question_id: str) -> None:
        self._question_id = question_id
        self._known = known.options if known else ()
        # Reversed, so that what is on the form now goes before what was.
        self._by_text = {(one.kind, folded(one.text)): one for one in reversed(self._known)}
        self._is_platforms = known is not None and known.page_id != PAGE
        self.used: list[Option] = []

    def named(self, kind: str, text: str) -> str:
        """The id of the option of that kind and text."""
        option = self._by_text.get((kind, folded(text))) or self._only(kind)
        if option is None:
            option = Option(
                option_id=made_id(self._question_id, kind, folded(text)),
                kind=kind,
                text=one_line(text),
                position=len(self.used) + 1,
                is_visible=True,
                is_answer_choice=kind == "other",
            )
            self._by_text[kind, folded(text)] = option
        if option not in self.used:
            self.used.append(option)
        return option.option_id

    def _only(self, kind: str) -> Option | None:
        """A question has one other-line at most, whatever a file calls it."""
        found = [one for one in self._known if one.kind == kind == "other"]
        return found[0] if found else None

    @property
    def other(self) -> Option | None:
        """The other-line, if one was met; put by text too, as a chosen answer repeats its text."""
        return next((one for one in (*self.used, *self._known) if one.kind == "other"), None)

    @property
    def numbered(self) -> list[Option]:
        """The form's choices in their order: a file may hold their numbers instead of their texts.

        What a file showed has no order to go by.
        """
        if not self._is_platforms:
            return []
        choices = [one for one in self._known if one.kind in {"choice", "other"} and one.is_visible]
        return sorted(choices, key=lambda one: (one.kind == "other", one.position))


def _column(table: Table, layout: Layout, column: Column, options: _Options) -> FileColumn:
    if column.part == "choice":
        return FileColumn(column.index, "choice", options.named("choice", column.label))
    if column.part in {"other", "comment"}:
        return FileColumn(column.index, column.part, options.named("other", column.label))
    if column.part == "line":
        by_text = _by_text(table, layout, column, options) if column_is_matrix(options) else {}
        return FileColumn(column.index, "line", options.named("row", column.label), by_text)
    if column.part == "response":
        by_text = _by_text(table, layout, column, options)
        return FileColumn(column.index, "response" if by_text else "text", "", by_text)
    return FileColumn(column.index, "text")


def holds_numbers_alone(question: FileQuestion) -> bool:
    """Its cells are numbers of choices, and no form is known that would tell which."""
    found = [one for column in question.columns for one in column.by_text.items()]
    return bool(found) and all(
        text.strip().isdecimal() and option_id.startswith(MADE) for text, (_, option_id) in found
    )


def column_is_matrix(options: _Options) -> bool:
    """The known question has choices that its lines are judged by."""
    return any(one.kind == "choice" for one in options.numbered)


def _by_text(table: Table, layout: Layout, column: Column, options: _Options) -> dict[str, tuple[str, str]]:
    texts = _different(table, layout.records, column.index)
    if len(texts) > MOST_CHOICES:
        return {}
    numbered = options.numbered
    if numbered and texts and all(_is_number_of(text, len(numbered)) for text in texts):
        return {text: (numbered[int(text) - 1].kind, numbered[int(text) - 1].option_id) for text in texts}
    other = options.other
    return {
        text: ("other", other.option_id)
        if other and folded(text) == folded(other.text)
        else ("choice", options.named("choice", text))
        for text in texts
    }


def _is_number_of(text: str, n_choices: int) -> bool:
    return text.strip().isdecimal() and 1 <= int(text) <= n_choices


def _different(table: Table, records: Sequence[int], index: int) -> list[str]:
    different = pc.unique(table.rows.cells(index, records)).slice(0, MOST_CHOICES + 2)
    return list(filter(is_answered, different.to_pylist()))
