"""How a run is opened, its steps timed, and closed; and a whole night in this process."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flows.errors import BUDGET, STOPPED, exit_code_of, sentence_of
from flows.pipelines import the_night
from flows.run.clock import Clock, now_in_utc
from flows.run.context import NOTHING_ASKED, RunContext, RunOptions, killing_at, title_of
from flows.run.record import PARTIAL, REFUSED, RunRecord, read_records, run_name, write_record
from flows.run.runs_page import write_checks_site
from flows.run.shutdown import noting_a_stop
from flows.settings.environment import make_open_folder
from flows.vault.key import key_or_new
from warehouse.errors import engine_told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from flows.run.progress import Progress
    from flows.settings.model import Settings


def run_direct(
    settings: Settings,
    progress: Progress,
    *,
    asked: RunOptions = NOTHING_ASKED,
    now: Clock = now_in_utc,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    command: str = "sync",
    warnings: Sequence[str] = (),
) -> RunRecord:
    """A whole night in this process, without Prefect.

    sleep, monotonic: how to wait for the platform, and a clock for such waits; both in seconds.
    warnings: sentences that the record is to begin with.

    Raises:
        PledgeError, SourceError, WarehouseError: a sentence and an exit code; see flows.errors.
    """
    with (
        open_run(
            settings,
            command=command,
            progress=progress,
            now=now,
            sleep=sleep,
            monotonic=monotonic,
            asked=asked,
        ) as run,
        closing_platform(run),
    ):
        for sentence in warnings:
            run.warn(sentence)
        the_night(lambda step: timed(run, step), is_final=run.is_final)
    return run.record


@contextmanager
def closing_platform(run: RunContext) -> Iterator[None]:
    """Write down what the platform was asked, however the night ends, and hang up."""
    try:
        yield
    finally:
        with suppress(AttributeError):  # preflight never came so far
            run.record.requests = run.platform.requests
            run.record.calls_left_today = run.platform.budget.calls_left_today
            run.platform.close()


STANDING = (
    "fresh_as_of", "n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn",
    "erased", "conservation_ok", "names_erased_at",
)  # fmt: skip

begun: list[RunRecord] = []
"""Records of the nights that this process has begun, the latest last."""


@contextmanager
def open_run(
    settings: Settings,
    *,
    command: str,
    progress: Progress,
    now: Clock = now_in_utc,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    asked: RunOptions = NOTHING_ASKED,
) -> Iterator[RunContext]:
    """A night with its vault open; its record is kept however it ends.

    Raises:
        SettingsError, WarehouseError: the key or the vault can't be used; no call was made.
    """
    from flows.staff.access_log import note_access_log
    from flows.steps.retention import erase_overdue, retain
    from flows.vault.backups import kept_safe, refuse_to_begin_anew
    from warehouse.database.connection import open_vault
    from warehouse.ingest.runs import write_run
    from warehouse.transform.stage import staging_area

    started = now()
    refuse_to_begin_anew(settings)
    make_open_folder(settings.home)
    key, is_new = key_or_new(settings)
    if is_new:
        progress.say(
            f"Made the vault's key: {settings.default_key_file}. Keep a copy in a safe place, apart."
        )
    earlier = read_records(settings.runs_folder)
    record = _new_record(run_name(started), command, started, earlier)
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
            asked=asked,
            earlier=earlier,
            boundary=killing_at(os.environ.get("PLEDGE_KILL_AT")),
        )
        note_access_log(run)
        write_run(vault, record.as_json())
        write_record(record, settings.runs_folder)
        begun.append(record)
        try:
            erase_overdue(run)
            retain(run)
            yield run
        except BaseException as error:
            record.state = _state_after(error)
            record.warnings.append(sentence_of(error))
            with suppress(Exception):  # a damaged vault or a full disk takes no record; the error says why
                _end(run)
            raise
        _end(run)


def _end(run: RunContext) -> None:
    from warehouse.ingest.runs import write_run

    run.record.ended_at = run.now().isoformat()
    write_record(run.record, run.settings.runs_folder)
    if write_checks_site(run.settings, run.warn) is None:
        write_record(run.record, run.settings.runs_folder)  # that the pages are missing, too
    write_run(run.vault, run.record.as_json())


def _new_record(run_id: str, command: str, started: datetime, earlier: list[RunRecord]) -> RunRecord:
    """A record that stands where the last run left the figures: a night that fails shows no false zero."""
    record = RunRecord(run_id=run_id, command=command, started_at=started.isoformat())
    if earlier:
        for name in STANDING:
            setattr(record, name, getattr(earlier[0], name))
    return record


def _state_after(error: BaseException) -> str:
    return PARTIAL if exit_code_of(error) in {BUDGET, STOPPED} else REFUSED


def record_of_failure(runs_folder: Path, error: BaseException, command: str = "sync") -> RunRecord:
    """The record of the night that *error* ended; of one that was never begun a new one, kept nowhere."""
    if begun:
        return begun[-1]
    started = now_in_utc()
    earlier = read_records(runs_folder, last=1)
    record = _new_record(run_name(started), command, started, earlier)
    record.state, record.ended_at = _state_after(error), started.isoformat()
    record.warnings.append(sentence_of(error))
    return record


def timed(run: RunContext, step: Callable[[RunContext], None]) -> None:
    """Do one step and write down how long it took."""
    begun = time.monotonic()
    run.progress.step(title_of(step))
    run.boundary(f"before {step.__name__}")
    try:
        with noting_a_stop(), engine_told_plainly(run.settings.vault_path):
            step(run)
        run.boundary(f"after {step.__name__}")
    finally:
        run.record.steps[step.__name__] = round(time.monotonic() - begun, 3)
