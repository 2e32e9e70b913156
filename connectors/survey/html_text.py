"""Texts of the form's editor as people read them: HTML taken out, entities resolved, spaces folded."""

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

_BLOCKS = frozenset({"blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_BLOCKS |= {"li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
_UNSEEN = frozenset({"script", "style", "title"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ol", "ul"})
# Zero-width space, word joiner, byte order mark and soft hyphen are left behind by editors.
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


class Block(NamedTuple):
    """A paragraph, a heading, or all that one item of a list says, on one line."""

    text: str
    is_heading: bool
    is_item: bool


def paragraphs(html: str) -> list[str]:
    """The paragraphs of *html*, each on one line, empty ones left out."""
    return [line for line in (spaces_folded(part.text) for part in _read(html)) if line]


def blocks(html: str) -> Iterator[Block]:
    """The same, each with what it is; what an item of a list says in several paragraphs is one."""
    for _, parts in groupby(enumerate(_read(html)), lambda one: (one[1].item_no, one[1].item_no or one[0])):
        said = [part for _, part in parts]
        if text := spaces_folded(" ".join(part.text for part in said)):
            yield Block(text, said[0].is_heading, said[0].item_no > 0)


def one_line(html: str) -> str:
    """*html* as one line of plain text."""
    return " ".join(paragraphs(html))


def spaces_folded(text: str) -> str:
    return " ".join(text.translate(_NO_WIDTH).split())


class _Part(NamedTuple):
    """What stands between two ends of blocks. item_no: of the item that it is in, from 1; 0: in none."""

    text: str
    is_heading: bool
    item_no: int


def _read(html: str) -> list[_Part]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.parts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._texts: list[list[str]] = [[]]
        self._kinds: list[tuple[bool, int]] = [(False, 0)]
        self._n_unseen = 0
        self._is_heading = False
        self._items = [0]  # the open ones; 0 where a list begins
        self._n_items = 0

    def parts(self) -> list[_Part]:
        return [_Part("".join(texts), *kind) for texts, kind in zip(self._texts, self._kinds, strict=True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (given by the parser)
        if tag in _UNSEEN:
            self._n_unseen += 1
        if tag in _LISTS:
            self._items.append(0)
        elif tag == "li":
            self._end_item()
            self._n_items += 1
            self._items.append(self._n_items)
        self._next_part(tag, is_heading=True)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._n_unseen = max(0, self._n_unseen - 1)
        if tag == "li":
            self._end_item()
        elif tag in _LISTS and len(self._items) > 1:
            self._end_item()
            self._items = self._items[:-1] or [0]
        self._next_part(tag, is_heading=False)

    def _end_item(self) -> None:
        if self._items[-1]:  # the end of an item may be left out
            self._items.pop()

    def _next_part(self, tag: str, *, is_heading: bool) -> None:
        if tag in _HEADINGS:
            self._is_heading = is_heading
        if tag in _BLOCKS:
            self._texts.append([])
            self._kinds.append((self._is_heading, self._items[-1]))

    def handle_data(self, data: str) -> None:
        if not self._n_unseen:
            self._texts[-1].append(data)
