"""The night, step by step: the table of contents of the whole system.

Each step is a plain function that takes the night; its first line says what it does. The same
steps run in this process (`pledge sync --direct`) or as tasks of a Prefect flow
(`flows.orchestrated`).
"""

from __future__ import annotations

from collections.abc import Callable

from flows.decide import audit, build, check_incoming, stage
from flows.gather import preflight, pull, survey
from flows.night import Night
from flows.recounting import remember_form
from flows.tell import publish, tell
from flows.withdrawals import sweep

Step = Callable[[Night], None]


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
