"""The environment that the libraries are given before they are imported."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings.model import Home

OWNER_ONLY, OTHERS_READ = 0o077, 0o022
LIMIT_WITHOUT_CORES = 1  # 0 keeps no core from a program that the system pipes them to; at 1 Linux drops them
PREFECT_STARTUP_SECONDS = 120  # its own limit of 20 s is too short on a busy machine


def prepare(settings: Home) -> None:
    """Keep Prefect's and Great Expectations' files under PLEDGE_HOME, and their reports to their makers off.

    A variable that the operator has set stays. No core file is written: it would hold people's data. All that
    is made from now on only its owner may read; see `open_to_others`.
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
    least = LIMIT_WITHOUT_CORES if hard == resource.RLIM_INFINITY else min(LIMIT_WITHOUT_CORES, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (least, hard))
    os.umask(OWNER_ONLY)


@contextmanager
def open_to_others(*, is_wanted: bool) -> Iterator[None]:
    """Within the block new files may be read by others, where that is wanted."""
    before = os.umask(OTHERS_READ if is_wanted else OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)


def make_open_folder(folder: Path) -> None:
    """Make a folder that others may look into; one that is there keeps the rights that somebody gave it.

    Of what is written under PLEDGE_HOME these are the home itself and its published part.
    """
    with open_to_others(is_wanted=True):
        folder.mkdir(parents=True, exist_ok=True)


def make_prefect_home() -> None:
    """Make Prefect's own folder, which it doesn't where the one above is missing too."""
    folder = Path(os.environ["PREFECT_HOME"])
    make_open_folder(folder.parent)
    folder.mkdir(exist_ok=True)
