"""What a run is given, and what its steps hand on to one another."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.survey.contract import SurveyDesign
from connectors.surveymonkey.client import SurveyMonkey
from flows.run.clock import Clock
from flows.run.progress import Progress
from flows.run.record import RunRecord
from flows.settings.model import Settings
from warehouse.transform.stage import Form


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the operator may ask of a run beside the usual."""

    is_full: bool = False  # fetch every response again, and compare all ids
    accepts_withdrawals: bool = False  # many may vanish tonight
    accepts_fall: bool = False  # far fewer people may count than before
    rechecks: bool = False  # every response is checked and decided anew, not only those new or changed
    accepts_late: bool = False  # names may go though people have signed since the day on which they were to


NO_OPTIONS = RunOptions()


@dataclass(frozen=True, slots=True)
class RunContext:
    """What one run of the pipeline is given. Nothing in it is set later: what a step finds out it returns."""

    settings: Settings
    record: RunRecord  # what the run did, in counts; each step writes down its own
    vault: Any  # open; opaque here
    progress: Progress
    now: Clock
    sleep: Callable[[float], None] = time.sleep  # seconds
    monotonic: Callable[[], float] = time.monotonic  # for waits, in seconds
    options: RunOptions = NO_OPTIONS
    earlier: Sequence[RunRecord] = ()  # of the runs before it, the latest first
    at_end: ExitStack = field(default_factory=ExitStack)  # closes what a step opened, before the record

    @property
    def run_id(self) -> str:
        return self.record.run_id

    def warn(self, sentence: str) -> None:
        """Tell the operator, now and in the record."""
        if sentence not in self.record.warnings:
            self.record.warnings.append(sentence)
            self.progress.warn(sentence)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What is to be imported, and how."""

    paths: Sequence[Path]
    zone: ZoneInfo  # of the files' dates
    order: str | None = None  # of a date: ``day-first``, ``month-first`` or None: worked out
    is_answers_only: bool = False  # any survey, its answers kept and nobody counted
    replaces: bool = False  # the files are the whole truth: what only earlier files gave is withdrawn


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform, open for this run, and the survey there that the run is about."""

    client: SurveyMonkey
    survey_id: str


@dataclass(frozen=True, slots=True)
class SurveyForm:
    """The form in force. design: as the source gives it; form: as the warehouse takes it."""

    design: SurveyDesign
    form: Form

    @property
    def survey_id(self) -> str:
        return self.form.survey_id


@dataclass(frozen=True, slots=True)
class Walk:
    """What has come in, and what the source says of itself."""

    is_whole: bool = False  # every response changed since the last walk is in the vault
    put_off: str | None = None  # what the day budget left undone, as a sentence
    fresh_as_of: str | None = None  # when the source was as it was read, in UTC; None: when the run began
    platform_total: int | None = None  # the platform's own number of responses; None if it was not asked
    rollups: Mapping[str, int] | None = None  # choice id to its own count of it; None if it was not asked
