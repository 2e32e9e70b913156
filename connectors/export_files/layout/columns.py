"""Works out what each column of an export table is: one of the platform's own, or a part of a question."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import (
    FIXED_NAMES,
    RARE_NAMES,
    RESPONSE_LABELS,
    SURE_NAMES,
    TEXT_LABEL,
    Cells,
    is_answered,
    letters,
    readable,
)
from connectors.export_files.layout.column_kinds import Filling, filling_of, is_comment, is_other, parts_of
from connectors.export_files.layout.header_rows import Header

Group: TypeAlias = tuple[str, dict[int, str]]  # a question's heading, and its columns' labels by index
_DASH = " - "
_MOST_DASHES = 8  # of a heading, counted from its end, that may part question and choice
_ENOUGH = 5  # texts of Other, each beside a choice, before they count as comments on it


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a question, or one that belongs to none.

    label: what the file calls it: the choice, the line, ``Response``; empty if it has no name.
    part: ``choice`` (filled = ticked), ``response`` (the chosen choice's text or number), ``text``, ``other``
        (the text of 'Other (please specify)'), ``comment``, or ``line`` (of several boxes, of a matrix).
    """

    index: int
    label: str
    part: str


@dataclass(frozen=True, slots=True)
class QuestionColumns:
    """The columns of one question, in the file's order.

    heading: without HTML, each run of blanks one space; may be empty, and the same as another's.
    shape: ``open_ended``, ``single_choice``, ``multiple_choice``, ``lines`` or ``matrix``.
    """

    heading: str
    columns: tuple[Column, ...]
    shape: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a table.

    fixed: column indexes by name, such as ``respondent_id``; ``custom_data_1``, ``custom_data_2`` if several.
    extra: columns that are neither fixed nor a question's and hold something or have a heading.
    """

    header: Header
    fixed: dict[str, int]
    extra: tuple[Column, ...]
    questions: tuple[QuestionColumns, ...]

    def cells(self, index: int) -> Cells:
        return self.header.cells(index)

    @property
    def columns(self) -> Iterator[Column]:
        """Those that aren't fixed: the extra ones, and those of each question."""
        yield from self.extra
        for question in self.questions:
            yield from question.columns


def read_layout(header: Header) -> Layout:
    """What stands where in a table; headings without records are no fault."""
    width = len(header.headings)
    fillings = [filling_of(header.cells(index)) for index in range(width)]
    fixed = fixed_columns(header)
    taken = set(fixed.values())
    first = _first_question(header, fillings, taken)
    groups, nameless = _groups_of(header, fillings, [i for i in range(first, width) if i not in taken])
    extra = [i for i in range(first) if i not in taken] + nameless
    names = [heading or header.label(i) for i, heading in enumerate(header.headings)]
    return Layout(
        header,
        fixed,
        tuple(Column(i, names[i], "text") for i in extra if names[i] or fillings[i].texts),
        tuple(_question(heading, labels, fillings, header) for heading, labels in groups),
    )


def fixed_columns(header: Header) -> dict[str, int]:
    """The platform's own columns, by name: nothing or their name again stands below their heading.

    Without a row of labels a question may be called 'First Name' too: there the names that people use
    themselves count only beside a sure one and before all other headings.
    """
    start = next((i for i, heading in enumerate(header.headings) if heading), 0)
    names = [_fixed_name(header, i, start) for i in range(len(header.headings))]
    end = len(names)
    if not header.labels:
        has_sure = any(name in SURE_NAMES for name in names)
        block = (i for i, name in enumerate(names) if header.headings[i] and not name)
        end = next(block, end) if has_sure else 0
    found: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name in SURE_NAMES or (name and i < end):
            found.setdefault(FIXED_NAMES[name], []).append(i)
    custom = found.pop("custom_data", [])
    fixed = {name: indexes[0] for name, indexes in found.items()}
    fixed |= {f"custom_data_{n}" if len(custom) > 1 else "custom_data": i for n, i in enumerate(custom, 1)}
    return fixed


def _fixed_name(header: Header, index: int, first_headed: int) -> str:
    """The normalised fixed name of a column; empty if it is a question's or another."""
    heading, label = header.headings[index], header.label(index)
    if index < first_headed:
        heading, label = label, ""  # the names may stand in the second row, before the first question
    name = letters(heading)
    return name if name in FIXED_NAMES and letters(label) in {"", name} else ""


def _first_question(header: Header, fillings: list[Filling], taken: Collection[int]) -> int:
    """The column where the questions begin; the number of columns if none does. taken: the fixed columns."""
    width = len(header.headings)
    others = [i for i in range(width) if i not in taken and letters(header.headings[i]) not in RARE_NAMES]
    begins = (i for i in others if _begins_questions(header, fillings, i))
    headed = (i for i in others if header.headings[i])
    return next(begins, next(headed, width))


def _begins_questions(header: Header, fillings: list[Filling], index: int) -> bool:
    if header.codes:
        return bool(header.codes[index])
    label = header.labels[index] if header.labels else ""
    if not label:
        return False
    is_response = letters(label) in RESPONSE_LABELS
    return bool(header.headings[index]) or is_response or fillings[index].says_only(label)


def _groups_of(
    header: Header, fillings: list[Filling], columns: Sequence[int]
) -> tuple[list[Group], list[int]]:
    """The questions in these columns, and those of the columns that have no name at all."""
    if header.labels:
        named = [i for i in columns if header.headings[i] or header.label(i) or header.code(i)]
        groups = _groups_of_rows(header, named)
    else:
        n_named = header.table.rows.width(header.rows)  # a record's further cells have no heading at all
        named = [i for i in columns if i < n_named and (header.headings[i] or fillings[i].texts)]
        groups = _groups_of_one_row(header.headings, fillings, named)
    return groups, sorted(set(columns) - set(named))


def _groups_of_rows(header: Header, columns: list[int]) -> list[Group]:
    groups: list[Group] = []
    for i in columns:
        if not groups or _begins_one(header, *groups[-1], i):
            groups.append((header.headings[i], {}))
        groups[-1][1][i] = header.label(i)
    return groups


def _begins_one(header: Header, heading_before: str, labels: Mapping[int, str], index: int) -> bool:
    """Whether column *index* begins a question and is no further part of the one with these labels."""
    heading, label, first, last = header.headings[index], header.label(index), min(labels), max(labels)
    if header.code(index):
        return header.code(index) != header.code(first)
    if letters(label) in RESPONSE_LABELS:
        return True
    if not heading:
        return letters(labels[first]) == TEXT_LABEL and not (is_comment(label) or is_other(label))
    is_repeated = heading == heading_before and bool(header.headings[last])
    return not is_repeated or (label in labels.values() and not is_other(label))


def _groups_of_one_row(headings: list[str], fillings: list[Filling], columns: list[int]) -> list[Group]:
    """Questions of 'question - choice', and of texts above the first of their columns only."""
    groups: list[Group] = []
    texts = [headings[i] for i in columns]
    at = 0
    while at < len(columns):
        beginning, end = _shared_beginning(texts, at)
        indexes = columns[at:end]
        if end == at + 1 and _DASH in beginning:
            question, _, choice = beginning.rpartition(_DASH)
            beginning = question if fillings[indexes[0]].says_only(choice) else beginning
        labels = [text.removeprefix(beginning).removeprefix(_DASH) for text in texts[at:end]]
        groups.append((beginning, dict(zip(indexes, labels, strict=True))))
        at = end
    return groups


def _shared_beginning(texts: list[str], at: int) -> tuple[str, int]:
    """What most columns from *at* on begin with, before a dash, and where the next question begins."""
    pieces = texts[at].rsplit(_DASH, _MOST_DASHES)
    runs = []
    for n in range(len(pieces), 0, -1):
        beginning, end = _DASH.join(pieces[:n]), at + 1
        while end < len(texts) and (not texts[end] or texts[end].startswith(beginning + _DASH)):
            end += 1
        runs.append((beginning, end))
    return max(runs, key=lambda run: run[1])


def _question(
    heading: str, labels: Mapping[int, str], fillings: list[Filling], header: Header
) -> QuestionColumns:
    shape, parts = parts_of(list(labels.values()), [fillings[i] for i in labels])
    is_labelled = any(labels.values())
    columns = tuple(
        _named(Column(i, label, part), fillings[i], header, is_labelled=is_labelled)
        for (i, label), part in zip(labels.items(), parts, strict=True)
    )
    if shape == "choices":
        shape = "single_choice" if _never_several(columns, header) else "multiple_choice"
    return QuestionColumns(heading, columns, "single_choice" if shape == "condensed" else shape)


def _named(column: Column, filling: Filling, header: Header, *, is_labelled: bool) -> Column:
    """A choice without a label is called what its cells say, where the row of labels is lost.

    Beside labels it is a column that a row was shifted into: what few say there may be somebody's own words.
    """
    if column.part != "choice" or column.label:
        return column
    if is_labelled and 0 < filling.texts.total() < _ENOUGH:
        return Column(column.index, "", "other")
    texts = pc.unique(header.cells(column.index)).to_pylist()
    return Column(column.index, next(map(readable, filter(is_answered, texts)), ""), "choice")


def _never_several(columns: tuple[Column, ...], header: Header) -> bool:
    """Whether no record gives more than one of the choices, 'Other' being one."""
    choices = [column for column in columns if column.part == "choice"]
    others = [column.index for column in columns if column.part == "other"]
    if any(is_other(column.label) for column in choices):
        others = []  # the text belongs to a choice that is counted already
    rows, records = header.table.rows, header.records
    n_ticked = rows.n_filled([column.index for column in choices], records)
    has_text = rows.n_filled(others, records) > 0
    beside, alone = int(n_ticked[has_text].sum()), int((n_ticked[has_text] == 0).sum())
    return not (n_ticked > 1).any() and (not beside or (not alone and beside >= _ENOUGH))
