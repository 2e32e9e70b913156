"""What keeps an erased person from coming back: keyed hashes of addresses, and ids of erased responses.

A tombstone is HMAC-SHA-256 of an address, with a secret that lies in the vault: who has the vault can ask
whether an address was erased, and nobody can read one from it. What the person does after the erasure is
new: a response made or changed later passes.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark
from warehouse.database.sql_files import statement
from warehouse.ingest.response_text import (
    Questions,
    addresses_in,
    body_without,
    form_of,
    is_of,
    parsed,
    stub,
    texts_of,
)

Part = Mapping[str, Any]

SALT = "salt of tombstones"  # a mark of the ledger: the caller makes it, once
FINAL = "final survey"  # a mark: whose names were erased
NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """The last erasure that an address falls under: its number, and when (UTC)."""

    erasure_no: int
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the vault knows of a response that comes in.

    is_platforms: it comes from a file, and the platform's version goes before that. changed_at: when the
    newest version from the same source was changed (UTC); None if it doesn't say.
    """

    is_erased: bool
    is_platforms: bool
    changed_at: datetime | None


def token_of(address: str, salt: str) -> str:
    """The keyed hash of an address, the same for each spelling of it."""
    form = form_of(address).encode(errors="surrogatepass")
    return hmac.new(salt.encode(), form, hashlib.sha256).hexdigest()


def salt_of(connection: DuckDBPyConnection) -> str | None:
    """The secret of the vault's tombstones; None where nobody was ever erased."""
    return mark(connection, SALT)


def erased_people_of(connection: DuckDBPyConnection, addresses: Iterable[str]) -> dict[str, ErasedPerson]:
    """Those of *addresses* that somebody was erased under, each with its last erasure."""
    salt = salt_of(connection)
    if salt is None:
        return {}
    tokens = {address: token_of(address, salt) for address in addresses}
    found = connection.execute(
        "select token, arg_max(erasure_no, erased_at), max(erased_at) from privacy.tombstones"
        " where token in (select unnest($tokens::varchar[])) group by token",
        {"tokens": list(set(tokens.values()))},
    ).fetchall()
    erasures = {token: ErasedPerson(number, at) for token, number, at in found}
    return {address: erasures[token] for address, token in tokens.items() if token in erasures}


def email_questions(connection: DuckDBPyConnection) -> frozenset[tuple[str, str | None]]:
    """Where the pledge's form asks for the address, or asked: question_id, and row_id or None."""
    found = connection.execute("select question_id, row_id from ledger.fields where field = 'email'")
    return frozenset((question_id, row_id) for question_id, row_id in found.fetchall())


def without_erased(connection: DuckDBPyConnection, part: Part, survey_id: str, source: str) -> Part:
    """What comes in, without the erased: theirs becomes a stub, and their address in others' texts goes.

    part: Arrow columns response_id and body, registered as ``incoming`` with *arrival_no*. Whose response is
    found by the address alone is remembered as erased. A version that doesn't count, of a response that is
    somebody else's now, is left out. Gives *part* itself where nothing is to change.
    """
    if salt_of(connection) is None:
        return part
    return _WithoutErased(connection, part, survey_id).without_erased(source)


class _WithoutErased:
    def __init__(self, connection: DuckDBPyConnection, part: Part, survey_id: str) -> None:
        self._connection, self._part, self._survey_id = connection, part, survey_id
        self._ids: list[str] = part["response_id"].to_pylist()
        self._texts: list[str] = part["body"].to_pylist()
        self._questions: Questions = email_questions(connection)

    def without_erased(self, source: str) -> Part:
        rows = self._connection.execute(statement("privacy/standing"), {"source": source}).fetchall()
        standing = {response_id: Standing(*known) for response_id, *known in rows}
        bodies = list(map(parsed, self._texts))
        candidates = list(map(_candidates, bodies))
        erasures = erased_people_of(self._connection, set(chain.from_iterable(candidates)))
        texts: list[str | None] = list(self._texts)
        for at, response_id in enumerate(self._ids):
            known = standing.get(response_id)
            if known and known.is_erased:
                texts[at] = stub(response_id, self._survey_id, bodies[at])
            elif any(one in erasures for one in candidates[at]):
                texts[at] = self._judged(at, bodies[at], erasures, known)
        return self._part if texts == self._texts else self._with(texts)

    def _judged(
        self, at: int, body: Any, erasures: Mapping[str, ErasedPerson], known: Standing | None
    ) -> str | None:
        """The text to keep; None to keep nothing of it."""
        if not is_of(body, erasures.__contains__, self._questions):
            return body_without(self._texts[at], erasures.__contains__, self._questions)
        last = max(
            (erasures[one] for one in _candidates(body) if one in erasures), key=lambda one: one.erased_at
        )
        changed_at = max(_instant(body, "date_created"), _instant(body, "date_modified"))
        if changed_at > last.erased_at:
            return self._texts[at]
        if known and (known.is_platforms or changed_at <= (known.changed_at or NO_TIME)):
            return None
        self._connection.execute(
            "insert or ignore into privacy.erased_responses values (?, ?, ?)",
            [self._ids[at], last.erasure_no, last.erased_at],
        )
        self._connection.execute("insert into core.pending_responses values (?)", [self._ids[at]])
        return stub(self._ids[at], self._survey_id, body)

    def _with(self, texts: list[str | None]) -> Part:
        pa = import_module("pyarrow")
        ids = [response_id for response_id, text in zip(self._ids, texts, strict=True) if text is not None]
        bodies = [text for text in texts if text is not None]
        columns = {"response_id": pa.array(ids, pa.string()), "body": pa.array(bodies, pa.string())}
        return {**self._part, **columns}


def _candidates(body: Any) -> list[str]:
    return [one for text in texts_of(body) for one in addresses_in(text)]


def _instant(body: Any, name: str) -> datetime:
    """An instant of a body; the beginning of time where it doesn't say."""
    try:
        found = datetime.fromisoformat(body[name])
    except (KeyError, TypeError, ValueError):
        return NO_TIME
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_final(connection: DuckDBPyConnection, survey_id: str) -> bool:
    """Whether names were erased of this survey, or have begun to be: nothing of it may come in again."""
    return survey_id != "" and mark(connection, FINAL) == survey_id
