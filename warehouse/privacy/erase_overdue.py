"""IP addresses erased after their time; and what was erased because it isn't kept any longer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse import failpoints
from warehouse.database.marks import mark, set_mark
from warehouse.database.memory import make_room
from warehouse.database.sql_files import statement
from warehouse.database.transaction import transaction
from warehouse.ingest.ip_addresses import KEPT, MADE_BEFORE, PATTERN, WITHOUT

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection


LISTED_UPTO = "ip addresses listed upto"  # a mark
IPS, NAMES = "ip_addresses", "names_and_addresses"
BATCH = 20_480  # versions in one transaction that writes their texts anew
LISTED_AT_ONCE = 102_400


def erase_ips(
    connection: DuckDBPyConnection,
    *,
    made_before: datetime | None,
    at: datetime,
    run_id: str,
) -> int:
    """Erase the IP addresses of responses made before an instant, all if None; return of how many responses.

    One whose time of making can't be read is old. What was erased once is never taken in again, whatever
    the settings say later. A kill in the middle leaves the rest to the next run. Needs `staging_area`; the
    file must be written anew afterwards (warehouse.backups.rewrite).
    """
    _settle_marks(connection, made_before or at, is_any_kept=made_before is not None)
    list_new(connection)
    make_due_ips(connection, made_before)
    n_responses = _count_responses(connection)
    numbers = _due_numbers(connection)
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        with transaction(connection):
            connection.execute(
                statement("retention/erase_ips"),
                {**WITHOUT, "numbers": some, "first": some[0], "last": some[-1]},
            )
            connection.execute(
                "delete from privacy.ip_addresses where received_no in (select unnest($numbers))",
                {"numbers": some},
            )
            note_erased(connection, IPS, n_responses, at=at, run_id=run_id)
        make_room(connection)
        failpoints.reached("ip addresses erased")
    return n_responses


def due_ips(connection: DuckDBPyConnection, *, made_before: datetime | None) -> tuple[int, list[datetime]]:
    """Look only: how many responses have an IP address that is to be erased, and when each other was made.

    Needs `staging_area`.
    """
    make_due_ips(connection, made_before, with_new=True)
    rows = connection.execute(
        "select min(held.made_at) from staging.ips_held as held"
        " anti join staging.ips_due as due on due.received_no = held.received_no"
        " join raw.responses as versions on versions.received_no = held.received_no"
        " group by versions.response_id"
    ).fetchall()
    return _count_responses(connection), [made_at for (made_at,) in rows]


def withdrawn_with_answers(connection: DuckDBPyConnection) -> list[datetime]:
    """When each response was found withdrawn whose answers are still kept (UTC)."""
    rows = connection.execute("select noticed_at from core.withdrawn where erased_at is null").fetchall()
    return [noticed_at for (noticed_at,) in rows]


def note_erased(
    connection: DuckDBPyConnection, what: str, n_responses: int, *, at: datetime, run_id: str
) -> None:
    """Write down that this run has erased some of *what*."""
    connection.execute(
        "insert or ignore into privacy.retention values (?, ?, ?, ?)", [what, run_id, at, n_responses]
    )


def make_due_ips(
    connection: DuckDBPyConnection, made_before: datetime | None, *, with_new: bool = False
) -> None:
    """Fill ``staging.ips_held`` and ``staging.ips_due``; with_new: with versions not listed yet."""
    connection.execute(
        "create or replace table staging.ips_held as select received_no, made_at from privacy.ip_addresses"
    )
    if with_new:
        for after, upto in _not_listed(connection):
            connection.execute(
                f"insert into staging.ips_held {statement('retention/with_ip_address')}",
                {"after": after, "upto": upto, "pattern": PATTERN},
            )
    connection.execute(
        "create or replace table staging.ips_due as select held.received_no, versions.response_id"
        " from staging.ips_held as held"
        " join raw.responses as versions on versions.received_no = held.received_no"
        " where made_at is null or $made_before is null or made_at < $made_before",
        {"made_before": made_before},
    )


def _settle_marks(connection: DuckDBPyConnection, made_before: datetime, *, is_any_kept: bool) -> None:
    """Have what comes in from now on be treated like what is here; an earlier, stricter time stays."""
    earlier = mark(connection, MADE_BEFORE)
    settled = made_before.isoformat()
    with transaction(connection):
        if earlier is None or earlier < settled:
            set_mark(connection, MADE_BEFORE, settled)
        set_mark(connection, KEPT, "yes" if is_any_kept else "no")


def list_new(connection: DuckDBPyConnection) -> None:
    """List the versions that hold an IP address among those received since the last time."""
    for after, upto in _not_listed(connection):
        with transaction(connection):
            connection.execute(
                f"insert into privacy.ip_addresses {statement('retention/with_ip_address')}",
                {"after": after, "upto": upto, "pattern": PATTERN},
            )
            set_mark(connection, LISTED_UPTO, str(upto))
        make_room(connection)


def _not_listed(connection: DuckDBPyConnection) -> list[tuple[int, int]]:
    """The versions not listed yet in bounded batches: after this number, up to that."""
    after = int(mark(connection, LISTED_UPTO) or 0)
    parameters = {"after": after, "batch": LISTED_AT_ONCE}
    ends = connection.execute(statement("raw/batch_ends"), parameters).fetchall()
    numbers = [after, *(int(end) for (end,) in ends)]
    return list(pairwise(numbers))


def _count_responses(connection: DuckDBPyConnection) -> int:
    row = connection.execute("select count(distinct response_id) from staging.ips_due").fetchone()
    return int(row[0]) if row else 0


def _due_numbers(connection: DuckDBPyConnection) -> list[int]:
    rows = connection.execute("select received_no from staging.ips_due order by received_no").fetchall()
    return [int(number) for (number,) in rows]
