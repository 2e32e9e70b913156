"""Processes that the benchmark starts, measures and ends."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

FOLDER = Path(__file__).parent
PLEDGE = Path(sys.executable).with_name("pledge")
LONGEST_SECONDS = 1800
OWN_NAMES = ("PLEDGE_", "SURVEYMONKEY_", "PREFECT_", "GX_", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Measured:
    """What one process used, from its start to its end, and what it wrote.

    wall, cpu: seconds; cpu is user and system time together.
    peak_mb: the most resident memory it held.
    platform_cpu: processor seconds that the sandbox used meanwhile.
    """

    wall: float
    cpu: float
    peak_mb: float
    platform_cpu: float
    output: str


class PlatformProcess:
    """The sandbox in its process: its address, and what it can be told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._seen = psutil.Process(process.pid)
        self.url = self._answer()

    def _answer(self) -> str:
        line = self._process.stdout.readline().strip()
        if not line:
            raise SystemExit("The sandbox did not start; its own words stand above.")
        return line

    def cpu(self) -> float:
        used = self._seen.cpu_times()
        return used.user + used.system

    def edit(self, wanted: int) -> None:
        self._process.stdin.write(f"edit {wanted}\n")
        self._process.stdin.flush()
        self._answer()

    def walk(self, token: str, survey_id: str) -> int:
        """Ask for every page of every list once with a bare client; return the bytes that came."""
        parts = urlsplit(self.url)
        n_bytes = 0
        for path, per_page in (("responses/bulk", 100), ("responses", 1000)):
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
            page = 1
            while True:
                asked = urlencode({"page": page, "per_page": per_page})
                headers = {"Authorization": f"bearer {token}"}
                connection.request("GET", f"{parts.path}/surveys/{survey_id}/{path}?{asked}", headers=headers)
                body = connection.getresponse().read()
                n_bytes += len(body)
                if "next" not in json.loads(body)["links"]:
                    break
                page += 1
            connection.close()
        return n_bytes


@contextmanager
def platform_process(n_responses: int, seed: int):
    """The sandbox, serving until the block is left."""
    command = [sys.executable, FOLDER / "platform_process.py", str(n_responses), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield PlatformProcess(process)
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def measured(command: list[object], *, platform: PlatformProcess | None = None, **variables: str) -> Measured:
    """Run *command* to its end, with nothing of the caller's settings but *variables*.

    Raises:
        SystemExit: it failed, or took longer than LONGEST_SECONDS.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OWN_NAMES)}
    before = platform.cpu() if platform else 0.0
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as told:
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            env=environment | variables,
            cwd=variables.get("PLEDGE_HOME"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=told,
        )
        code, used = _end_of(process)
        wall = time.monotonic() - begun
        output.seek(0)
        told.seek(0)
        if code != 0:
            raise SystemExit(f"{Path(str(command[0])).name} ended with {code}:\n{told.read()}")
        return Measured(
            wall=wall,
            cpu=used.ru_utime + used.ru_stime,
            peak_mb=used.ru_maxrss / 1024,
            platform_cpu=(platform.cpu() if platform else 0.0) - before,
            output=output.read(),
        )


def _end_of(process: subprocess.Popen) -> tuple[int, Any]:
    """Wait for the end; the exit code, and what the process used."""
    killer = threading.Timer(LONGEST_SECONDS, process.kill)
    killer.start()
    try:
        _, status, used = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    finally:
        killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used
