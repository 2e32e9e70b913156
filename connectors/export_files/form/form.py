"""The form as an export file shows it, with the platform's ids of questions and choices where they are known.

Else ids are made of the texts: the same heading has the same id in every file.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from connectors.export_files.cells.cell_text import folded, on_one_line
from connectors.export_files.form import choices
from connectors.export_files.form.choices import MADE, PAGE, Options, made_id, number_in
from connectors.export_files.layout.columns import Column, Layout, QuestionColumns
from connectors.survey.contract import Option, Question, SurveyDesign
from connectors.survey.design import parse_design
from connectors.survey.fields import EMAIL_BEGINNINGS, NAME_BEGINNINGS

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
    option_id: the choice ticked, the other-line or the line; empty where the question has none.
    by_text: text of a cell to (kind, option id), where a column's cells say several things. kind: ``choice``,
        ``other``, or ``own`` for own words.
    """

    index: int
    part: str
    option_id: str = ""
    by_text: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileQuestion:
    question_id: str
    page_id: str
    columns: tuple[FileColumn, ...]


@dataclass(frozen=True, slots=True)
class FileForm:
    """The design of the file alone, and where the answers to its questions stand."""

    design: SurveyDesign
    questions: tuple[FileQuestion, ...]

    @property
    def n_own_words(self) -> int:
        """Different texts among choices that no known form has, and that too few people gave to be one."""
        columns = [column for question in self.questions for column in question.columns]
        return sum(kind == "own" for column in columns for kind, _ in column.by_text.values())


def form_of(layout: Layout, *, survey_id: str, known: SurveyDesign | None) -> FileForm:
    """Give each question and choice of a file its id, by heading and text.

    known: the platform's own design of the same survey, or None.
    """
    alone = [QuestionColumns(one.label, (replace(one, label=""),), "open_ended") for one in layout.extra]
    asked = [*layout.questions, *alone]
    made = [_made(layout, *pair) for pair in zip(asked, _known_or_new(asked, known), strict=True)]
    questions = [question for question, _ in made]
    return FileForm(
        design=design_of(survey_id, known.title if known else layout.header.table.name, questions),
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


def together(designs: Sequence[SurveyDesign]) -> SurveyDesign:
    """One form of what several files of a survey show: the last one's, with what only the others have."""
    *others, last = designs
    if not others:
        return last
    asked = {question.question_id: question for question in last.questions}
    for question in (one for design in reversed(others) for one in design.questions):
        there = asked.setdefault(question.question_id, question)
        known = {one.option_id for one in there.options}
        more = (one for one in question.options if one.option_id not in known)
        asked[question.question_id] = replace(there, options=(*there.options, *more))
    questions = [
        replace(
            question,
            position=position,
            options=tuple(replace(one, position=at) for at, one in enumerate(question.options, start=1)),
        )
        for position, question in enumerate(asked.values(), start=1)
    ]
    return design_of(last.survey_id, last.title, questions)


def _known_or_new(asked: Sequence[QuestionColumns], known: SurveyDesign | None) -> Iterator[Question]:
    """For each heading its question, known or made; of two alike the second is the second there too."""
    by_heading: dict[str, list[Question]] = defaultdict(list)
    for question in known.questions if known else ():
        by_heading[folded(question.heading)].append(question)
    n_made: Counter[str] = Counter()
    for position, one in enumerate(asked, start=1):
        heading = folded(one.heading)
        if by_heading[heading]:
            yield by_heading[heading].pop(0)
            continue
        n_made[one.heading] += 1
        yield Question(
            question_id=made_id(heading, str(n_made[one.heading])),
            page_id=PAGE,
            page_position=1,
            position=position,
            family="",
            subtype="",
            heading=one.heading,
            is_visible=True,
            is_required=False,
            validation=None,
        )


def _made(layout: Layout, asked: QuestionColumns, question: Question) -> tuple[Question, FileQuestion]:
    options = Options(question)
    # The other-line goes before the cells that say so, which may stand in an earlier column.
    for other in (column for column in asked.columns if column.part == "other"):
        options.named("other", other.label)
    # One column under a heading that begins as those for a name or an address: no choices, however few.
    heading = folded(asked.heading)
    is_persons = len(asked.columns) == 1 and heading.startswith((*EMAIL_BEGINNINGS, *NAME_BEGINNINGS))
    parts = [replace(column, part="text") if is_persons else column for column in asked.columns]
    by_label = choices.are_ticked_by_label(layout, parts)
    columns = tuple(_column(layout, column, options, by_label=by_label) for column in parts)
    if question.page_id == PAGE:
        family, subtype = FAMILIES["open_ended" if is_persons else asked.shape]
        question = replace(question, family=family, subtype=subtype)
    question = replace(
        question, heading=on_one_line(asked.heading), is_visible=True, options=tuple(options.used.values())
    )
    return question, FileQuestion(question.question_id, question.page_id, columns)


def _column(layout: Layout, column: Column, options: Options, *, by_label: bool) -> FileColumn:
    if column.part == "choice":
        option_id = options.named("choice", column.label)
        by_text = choices.ticks(layout, column, options, by_label=by_label)
        return FileColumn(column.index, "choice", option_id, by_text)
    if column.part in {"other", "comment"}:
        return FileColumn(column.index, column.part, options.named("other", column.label))
    if column.part == "line":
        is_matrix = any(one.kind == "choice" for one in options.numbered)
        by_text = choices.chosen(layout, column, options) if is_matrix else {}
        return FileColumn(column.index, "line", options.named("row", column.label), by_text)
    if column.part == "response":
        by_text = choices.chosen(layout, column, options)
        return FileColumn(column.index, "response" if by_text else "text", "", by_text)
    return FileColumn(column.index, "text")


def holds_numbers_alone(question: FileQuestion) -> bool:
    """Its cells are numbers of choices, but for a few, and no form is known that would tell which."""
    found = [one for column in question.columns for one in column.by_text.items()]
    numbers = [1 for text, (_, option_id) in found if number_in(text) >= 0 and option_id.startswith(MADE)]
    return 2 * len(numbers) > len(found)


def design_of(survey_id: str, title: str, questions: list[Question]) -> SurveyDesign:
    """As the platform would tell it, so that it is kept and read back like any other."""
    design = {
        "id": survey_id,
        "title": title,
        "pages": [{"id": PAGE, "position": 1, "questions": list(map(_as_received, questions))}],
    }
    return parse_design(msgspec.json.encode(design).decode())


def _as_received(question: Question) -> dict[str, object]:
    options = defaultdict(list)
    for one in question.options:
        options[one.kind].append(
            {
                "id": one.option_id,
                "text": one.text,
                "position": one.position,
                "type": one.row_type,
                "is_answer_choice": one.is_answer_choice,
            }
        )
    answers = {"choices": options["choice"], "rows": options["row"], "cols": options["col"]}
    return {
        "id": question.question_id,
        "position": question.position,
        "family": question.family,
        "subtype": question.subtype,
        "headings": [{"heading": question.heading}],
        "validation": {"type": question.validation} if question.validation else None,
        "answers": answers | ({"other": options["other"][0]} if options["other"] else {}),
    }
