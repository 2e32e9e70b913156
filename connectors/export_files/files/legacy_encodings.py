"""Which of the encodings with one byte a character a text is in: they give most bytes a meaning each.

The one is taken in which the characters beyond ASCII stand where people write them: an accented letter inside
a word, a quotation mark at its edge, a dash between blanks. ``donÕt`` and ``cafŽ`` give the wrong one away.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import counted
from connectors.export_files.cells.table import Rows

SPOKEN = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
THIN = 2  # points in all, or one for each character: by no more one reading is better, and that is a doubt
ENOUGH_CELLS = 5_000  # different ones, to see that there is no doubt

STRONG, SURE, FAIR, GOOD, UNSPOKEN, ODD = 5, 3, 2, 1, -1, -3  # points for one character where it stands
FREQUENT = frozenset("éèëáíóöäüñçåøúÉËÁÓÖÜÅØ")
LETTERS = frozenset("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿß")
RARE_LETTERS = frozenset("ŠŒŽšœžŸÐÞðþÆæ")
WORDS_OF_ONE_LETTER = frozenset("àèéÀÈÉ")
GAELIC = frozenset("ÁÉÍÓÚÀÈÌÒÙ")  # they begin names before another vowel
BEFORE_VOWELS = frozenset("çñÇÑ")
# Of short forms, each with the letters that stand before its apostrophe.
ENDINGS = {"t": "n", "d": "Ieuyo", "m": "I", "T": "N", "D": "IEUYO", "M": "I"}
LONG_ENDINGS = frozenset({"ll", "re", "ve"})
LIGATURES = frozenset("ŒœÆæ")
CLUSTERS = frozenset("ktplmnvrd")  # Š and Ž begin names before these
PLAIN_VOWELS = frozenset("aeiouy")
VOWELS = PLAIN_VOWELS | frozenset("æœø")
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
FREE_STANDING = frozenset("£€¥°©®™•«»¿¡½¼¾²³·†‡§¶")
BEHIND_WORDS = frozenset("®™²³·†‡¼½¾")
CELL_EDGES = frozenset('\n\r\t",;')


class Reading(NamedTuple):
    """A text read in one encoding: points of its characters, and how many stand where nobody writes them."""

    codec: str
    points: int
    n_odd: int


def contexts_in(text: bytes) -> Iterator[bytes]:
    """Each byte beyond ASCII with the two before it and the two behind."""
    text = b"\n\n" + text + b"\n\n"
    for run in re.finditer(rb"[\x80-\xff]+", text):
        yield from (text[at - 2 : at + 3] for at in range(run.start(), run.end()))


def readings(contexts: Counter[bytes], *, is_cp1252_possible: bool) -> list[Reading]:
    """The better first."""
    codecs = [codec for codec in SPOKEN if codec != "cp1252" or is_cp1252_possible]
    return sorted((_reading(contexts, codec) for codec in codecs), key=lambda one: -one.points)


def read_otherwise(rows: Rows, codec: str, enough: int = ENOUGH_CELLS) -> tuple[int, str]:
    """In how many cells another encoding makes nearly as much sense, by other letters, and its name.

    codec: the one that they were read in. enough: of different cells; if these leave a doubt, all are read.
    """
    if codec not in SPOKEN:
        return 0, ""
    cells = _cells_beyond_ascii(rows, codec, enough)
    contexts: Counter[bytes] = Counter()
    for cell, n in cells.items():
        for context in contexts_in(cell):
            contexts[context] += n
    is_possible = codec == "cp1252" or not any(context[2] in UNDEFINED_IN_CP1252 for context in contexts)
    found = {one.codec: one for one in readings(contexts, is_cp1252_possible=is_possible)}
    for other in found.values():
        n_contexts, n_cells = (_n_different(texts, codec, other.codec) for texts in (contexts, cells))
        if n_cells and found[codec].points - other.points <= max(THIN, n_contexts):
            is_all = len(cells) < enough
            return (n_cells, SPOKEN[other.codec]) if is_all else read_otherwise(rows, codec, sys.maxsize)
    return 0, ""


def _cells_beyond_ascii(rows: Rows, codec: str, most: int) -> Counter[bytes]:
    """Each different one as its bytes were, and how often it stands there."""
    cells: Counter[bytes] = Counter()
    for column in rows.columns:
        odd = column.filter(pc.invert(pc.string_is_ascii(column)))
        for text, n in islice(counted(odd).items(), most - len(cells)):
            cells[text.encode(codec, "ignore")] += n
    return cells


def _n_different(texts: Counter[bytes], codec: str, other: str) -> int:
    return sum(n for text, n in texts.items() if text.decode(codec) != text.decode(other, "replace"))


def _reading(contexts: Counter[bytes], codec: str) -> Reading:
    scored: Counter[int] = Counter()
    for context, count in contexts.items():
        scored[_points(*context.decode(codec, errors="surrogateescape"))] += count
    off = contexts.total() if codec == "cp850" else 0  # only old programs write it
    return Reading(codec, sum(points * n for points, n in scored.items()) - off, scored[ODD])


def _points(first: str, before: str, character: str, after: str, last: str) -> int:
    if character in LETTERS or character in RARE_LETTERS:
        return _points_of_letter(first, before, character, after)
    if character == APOSTROPHE:
        return _points_of_apostrophe(first, before, after, last)
    if judge := MARKS.get(character):
        return judge(before, after)
    if character not in FREE_STANDING or (before.isalpha() and after.isalpha()):
        return ODD
    return ODD if character in BEHIND_WORDS and after.isalpha() else 0


def _points_of_letter(first: str, before: str, letter: str, after: str) -> int:
    is_capital = letter.isupper()
    if is_capital:
        is_misplaced = before.islower() or (before.isalpha() and after.islower())
    else:
        is_misplaced = before.isupper() and (after.isupper() or first.isupper())
    is_doubled = letter in LIGATURES and any(one.isalpha() and not one.isascii() for one in (before, after))
    if is_misplaced or is_doubled or before.isdigit() or after.isdigit():
        return ODD
    if not before.isalpha() and not after.isalpha():
        return GOOD if letter in WORDS_OF_ONE_LETTER else ODD
    if not _is_spoken(before, letter, after):
        return UNSPOKEN
    points = SURE if letter in FREQUENT else GOOD
    if before.isalpha():
        return points
    if is_capital:
        return FAIR if letter in RARE_LETTERS else points
    return min(points, GOOD if before in CELL_EDGES else FAIR)


def _is_spoken(before: str, letter: str, after: str) -> bool:
    """Whether the vowels and consonants beside the letter can be spoken with it."""
    base, left, right = (_base(one) for one in (letter, before, after))
    if base in VOWELS:
        if not before.isalpha():
            return letter in GAELIC or letter in LIGATURES or right not in PLAIN_VOWELS
        if base in {left, right}:
            return letter in "éë"
        return left not in VOWELS or letter in "ïëü" or (right not in VOWELS and letter != "å")
    if not after.isalpha() or right in VOWELS:
        return True
    if letter in BEFORE_VOWELS:
        return False
    return left in VOWELS if before.isalpha() else right in CLUSTERS


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


def _points_of_apostrophe(first: str, before: str, after: str, last: str) -> int:
    if before.isalnum() and after.isalpha():
        is_prefix = before in "OoDdLl" and not first.isalpha()
        is_short = after + last in LONG_ENDINGS or (not last.isalpha() and before in ENDINGS.get(after, ""))
        return STRONG if is_prefix or is_short or (after in "sS" and not last.isalpha()) else GOOD
    if before in "sS" and not after.isalnum():
        return STRONG
    return FAIR if before.isalnum() or before in ".,!?" else 0


MARKS: dict[str, Callable[[str, str], int]] = {
    "\N{LEFT SINGLE QUOTATION MARK}": lambda before, after: (
        (GOOD if after.isalpha() else ODD) if before.isalpha() else FAIR if after.isalnum() else 0
    ),
    "“": lambda before, after: ODD if before.isalnum() else FAIR if after.isalnum() else 0,
    "”": lambda before, after: ODD if after.isalnum() else 0 if before.isspace() else FAIR,
    "…": lambda before, after: 0 if before.isalpha() and after.isalpha() else GOOD,
    "\N{EN DASH}": lambda _before, _after: GOOD,
    "\N{EM DASH}": lambda _before, _after: GOOD,
    "\N{ACUTE ACCENT}": lambda before, after: GOOD if before.isalpha() and after.isalpha() else 0,
    "\u00a0": lambda _before, _after: SURE,
}
