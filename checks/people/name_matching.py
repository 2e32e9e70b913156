"""Names as compared: which are one name differently written, and which are clearly two people's."""

import re
import unicodedata
from importlib.resources import files

TITLES = frozenset({
    "and", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "sir",
    "dame", "lord", "lady", "cllr", "councillor", "fr",
})  # fmt: skip
HONOURS = frozenset(["mbe", "obe", "cbe", "phd", "msp", "mp", "jp"])
# Letters that have no accent to take off, but are typed without their stroke.
STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
ACCENTS = re.compile("[\u0300-\u036f]")
APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
NO_LETTERS = re.compile(r"[\W_]+")

# One line a given name: short forms and other-language forms of it that no prefix gives away.
_SAME_NAMES = (files(__package__) / "same_names.txt").read_text(encoding="utf-8").splitlines()
_GROUPS_OF: dict[str, set[int]] = {}
for _number, _line in enumerate(_SAME_NAMES):
    for _name in _line.split():
        _GROUPS_OF.setdefault(_name, set()).add(_number)

FEWEST_LETTERS_FOR_A_SLIP = 4
MOST_COMPARED = 200  # characters of a name: somebody may paste a book
WORDS_OF_A_NAME = 2  # a given name and a surname


def words_of(name: str | None) -> list[str]:
    """The words of a name as compared: NFKC, casefolded, without accents, punctuation, titles and honours."""
    text = unicodedata.normalize("NFKC", (name or "")[:MOST_COMPARED]).casefold()
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFD", text)).translate(STROKES)
        text = unicodedata.normalize("NFC", text)
    words = NO_LETTERS.sub(" ", APOSTROPHES.sub("", text)).split()
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    while len(words) > WORDS_OF_A_NAME and words[-1] in HONOURS:
        words = words[:-1]
    return words


def name_key(name: str | None) -> str | None:
    """What two writings of one full name share, in whatever order its words stand.

    None where there is too little to go by: nothing, or a single word in Latin letters.
    """
    words = words_of(name)
    if not words or (len(words) == 1 and _is_latin(words[0])):
        return None
    return " ".join(sorted(words))


def are_two_people(one: str | None, other: str | None) -> bool:
    """Two names are clearly two people's.

    Not clearly: one is missing, or written in another alphabet, in another order, with initials, a short
    form, a slip or words left out; or the given name, which is the first word, stays and the surname changes.
    """
    first, second = words_of(one), words_of(other)
    if not first or not second or _is_latin("".join(first)) != _is_latin("".join(second)):
        return False
    if _covers(first, second) or _covers(second, first) or _are_alike(first[0], second[0]):
        return False
    is_initial = min(len(first[0]), len(second[0])) == 1 and _is_latin(first[0])
    return not (is_initial and set(first) & set(second))


def distance(one: str, other: str) -> int:
    """Fewest insertions, deletions, substitutions and swaps of neighbours from one text to the other."""
    # What both begin or end with costs nothing: most addresses that are compared differ by a letter or two.
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, above, row = row, before, [number]
        for position, against in enumerate(other, 1):
            cost = min(before[position] + 1, row[-1] + 1, before[position - 1] + (letter != against))
            if number > 1 and position > 1 and letter == other[position - 2] and one[number - 2] == against:
                cost = min(cost, above[position - 2] + 1)
            row.append(cost)
    return row[-1]


def _covers(all_words: list[str], words: list[str]) -> bool:
    """Each of *words* has its like among *all_words*, each of which is the like of one."""
    left = list(all_words)
    for word in words:
        like = next((one for one in left if _are_alike(one, word)), None)
        if like is None:
            return False
        left.remove(like)
    return True


def _are_alike(one: str, other: str) -> bool:
    """Two words may be one: the same, an initial or short form of the other, or a slip."""
    short, long = sorted((one, other), key=len)
    if not _is_latin(short):
        return short == long
    if long.startswith(short) or _GROUPS_OF.get(short, set()) & _GROUPS_OF.get(long, set()):
        return True
    if len(short) >= FEWEST_LETTERS_FOR_A_SLIP:
        stem = re.sub(r"(.)\1?(?:ie|y|i)$", r"\1", short)
        if stem != short and long.startswith(stem):
            return True
        return distance(short, long) <= (1 if len(short) < 2 * FEWEST_LETTERS_FOR_A_SLIP else 2)
    return False


def _is_latin(text: str) -> bool:
    return text.isascii() or all(
        "LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha()
    )
