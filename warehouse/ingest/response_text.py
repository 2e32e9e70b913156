"""Addresses in responses as received: where they stand, whose they are, and the same text without them.

A body is the platform's JSON: pages, questions, answers. Nothing here reads or writes a table.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Any

IsMeant = Callable[[str], bool]
"""Whether an address, in any spelling, is one of those meant."""
Questions = Collection[tuple[str, str | None]]
"""Questions, each with one of its rows or None."""


ERASED = "(erased)"
AT = "@\uff20\ufe6b"
IN_PROSE = re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]+[{AT}]+[\w.-]*")
RARE_SIGN = re.compile(r"[!#$%&*/=?^`{|}~]")  # in an address; in prose they rather stand before one
AROUND = ".,!?'_-\u2018\u2019\u201c\u201d"  # what prose may put around an address
KNOWN_STATUSES = frozenset({"completed", "partial", "overquota", "disqualified"})
UNREADABLE = "unreadable"


def form_of(address: str) -> str:
    """An address in the form by which two spellings of it are the same.

    NFKC, folded, without what stands around it unseen, the domain in IDNA: two texts with one email key have
    one form.
    """
    text = _trimmed(unicodedata.normalize("NFKC", address))
    while text[:7].casefold() == "mailto:":
        text = _trimmed(text[7:])
    text = unicodedata.normalize("NFKC", text.casefold()).rstrip(".,")
    local, at, domain = text.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:  # no domain at all, or a label that is too long
        return text


def addresses_in(text: str) -> list[str]:
    """All that an address in *text* may be: the text itself if it is one, else what looks like one in it."""
    if not any(sign in text for sign in AT):
        return []
    return [text, *(one for found in IN_PROSE.finditer(text) for one in _readings(found[0]))]


def is_of(body: Any, is_meant: IsMeant, questions: Questions) -> bool:
    """A response is of whoever has the address.

    questions: (question_id, row_id or None) of the questions that ask for an address. What is answered there
    says whose it is. Where nothing is, the response is theirs if an answer is the address, and no other
    address stands in it.
    """
    if asked := _asked(body, questions):
        return any(map(is_meant, asked))
    texts = [text for text in texts_of(body) if any(sign in text for sign in AT)]
    return any(map(is_meant, texts)) and all(map(is_meant, filter(_is_one_address, texts)))


def is_anothers(body: Any, is_meant: IsMeant, questions: Questions) -> bool:
    """An address was asked for and given, and it is none of those meant."""
    asked = _asked(body, questions)
    return bool(asked) and not any(map(is_meant, asked))


def without(text: str, is_meant: IsMeant) -> str:
    """A person's text with the addresses meant taken out of it."""
    if not any(sign in text for sign in AT):
        return text
    if is_meant(text):
        return ERASED
    for found in reversed(list(IN_PROSE.finditer(text))):
        meant = next((one for one in _readings(found[0]) if is_meant(one)), None)
        if meant is not None:
            start = found.start() + found[0].index(meant)
            text = f"{text[:start]}{ERASED}{text[start + len(meant) :]}"
    return text


def own_without(text: str, is_meant: IsMeant) -> str:
    """The same of what was given as an address: another one that only ends as one meant is left."""
    return text if _is_one_address(text) and not is_meant(text) else without(text, is_meant)


def parsed(body: str) -> Any:
    """What a body says; of one that is no JSON its text."""
    try:
        return json.loads(body)
    except ValueError:
        return {UNREADABLE: body}


def body_without(body: str, is_meant: IsMeant, questions: Questions) -> str:
    """The body with the addresses meant taken out of all its texts; it is written anew as JSON.

    questions: what is answered there is judged as somebody's own address; see `own_without`.
    """
    content = parsed(body)
    own = frozenset(_asked(content, questions))
    left = _each(
        content, lambda text: own_without(text, is_meant) if text in own else without(text, is_meant)
    )
    return str(left[UNREADABLE]) if isinstance(left, dict) and set(left) == {UNREADABLE} else _written(left)


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a body, or in a part of one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def stub(response_id: str, survey_id: str, body: Any) -> str:
    """What stays of an erased response: its id, its survey, and its status if that is a known one.

    The same text as sql/core/erase_answers makes.
    """
    status = body.get("response_status") if isinstance(body, dict) else None
    known = status if isinstance(status, str) and status in KNOWN_STATUSES else None
    return _written({"id": response_id, "survey_id": survey_id, "response_status": known})


def _trimmed(text: str) -> str:
    """As checks.people.email_key trims, which this package may not import; a test holds the two equal."""
    start = next((n for n, sign in enumerate(text) if not _is_unseen(sign)), len(text))
    end = next((n for n in range(len(text), start, -1) if not _is_unseen(text[n - 1])), start)
    return text[start:end]


def _is_unseen(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] == "Z" or category in {"Cc", "Cf"}


def _is_one_address(text: str) -> bool:
    return IN_PROSE.fullmatch(form_of(text)) is not None


def _readings(found: str) -> Iterator[str]:
    """What the address may be in what was found, the longest first."""
    yield found
    trimmed = found.strip(AROUND)
    if trimmed != found:
        yield trimmed
    for sign in RARE_SIGN.finditer(trimmed):
        yield trimmed[sign.end() :].strip(AROUND)


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half of a pair of surrogates can be written as an escape alone.
    has_half = any("\ud800" <= sign <= "\udfff" for sign in text)
    return json.dumps(value, separators=(",", ":")) if has_half else text


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The same with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each(one, change) for name, one in value.items()}
    return value


def _asked(body: Any, questions: Questions) -> list[str]:
    """What is answered where an address is asked for."""
    return [text for line, text in _answers(body) if line in questions or (line[0], None) in questions]


def _answers(body: Any) -> Iterator[tuple[tuple[str, str | None], str]]:
    """Each text answered, with the question and row where it stands; what has another shape is left out."""
    for page in _dicts(body.get("pages") if isinstance(body, dict) else None):
        for question in _dicts(page.get("questions")):
            for answer in _dicts(question.get("answers")):
                text, row_id = answer.get("text"), answer.get("row_id")
                if isinstance(text, str) and _trimmed(text):
                    yield (str(question.get("id")), None if row_id is None else str(row_id)), text


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
