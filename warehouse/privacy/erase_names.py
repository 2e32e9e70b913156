"""Names, addresses and all else that people typed, erased once a pledge is over; its figures stay.

From then on nothing of the pledge is typed or checked anew: the rows that figures rest on are settled, and
what they were made of is gone. Persons are told apart by a keyed hash of their email key.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse import failpoints
from warehouse.database.marks import mark, set_mark
from warehouse.database.memory import make_room
from warehouse.database.sql_files import column, execute_each, statement, transaction, value
from warehouse.ingest.erased_people import FINAL, is_final
from warehouse.privacy.erase_overdue import NAMES, note_erased

SALT = "salt of erased names"  # a mark of the ledger: the caller makes it, once
ERASED_UPTO = "names erased upto"  # a mark
DOMAIN = "@erased.invalid"
BATCH = 20_480  # versions in one transaction
ANSWERS = 100_000  # answers in one transaction: what is changed is held in memory until it is committed


def erased_on(connection: DuckDBPyConnection) -> datetime | None:
    """When names were erased (UTC); None if they never were."""
    return value(connection, "select max(erased_at) from privacy.retention where what = ?", [NAMES])


def pseudonym_of(connection: DuckDBPyConnection, email_key: str) -> str:
    """What stands for an email key, once names are erased; before that the key itself.

    The same hash as retention/erase_typed_rows makes, so that whoever asks by address is still found.
    """
    salt = mark(connection, SALT)
    if salt is None or mark(connection, FINAL) is None:
        return email_key
    return hashlib.sha256(f"{salt}{email_key}".encode()).hexdigest()[:32] + DOMAIN


def count_with_names(connection: DuckDBPyConnection, survey_id: str) -> int:
    """How many responses of the survey are kept with what people typed."""
    return value(
        connection,
        "select count(distinct response_id) from raw.responses where survey_id = ? and received_no > ?",
        [survey_id, _upto(connection) if is_final(connection, survey_id) else 0],
    )


def count_signed_since(connection: DuckDBPyConnection, survey_id: str, instant: datetime) -> int:
    """How many signatures of the survey that count were made at an instant or later."""
    return value(
        connection,
        "select count(*) from core.signatures as signatures"
        " join core.dispositions as dispositions on dispositions.response_id = signatures.response_id"
        " where signatures.survey_id = ? and dispositions.disposition in ('signatory', 'duplicate')"
        " and coalesce(signatures.created_at, signatures.modified_at) >= ?",
        [survey_id, instant],
    )


def erase_names(
    connection: DuckDBPyConnection,
    survey_id: str,
    *,
    salt: str,
    at: datetime,
    run_id: str,
) -> int:
    """Erase all that was typed in responses of the survey; return of how many. Goes on with one cut short.

    salt: of the hashes, for a vault that has none yet. All received must be typed and decided: see
    `erase_withdrawn.is_settled`. Needs `staging_area`; the file must be written anew afterwards.
    """
    n_responses = count_with_names(connection, survey_id)
    if not n_responses:
        return 0
    # Rows first: they are settled at one stroke, and from then on nothing is typed anew. The other way round,
    # a run between the batches would type bodies without names, and nobody would count.
    if not is_final(connection, survey_id):
        _erase_rows(
            connection,
            survey_id,
            salt,
            lambda: note_erased(connection, NAMES, n_responses, at=at, run_id=run_id),
        )
        failpoints.reached("typed rows erased")
    _erase_answers(connection, survey_id)  # remembers nothing: what is erased is passed over at little cost
    after = _upto(connection)
    for upto in column(connection, statement("raw/batch_ends"), {"after": after, "batch": BATCH}):
        with transaction(connection):
            connection.execute(
                statement("retention/erase_typed_bodies"),
                {"survey_id": survey_id, "after": after, "upto": upto},
            )
            set_mark(connection, ERASED_UPTO, str(upto))
            note_erased(connection, NAMES, n_responses, at=at, run_id=run_id)
        make_room(connection)
        failpoints.reached("names erased")
        after = upto
    return n_responses


def _erase_rows(connection: DuckDBPyConnection, survey_id: str, salt: str, note: Callable[[], None]) -> None:
    salt = mark(connection, SALT) or salt  # one secret a vault, so that one address has one hash
    # What people typed as a role is in rows and in decisions about it: a number stands for it in both, or the
    # decision would find its text no more. Made before the rows that it is made of lose theirs.
    connection.execute(
        f"create or replace table staging.erased_texts as {statement('retention/erased_texts')}",
        {"survey_id": survey_id, "salt": salt},
    )
    parameters = {"survey_id": survey_id, "salt": salt, "domain": DOMAIN}
    with transaction(connection):
        execute_each(connection, statement("retention/erase_typed_rows"), parameters)
        # With the rows, or not at all: a run that finds this survey final stages and checks nothing of it.
        set_mark(connection, FINAL, survey_id)
        set_mark(connection, SALT, salt)
        set_mark(connection, ERASED_UPTO, "0")
        note()
    make_room(connection)


def _erase_answers(connection: DuckDBPyConnection, survey_id: str) -> None:
    last = value(connection, "select coalesce(max(rowid), -1) from core.answers")
    for first in range(0, last + 1, ANSWERS):
        with transaction(connection):
            connection.execute(
                statement("retention/erase_typed_answers"),
                {"survey_id": survey_id, "first": first, "batch": ANSWERS},
            )
        make_room(connection)


def _upto(connection: DuckDBPyConnection) -> int:
    return int(mark(connection, ERASED_UPTO) or 0)
