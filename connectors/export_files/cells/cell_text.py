"""How headings, labels and cells are read and compared, one by one and in columns, and which are blank."""

import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.survey.html_text import one_line, spaces_folded

Cells: TypeAlias = pa.Array | pa.ChunkedArray


def _of(*categories: str) -> str:
    return "".join(one for one in map(chr, range(0x10000)) if unicodedata.category(one) in categories)


# What copying brings along: byte order marks, zero-width blanks, marks of the direction of writing.
UNSEEN = _of("Cf")
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters that show nothing
BLANK_CHARACTERS = UNSEEN + _of("Zs", "Zl", "Zp", "Cc") + _FILLERS
MOST_CHARACTERS = 5_000  # of a heading or a choice: HTML that isn't closed takes its time to be read
_TAG = re.compile(r"</?([a-zA-Z][\w:]*)(?:\s[^<>]*)?/?>")
_INLINE_TAGS = (
    "a", "b", "big", "em", "font", "i", "o:p", "s", "small", "span", "strike", "strong", "sub", "sup", "u",
)  # fmt: skip
_BLOCK_TAGS = (
    "br", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "table", "tbody",
    "td", "th", "tr", "ul",
)  # fmt: skip
_INSTEAD_OF = dict.fromkeys(_INLINE_TAGS, "") | dict.fromkeys(_BLOCK_TAGS, " ")
_CODE = re.compile(r"(q\d+)(?:[_.](\w+))?", re.IGNORECASE)
_LETTERS = re.compile(r"[\W\d_]+")

# What the platform calls its own columns and labels, as `letters` gives it.
_FIXED = (
    "respondent_id", "collector_id", "start_date", "end_date", "ip_address", "email_address", "first_name",
    "last_name", "custom_data",
)  # fmt: skip
FIXED_NAMES = {name.replace("_", ""): name for name in _FIXED}
# The other fixed names are also what people call their own questions.
SURE_NAMES = frozenset({"respondentid", "collectorid", "startdate", "enddate", "ipaddress"})
# Not the platform's usual columns, but no questions either.
RARE_NAMES = frozenset({"collector", "collectorname", "completed", "language", "rds", "serial", "status"})
RESPONSE_LABEL = "response"
TEXT_LABEL = "openendedresponse"
RESPONSE_LABELS = frozenset({RESPONSE_LABEL, TEXT_LABEL})


def is_answered(text: str) -> bool:
    """Whether a cell holds anything but blanks; a dash or "n/a" is an answer as given."""
    return bool(text.strip(BLANK_CHARACTERS))


def readable(text: str) -> str:
    """*text* without HTML, with entities resolved and each run of blanks made one space."""
    if "<" in text:
        text = _TAG.sub(lambda tag: _INSTEAD_OF.get(tag[1].lower(), tag[0]), text)
    if "&" in text:
        text = unescape(text)
    return spaces_folded(text).strip(BLANK_CHARACTERS)


def on_one_line(text: str) -> str:
    """*text* without HTML and repeated blanks; of a very long one the beginning."""
    return one_line(text[:MOST_CHARACTERS])


def folded(text: str) -> str:
    """*text* as texts are compared: without HTML, case and repeated blanks."""
    return on_one_line(text).replace("\u2019", "'").casefold()


def letters(text: str) -> str:
    """The letters of *text* alone, lower case: how fixed names and labels are compared."""
    return _LETTERS.sub("", text).lower()


def sure_columns(row: Sequence[str]) -> list[int]:
    """Where a row holds names that only the platform's own columns have."""
    return [i for i, text in enumerate(row) if text and letters(text) in SURE_NAMES]


def split_code(text: str) -> tuple[str, str]:
    """Question and part of a code: ``q0007_0003`` is ("q0007", "0003"); ("", "") if it is no code."""
    code = _CODE.fullmatch(text)
    return (code[1].lower(), code[2] or "") if code else ("", "")


def stripped(cells: Cells) -> Cells:
    return pc.utf8_trim(cells, characters=BLANK_CHARACTERS)


def answered(cells: Cells) -> Cells:
    """For each cell what `is_answered` says of it."""
    return pc.greater(pc.binary_length(stripped(cells)), 0)


def n_answered(cells: Cells) -> int:
    return int(pc.sum(answered(cells)).as_py() or 0)


def one_array(cells: Cells) -> pa.Array:
    """The same cells in one piece; they must not be too many."""
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def counted(cells: Cells) -> dict[str, int]:
    """The different texts in the order in which they come first, and how often each stands there."""
    counts = pc.value_counts(cells)
    return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


def joined_texts(*parts: Any) -> Cells:
    """The parts of each row joined, columns and texts that all rows share; null where a part is null."""
    return pc.binary_join_element_wise(*parts, "")


def replaced(cells: pa.Array, indexes: NDArray[np.int64], texts: Sequence[str | None]) -> pa.Array:
    """*cells* with other texts at *indexes*, which ascend."""
    mask = np.zeros(len(cells), bool)
    mask[indexes] = True
    return pc.replace_with_mask(cells, pa.array(mask), pa.array(texts, pa.string()))
