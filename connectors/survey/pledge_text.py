"""The text that people sign, as the form has it: what it says before its first question.

Without its headings, which are the titles of survey and pages too, and without what a form says of itself:
thanks, how to fill it in, its buttons, its notes on privacy. What stands in a list, or is said by who signs,
is never taken for that.
"""

import re
from collections.abc import Iterable, Iterator

from connectors.survey.html_text import blocks, one_line

ITEM = "- "
# An item's mark that somebody typed, where the editor has lists of its own.
A_MARK = re.compile(r"(?:[-\u2013\u2014•·\u2023▪●○◦*✓✔]|\d{1,2}[.)])\s+")
OF_THE_FORM = re.compile(
    r"""
    ^\W* (?:
        thanks\b | thank\ you\b | please\b | click\b | tap\b
        | (?:next|prev|previous|back|done|finish|submit|continue|start|begin|ok)\W*$
        | (?:indicates?\ |denotes?\ |=\ ?)? (?:a\ )? (?:required|mandatory|compulsory|optional)\b
        | (?:all\ )? (?:questions|fields|answers)\ (?:are|marked|with)\b
        | (?:we|it\ is|they\ are)\ (?:\w+\ ){0,3}(?:keep|kept|store|stored|hold|held)\b.*\b(?:safe|secure)
    )
    | \b (?:required|mandatory)\ (?:field|question|answer)s?\b
    | \b (?:privacy|data\ protection)\ (?:notice|policy|statement)\b
    | \b your\ (?:e-?mail|address|personal|data|details|information)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

A_PROMISE = re.compile(r"\bI\b|\b[Ww]e (?:pledge|promise|commit)\b")


def pledge_text(title: str, opening: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Its paragraphs; those that are items of a list begin with ``ITEM``.

    title: the survey's. opening: of each page up to the first question its title, and its texts before that;
    all of it may hold HTML.
    """
    pages = [(page_title, list(texts)) for page_title, texts in opening]
    titles = {one_line(one).casefold() for one in (title, *(page_title for page_title, _ in pages))}
    lines = (line for _, texts in pages for text in texts for line in _lines(text))
    return [line for line in lines if line.casefold() not in titles]


def _lines(html: str) -> Iterator[str]:
    for text, is_heading, is_item in blocks(html):
        if is_item:
            yield f"{ITEM}{text}"
        elif not is_heading and (A_PROMISE.search(text) or not OF_THE_FORM.search(text)):
            yield A_MARK.sub(ITEM, text, count=1) if A_MARK.match(text) else text
