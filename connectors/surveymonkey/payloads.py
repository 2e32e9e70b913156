"""The platform's bodies cut apart, and decoded no further than is needed to go on."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.surveymonkey.transport.retry import FaultyAnswerError

T = TypeVar("T")


class _List(msgspec.Struct):
    data: list[msgspec.Raw]
    total: int
    page: int | None = None
    per_page: int | None = None
    links: Any = None


class _Response(msgspec.Struct):
    id: str | int
    date_modified: Any = None


class _Survey(msgspec.Struct):
    id: str | int
    title: str | None = None


class _Collector(msgspec.Struct):
    url: str | None = None


class _Choice(msgspec.Struct):
    id: str | int
    count: int = 0


class _Counts(msgspec.Struct):
    choices: list[_Choice] | None = None
    other_answered: int | None = None


class _Rollup(msgspec.Struct):
    id: str | int
    summary: list[_Counts] | _Counts = msgspec.field(default_factory=list)


class _Scopes(msgspec.Struct):
    granted: list[str] | None = None


class _Me(msgspec.Struct):
    id: str | int
    scopes: _Scopes | None = None


# Not strict: a total written as "3" is still a number.
_decode_list = msgspec.json.Decoder(_List, strict=False).decode
_decode_response = msgspec.json.Decoder(_Response).decode
_decode_survey = msgspec.json.Decoder(_Survey).decode
_decode_collector = msgspec.json.Decoder(_Collector).decode
_decode_rollup = msgspec.json.Decoder(_Rollup).decode
_decode_me = msgspec.json.Decoder(_Me).decode
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())

OTHER = "other"
"""Stands among the ids of choices for the text of one's own; no choice has such an id."""

# An escaped character beyond the first plane, half of one, or any other escape.
_ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One response, cut from its page.

    modified: its date_modified as written; None where it has none.
    second: the second since 1970 in which that lies; None where it can't be read.
    body: its JSON text, untouched.
    """

    response_id: str
    modified: str | None
    second: int | None
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of responses.

    number, per_page: as the platform repeats them; None where it doesn't.
    total: how many responses the platform counts for this question.
    clock: second since 1970 at which it answered, by its own clock; None where it doesn't say.
    since: second since 1970 from which it was asked, by its own link; None where that doesn't say.
    """

    rows: list[Row]
    total: int
    number: int | None
    per_page: int | None
    clock: int | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who the token speaks for.

    scopes: granted to the token; None where the platform doesn't tell.
    clock: second since 1970 at which it answered, by its own clock; None where it doesn't say.
    """

    account_id: str
    scopes: tuple[str, ...] | None
    clock: int | None = None


def seconds_of(text: object) -> int | None:
    """The second since 1970 in which *text* lies, any offset or none (which means UTC), any fraction.

    None if it is no date, or one before 1970, which the platform can't have meant.
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return int(seconds) if 0 <= seconds <= LAST_SECOND else None


def filter_text(seconds: int) -> str:
    """*seconds* since 1970 as the platform's filters take it: UTC, to the second, without offset."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()


def read_text(body: bytes) -> str:
    """*body* as text, if it is a JSON object."""
    _, whole = _decoded_mended(_decode_object, body)
    return _decoded(lambda found: found.decode("utf-8"), whole)


def read_page(body: bytes, clock: int | None = None) -> Page:
    """Cut a page of bulk responses; each keeps its text."""
    envelope, _ = _decoded_mended(_decode_list, body)
    rows = _decoded(lambda items: [_row(item) for item in items], envelope.data)
    since = _asked_since(envelope.links)
    return Page(rows, max(0, envelope.total), envelope.page, envelope.per_page, clock, since)


def _asked_since(links: object) -> int | None:
    own = links.get("self") if isinstance(links, dict) else None
    try:
        query = parse_qs(urlsplit(own).query) if isinstance(own, str) else {}
    except ValueError:
        return None
    return seconds_of(query.get("start_modified_at", [""])[0])


def read_listing(body: bytes, read: Callable[[msgspec.Raw], T]) -> tuple[list[T], int]:
    """A page of a plain list, each item read by *read*, and how many items there are in all."""
    envelope = _decoded(_decode_list, body)
    return _decoded(lambda items: [read(item) for item in items], envelope.data), max(0, envelope.total)


def read_id(item: msgspec.Raw) -> str:
    return _text_id(_decode_response(item).id)


def read_survey(item: msgspec.Raw) -> tuple[str, str]:
    """Id and title."""
    survey = _decode_survey(item)
    return _text_id(survey.id), survey.title or ""


def read_link(item: msgspec.Raw) -> str:
    """The public address of a collector; "" where it has none."""
    return _decode_collector(item).url or ""


def read_rollup(item: msgspec.Raw) -> tuple[str, dict[str, int]]:
    """A question's id, and what the platform counts of its choices; of a text there is nothing."""
    rollup = _decode_rollup(item)
    return _text_id(rollup.id), _counts(rollup.summary)


def _counts(summary: list[_Counts] | _Counts) -> dict[str, int]:
    found: Counter[str] = Counter()
    for part in summary if isinstance(summary, list) else [summary]:
        found.update({_text_id(choice.id): max(0, choice.count) for choice in part.choices or ()})
        if part.choices is not None and part.other_answered is not None:
            found[OTHER] += max(0, part.other_answered)
    return dict(found)


def read_account(body: bytes) -> Account:
    """Who the token speaks for."""
    me = _decoded(_decode_me, body)
    granted = me.scopes.granted if me.scopes else None
    return Account(_text_id(me.id), None if granted is None else tuple(granted))


def _row(item: msgspec.Raw) -> Row:
    response = _decode_response(item)
    modified = response.date_modified if isinstance(response.date_modified, str) else None
    return Row(_text_id(response.id), modified, seconds_of(modified), str(memoryview(item), "utf-8"))


def _text_id(given: str | int) -> str:
    if given == "":
        raise FaultyAnswerError("an item without an id came")
    return str(given)


def _decoded_mended(decode: Callable[[bytes], T], body: bytes) -> tuple[T, bytes]:
    """*body* decoded, and its bytes; half of an escaped character in it becomes U+FFFD.

    A text that is cut off within an emoji holds such a half, and no decoder takes it: without this one
    answer would keep a whole page from coming, night after night.
    """
    try:
        return decode(body), body
    except (msgspec.MsgspecError, RecursionError):
        mended = _ESCAPES.sub(lambda found: rb"\ufffd" if found["half"] else found[0], body)
    return _decoded(decode, mended), mended


def _decoded(decode: Callable[[Any], T], body: Any) -> T:
    try:
        return decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # The library's sentence may quote what a person wrote.
        raise FaultyAnswerError("the answer was not the JSON that was expected") from None
