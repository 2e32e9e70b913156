"""Where the vault's access log ends, noted in each run's record, so that a cut list is seen by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.privacy import access_log
from warehouse.privacy.access_log import Head

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.run.context import RunContext
    from flows.run.record import RunRecord


def note_access_log(run: RunContext) -> None:
    """Note where the access log ends, and tell if it is not the one that the last run saw."""
    found = access_log.first_break(run.vault, last_seen(run.earlier))
    end = access_log.head(run.vault)
    run.record.access_log = {"n": end.n, "hash": end.hash}
    if found is not None:
        run.warn(
            f"The access log is not as the last run saw it: entry {found.entry_no} does not fit "
            f"({found.why}). If a copy was restored since, nothing; else see pledge access-log --verify."
        )


def last_seen(records: Iterable[RunRecord]) -> list[Head]:
    """Where the newest of *records* that says so saw the log end; empty if none does."""
    return [Head(**record.access_log) for record in records if record.access_log][:1]
