"""A person forgotten at their request: what they wrote is erased, and a tombstone keeps them away.

That there was a response stays known: the sums still agree.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from importlib import import_module
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.sql_files import column, registered, statement, transaction, value
from warehouse.ingest.arrivals import given
from warehouse.ingest.erased_people import SALT, email_questions, token_of
from warehouse.ingest.response_text import IsMeant, body_without, own_without, without
from warehouse.privacy.person import Person

TEXTS_OF_OTHERS = (
    "core.answers.text", "core.answers.download_url", "core.signatures.name", "core.signatures.role_other",
    "core.signatories.name", "core.signatories.role_other",
)  # fmt: skip
WORDS_OF_STAFF = ("core.decisions.because", "core.decisions.undone_because")
OF_OTHERS = "response_id in (select response_id from given)"


def erase_person(
    connection: DuckDBPyConnection,
    person: Person,
    *,
    salt: str,
    who: str,
    at: datetime,
    only_here: Collection[str] = (),
) -> None:
    """Erase all that a person wrote, and their address in what others wrote; leave a tombstone.

    salt: the secret of the vault's tombstones, for a vault that has none yet.
    only_here: those of the responses that are somebody else's elsewhere: they may come in again.
    The next build takes the person out of the counts. The vault must be settled, see
    `erase_withdrawn.is_settled`, and written anew afterwards (backups.rewrite). Needs `staging_area`.
    """
    _note_to_erase(connection, person.response_ids)
    with transaction(connection):
        if mark(connection, SALT) is None:
            set_mark(connection, SALT, salt)
        erasure_no = _note_erasure(connection, person, who, at)
        for form in sorted(person.forms):
            connection.execute(
                "insert into privacy.tombstones values (?, ?, ?)",
                [token_of(form, mark(connection, SALT) or salt), erasure_no, at],
            )
        _take_out_of_others(connection, person)
        connection.execute(statement("core/pend_sharing"))
        connection.execute(statement("core/erase_answers"))
        connection.execute(
            "insert or ignore into privacy.erased_responses select response_id, ?, ? from staging.to_erase"
            " where response_id not in (select unnest(?::varchar[]))",
            [erasure_no, at, list(only_here)],
        )


def finish_erasures(connection: DuckDBPyConnection) -> int:
    """Erase what is left of responses that came in as an erased person's; return how many had any.

    One that had another address before has versions of it still. The vault must be settled. Needs
    `staging_area`.
    """
    ids = column(
        connection,
        "select distinct response_id from raw.responses where contains(body, '\"pages\"')"
        " and response_id in (select response_id from privacy.erased_responses)",
    )
    if ids:
        _note_to_erase(connection, ids)
        with transaction(connection):
            connection.execute(statement("core/pend_sharing"))
            connection.execute(statement("core/erase_answers"))
    return len(ids)


def _note_to_erase(connection: DuckDBPyConnection, ids: Collection[str]) -> None:
    connection.execute(
        "create or replace table staging.to_erase as select unnest($ids::varchar[]) as response_id",
        {"ids": sorted(ids)},
    )


def _note_erasure(connection: DuckDBPyConnection, person: Person, who: str, at: datetime) -> int:
    return value(
        connection,
        "insert into privacy.erasures select coalesce(max(erasure_no), 0) + 1, ?, ?, ?, ?"
        " from privacy.erasures returning erasure_no",
        [at, who, len(person.response_ids), len(person.mentions) + len(person.earlier)],
    )


def _take_out_of_others(connection: DuckDBPyConnection, person: Person) -> None:
    """Delete earlier versions that are the person's, and take their addresses out of others' texts."""
    is_meant, questions = person.matcher(), email_questions(connection)
    for table in ("raw.responses", "core.address_blocks"):
        connection.execute(
            f"delete from {table} where received_no in (select unnest($numbers::bigint[]))",
            {"numbers": list(person.earlier)},
        )
    of_mentions = "received_no in (select unnest($numbers::bigint[]))"
    numbers = {"numbers": list(person.mentions)}
    _change(
        connection,
        "raw.responses.body",
        lambda text: body_without(text, is_meant, questions),
        of_mentions,
        numbers,
    )
    connection.execute(f"update raw.responses set body_md5 = md5_number(body) where {of_mentions}", numbers)
    with given(connection, sorted(set(person.mentions.values()))):
        _keep_decided_texts(connection, is_meant)
        for column in TEXTS_OF_OTHERS:
            _change(connection, column, lambda text: without(text, is_meant), OF_OTHERS)
        _change(connection, "core.signatures.email", lambda text: own_without(text, is_meant), OF_OTHERS)
        connection.execute(
            "update core.mailboxes set name_key = null where signatory_id in"
            f" (select signatory_id from core.signatories where {OF_OTHERS})"
        )
    for column in WORDS_OF_STAFF:
        _change(connection, column, lambda text: without(text, is_meant))
    _change(connection, "core.decisions.subject", lambda text: without(text, is_meant), "kind = 'exact text'")


def _keep_decided_texts(connection: DuckDBPyConnection, is_meant: IsMeant) -> None:
    """A decision about a text in its normal form goes on with the text as it is to be."""
    sql = f"select distinct role_other from core.signatures where {OF_OTHERS} and role_other is not null"
    for text in column(connection, sql):
        left = without(text, is_meant)
        if left != text:
            connection.execute(
                "update core.decisions set subject = ? where kind = 'other text' and subject = ?",
                [value(connection, statement("read/normal_form"), {"text": one}) for one in (left, text)],
            )


def _change(
    connection: DuckDBPyConnection,
    column: str,
    change: Callable[[str], str],
    where: str = "true",
    parameters: dict[str, Any] | None = None,
) -> None:
    """Change the texts of a column, named with its table, in the rows that *where* leaves: all at once."""
    table, _, name = column.rpartition(".")
    rows = connection.execute(
        f"select rowid, {name} from {table} where {where} and {name} is not null", parameters or {}
    ).fetchall()
    changed = {row_no: new for row_no, old in rows if (new := change(old)) != old}
    if not changed:
        return
    pa = import_module("pyarrow")
    numbers, texts = pa.array(list(changed), pa.int64()), pa.array(list(changed.values()), pa.string())
    with registered(connection, "changed", {"row_no": numbers, "text": texts}):
        connection.execute(
            f"update {table} set {name} = changed.text from changed where {table}.rowid = changed.row_no"
        )
