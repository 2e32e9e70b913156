"""Which options a question has, by the texts in a file, and which texts are people's own words instead."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import (
    BLANK_CHARACTERS,
    counted,
    folded,
    is_answered,
    on_one_line,
    stripped,
)
from connectors.export_files.layout.columns import Column, Layout
from connectors.survey.contract import Option, Question
from connectors.survey.fields import EMAIL_BEGINNINGS

ID_CHARACTERS = 15
PAGE = "file"  # the one page of a design that a file shows
MADE = "file-"  # how the ids begin that are made of texts
MOST_CHOICES = 300  # more different texts in one column are no choices: people wrote them
FEWEST_PEOPLE = 3  # who say what no known form has as a choice: of fewer it may be what somebody wrote
PERSONAL = re.compile(r"@|\d{4}")  # an address, a telephone number
LONGEST_CHOICE = 200  # characters
OWN_WORDS = "Other (please specify)"
MANY = 50  # rows with a text: of so many it needn't be known whose they are

# What people are to schools, councils and charities, and the small words between. None names a place,
# a person or a firm, or is a letter alone; none tells of health, need or family beyond caring.
_WORDS = frozenset((Path(__file__).parent / "role_words.txt").read_text(encoding="utf-8").split())
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")
_NUMBER = re.compile(r"\d")


def made_id(*parts: str) -> str:
    """An id made of texts; it can't be one of the platform's, which are numbers."""
    return MADE + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_CHARACTERS]


class Options:
    """The options of one question: those known, and those that the file alone has."""

    def __init__(self, question: Question) -> None:
        self._question_id = question.question_id
        self._known = question.options
        # Reversed, so that what is on the form now goes before what was.
        self._by_text = {(one.kind, folded(one.text)): one for one in reversed(self._known)}
        self._is_platforms = question.page_id != PAGE
        self.used: dict[str, Option] = {}

    def named(self, kind: str, text: str) -> str:
        # A question has one other-line at most, whatever a file calls it.
        only = next((one for one in self._known if kind == one.kind == "other"), None)
        option = self._by_text.get((kind, folded(text)), only)
        if option is None or (not self._is_platforms and option.option_id not in self.used):
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
        self.used.setdefault(option.option_id, option)
        return option.option_id

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
        return next((one for one in (*self.used.values(), *self._known) if one.kind == "other"), None)

    @property
    def numbered(self) -> list[Option]:
        """The form's choices in order: a file may hold their numbers. What a file showed has no order."""
        choices = [one for one in self._known if one.kind in {"choice", "other"} and one.is_visible]
        in_order = sorted(choices, key=lambda one: (one.kind == "other", one.position))
        return in_order if self._is_platforms else []


def chosen(layout: Layout, column: Column, options: Options) -> dict[str, tuple[str, str]]:
    """What each text of a column of choices says: kind and option id; nothing if people wrote them all."""
    texts = _different(layout, column)
    if len(texts) > MOST_CHOICES:
        return {}
    by_number = {at: (one.kind, one.option_id) for at, one in enumerate(options.numbered, start=1)}
    if texts and all(number_in(text) in by_number for text in texts):
        return {text: by_number[number_in(text)] for text in texts}
    n_people = _n_people(layout, column.index, texts)
    return {text: _said(text, n_people[folded(text)], options) for text in texts}


def ticks(layout: Layout, column: Column, options: Options, *, by_label: bool) -> dict[str, tuple[str, str]]:
    """What each text says of a column that is filled where its choice is ticked; nothing if all say that.

    by_label: the question's choices are ticked by their own texts; another one came there by a shifted row.
    """
    texts = _different(layout, column, most=None)  # one left out would be a tick
    label = folded(column.label)
    if not by_label or all(folded(text) == label for text in texts):
        return {}
    tick = ("choice", options.named("choice", column.label))
    return {text: tick if folded(text) == label else ("own", options.own) for text in texts}


def are_ticked_by_label(layout: Layout, columns: Sequence[Column]) -> bool:
    """Whether a choice's own text stands in the column of one of these choices."""
    return any(
        folded(column.label) in map(folded, _different(layout, column))
        for column in columns
        if column.part == "choice"
    )


def _said(text: str, n_people: int, options: Options) -> tuple[str, str]:
    other = options.other
    if other and folded(text) == folded(other.text):
        return "other", options.named("other", other.text)
    if options.is_choice(text, n_people):
        return "choice", options.named("choice", text)
    return "own", options.own


def number_in(text: str) -> int:
    """The number that a text is; -1 if it is none."""
    digits = text.strip(BLANK_CHARACTERS)
    return int(digits) if digits.isdecimal() else -1


def _different(layout: Layout, column: Column, most: int | None = MOST_CHOICES + 2) -> list[str]:
    """The answered texts of a column; no more than *most*."""
    texts = pc.unique(layout.cells(column.index)).slice(0, most)
    return list(filter(is_answered, texts.to_pylist()))


def names_a_role_alone(text: str) -> bool:
    """Whether *text* is made of such words only, and of few."""
    words = _WORD.findall(text.casefold())
    return 0 < len(words) <= _MOST_WORDS and not _NUMBER.search(text) and _WORDS.issuperset(words)


def _n_people(layout: Layout, index: int, texts: Sequence[str]) -> Counter[str]:
    """For each folded text of a column how many people's rows hold it; of one in MANY rows how many rows.

    One may have signed several times, or a row may be there twice: a person is told by the address, or else
    by the respondent id, or else by the row.
    """
    cells = layout.cells(index)
    n_people: Counter[str] = Counter()
    for text, n in counted(cells.filter(pc.is_in(cells, value_set=pa.array(texts, pa.string())))).items():
        n_people[folded(text)] += n
    rare = [text for text in texts if n_people[folded(text)] < MANY]
    is_rare = pc.is_in(cells, value_set=pa.array(rare, pa.string()))
    rows = [layout.header.records[at] for at in pc.indices_nonzero(is_rare).to_pylist()]
    people: defaultdict[str, set[str]] = defaultdict(set)
    rare_cells = cells.filter(is_rare).to_pylist()
    for text, *who in zip(rare_cells, *_whose(layout, rows), map(str, rows), strict=True):
        people[folded(text)].add(next(filter(None, who)))
    return Counter({**n_people, **{text: len(them) for text, them in people.items()}})


def _whose(layout: Layout, rows: Sequence[int]) -> list[list[str]]:
    """The address and the respondent id in each of these rows, as far as the file has them."""
    asked = (question for question in layout.questions if len(question.columns) == 1)
    found = (one.columns[0].index for one in asked if folded(one.heading).startswith(EMAIL_BEGINNINGS))
    address = next(found, layout.fixed.get("email_address"))
    known = (index for index in (address, layout.fixed.get("respondent_id")) if index is not None)
    columns = (stripped(layout.header.table.rows.cells(index, rows)).to_pylist() for index in known)
    return [[text.casefold() for text in column] for column in columns]
