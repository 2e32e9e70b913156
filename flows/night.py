"""What the steps of a night share, and how a night is opened and closed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flows.checks_site import write_checks_site
from flows.errors import BUDGET, STOPPED, exit_code_of, sentence_of
from flows.record import PARTIAL, REFUSED, RunRecord, read_records, run_name, write_record
from flows.stopping import noting_a_stop
from flows.surroundings import make_open_folder
from flows.vault_key import key_or_new
from warehouse.errors import engine_told_plainly

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.contract import SurveyDesign
    from connectors.surveymonkey.client import SurveyMonkey
    from flows.importing import Files
    from flows.progress import Progress
    from flows.settings import Settings
    from warehouse.stage import Form

STANDING = (
    "fresh_as_of", "n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn",
    "erased", "conservation_ok", "names_erased_at",
)  # fmt: skip

Clock = Callable[[], datetime]

begun: list[RunRecord] = []
"""Records of the nights that this process has begun, the latest last."""


def now_in_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator may ask of a run beside the usual.

    is_full: fetch every response again, and compare all ids.
    accepts_withdrawals: many may vanish tonight.
    accepts_fall: far fewer people may count than before.
    accepts_late: names and addresses may go though people have signed since the day on which they were to.
    rechecks: every response is checked and decided anew, not only those new or changed.
    """

    is_full: bool = False
    accepts_withdrawals: bool = False
    accepts_fall: bool = False
    rechecks: bool = False
    accepts_late: bool = False


NOTHING_ASKED = Asked()


@dataclass(slots=True)
class Night:
    """One run of the pipeline: what it was given, what it has found out, what it did.

    vault: the open vault; opaque here.
    asked: what the operator asked of this run.
    is_walk_whole: every response changed since the last walk is in the vault.
    platform_total: the platform's own number of responses; None if it was not asked.
    rollups: choice id to its own number of responses that ticked it; None if it was not asked.
    fresh_as_of: when the source was as it was read; None: when the night began.
    files: of an import: what is to be taken in.
    put_off: what the day budget left undone, as a sentence; None if nothing.
    boundary: told ``before pull``, ``after pull`` and so on, and where a step has kept something half-way;
        tests kill the process there.
    sleep, monotonic: how to wait, and a clock for waits; both in seconds.
    n_touched: responses decided anew tonight.
    is_final: names and addresses of the pledge were erased, so nothing of it comes in any more.
    is_new_content: the published file, if there is one, rests on other content than the vault has now.
    platform, survey_id, design, form: set by the first two steps.
    """

    settings: Settings
    record: RunRecord
    vault: Any
    progress: Progress
    now: Clock
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    asked: Asked = NOTHING_ASKED
    earlier: list[RunRecord] = field(default_factory=list)
    platform: SurveyMonkey = field(init=False)
    survey_id: str = field(init=False)
    design: SurveyDesign = field(init=False)
    form: Form = field(init=False)
    is_walk_whole: bool = False
    platform_total: int | None = None
    rollups: Mapping[str, int] | None = None
    put_off: str | None = None
    fresh_as_of: str | None = None
    files: Files = field(init=False)
    boundary: Callable[[str], None] = lambda _: None
    n_touched: int = 0
    is_final: bool = False
    is_new_content: bool = True

    @property
    def calls_made(self) -> int:
        return self.platform.requests if hasattr(self, "platform") else 0

    @property
    def run_id(self) -> str:
        return self.record.run_id

    def warn(self, sentence: str) -> None:
        """Tell the operator, now and in the record."""
        if sentence not in self.record.warnings:
            self.record.warnings.append(sentence)
            self.progress.warn(sentence)


@contextmanager
def open_night(
    settings: Settings,
    *,
    command: str,
    progress: Progress,
    now: Clock = now_in_utc,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    asked: Asked = NOTHING_ASKED,
) -> Iterator[Night]:
    """A night with its vault open; its record is kept however it ends.

    Raises:
        SettingsError, WarehouseError: the key or the vault can't be used; no call was made.
    """
    from flows.access_log import note_access_log
    from flows.keeping import erase_overdue, kept_safe, refuse_to_begin_anew
    from flows.retention import retain
    from warehouse.connection import open_vault
    from warehouse.ledger import write_run
    from warehouse.stage import staging_area

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
        night = Night(
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
        note_access_log(night)
        write_run(vault, record.as_json())
        write_record(record, settings.runs_folder)
        begun.append(record)
        try:
            erase_overdue(night)
            retain(night)
            yield night
        except BaseException as error:
            record.state = _state_after(error)
            record.warnings.append(sentence_of(error))
            with suppress(Exception):  # a damaged vault or a full disk takes no record; the error says why
                _end(night)
            raise
        _end(night)


def _end(night: Night) -> None:
    from warehouse.ledger import write_run

    night.record.ended_at = night.now().isoformat()
    write_record(night.record, night.settings.runs_folder)
    if write_checks_site(night.settings, night.warn) is None:
        write_record(night.record, night.settings.runs_folder)  # that the pages are missing, too
    write_run(night.vault, night.record.as_json())


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


def timed(night: Night, step: Callable[[Night], None]) -> None:
    """Do one step and write down how long it took."""
    begun = time.monotonic()
    night.progress.step(title_of(step))
    night.boundary(f"before {step.__name__}")
    try:
        with noting_a_stop(), engine_told_plainly(night.settings.vault_path):
            step(night)
        night.boundary(f"after {step.__name__}")
    finally:
        night.record.steps[step.__name__] = round(time.monotonic() - begun, 3)


def killing_at(name: str | None) -> Callable[[str], None]:
    """A boundary that ends the process there as a power cut would; None never does. For tests only."""

    def boundary(here: str) -> None:
        if here == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return boundary


def title_of(step: Callable[[Night], None]) -> str:
    """The first line of the step's docstring: what it does, for people."""
    return (step.__doc__ or step.__name__).strip().splitlines()[0].rstrip(".")
