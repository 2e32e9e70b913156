"""The environment that the libraries are given before they are imported."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.settings import Settings

PREFECT_STARTUP_SECONDS = 120  # its own limit of 20 s is too short on a busy machine


def prepare(settings: Settings) -> None:
    """Keep Prefect's and Great Expectations' files under PLEDGE_HOME, and their reports to their makers off.

    A variable that the operator has set stays. No core file is written: it would hold people's data.
    """
    wanted = {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(PREFECT_STARTUP_SECONDS),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "pledge",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "GX_ANALYTICS_ENABLED": "false",
    }
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def make_prefect_home() -> None:
    """Make Prefect's own folder, which it doesn't where the one above is missing too."""
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
