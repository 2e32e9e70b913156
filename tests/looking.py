"""Looking at a test's vault for signals, and what was found, as plain rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.people import address_matching as judge
from warehouse.transform.decisions import make_decided
from warehouse.transform.signals import make_open, notice

if TYPE_CHECKING:
    from tests.vaults import Vault


def look(vault: Vault) -> tuple[int, int]:
    """Look at whoever changed since the last look, and make the cases that are open."""
    vault.connection.execute(
        "create or replace table staging.signatories as select * from core.signatories limit 0"
    )
    noticed = notice(vault.connection, vault.form, judge, at=vault.now, run_id=vault.run_id)
    vault.connection.execute("drop table staging.signatories")
    make_decided(vault.connection)
    make_open(vault.connection)
    return noticed


def signals(vault: Vault, *names: str) -> list[tuple[str, ...]]:
    """The signals of these names, in order: each with the ids of the responses that it is about."""
    rows = vault.rows(
        "select signals.signal, people.response_id as one, signals.response_id,"
        " others.response_id as other"
        " from core.signals as signals"
        " join core.signatories as people on people.signatory_id = signals.signatory_id"
        " left join core.signatories as others on others.signatory_id = signals.other_id"
        " order by all"
    )
    return [_told(row) for row in rows if not names or row["signal"] in names]


def _told(row: dict[str, Any]) -> tuple[str, ...]:
    ids = (row["one"], row["other"], None if row["response_id"] == row["one"] else row["response_id"])
    return (row["signal"], *(one for one in ids if one))
