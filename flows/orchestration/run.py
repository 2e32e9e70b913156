"""How a run is opened, its steps done and timed, and closed, in this process; and how a command runs one."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import Any

from flows.errors import STOPPED_SENTENCE, sentence_of
from flows.output import print_json
from flows.pipelines import Do
from flows.run.clock import Clock, now_in_utc
from flows.run.context import NO_OPTIONS, RunContext, RunOptions
from flows.run.progress import LOG, Progress, log_to_stderr, shown_progress
from flows.run.record import RunRecord, begun, new_record, read_records, state_after, write_record
from flows.run.runs_page import write_checks_site
from flows.run.shutdown import noting_a_stop, stopping_clean
from flows.settings.environment import make_open_folder
from flows.settings.model import Settings
from flows.vault.backups import kept_safe, refuse_to_begin_anew
from flows.vault.key import key_or_new
from warehouse import failpoints
from warehouse.database.connection import open_vault
from warehouse.errors import engine_told_plainly
from warehouse.ingest.runs import write_run
from warehouse.transform.stage import staging_area


def run_for_command(
    arguments: argparse.Namespace,
    settings: Settings,
    pipeline: Callable[[Do], None],
    options: RunOptions = NO_OPTIONS,
    *,
    stopped: str = STOPPED_SENTENCE,
) -> RunRecord:
    """A run as a person begins it: its progress is shown; told to stop it ends clean, and says *stopped*."""
    log_to_stderr()
    with stopping_clean(stopped, as_json=arguments.json), shown_progress() as progress:
        return run_here(open_run(settings, progress, arguments.command, options), pipeline)


def run_here(opening: AbstractContextManager[RunContext], pipeline: Callable[[Do], None]) -> RunRecord:
    """A whole run in this process, without Prefect; returns its record.

    Raises:
        PledgeError, SourceError, WarehouseError: a sentence and an exit code; see flows.errors.
    """
    with opening as run:
        pipeline(partial(do_step, run))
    return run.record


def tell(record: RunRecord, *, as_json: bool) -> None:
    """Say how a run has ended: its record, or a sentence."""
    if as_json:
        print_json(record.as_json())
    else:
        LOG.info("%s", record.in_a_sentence())


@contextmanager
def open_run(
    settings: Settings,
    progress: Progress,
    command: str = "sync",
    options: RunOptions = NO_OPTIONS,
    *,
    now: Clock = now_in_utc,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[RunContext]:
    """A run with its vault open; its record is kept however it ends.

    sleep, monotonic: how to wait for the platform, and a clock for such waits; both in seconds.

    From outside in: what keeps the vault safe works on the closed file, before and after; then the vault is
    opened; the record is written first, so that a run that is killed has left one; what a step opened is
    closed before the record is.

    Raises:
        SettingsError, WarehouseError: the key or the vault can't be used; no call was made.
    """
    started = now()
    refuse_to_begin_anew(settings)
    make_open_folder(settings.home)
    key, is_new = key_or_new(settings)
    if is_new:
        progress.say(
            f"Made the vault's key: {settings.default_key_file}. Keep a copy in a safe place, apart."
        )
    earlier = read_records(settings.runs_folder)
    record = new_record(command, started, earlier)
    with (
        kept_safe(settings, key, record, progress),
        open_vault(settings.vault_path, key, now=started) as vault,
        staging_area(vault),
    ):
        run = RunContext(
            settings=settings,
            record=record,
            vault=vault,
            progress=progress,
            now=now,
            sleep=sleep,
            monotonic=monotonic,
            options=options,
            earlier=earlier,
        )
        write_run(vault, record.as_json())
        write_record(record, settings.runs_folder)
        begun.append(record)
        with _closing_record(run), run.at_end:
            yield run


@contextmanager
def _closing_record(run: RunContext) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        run.record.state = state_after(error)
        run.record.warnings.append(sentence_of(error))
        with suppress(Exception):  # a damaged vault or a full disk takes no record; the error says why
            _close_record(run)
        raise
    _close_record(run)


def _close_record(run: RunContext) -> None:
    run.record.ended_at = run.now().isoformat()
    write_record(run.record, run.settings.runs_folder)  # before the pages, which are made of the records
    if write_checks_site(run.settings, run.warn) is None:
        write_record(run.record, run.settings.runs_folder)  # that the pages are missing, too
    write_run(run.vault, run.record.as_json())


def do_step(run: RunContext, step: Callable[..., Any], *given: Any) -> Any:
    """Do one step, write down how long it took, and return what it found."""
    begun_at = time.monotonic()
    run.progress.step(title_of(step))
    failpoints.reached(f"before {step.__name__}")
    try:
        with noting_a_stop(), engine_told_plainly(run.settings.vault_path):
            found = step(run, *given)
        failpoints.reached(f"after {step.__name__}")
        return found
    finally:
        run.record.steps[step.__name__] = round(time.monotonic() - begun_at, 3)


def title_of(step: Callable[..., Any]) -> str:
    """The first line of the step's docstring: what it does, for people."""
    return (step.__doc__ or step.__name__).strip().splitlines()[0].rstrip(".")
