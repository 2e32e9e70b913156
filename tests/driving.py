"""Drives the command line as its users do: in this process, or as a process of its own."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import subprocess
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.sandbox.server.serve import TOKEN, SandboxServer
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.cli import main
from flows.orchestration.run import open_run, run_here
from flows.pipelines import nightly
from tests.faulty_sandbox import FaultySandbox, open_sandbox
from warehouse.database.connection import open_vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from flows.run.progress import Progress
    from flows.run.record import RunRecord
    from flows.settings.model import Settings

UNTIL = datetime(2025, 11, 3, 2, 15, tzinfo=UTC)
"""When the invented people had all signed: past, whenever the tests run."""

AWKWARD_NAME = '=cmd("x")|\'!A1'
"""A name that a spreadsheet would run."""

OWN_NAMES = ("PLEDGE_", "SURVEYMONKEY_", "PREFECT_", "GX_")
LONGEST_SECONDS = 240


def now_in_utc() -> datetime:
    return datetime.now(UTC)


def a_sandbox(
    n_responses: int, *, seed: int = 1, per_day: int | None = None, token: str = TOKEN
) -> FaultySandbox:
    """The imitation with a clock that runs and no limit a minute, not yet started."""
    return open_sandbox(
        n_responses, seed=seed, until=UNTIL, clock=now_in_utc, per_minute=None, per_day=per_day, token=token
    )


KILLED = """
import os, signal, sys
from warehouse import failpoints
at = sys.argv.pop(1)
from flows.cli import main
with failpoints.installed(lambda here: os.kill(os.getpid(), signal.SIGKILL) if here == at else None):
    sys.exit(main(sys.argv[1:]))
"""
"""A command that ends at one of its failpoints as by a power cut."""


def run_night(settings: Settings, progress: Progress, **given: Any) -> RunRecord:
    """A night in this process: its record. *given*: as `open_run` takes it."""
    return run_here(open_run(settings, progress, **given), nightly)


@dataclass(frozen=True)
class Ran:
    """What one command left: its exit code and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as a list of JSON objects."""
        found = json.loads(self.stdout)
        assert isinstance(found, list)
        return found

    @property
    def cells(self) -> list[list[str]]:
        """Standard output's tables and sentences: the cells of each line."""
        return [[cell.strip() for cell in line.split("│")] for line in self.stdout.splitlines()]


@dataclass
class Pledge:
    """One operator's place: a working folder with a home in it, and the environment of its commands.

    printed: all that the commands printed or logged, at any level.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def published(self) -> Path:
        return self.home / "published" / "pledge.duckdb"

    def at(self, server: SandboxServer, **changes: str) -> Pledge:
        """The same place, with a survey on that server to work on."""
        self.environment |= {
            "SURVEYMONKEY_API_URL": server.url,
            "SURVEYMONKEY_ACCESS_TOKEN": TOKEN,
            "PLEDGE_SURVEY_ID": SURVEY_ID,
            **changes,
        }
        return self

    def copy_to(self, folder: Path) -> Pledge:
        """Another place that stands where this one does."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Pledge(folder, dict(self.environment))

    def __call__(self, *arguments: str, **changes: str | None) -> Ran:
        """Run one command in this process; *changes* are to the environment, None takes one out."""
        out, err = io.StringIO(), io.StringIO()
        with self._surroundings(changes), redirect_stdout(out), redirect_stderr(err), self._listening():
            try:
                code = main(arguments)
            except SystemExit as end:  # argparse's own
                code = int(end.code or 0)
        self.printed += [out.getvalue(), err.getvalue()]
        return Ran(code, out.getvalue(), err.getvalue())

    def in_a_process(
        self, *arguments: str | Path, text: str = "", kill_at: str | None = None, **changes: str | None
    ) -> Ran:
        """Run one command in a process of its own, with *text* on its standard input; see `start`."""
        process = self.start(*arguments, kill_at=kill_at, **changes)
        try:
            out, err = process.communicate(text, timeout=LONGEST_SECONDS)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        self.printed += [out, err]
        return Ran(process.returncode, out, err)

    def start(
        self, *arguments: str | Path, kill_at: str | None = None, **changes: str | None
    ) -> subprocess.Popen[str]:
        """Begin one command, or a script if its path comes first, in a process of its own.

        kill_at: the failpoint at which it is killed.
        """
        program = ["-m", "flows.cli"] if kill_at is None else ["-c", KILLED, kill_at]
        is_script = isinstance(arguments[0], Path)
        usual = {
            name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ
        }
        own = {"HOME": str(self._made("user")), "TMPDIR": str(self._made("tmp"))}
        return subprocess.Popen(
            [sys.executable, *([] if is_script else program), *map(str, arguments)],
            cwd=self.folder,
            env=usual | own | self._variables(changes),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    @contextmanager
    def vault(self) -> Iterator[DuckDBPyConnection]:
        """The vault, to read in."""
        key = (self.home / "keys" / "vault.key").read_text().strip()
        with open_vault(self.home / "vault" / "vault.duckdb", key, now=UNTIL, read_only=True) as opened:
            yield opened

    def records(self) -> list[dict[str, Any]]:
        """The run records, oldest first."""
        return [json.loads(path.read_text()) for path in sorted((self.home / "runs").glob("*.json"))]

    def _made(self, name: str) -> Path:
        (self.folder / name).mkdir(exist_ok=True)
        return self.folder / name

    def _variables(self, changes: dict[str, str | None]) -> dict[str, str]:
        wanted = {"PLEDGE_HOME": str(self.home), **self.environment, **changes}
        return {name: value for name, value in wanted.items() if value is not None}

    @contextmanager
    def _surroundings(self, changes: dict[str, str | None]) -> Iterator[None]:
        before = dict(os.environ)
        for name in before:
            if name.startswith(OWN_NAMES):
                del os.environ[name]
        os.environ.update(self._variables(changes))
        try:
            with chdir(self.folder):
                yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Keep what is logged, by whomever and at any level."""
        kept = io.StringIO()
        handler = logging.StreamHandler(kept)
        root, pledge = logging.getLogger(), logging.getLogger("pledge")
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            pledge.handlers = []
            self.printed.append(kept.getvalue())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below *folder* and what is in it; folders too."""
    return {
        str(path.relative_to(folder)): b"" if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }
