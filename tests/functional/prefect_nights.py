"""Three nights under Prefect in one process, with one temporary server.

A good one; one with a bug, whose message, cause and variables quote the texts of standard input; and one that
is told to stop by a signal that has ended Prefect's server too, as a signal to a whole group of processes
does. Exit code and standard output of the first two go to standard output as one line of JSON; what the
third prints follows. When it was told to stop goes to the file named by the first argument.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from flows import pipelines
from flows.cli import main

if TYPE_CHECKING:
    from flows.run.context import RunContext


def a_night(*arguments: str) -> dict[str, object]:
    """Exit code and standard output of a sync."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = main(["sync", "--json", *arguments])
    return {"code": code, "stdout": out.getvalue()}


def build(night: RunContext) -> None:
    """Decide who counts, and fail at it."""
    quoted = sys.stdin.read()
    try:
        night.n_pending = int(quoted)
    except ValueError as cause:
        raise KeyError(quoted) from cause


def sweep(_night: RunContext) -> None:
    """Meet a signal that Prefect's server has met too."""
    for child in psutil.Process().children(recursive=True):
        child.kill()
    Path(sys.argv[1]).write_text(str(time.time()), encoding="ascii")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


if __name__ == "__main__":
    nights = [a_night()]
    pipelines.build = build
    nights.append(a_night("--full"))
    print(json.dumps(nights), flush=True)
    pipelines.sweep = sweep
    sys.exit(main(["sync", "--json"]))
