"""Tells the platform's columns from the questions', and gathers the columns of each question; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.export_files.cells.cell_text import letters
from connectors.export_files.cells.vendor_names import (
    FIXED_NAMES,
    RARE_NAMES,
    RESPONSE_LABEL,
    SURE_NAMES,
    TEXT_LABEL,
)
from connectors.export_files.layout.column_kinds import is_comment, is_other

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from connectors.export_files.layout.column_kinds import Filling
    from connectors.export_files.layout.header_rows import Header


_DASH = " - "
_MOST_DASHES = 8  # of a heading, counted from its end, that may part question and choice


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one question: their indexes and, one for each, their labels."""

    heading: str
    indexes: list[int]
    labels: list[str]


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
    places: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name in SURE_NAMES or (name and i < end):
            places.setdefault(FIXED_NAMES[name], []).append(i)
    custom = places.pop("custom_data", [])
    fixed = {name: indexes[0] for name, indexes in places.items()}
    fixed |= {f"custom_data_{n}" if len(custom) > 1 else "custom_data": i for n, i in enumerate(custom, 1)}
    return fixed


def _fixed_name(header: Header, index: int, first_headed: int) -> str:
    """The normalised fixed name of a column; empty if it is a question's or another."""
    heading, label = header.headings[index], header.label(index)
    if index < first_headed:
        heading, label = label, ""  # the names may stand in the second row, before the first question
    name = letters(heading)
    return name if name in FIXED_NAMES and letters(label) in {"", name} else ""


def first_question(header: Header, fillings: list[Filling], taken: Collection[int]) -> int:
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
    is_response = letters(label) in {RESPONSE_LABEL, TEXT_LABEL}
    return bool(header.headings[index]) or is_response or fillings[index].says_only(label)


def groups_of(
    header: Header, fillings: list[Filling], places: Sequence[int]
) -> tuple[list[Group], list[int]]:
    """The questions in the columns at *places*, and those of these columns that have no name at all."""
    if header.labels:
        named = [i for i in places if header.headings[i] or header.label(i) or header.code(i)]
        groups = _groups_of_rows(header, named)
    else:
        named = [i for i in places if i < header.n_named and (header.headings[i] or fillings[i].texts)]
        groups = _groups_of_one_row(header.headings, fillings, named)
    return groups, sorted(set(places) - set(named))


def _groups_of_rows(header: Header, places: list[int]) -> list[Group]:
    groups: list[Group] = []
    for i in places:
        label = header.label(i)
        if groups and not _is_new(header, groups[-1], i):
            groups[-1].indexes.append(i)
            groups[-1].labels.append(label)
        else:
            groups.append(Group(header.headings[i], [i], [label]))
    return groups


def _is_new(header: Header, group: Group, index: int) -> bool:
    """Whether column *index* begins a question and is no further part of *group*."""
    heading, label, last = header.headings[index], header.label(index), group.indexes[-1]
    if header.code(index):
        return header.code(index) != header.code(group.indexes[0])
    if letters(label) in {RESPONSE_LABEL, TEXT_LABEL}:
        return True
    if not heading:
        return letters(group.labels[0]) == TEXT_LABEL and not (is_comment(label) or is_other(label))
    is_repeated = heading == group.heading and bool(header.headings[last])
    return not is_repeated or (label in group.labels and not is_other(label))


def _groups_of_one_row(headings: list[str], fillings: list[Filling], places: list[int]) -> list[Group]:
    """Questions of 'question - choice', and of texts above the first of their columns only."""
    groups: list[Group] = []
    texts = [headings[i] for i in places]
    at = 0
    while at < len(places):
        beginning, end = _shared_beginning(texts, at)
        indexes = places[at:end]
        if end == at + 1 and _DASH in beginning:
            question, _, choice = beginning.rpartition(_DASH)
            beginning = question if fillings[indexes[0]].says_only(choice) else beginning
        labels = [text.removeprefix(beginning).removeprefix(_DASH) for text in texts[at:end]]
        groups.append(Group(beginning, indexes, labels))
        at = end
    return groups


def _shared_beginning(texts: list[str], at: int) -> tuple[str, int]:
    """What most columns from *at* on begin with, before a dash, and where the next question begins."""
    pieces = texts[at].rsplit(_DASH, _MOST_DASHES)
    beginnings = [_DASH.join(pieces[:n]) for n in range(len(pieces), 0, -1)]
    ends = [(beginning, _end_of_run(texts, at, beginning)) for beginning in beginnings]
    return max(ends, key=lambda run: run[1])


def _end_of_run(texts: list[str], at: int, beginning: str) -> int:
    """The first place after *at* whose text is neither blank nor goes on from *beginning* after a dash."""
    end = at + 1
    while end < len(texts) and (not texts[end] or texts[end].startswith(beginning + _DASH)):
        end += 1
    return end
