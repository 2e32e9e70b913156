"""The vault's access log: where it ends, and whether it is the one that the last run saw."""

from __future__ import annotations

from flows.run.context import RunContext
from flows.vault.access import last_seen
from warehouse.privacy import access_log


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
