"""What a run is given, and what its steps hand on to one another."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connectors.survey.contract import SurveyDesign
from flows.run.clock import Clock
from flows.run.progress import Progress
from flows.run.record import RunRecord
from flows.settings.model import Settings
from warehouse.transform.stage import Form

if TYPE_CHECKING:  # for start-up: commands of staff's know a run's context and do without HTTP
    from connectors.surveymonkey.client import SurveyMonkey


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


NO_OPTIONS = RunOptions()


@dataclass(frozen=True, slots=True)
class RunContext:
    """What one run of the pipeline is given. Nothing in it is set later: what a step finds out it returns.

    record: what the run did, in counts; each step writes down its own.
    vault: the open vault; opaque here.
    sleep, monotonic: how to wait, and a clock for waits; both in seconds.
    options: what the operator asked of this run.
    earlier: records of the runs before it, the latest first.
    at_end: what a step opened is closed by it, before the record is closed.
    """

    settings: Settings
    record: RunRecord
    vault: Any
    progress: Progress
    now: Clock
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    options: RunOptions = NO_OPTIONS
    earlier: Sequence[RunRecord] = ()
    at_end: ExitStack = field(default_factory=ExitStack)

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
    """What is to be imported, and how.

    zone: of the files' dates. order: ``day-first``, ``month-first`` or None: worked out.
    is_answers_only: any survey, its answers kept and nobody counted.
    replaces: the files are the whole truth: what earlier files alone gave and these don't is withdrawn.
    """

    paths: Sequence[Path]
    zone: ZoneInfo
    order: str | None = None
    is_answers_only: bool = False
    replaces: bool = False


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
    """What has come in, and what the source says of itself.

    is_whole: every response changed since the last walk is in the vault.
    put_off: what the day budget left undone, as a sentence; None if nothing.
    fresh_as_of: when the source was as it was read, ISO 8601 in UTC; None: when the run began.
    platform_total: the platform's own number of responses; None if it was not asked.
    rollups: choice id to its own number of responses that ticked it; None if it was not asked.
    """

    is_whole: bool = False
    put_off: str | None = None
    fresh_as_of: str | None = None
    platform_total: int | None = None
    rollups: Mapping[str, int] | None = None
