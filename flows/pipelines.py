"""What a run does, step by step: the table of contents of the whole system.

Each step is a plain function in `flows.steps` that takes the run and what earlier steps found out, and
returns what it finds out itself; its first line says what it does. *do* does a step: in this process
(`flows.orchestration.run`) or as a task of a Prefect flow (`flows.orchestration.prefect_flow`).
"""

from collections.abc import Callable
from typing import Any, Protocol

from flows.run.context import ImportOptions, SurveyForm, Walk
from flows.steps.audit import audit
from flows.steps.build import build
from flows.steps.check import check
from flows.steps.erase import erase
from flows.steps.files import load_files, read_files
from flows.steps.form import files_form, known_form, last_walk, pledge_form, survey_form
from flows.steps.preflight import preflight
from flows.steps.publish import finish, finish_unpublished, publish
from flows.steps.pull import pull
from flows.steps.retention import erase_names_when_due, erase_overdue, note_access_log, note_packs_shown
from flows.steps.stage import stage
from flows.steps.sweep import sweep
from flows.vault.data_subject import DataSubject


class Do(Protocol):
    """How a step is done: with the run, and with what is *given* of earlier steps."""

    def __call__(self, step: Callable[..., Any], *given: Any) -> Any: ...


def nightly(do: Do) -> None:
    """The night. Of a pledge whose names were erased nothing is fetched: that would bring them back."""
    if begin(do):
        form = do(known_form)
        walk = do(last_walk, form)
    else:
        platform = do(preflight)
        form = do(survey_form, platform)
        walk = do(pull, platform, form)
        walk = do(sweep, platform, form, walk)
    decide(do, form)
    publish_decided(do, form, walk)


def importing(do: Do, files: ImportOptions) -> None:
    """Export files into the same warehouse; answers of any survey are kept, and nobody is counted."""
    is_final = begin(do)
    exports = do(read_files, files, is_final)
    form = do(files_form, files, exports)
    walk = do(load_files, files, exports, form)
    if files.is_answers_only:
        do(stage, form)
        do(finish_unpublished)
        return
    decide(do, form)
    publish_decided(do, form, walk)


def recount(do: Do) -> None:
    """Who counts, decided anew from what the vault holds; no call is made."""
    begin(do)
    form = do(known_form)
    walk = do(last_walk, form)
    decide(do, form)
    publish_decided(do, form, walk)


def erasure(do: Do, subject: DataSubject, reason: str) -> None:
    """A person taken out of the vault: all that came in is decided first, and figures are made again."""
    begin(do)
    form = do(pledge_form)
    if form is None:  # answers of other surveys alone: nobody is counted
        do(erase, subject, reason)
        do(finish_unpublished)
        return
    walk = do(last_walk, form)
    decide(do, form)
    do(erase, subject, reason)
    decide(do, form)
    publish_decided(do, form, walk)


def retention(do: Do) -> None:
    """What is kept no longer, erased; every other run begins by it."""
    begin(do)
    do(finish_unpublished)


def begin(do: Do) -> bool:
    """What every run begins with; returns whether the pledge's names were erased, now or before."""
    do(note_access_log)
    do(note_packs_shown)
    do(erase_overdue)
    is_final: bool = do(erase_names_when_due)
    return is_final


def decide(do: Do, form: SurveyForm) -> None:
    """Typed rows, who is held back, who counts."""
    n_pending = do(stage, form)
    do(check, form, n_pending)
    do(build, form, n_pending)


def publish_decided(do: Do, form: SurveyForm, walk: Walk) -> None:
    """The sums proven, the new figures put where readers find them, the run's end told."""
    is_new = do(audit, form, walk)
    published = do(publish, form, walk, is_new)
    do(finish, walk, published)
