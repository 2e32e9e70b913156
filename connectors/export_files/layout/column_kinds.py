"""Tells from its label and its cells what a column of a question holds; pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.export_files.cells.cell_text import (
    RESPONSE_LABEL,
    TEXT_LABEL,
    Cells,
    counted,
    is_answered,
    letters,
    readable,
)

_MANY = 60  # different texts of one column; no list of ratings or choices of one cell is longer
_NEARLY_ALL = 10 / 9
_FEW = 25  # different ratings of a matrix
_LONGEST_LABEL = 500  # characters of one that asks for a text; the patterns take their time for more
_PIECE = 10_000  # records looked at before asking whether a column is varied
_OTHER = re.compile(
    r"(if |something |any )?other\b.*(specify|explain|describe|state|enter|say|detail|tell).*"
    r"|others?\W*(please)?\W*|(please|if other,?) (specify|state)\W*",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"(why|why not|comments?|(additional|further|other|any other|your) comments?"
    r"|(please )?(explain|comment|elaborate|tell us)\b.*|reasons?|feedback|notes?)\W*",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"((first|last|full|your|family)?\s*name|e-?mail( address)?|(phone|telephone|mobile)( number)?"
    r"|address( ?(line )?\d)?|street|city/?(town)?|town|post ?code|zip|zip/postal code|state/province"
    r"|county|country|company|organi[sz]ation|job title)\W*",
    re.IGNORECASE,
)
_RATING = re.compile(r"\d{1,2}|n/?a", re.IGNORECASE)
_TICKS = frozenset({"1", "x", "true", "✓", "✔", "selected", "checked"})


@dataclass(frozen=True, slots=True)
class Filling:
    """What the answered cells of a column hold.

    texts: how often each text stands there, folded as labels are; of a varied column the first ones only.
    is_varied: more than a list of choices can explain.
    """

    texts: Counter[str]
    is_varied: bool

    def says_only(self, label: str) -> bool:
        """Whether it is filled and each cell holds *label*, letter case and blanks aside."""
        return self.texts.keys() == {_folded(label)}

    def says_mostly(self, label: str) -> bool:
        """Whether nearly each filled cell holds *label*: in a few a row may be shifted or typed into."""
        return 0 < self.texts.total() <= self.texts[_folded(label)] * _NEARLY_ALL


def filling_of(cells: Cells) -> Filling:
    """What the records' *cells* of one column hold; a varied column isn't read to its end."""
    raw: Counter[str] = Counter()
    for start in range(0, len(cells), _PIECE):
        raw.update(counted(cells.slice(start, _PIECE)))
        if len(raw.keys() - {""}) > _MANY:
            break
    texts: Counter[str] = Counter()
    for text, n in raw.items():
        if is_answered(text):
            texts[_folded(text)] += n
    return Filling(texts, is_varied=len(texts) > _MANY)


def is_other(label: str) -> bool:
    """Whether *label* asks for the text of 'Other (please specify)'."""
    return len(label) <= _LONGEST_LABEL and bool(_OTHER.fullmatch(label))


def is_comment(label: str) -> bool:
    return len(label) <= _LONGEST_LABEL and bool(_COMMENT.fullmatch(label))


def parts_of(labels: Sequence[str], fillings: Sequence[Filling]) -> tuple[str, list[str]]:
    """Shape of a question and the part of each of its columns.

    The shape is ``open_ended``, ``condensed``, ``choices`` (a column for each choice), ``lines`` or
    ``matrix``; whether choices are one or several takes the records themselves.
    """
    first, rest = letters(labels[0]), labels[1:]
    is_nameless = not labels[0] and all(is_other(label) or is_comment(label) for label in rest)
    if first == RESPONSE_LABEL or (is_nameless and (any(map(is_other, rest)) or _repeats(fillings[:1]))):
        return "condensed", ["response", *_beside_response(rest, fillings)]
    if first == TEXT_LABEL or is_nameless:
        return "open_ended", ["text", *["comment"] * len(rest)]
    return _expanded(labels, fillings)


def _beside_response(labels: Sequence[str], fillings: Sequence[Filling]) -> list[str]:
    parts = []
    for label, filling in zip(labels, fillings[1:], strict=True):
        if is_other(label) or _folded(label) in fillings[0].texts:
            parts.append("other")  # a choice with a box for text is labelled with the choice
        elif is_comment(label) or not _repeats([filling]):
            parts.append("comment")
        else:
            parts.append("line")
    return parts


def _expanded(labels: Sequence[str], fillings: Sequence[Filling]) -> tuple[str, list[str]]:
    ticked = [filling.says_mostly(label) for label, filling in zip(labels, fillings, strict=True)]
    parts = ["choice" if is_ticked else _part_by_label(labels, i) for i, is_ticked in enumerate(ticked)]
    core = [i for i, part in enumerate(parts) if part == "choice"]
    filled = [i for i in core if fillings[i].texts]
    n_ticked = sum(ticked[i] for i in filled)
    if 2 * n_ticked > len(filled) or (not n_ticked and _are_choices(core, filled, labels, fillings)):
        for i in core:
            # A column among choices that holds several texts, none of them its label, is no choice.
            if len(fillings[i].texts) > 1 and _folded(labels[i]) not in fillings[i].texts:
                parts[i] = "line"
        return "choices", parts
    is_contact = any(_CONTACT.fullmatch(labels[i]) for i in filled)
    shape = "matrix" if not is_contact and _repeats([fillings[i] for i in filled]) else "lines"
    return shape, ["line" if part == "choice" else part for part in parts]


def _part_by_label(labels: Sequence[str], index: int) -> str:
    label = labels[index]
    if is_other(label):
        has_own_text = index + 1 < len(labels) and _folded(labels[index + 1]) == _folded(label)
        return "choice" if has_own_text else "other"
    return "comment" if is_comment(label) else "choice"


def _are_choices(
    core: list[int], filled: list[int], labels: Sequence[str], fillings: Sequence[Filling]
) -> bool:
    """Whether columns whose cells aren't their labels are choices: each has one text of its own."""
    is_contact = any(_CONTACT.fullmatch(labels[i]) for i in core)
    if not filled or any(len(fillings[i].texts) > 1 for i in filled):
        return not filled and not is_contact
    texts = [next(iter(fillings[i].texts)) for i in filled]
    if all(text.isdecimal() for text in texts):
        numbers = [int(text) for text in texts]
        if numbers == sorted(set(numbers)) and numbers[-1] <= core[-1] + 1:
            return True  # the number of the choice inside its own column
    if len(set(texts)) == 1:
        return texts[0] in _TICKS
    return not is_contact and sum(fillings[i].texts.total() for i in filled) > len(filled)


def _repeats(fillings: Sequence[Filling]) -> bool:
    """Whether a few texts stand in the cells again and again, as ratings and choices do."""
    if any(filling.is_varied for filling in fillings):
        return False
    texts = {text for filling in fillings for text in filling.texts}
    n = sum(filling.texts.total() for filling in fillings)
    return len(texts) <= _FEW and (n >= 2 * len(texts) or all(map(_RATING.fullmatch, texts))) and n > 0


def _folded(text: str) -> str:
    return readable(text).lstrip("- ").casefold()
