"""A person forgotten in a test's vault, and a look for what is left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.people.email_key import email_key
from warehouse.database.proof import counts
from warehouse.privacy.erase_person import erase_person
from warehouse.privacy.person import person_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from tests.vaults import Vault
    from warehouse.privacy.person import Person

SALT = "5a17" * 16


def forgotten(vault: Vault, address: str) -> Person:
    """Erase whoever has the address, and decide anew."""
    vault.decide()
    person = person_of(vault.connection, address, email_key(address).key)
    erase_person(vault.connection, person, salt=SALT, who="a keeper", at=vault.now)
    vault.decide()
    return person


def tables_with(connection: DuckDBPyConnection, words: Iterable[str]) -> dict[str, list[str]]:
    """Each table of the vault in which one of the words can be read, in any case: which of them."""
    wanted = [word.casefold() for word in words]
    found = {}
    for name in counts(connection):
        rows = repr(connection.execute(f"from {name}").fetchall()).casefold()
        if hits := [word for word in wanted if word in rows]:
            found[name] = hits
    return found
