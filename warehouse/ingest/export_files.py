"""The responses of an export file, kept as they come; a file of a million rows passes through here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import column, registered, statement, transaction, value
from warehouse.ingest.arrivals import columns_of, given, keep, told_by_later_files
from warehouse.ingest.responses import take_back_withdrawals

SECONDS = len("2026-11-24T02:15:00")


def load_file(
    connection: DuckDBPyConnection,
    batches: Iterable[tuple[Any, Any]],
    *,
    ids: Any,
    survey_id: str,
    source: str,
    run_id: str,
    fetched_at: datetime,
    told_again: Sequence[Any] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Keep each body of a file that is new, some in one transaction; see `load_responses`.

    batches: Arrow arrays of ids and of bodies, one for each response, some at one time.
    ids: an Arrow column of all of the file's ids, to know beforehand whether anything is to be compared.
    told_again: Arrow columns of the ids in files that come after this one in the same import: of their
        responses a text known before isn't kept again, since the later file's stands.
    progress: told how many responses are kept so far.
    """
    of_all = {"survey_id": survey_id, "source": source, "run_id": run_id, "fetched_at": fetched_at}
    are_new = _are_new(connection, ids, source)
    added = seen = 0
    with told_by_later_files(connection, told_again):
        for some_ids, bodies in batches:
            # Not one transaction for all: a million bodies don't fit the memory, and an import that is killed
            # keeps what it took in; the same file again brings the rest.
            with transaction(connection):
                added += _keep(connection, some_ids, bodies, of_all, are_new=are_new)
            seen += len(some_ids)
            progress(seen)
    return added


def _keep(
    connection: DuckDBPyConnection, ids: Any, bodies: Any, of_all: dict[str, Any], *, are_new: bool
) -> int:
    # With nothing to compare the columns go in as they are; as lists each text would be copied several times.
    if are_new:
        added = keep(connection, "raw/new_responses", {"response_id": ids, "body": bodies}, of_all)
    else:
        pairs = dict.fromkeys(zip(ids.to_pylist(), bodies.to_pylist(), strict=True))
        added = keep(connection, "raw/responses", columns_of(list(pairs)), of_all)
    # What --replace withdrew and a file holds again is there again; who was withdrawn at the platform is not
    # among the batches.
    take_back_withdrawals(connection, ids)
    return added


def _are_new(connection: DuckDBPyConnection, ids: Any, source: str) -> bool:
    """No id stands twice among *ids*, and the source has given none of them before."""
    with given(connection, ids):
        return value(connection, statement("raw/are_new"), {"source": source})


def withdrawn_among(connection: DuckDBPyConnection, ids: Any) -> set[str]:
    """Those of *ids* that were withdrawn at the platform; a file doesn't bring them back.

    ids: a list, or an Arrow column.
    """
    with given(connection, ids):
        found = column(
            connection,
            "select response_id from core.withdrawn"
            " where response_id in (select response_id from given)"
            " and response_id in (select response_id from raw.responses where source = 'api')",
        )
    return set(found)


def times_apart(connection: DuckDBPyConnection, ids: Any, modified: Any) -> tuple[int, int, int] | None:
    """Whether a file's times of change lie apart from those here as the clocks of two zones do; None if not.

    ids, modified: Arrow columns of one length; instants are ISO 8601 texts in UTC, null where there is none.
    Gives by how many minutes most are later, how many lie so, and how many were compared.
    """
    pc = import_module("pyarrow.compute")
    walls = pc.strptime(pc.utf8_slice_codeunits(modified, 0, SECONDS), "%Y-%m-%dT%H:%M:%S", "us")
    columns = {"response_id": ids, "modified_at": pc.assume_timezone(walls, "UTC")}
    with registered(connection, "given", columns):
        return connection.execute(statement("raw/times_apart")).fetchone()


def held_elsewhere(connection: DuckDBPyConnection, survey_id: str, ids: Any) -> int:
    """How many of *ids*, a list or an Arrow column, are kept as responses of another survey."""
    with given(connection, ids):
        n_elsewhere = value(
            connection,
            "select count(distinct response_id) from raw.responses"
            " where survey_id <> $survey_id and response_id in (select response_id from given)",
            {"survey_id": survey_id},
        )
    return int(n_elsewhere)
