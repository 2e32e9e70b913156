"""What the steps of a run share."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from connectors.export_files.reader import Export
    from connectors.survey.contract import SurveyDesign
    from connectors.surveymonkey.client import SurveyMonkey
    from flows.run.clock import Clock
    from flows.run.progress import Progress
    from flows.run.record import RunRecord
    from flows.settings.model import Settings
    from warehouse.transform.stage import Form


@dataclass(frozen=True, slots=True)
class RunOptions:
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


NOTHING_ASKED = RunOptions()


@dataclass(slots=True)
class RunContext:
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
    n_pending: responses decided anew tonight.
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
    asked: RunOptions = NOTHING_ASKED
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
    n_pending: int = 0
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


def title_of(step: Callable[[RunContext], None]) -> str:
    """The first line of the step's docstring: what it does, for people."""
    return (step.__doc__ or step.__name__).strip().splitlines()[0].rstrip(".")


def killing_at(name: str | None) -> Callable[[str], None]:
    """A boundary that ends the process there as a power cut would; None never does. For tests only."""

    def boundary(here: str) -> None:
        if here == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return boundary


@dataclass(slots=True)
class Files:
    """What is to be imported, and what was understood of it.

    zone: of the files' dates. order: ``day-first``, ``month-first`` or None: worked out.
    is_answers_only: any survey, its answers kept and nobody counted.
    replaces: the files are the whole truth: what earlier files alone gave and these don't is withdrawn.
    """

    paths: Sequence[Path]
    zone: ZoneInfo
    order: str | None = None
    is_answers_only: bool = False
    replaces: bool = False
    exports: list[Export] = field(default_factory=list)
