"""Which options a question has, by the texts in a file, and which texts are people's own words instead."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import folded, is_answered, on_one_line
from connectors.export_files.form.people_of import people_of
from connectors.export_files.form.role_words import names_a_role_alone
from connectors.export_files.form.stored_design import PAGE
from connectors.survey.contract import Option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.export_files.cells.table import Table
    from connectors.export_files.layout.columns import Column, Layout
    from connectors.survey.contract import Question


ID_CHARACTERS = 15
MADE = "file-"  # how the ids begin that are made of texts
MOST_CHOICES = 300  # more different texts in one column are no choices: people wrote them
FEWEST_PEOPLE = 3  # who say what no known form has as a choice: of fewer it may be what somebody wrote
PERSONAL = re.compile(r"@|\d{4}")  # an address, a telephone number
LONGEST_CHOICE = 200  # characters
OWN_WORDS = "Other (please specify)"


def made_id(*parts: str) -> str:
    """An id made of texts; it can't be one of the platform's, which are numbers."""
    return MADE + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_CHARACTERS]


class Options:
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
        if option is None or (not self._is_platforms and option not in self.used):
            option = Option(
                # What an earlier file showed lends its id alone: the same file shows the same form each time.
                option_id=option.option_id if option else made_id(self._question_id, kind, folded(text)),
                kind=kind,
                text=on_one_line(text),
                position=len(self.used) + 1,
                is_visible=True,
                is_answer_choice=kind == "other",
            )
            self._by_text[kind, folded(text)] = option
        if all(one.option_id != option.option_id for one in self.used):
            self.used.append(option)
        return option.option_id

    def _only(self, kind: str) -> Option | None:
        """A question has one other-line at most, whatever a file calls it."""
        found = [one for one in self._known if one.kind == kind == "other"]
        return found[0] if found else None

    def is_choice(self, text: str, n_people: int) -> bool:
        """*text*, said by so many people, is a choice; else somebody's own words, which nobody may publish.

        What the platform's form doesn't have as a choice is one that left it: it is shown as unknown.
        """
        if self._is_platforms or ("choice", folded(text)) in self._by_text or names_a_role_alone(text):
            return True
        return n_people >= FEWEST_PEOPLE and len(text) <= LONGEST_CHOICE and not PERSONAL.search(text)

    @property
    def own(self) -> str:
        """The id of the other-line, by which own words are told; made if the question has none."""
        return self.named("other", self.other.text if self.other else OWN_WORDS)

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

    @property
    def is_matrix(self) -> bool:
        """The known question has choices that its lines are judged by."""
        return any(one.kind == "choice" for one in self.numbered)


def chosen(table: Table, layout: Layout, column: Column, options: Options) -> dict[str, tuple[str, str]]:
    """What each text of a column of choices says: kind and option id; nothing if people wrote them all."""
    texts = _different(table, layout, column)
    if len(texts) > MOST_CHOICES:
        return {}
    numbered = options.numbered
    if numbered and texts and all(_is_number_of(text, len(numbered)) for text in texts):
        return {text: (numbered[int(text) - 1].kind, numbered[int(text) - 1].option_id) for text in texts}
    n_people = people_of(table, layout, column.index, texts)
    return {text: _said(text, n_people[folded(text)], options) for text in texts}


def ticks(
    table: Table, layout: Layout, column: Column, options: Options, *, by_label: bool
) -> dict[str, tuple[str, str]]:
    """What each text says of a column that is filled where its choice is ticked; nothing if all say that.

    by_label: the question's choices are ticked by their own texts. Another text then came there by a row that
    was shifted or typed into.
    """
    texts = _different(table, layout, column, most=None)  # one left out would be a tick
    label = folded(column.label)
    if not by_label or all(folded(text) == label for text in texts):
        return {}
    tick = ("choice", options.named("choice", column.label))
    return {text: tick if folded(text) == label else ("own", options.own) for text in texts}


def are_ticked_by_label(table: Table, layout: Layout, columns: Sequence[Column]) -> bool:
    """Whether a choice's own text stands in the column of one of these choices."""
    return any(
        folded(column.label) in map(folded, _different(table, layout, column))
        for column in columns
        if column.part == "choice"
    )


def n_own_words(by_text: Mapping[str, tuple[str, str]]) -> int:
    """How many different texts are taken as people's own words."""
    return sum(kind == "own" for kind, _ in by_text.values())


def _said(text: str, n_people: int, options: Options) -> tuple[str, str]:
    other = options.other
    if other and folded(text) == folded(other.text):
        return "other", options.named("other", other.text)
    if options.is_choice(text, n_people):
        return "choice", options.named("choice", text)
    return "own", options.own


def _is_number_of(text: str, n_choices: int) -> bool:
    return text.strip().isdecimal() and 1 <= int(text) <= n_choices


def _different(
    table: Table, layout: Layout, column: Column, most: int | None = MOST_CHOICES + 2
) -> list[str]:
    """The answered texts of a column; of too many the first ones only. most: None is all of them."""
    texts = pc.unique(table.rows.cells(column.index, layout.records)).slice(0, most)
    return list(filter(is_answered, texts.to_pylist()))
