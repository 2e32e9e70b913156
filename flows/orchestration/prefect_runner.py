"""`pledge sync` through Prefect: with its API where one is configured, else with a temporary server."""

import os
from functools import partial
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from flows.errors import StoppedError, is_told
from flows.orchestration.run import do_step, open_run
from flows.pipelines import nightly
from flows.run.context import RunOptions
from flows.run.progress import LOG, shown_progress
from flows.run.record import REFUSED, RunRecord, begun
from flows.run.shutdown import is_told_to_stop
from flows.settings.environment import make_prefect_home
from flows.settings.model import Settings

SECONDS_TO_ANSWER = 10.0  # Prefect's own client would wait ten minutes for a server that only listens


def run_under_prefect(settings: Settings, options: RunOptions) -> RunRecord:
    """A whole night as a Prefect flow run.

    A Prefect that can't be had (its server away, its database locked, its start too late, its end
    in mid-night) costs no night: the same steps run in this process, and the record says so.
    """
    try:
        url = os.environ.get("PREFECT_API_URL")
        LOG.info("Starting under Prefect%s.", "" if url else ", with a temporary server")
        if url:
            await_answer(url)
        make_prefect_home()
        from flows.orchestration import prefect_flow

        return RunRecord(
            **prefect_flow.nightly_sync(
                full=options.is_full,
                accept_withdrawals=options.accepts_withdrawals,
                accept_fall=options.accepts_fall,
                recheck=options.rechecks,
            )
        )
    except Exception as error:
        if is_told(error):
            raise
        if is_told_to_stop():
            raise StoppedError from None
        reason = type(error).__name__
    if begun and begun[-1].ended_at and begun[-1].state != REFUSED:
        LOG.warning("The night is done, but Prefect could not write down its end (%s).", reason)
        return begun[-1]
    return _without_prefect(settings, reason, options)


def await_answer(url: str) -> None:
    """Have the API at *url* answer, whatever it says. Raises OSError: it gives no answer in time."""
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=SECONDS_TO_ANSWER):  # noqa: S310 - the operator's own setting
            return
    except HTTPError:
        return
    except (URLError, ValueError) as error:
        raise OSError(str(error)) from None


def _without_prefect(settings: Settings, reason: str, options: RunOptions) -> RunRecord:
    with shown_progress() as progress, open_run(settings, progress, options=options) as run:
        run.warn(f"Prefect could not run the night ({reason}), so it ran without; see docs/operations.md.")
        nightly(partial(do_step, run))
    return run.record
