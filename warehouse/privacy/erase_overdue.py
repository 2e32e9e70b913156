"""What an earlier version of the pipeline kept and this one doesn't; and a note of what was erased."""

from datetime import datetime
from itertools import pairwise

from duckdb import DuckDBPyConnection

from warehouse import failpoints
from warehouse.database.marks import drop_mark, mark, set_mark
from warehouse.database.memory import make_room
from warehouse.database.sql_files import column, statement, transaction
from warehouse.ingest.arrivals import incoming
from warehouse.ingest.ip_addresses import PATTERN, without_ip_addresses

CUT_UPTO = "ip addresses cut upto"  # a mark that the migration sets, until all is done
IPS, NAMES = "ip_addresses", "names_and_addresses"
BATCH = 20_480  # versions in one transaction that writes their texts anew


def cut_ip_addresses(
    connection: DuckDBPyConnection,
    *,
    at: datetime,
    run_id: str,
) -> int:
    """Cut the IP addresses out of what a vault of an earlier version holds; return out of how many texts.

    A kill in the middle leaves the rest to the next run. The file must be written anew afterwards
    (warehouse.backups.rewrite).
    """
    cut_upto = mark(connection, CUT_UPTO)
    if cut_upto is None:
        return 0
    parameters = {"after": int(cut_upto), "batch": BATCH}
    n_cut = 0
    for after, upto in pairwise(
        [int(cut_upto), *column(connection, statement("raw/batch_ends"), parameters)]
    ):
        with transaction(connection):
            n_cut += _cut(connection, after, upto)
            set_mark(connection, CUT_UPTO, str(upto))
            if n_cut:
                note_erased(connection, IPS, n_cut, at=at, run_id=run_id)
        make_room(connection)
        failpoints.reached("ip addresses cut")
    drop_mark(connection, CUT_UPTO)
    return n_cut


def _cut(connection: DuckDBPyConnection, after: int, upto: int) -> int:
    """Cut them out of the versions received after one number and up to another."""
    parameters = {"after": after, "upto": upto, "pattern": PATTERN}
    found = connection.execute(statement("raw/with_ip_address"), parameters).to_arrow_table()
    part = dict(zip(found.column_names, found.columns, strict=True))
    with incoming(connection, part):
        cut = without_ip_addresses(connection, part)
    with incoming(connection, cut):
        connection.execute(statement("raw/cut_ip_addresses"))
    return len(found)


def withdrawn_with_answers(connection: DuckDBPyConnection) -> list[datetime]:
    """When each response was found withdrawn whose answers are still kept (UTC)."""
    return column(connection, "select noticed_at from core.withdrawn where erased_at is null")


def note_erased(
    connection: DuckDBPyConnection, what: str, n_responses: int, *, at: datetime, run_id: str
) -> None:
    """Write down that this run has erased some of *what*; in batches, the sum of those so far."""
    connection.execute(
        "insert or replace into privacy.retention values (?, ?, ?, ?)", [what, run_id, at, n_responses]
    )
