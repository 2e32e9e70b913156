"""Answers of withdrawn responses, erased after their time; that there was a response stays known."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark
from warehouse.database.sql_files import statement, transaction, value
from warehouse.transform.stage import make


def erase_withdrawn(connection: DuckDBPyConnection, *, before: datetime, at: datetime) -> int:
    """Erase what people wrote in responses found withdrawn before an instant; return how many responses.

    Their id, survey and status stay, and so does the place ``withdrawn``: the sums still agree. A vault
    that a run has left half decided waits for the next one. Needs `staging_area`; the file must be
    written anew afterwards (warehouse.backups.rewrite).
    """
    if not is_settled(connection):
        return 0
    make(connection, "to_erase", before=before)
    n_overdue = value(connection, "select count(*) from staging.to_erase")
    if n_overdue:
        with transaction(connection):
            connection.execute(statement("core/erase_answers"))
            connection.execute(
                "update core.withdrawn set erased_at = ? where response_id in"
                " (select response_id from staging.to_erase)",
                [at],
            )
    return n_overdue


def last_erased_at(connection: DuckDBPyConnection) -> datetime | None:
    """When answers were last erased (UTC); None if never."""
    return value(
        connection,
        "select greatest((select max(erased_at) from core.withdrawn),"
        " (select max(erased_at) from privacy.erasures), (select max(erased_at) from privacy.retention))",
    )


def is_settled(connection: DuckDBPyConnection) -> bool:
    """All that came in is staged and decided: an address that no signature has is then nobody's."""
    return value(connection, statement("core/is_settled"))


def is_staged(connection: DuckDBPyConnection) -> bool:
    """All that came in is typed, though some may still be to be decided."""
    newest = value(connection, "select coalesce(max(received_no), 0) from raw.responses")
    return bool(newest <= int(mark(connection, "staged_upto") or 0))
