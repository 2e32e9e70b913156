"""Runs commands as forked processes, so that what takes seconds to import is imported once.

Reads an order a line, as JSON: arguments, environment, folder; kill_after (seconds, or null), most_bytes
(the largest that a file may grow, or null) and most_writes (those below PLEDGE_HOME that succeed, or null;
needs full_disk.c preloaded), kill_at (a failpoint, or null). Answers with a line: exit code (negative: the
signal that ended it) and seconds. Each process is one of its own, and the signal a real one.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import threading
import time
from functools import partial
from importlib import import_module
from typing import Any

# All that a night imports.
IMPORTS = (
    "pandas", "pyarrow", "duckdb", "requests", "msgspec", "email_validator", "great_expectations",
    "flows.cli", "flows.dispatch", "flows.orchestration.run", "flows.run.progress",
    "connectors.surveymonkey.client",
    "connectors.survey.fields", "checks.row_checks", "checks.audit", "checks.people.email_key",
    "warehouse.database.connection",
    "warehouse.releases.publish", "warehouse.queries.figures",
)  # fmt: skip


def run(order: dict[str, Any]) -> dict[str, float]:
    """Do one order."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_command(order)
    handle = os.pidfd_open(child)
    try:
        if order["kill_after"] is not None and not select.select([handle], [], [], order["kill_after"])[0]:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    finally:
        os.close(handle)
    return {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - begun}


def _be_the_command(order: dict[str, Any]) -> None:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        for number, name in enumerate(("/dev/null", "stdout.txt", "stderr.txt")):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
        if order["most_bytes"] is not None:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["most_bytes"], hard))
        if order["most_writes"] is not None:
            home = os.environ["PLEDGE_HOME"].encode()
            ctypes.CDLL(None).disk_fills_after(home, ctypes.c_long(order["most_writes"]))
        with import_module("warehouse.failpoints").installed(partial(_kill_at, order["kill_at"])):
            code = import_module("flows.cli").main(order["arguments"])
        sys.stdout.flush()
        if order["most_writes"] is not None:
            seen = ctypes.CDLL(None).writes_seen
            seen.restype = ctypes.c_long
            sys.stderr.write(f"writes {seen()}\n")
            sys.stderr.flush()
    finally:
        os._exit(code)


def _kill_at(failpoint: str | None, here: str) -> None:
    if here == failpoint:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    for name in IMPORTS:
        import_module(name)
    if threading.active_count() > 1:
        raise SystemExit("a library started a thread on its import; a fork would lose it")
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
