"""The client of the fork server: runs a pledge's commands in processes that may be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

    from tests.driving import Pledge


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    code: its exit code; negative, the signal that killed it.
    """

    code: int
    seconds: float
    stdout: str
    stderr: str

    @property
    def was_killed(self) -> bool:
        return self.code < 0

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found


class Forks:
    """A fork server, for as long as the ``with`` block lasts.

    preload: a library that stands before the system's own.
    """

    def __init__(self, preload: Path | None = None) -> None:
        self._preloaded = {} if preload is None else {"LD_PRELOAD": str(preload)}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "GX_ANALYTICS_ENABLED": "false",
                "OPENBLAS_NUM_THREADS": "1",
                **self._preloaded,
            },
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(
        self,
        pledge: Pledge,
        *arguments: str,
        kill_after: float | None = None,
        most_bytes: int | None = None,
        most_writes: int | None = None,
        kill_at: str | None = None,
        **changes: str | None,
    ) -> Ended:
        """Run one command of *pledge*; *changes* are to its environment.

        kill_after: seconds after which it is killed as by a power cut, if it hasn't ended.
        most_bytes: no file may be written beyond so many.
        most_writes: those below its home that succeed; then the disk is full.
        kill_at: the failpoint at which it is killed.
        """
        order = {
            "arguments": arguments,
            "environment": {"PATH": os.environ["PATH"]} | pledge._variables(changes),
            "folder": str(pledge.folder),
            "kill_after": kill_after,
            "most_bytes": most_bytes,
            "most_writes": most_writes,
            "kill_at": kill_at,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        texts = [(pledge.folder / f"{name}.txt").read_text() for name in ("stdout", "stderr")]
        return Ended(answer["code"], answer["seconds"], *texts)
