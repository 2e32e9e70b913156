"""`pledge sync` through Prefect: with its API where one is configured, else with a temporary server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flows.progress import LOG, shown_progress
from flows.record import RunRecord
from flows.surroundings import make_prefect_home

if TYPE_CHECKING:
    from flows.settings import Settings


def run_under_prefect(
    settings: Settings, *, is_full: bool = False, accepts_withdrawals: bool = False
) -> RunRecord:
    """A whole night as a Prefect flow run.

    A Prefect that can't be had (its server away, its database locked, its start too late) costs
    no night: the same steps run in this process, and the record says so.
    """
    LOG.info(
        "Starting under Prefect%s.", "" if os.environ.get("PREFECT_API_URL") else ", with a temporary server"
    )
    make_prefect_home()
    from flows import orchestrated

    orchestrated.begun.clear()
    try:
        return RunRecord(**orchestrated.nightly_sync(full=is_full, accept_withdrawals=accepts_withdrawals))
    except Exception as error:
        if orchestrated.begun:
            raise
        return _without_prefect(settings, type(error).__name__, is_full=is_full, accepts=accepts_withdrawals)


def _without_prefect(settings: Settings, reason: str, *, is_full: bool, accepts: bool) -> RunRecord:
    from flows.sync import run_direct

    sentence = f"Prefect could not start the night ({reason}), so it ran without; see docs/operations.md."
    with shown_progress() as progress:
        return run_direct(
            settings, progress, is_full=is_full, accepts_withdrawals=accepts, warnings=(sentence,)
        )
