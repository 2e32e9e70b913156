"""The form as an export file shows it, with the platform's ids of questions and choices where they are known.

Where no design is known, or a question isn't on it, ids are made of the texts: the same heading has
the same id in every file.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from connectors.contract import Option, Question, SurveyDesign
from connectors.export_files.layout import Column, QuestionColumns, is_answered
from connectors.surveymonkey.design import parse_design
from connectors.surveymonkey.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.export_files.layout import Layout
    from connectors.export_files.table import Table

ID_CHARACTERS = 15
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
    """design: of the file alone. n_known: questions of it that are on the platform's design."""

    design: SurveyDesign
    questions: tuple[FileQuestion, ...]
    n_known: int


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
        design=_design(survey_id, known.title if known else table.name, questions),
        questions=tuple(file_question for _, file_question in made),
        n_known=finder.n_found,
    )


def folded(text: str) -> str:
    """*text* as texts are compared: without HTML, case and repeated blanks."""
    return one_line(text).replace("\u2019", "'").casefold()


def made_id(*parts: str) -> str:
    """An id made of texts; it can't be one of the platform's, which are numbers."""
    return "file-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_CHARACTERS]


class _Finder:
    """Finds a heading's question on a known design; the second of two alike is the second there too."""

    def __init__(self, known: SurveyDesign | None) -> None:
        self._by_heading: dict[str, list[Question]] = defaultdict(list)
        for question in known.questions if known else ():
            self._by_heading[folded(question.heading)].append(question)
        self._n_made: Counter[str] = Counter()
        self.n_found = 0

    def find(self, heading: str) -> Question | None:
        found = self._by_heading[folded(heading)]
        if not found:
            return None
        self.n_found += 1
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
    columns = tuple(_column(table, layout, column, options) for column in asked.columns)
    family, subtype = (known.family, known.subtype) if known else FAMILIES[asked.shape]
    page_id = known.page_id if known else "file"
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


class _Options:
    """The options of one question: those known, and those that the file alone has."""

    def __init__(self, known: Question | None, question_id: str) -> None:
        self._question_id = question_id
        self._known = known.options if known else ()
        self._by_text = {(one.kind, folded(one.text)): one for one in self._known}
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
        """The known choices in their order: a file may hold their numbers instead of their texts."""
        choices = [one for one in self._known if one.kind in {"choice", "other"}]
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
    cells = (table.rows[at][index] for at in records if index < len(table.rows[at]))
    return list(dict.fromkeys(cell for cell in _few(cells) if is_answered(cell)))


def _few(cells: Iterable[str]) -> Iterable[str]:
    met: set[str] = set()
    for cell in cells:
        if cell not in met:
            met.add(cell)
            yield cell
        if len(met) > MOST_CHOICES + 1:
            return


def _design(survey_id: str, title: str, questions: list[Question]) -> SurveyDesign:
    """As the platform would tell it, so that it is kept and read back like any other."""
    told = {
        "id": survey_id,
        "title": title,
        "pages": [{"id": "file", "position": 1, "questions": [_told(question) for question in questions]}],
    }
    return parse_design(msgspec.json.encode(told).decode())


def _told(question: Question) -> dict[str, object]:
    kinds = {"choice": "choices", "row": "rows", "col": "cols"}
    answers: dict[str, object] = {
        key: [_option_told(one) for one in question.options if one.kind == kind]
        for kind, key in kinds.items()
    }
    others = [_option_told(one) for one in question.options if one.kind == "other"]
    return {
        "id": question.question_id,
        "position": question.position,
        "family": question.family,
        "subtype": question.subtype,
        "headings": [{"heading": question.heading}],
        "validation": {"type": question.validation} if question.validation else None,
        "answers": answers | ({"other": others[0]} if others else {}),
    }


def _option_told(option: Option) -> dict[str, object]:
    return {
        "id": option.option_id,
        "text": option.text,
        "position": option.position,
        "type": option.row_type,
        "is_answer_choice": option.is_answer_choice,
    }
