"""What people signed, as a pack shows it: paragraphs, and promises as items of a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.errors import PackSettingError

ITEM = "- "
MOST_BYTES = 20_000
FILE_KINDS = (".md", ".txt")
A_MARK = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
HEADING_MARKS = re.compile(r"\s*#{1,6}\s+")
EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\3(?![\w*])")


@dataclass(frozen=True)
class Paragraph:
    """is_item: it is one promise of a list."""

    text: str
    is_item: bool


def paragraphs_of(wording: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a wording, which has one a line; an item's line begins with ``ITEM``."""
    lines = filter(None, (line.strip() for line in wording.splitlines()))
    return tuple(Paragraph(line.removeprefix(ITEM).strip(), line.startswith(ITEM)) for line in lines)


def wording_of(setting: str) -> str:
    """The wording that ``[report] pledge_text`` gives: itself, or what the file that it names holds.

    Of Markdown it knows paragraphs and lists; marks of emphasis and headings are taken out, and all else is
    shown as it stands.

    Raises:
        PackSettingError: the file can't be read, is too large, isn't UTF-8, or nothing is in it.
    """
    is_file = "\n" not in setting and setting.lower().endswith(FILE_KINDS)
    text = _content(Path(setting)) if is_file else setting
    wording = "\n".join(_paragraphs(text))
    if not wording:
        raise PackSettingError("[report] pledge_text holds no words. Write what people signed there.")
    return wording


def _content(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise PackSettingError(
            f"The pledge's text {path.name} can't be read ({type(error).__name__}). "
            "Mend [report] pledge_text."
        ) from None
    if len(content) > MOST_BYTES:
        raise PackSettingError(
            f"The pledge's text {path.name} is larger than {MOST_BYTES // 1000} kB. "
            "[report] pledge_text must name a file with what people signed, and no more."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PackSettingError(
            f"The pledge's text {path.name} is not in UTF-8. Save it anew as UTF-8 text."
        ) from None


def _paragraphs(markdown: str) -> Iterator[str]:
    """A blank line ends a paragraph, the mark of an item or a heading begins one; a heading is one line."""
    said: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        mark, heading = A_MARK.match(line), HEADING_MARKS.match(line)
        if said and (mark or heading or not line.strip()):
            yield from filter(None, [_plain(said)])
            said = []
        if heading:
            yield from filter(None, [_plain([line[heading.end() :]])])
        elif line.strip():
            said += [ITEM, line[mark.end() :]] if mark else [line]


def _plain(lines: list[str]) -> str:
    """One line of plain text; empty where nothing but an item's mark is there."""
    is_item = lines[0] == ITEM
    text = " ".join(" ".join(lines[is_item:]).split())
    for _ in range(2):  # emphasis may be within emphasis
        text = EMPHASIS.sub(lambda found: found[2] or found[4], text)
    return f"{ITEM}{text}" if is_item and text else text
