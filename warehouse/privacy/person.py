"""All that the vault holds of whoever has an address."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import column, statement
from warehouse.ingest.erased_people import email_questions, salt_of, token_of
from warehouse.ingest.response_text import IsMeant, addresses_in, form_of, is_of, parsed, texts_of
from warehouse.privacy.erase_names import pseudonym_of
from warehouse.transform.decisions import make_decided

MANY = 10_000  # versions in memory at a time


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever has an address, and the same person's other addresses.

    forms: the addresses; see `response_text.form_of`. tokens: tombstones of those and of all addresses
        that were erased together with one of them; salt: the secret of these, or None.
    response_ids: the person's responses, of any survey, those erased before included.
    earlier: versions that are the person's, of responses that have another address now: received_no to id.
    mentions: versions of others with an address of the person in a text: received_no to id.
    is_shared: staff have decided that responses under this address are several people's.
    """

    forms: frozenset[str]
    response_ids: frozenset[str]
    tokens: frozenset[str] = frozenset()
    salt: str | None = None
    earlier: Mapping[int, str] = field(default_factory=dict)
    mentions: Mapping[int, str] = field(default_factory=dict)
    is_shared: bool = False

    def matcher(self) -> IsMeant:
        """What says whether an address is one of the person's; it remembers what it was asked."""

        @cache
        def is_meant(text: str) -> bool:
            if form_of(text) in self.forms:
                return True
            return bool(self.tokens and self.salt) and token_of(text, self.salt or "") in self.tokens

        return is_meant


def person_of(
    connection: DuckDBPyConnection,
    address: str,
    key: str | None,
    *,
    forms: Collection[str] = (),
    also: Collection[str] = (),
) -> Person:
    """Whoever has *address*. Needs `staging_area`.

    key: its email key; None for one that is no possible address, which may be on a response all the same.
    forms, also: addresses and responses known to be the person's from elsewhere.
    """
    make_decided(connection)
    typed = connection.execute(
        statement("privacy/signatures_of"),
        {"keys": [pseudonym_of(connection, key)] if key else [], "address": address},
    ).fetchall()
    texts = (address, key, *forms, *(text for row in typed for text in row[1:3]))
    found = frozenset(form_of(text) for text in texts if text and "@" in form_of(text))
    tokens, erased_ids = _erased_under(connection, found)
    known = Person(
        forms=found,
        response_ids=frozenset({row[0] for row in typed} | erased_ids | set(also)),
        tokens=tokens,
        salt=salt_of(connection),
        is_shared=any(row[3] for row in typed),
    )
    return _looked_for(connection, known)


def responses_alone(connection: DuckDBPyConnection, ids: Collection[str]) -> Person:
    """Somebody known by these responses and no address; only those that the vault has."""
    known = column(
        connection,
        "select distinct response_id from raw.responses"
        " where response_id in (select unnest($ids::varchar[]))",
        {"ids": list(ids)},
    )
    return Person(forms=frozenset(), response_ids=frozenset(known))


def _erased_under(connection: DuckDBPyConnection, forms: Collection[str]) -> tuple[frozenset[str], set[str]]:
    """Tombstones of erasures that one of the addresses falls under, and the responses erased by them."""
    salt = salt_of(connection)
    if salt is None:
        return frozenset(), set()
    tokens = [token_of(form, salt) for form in forms]
    numbers = "select erasure_no from privacy.tombstones where token in (select unnest($tokens::varchar[]))"
    beside, ids = (
        column(connection, f"select {name} from {table} where erasure_no in ({numbers})", {"tokens": tokens})
        for name, table in (("token", "privacy.tombstones"), ("response_id", "privacy.erased_responses"))
    )
    return frozenset(beside), set(ids)


def _looked_for(connection: DuckDBPyConnection, known: Person) -> Person:
    """The same with what stands in the versions received: whose they are, and where an address is."""
    theirs, earlier, mentions = set(known.response_ids), {}, {}
    questions, is_meant = email_questions(connection), known.matcher()
    for number, response_id, text, is_newest in _versions_with(connection, known):
        body = parsed(text)
        if not any(is_meant(one) for answer in texts_of(body) for one in addresses_in(answer)):
            continue
        if not is_of(body, is_meant, questions):
            mentions[number] = response_id
        elif is_newest:
            theirs.add(response_id)
        else:
            earlier[number] = response_id
    return replace(
        known,
        response_ids=frozenset(theirs),
        earlier={number: one for number, one in earlier.items() if one not in theirs},
        mentions={number: one for number, one in mentions.items() if one not in theirs},
    )


def _versions_with(connection: DuckDBPyConnection, known: Person) -> Iterator[tuple[int, str, str, bool]]:
    """Versions that may hold an address: received_no, response id, body, whether it is the newest."""
    local_parts = [form.rpartition("@")[0] for form in known.forms]
    words = [] if len(known.tokens) > len(known.forms) or not all(local_parts) else local_parts
    cursor = connection.execute(statement("privacy/versions_with"), {"words": words})
    while some := cursor.fetchmany(MANY):
        yield from some
