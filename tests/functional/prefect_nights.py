"""Two nights under Prefect in one process, with one temporary server: a good one, and one with a bug.

The bug's message, its cause and its variables quote the texts of standard input. Each night's exit
code and standard output go to standard output as a JSON list.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from flows import nightly
from flows.cli import main

if TYPE_CHECKING:
    from flows.night import Night


def a_night(*arguments: str) -> dict[str, object]:
    out = io.StringIO()
    with redirect_stdout(out):
        code = main(["sync", "--json", *arguments])
    return {"code": code, "stdout": out.getvalue()}


def build(night: Night) -> None:
    """Decide who counts, and fail at it."""
    quoted = sys.stdin.read()
    try:
        night.n_touched = int(quoted)
    except ValueError as cause:
        raise KeyError(quoted) from cause


if __name__ == "__main__":
    nights = [a_night()]
    nightly.build = build
    nights.append(a_night("--full"))
    json.dump(nights, sys.stdout)
