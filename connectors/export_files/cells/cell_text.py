"""How headings, labels and cells are read and compared, whatever blanks and HTML stand in them; pure."""

from __future__ import annotations

import re
from html import unescape

from connectors.survey.html_text import one_line

_UNSEEN = "".join(map(chr, (0x00, 0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F))))
_UNSEEN += "".join(map(chr, (*range(0x2060, 0x206A), 0x115F, 0x1160, 0x2800, 0x3164, 0xFEFF, 0xFFA0)))
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
BLANK_CHARACTERS = _UNSEEN + _SPACES
MOST_CHARACTERS = 5_000  # of a heading or a choice: HTML that isn't closed takes its time to be read
_FOLDED = re.compile("[\\s\u200b]+")
_NOTHING = dict.fromkeys((0x00, 0xAD, 0x180E, 0x2060, 0xFEFF))
_TAG = re.compile(r"</?([a-zA-Z][\w:]*)(?:\s[^<>]*)?/?>")
_INLINE_TAGS = frozenset(
    ("a", "b", "big", "em", "font", "i", "o:p", "s", "small", "span", "strike", "strong", "sub", "sup", "u")
)
_BLOCK_TAGS = frozenset(
    ("br", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "ul")
) | {"table", "tbody", "td", "th", "tr"}
_CODE = re.compile(r"(q\d+)(?:[_.](\w+))?", re.IGNORECASE)
_LETTERS = re.compile(r"[\W\d_]+")


def is_answered(text: str) -> bool:
    """Whether a cell holds anything but blanks; a dash or "n/a" is an answer as given."""
    return bool(text) and bool(text.strip(BLANK_CHARACTERS))


def readable(text: str) -> str:
    """*text* without HTML, with entities resolved and each run of blanks made one space."""
    if "<" in text:
        text = _TAG.sub(_instead_of, text)
    if "&" in text:
        text = unescape(text)
    return _FOLDED.sub(" ", text.translate(_NOTHING)).strip(BLANK_CHARACTERS)


def _instead_of(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return "" if name in _INLINE_TAGS else " " if name in _BLOCK_TAGS else tag[0]


def on_one_line(text: str) -> str:
    """*text* without HTML and repeated blanks; of a very long one the beginning."""
    return one_line(text[:MOST_CHARACTERS])


def folded(text: str) -> str:
    """*text* as texts are compared: without HTML, case and repeated blanks."""
    return on_one_line(text).replace("\u2019", "'").casefold()


def letters(text: str) -> str:
    """The letters of *text* alone, lower case: how fixed names and labels are compared."""
    return _LETTERS.sub("", text).lower()


def split_code(text: str) -> tuple[str, str]:
    """Question and part of a code: ``q0007_0003`` is ("q0007", "0003"); ("", "") if it is no code."""
    code = _CODE.fullmatch(text)
    return (code[1].lower(), code[2] or "") if code else ("", "")
