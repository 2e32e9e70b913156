"""The night, step by step: the table of contents of the whole system.

Each step is a plain function that takes the night; its first line says what it does. The same
steps run in this process (`pledge sync --direct`) or as tasks of a Prefect flow
(`flows.orchestration.prefect_flow`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flows.run.context import RunContext
from flows.steps.audit import audit
from flows.steps.build import build
from flows.steps.check import check_incoming
from flows.steps.known_form import know_form, remember_form
from flows.steps.load_files import take_in, tell_answers
from flows.steps.preflight import preflight
from flows.steps.publish import publish, tell
from flows.steps.pull import pull
from flows.steps.read_files import read_files
from flows.steps.stage import stage
from flows.steps.survey_form import survey
from flows.steps.sweep import sweep

if TYPE_CHECKING:
    from flows.run.context import Files


Step = Callable[[RunContext], None]


def the_night(do: Callable[[Step], None], *, is_final: bool = False) -> None:
    """All steps in order, each through *do*; of a pledge whose names were erased nothing is fetched."""
    if is_final:
        do(remember_form)
    else:
        do(preflight)
        do(survey)
        do(pull)
        do(sweep)
    do(stage)
    do(check_incoming)
    do(build)
    do(audit)
    do(publish)
    do(tell)


def the_recount(do: Callable[[Callable[[RunContext], None]], None]) -> None:
    """All steps in order, each through *do*."""
    do(remember_form)
    do(stage)
    do(check_incoming)
    do(build)
    do(audit)
    do(publish)
    do(tell)


def the_import(do: Callable[[Callable[[RunContext], None]], None], files: Files) -> None:
    """All steps in order, each through *do*; what is decided of answers alone is left to the next night."""
    do(read_files)
    do(know_form)
    do(take_in)
    do(stage)
    if files.is_answers_only:
        do(tell_answers)
        return
    do(check_incoming)
    do(build)
    do(audit)
    do(publish)
    do(tell)
