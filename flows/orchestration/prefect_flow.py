"""The night under Prefect: the same steps, each a task; a summary as artifacts."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.errors import BugError, is_told, traceback_without_values
from flows.orchestration.run import do_step, open_run, title_of
from flows.pipelines import nightly
from flows.run.context import RunContext, RunOptions
from flows.run.progress import shown_progress
from flows.run.record import RunRecord
from flows.run.runs_page import CHECKS_PAGE
from flows.run.shutdown import noting_a_stop
from flows.settings.environment import prepare
from flows.settings.reading import read_settings


@flow(name="nightly-sync", description="Bring the figures up to date with the pledge.", persist_result=False)
def nightly_sync(
    *, full: bool = False, accept_withdrawals: bool = False, accept_fall: bool = False, recheck: bool = False
) -> dict[str, Any]:
    """One night; gives back its record: counts, rule names and instants only.

    Reads its settings itself, since Prefect stores and shows a flow's parameters.
    """
    settings = read_settings(os.environ, Path.cwd())
    prepare(settings)
    with (
        noting_a_stop(),
        shown_progress() as progress,
        open_run(
            settings, progress, options=RunOptions(full, accept_withdrawals, accept_fall, recheck)
        ) as run,
    ):
        nightly(partial(do_as_task, run))
    leave_artifacts(run.record)
    return run.record.as_json()


def do_as_task(run: RunContext, step: Callable[..., Any], *given: Any) -> Any:
    """Do the step as a task without inputs or result: what a run holds can't be hashed or stored.

    A bug's message may quote somebody's answer and Prefect keeps messages, so only its kind goes on.
    """
    found: list[Any] = []

    @task(
        name=step.__name__.replace("_", " "),
        description=title_of(step),
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=0,  # the client waits and asks again by itself; a failed step ends the run
    )
    def as_told() -> None:
        try:
            found.append(do_step(run, step, *given))
        except Exception as error:
            if is_told(error):
                raise
            sys.stderr.write(traceback_without_values(error))
            raise BugError(f"A bug ended the step “{step.__name__}” ({type(error).__qualname__}).") from None

    as_told()
    return found[0]


def leave_artifacts(record: RunRecord) -> None:
    """Leave the night's summary where Prefect shows it."""
    create_markdown_artifact(
        key="pledge-night", markdown=summary_of(record), description="The last night in words"
    )
    create_table_artifact(
        key="pledge-roles",
        table=[{"role": role, "signatories": n} for role, n in record.by_role.items()],
        description="Signatories by role, exact: for use inside the house only",
    )


def summary_of(record: RunRecord) -> str:
    """The night in a few lines of Markdown: counts and sentences, no person."""
    lines = [
        f"# Night {record.run_id}: {record.state}",
        f"- **{record.n_signatories:,} signatories**",
        f"- {record.responses_new:,} new responses, {record.responses_changed:,} changed",
        f"- {record.responses_withdrawn:,} withdrawn tonight",
        f"- {record.duplicates:,} duplicates",
        f"- {sum(record.held_back.values()):,} held back",
        f"- {sum(record.not_counted.values()):,} not counted",
        f"- {record.requests:,} calls to the platform",
        f"- every response is in one place: {'yes' if record.conservation_ok else 'NO'}",
        f"- published: {'yes' if record.published else 'no'}",
        f"- what was checked: `{CHECKS_PAGE}` in the folder that PLEDGE_HOME names",
        *(f"- ⚠ {warning}" for warning in record.warnings),
    ]
    return "\n".join(lines)
