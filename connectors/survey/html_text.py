"""Texts of the form's editor as people read them: HTML taken out, entities resolved, spaces folded."""

from html.parser import HTMLParser

_BLOCKS = frozenset({"blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_BLOCKS |= {"li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
_UNSEEN = frozenset({"script", "style", "title"})
# Zero-width space, word joiner, byte order mark and soft hyphen are left behind by editors.
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


def paragraphs(html: str) -> list[str]:
    """The paragraphs of *html*, each on one line, empty ones left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [line for line in (spaces_folded(part) for part in reader.parts()) if line]


def one_line(html: str) -> str:
    """*html* as one line of plain text."""
    return " ".join(paragraphs(html))


def spaces_folded(text: str) -> str:
    return " ".join(text.translate(_NO_WIDTH).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._texts: list[list[str]] = [[]]
        self._n_unseen = 0

    def parts(self) -> list[str]:
        return ["".join(texts) for texts in self._texts]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (given by the parser)
        if tag in _UNSEEN:
            self._n_unseen += 1
        if tag in _BLOCKS:
            self._texts.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._n_unseen = max(0, self._n_unseen - 1)
        if tag in _BLOCKS:
            self._texts.append([])

    def handle_data(self, data: str) -> None:
        if not self._n_unseen:
            self._texts[-1].append(data)
