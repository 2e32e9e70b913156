"""The sum that holds in every warehouse, counted in plain SQL of its own: each response in one place."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.builders import KEY, SURVEY
from warehouse.database.connection import open_vault
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

SETTLED = """
    select
        (select coalesce(max(received_no), 0) from raw.responses)
            <= (select coalesce(max(cast(value as bigint)), 0) from ledger.state where name = 'staged_upto')
        and (select count(*) from core.pending_responses) = 0
        and (select count(*) from core.pending_keys) = 0
"""
SUMS = {
    "responses placed twice": "select count(*) - count(distinct response_id) from core.dispositions",
    "responses lost": """
        select count(distinct response_id) from raw.responses
        where survey_id = $survey and response_id not in (select response_id from core.dispositions)
    """,
    "responses placed and never received": """
        select count(*) from core.dispositions
        where response_id not in (select response_id from raw.responses)
    """,
    "signatories without a place, or places without a signatory": """
        select count(*) from core.signatories as signatories
        full join (select response_id from core.dispositions where disposition = 'signatory') as placed
            on placed.response_id = signatories.response_id
        where signatories.response_id is null or placed.response_id is null
    """,
    "persons counted twice": "select count(*) - count(distinct email_key) from core.signatories",
    "signatures that are nobody's, or two persons'": """
        select coalesce(sum(n_signatures), 0) from core.signatories
        union all
        select count(*) from core.dispositions where disposition in ('signatory', 'duplicate')
    """,
}


def what_is_wrong(connection: DuckDBPyConnection, survey: str) -> dict[str, list[int]]:
    """The sums that don't agree; a warehouse whose night was broken off has none yet."""
    row = connection.execute(SETTLED).fetchone()
    if not row or not row[0]:
        return {}
    found = {}
    for name, sql in SUMS.items():
        parameters = {"survey": survey} if "$survey" in sql else {}
        numbers = [int(n) for (n,) in connection.execute(sql, parameters).fetchall()]
        if (len(numbers) == 1 and numbers[0]) or len(set(numbers)) > 1:
            found[name] = numbers
    return found


_SOUND: set[bytes] = set()


def remember(path: Path) -> None:
    """Of this vault, closed as it is, all sums agree: neither it nor a copy of it need be opened for that."""
    _SOUND.add(_digest(path))


def wrong_below(folder: Path) -> dict[str, dict[str, list[int]]]:
    """What is wrong in any vault below *folder* that can be opened: one that a test damaged can't."""
    found = {}
    for path in folder.rglob("vault.duckdb"):
        if not path.is_file() or _digest(path) in _SOUND:
            continue
        for key in _keys(path):
            with (
                suppress(WarehouseError),
                open_vault(path, key, now=datetime.now(UTC), read_only=True) as vault,
            ):
                mark = vault.execute("select value from ledger.state where name = 'survey'").fetchone()
                wrong = what_is_wrong(vault, mark[0] if mark else SURVEY)
                if wrong:
                    found[str(path.relative_to(folder))] = wrong
                break
        if str(path.relative_to(folder)) not in found:
            remember(path)
    return found


def _digest(path: Path) -> bytes:
    """Of a vault's file, and of the log beside it that a process which was killed left."""
    log = path.with_name(f"{path.name}.wal")
    return hashlib.sha256(path.read_bytes() + (log.read_bytes() if log.exists() else b"")).digest()


def _keys(path: Path) -> Iterator[str]:
    for parent in path.parents[:3]:
        key_file = parent / "keys" / "vault.key"
        if key_file.is_file():
            yield key_file.read_bytes().decode("ascii", errors="ignore").strip()
    yield KEY
