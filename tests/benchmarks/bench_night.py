"""What a night costs, beside the plain script that most people write for the same job.

Run by ``make bench``. Everything happens in a temporary folder, over loopback, in fresh
processes. Processor seconds are user and system time together: on a shared machine they say
more than the wall. Nothing is asserted: the numbers are for people.
"""

from __future__ import annotations

import argparse
import json
import os
import platform as machine
import statistics
import sys
import tempfile
from pathlib import Path

import duckdb
from processes import FOLDER, PLEDGE, Measured, PlatformProcess, measured, platform_process

from connectors.sandbox.pledge import SURVEY_ID

TOKEN = "sandbox-token"
SEED = 1
N_CHANGES = 500
N_STARTS = 10
STEPS_SHOWN = (
    "preflight", "survey", "pull", "sweep", "stage", "check_incoming", "build", "audit", "publish", "tell",
)  # fmt: skip


def main() -> None:
    options = _options()
    _print_machine()
    with (
        tempfile.TemporaryDirectory(prefix="pledge-bench-") as folder,
        platform_process(options.responses, SEED) as sandbox,
    ):
        n_bytes = sandbox.walk(TOKEN, SURVEY_ID)
        print(f"sandbox: {options.responses:,} responses, {n_bytes / 1e6:,.0f} MB of lists, pages warmed\n")
        home = Path(folder) / "home"
        home.mkdir()
        _bench_imports()
        plain = _bench_plain(sandbox, Path(folder) / "plain.duckdb")
        first = Night(sandbox, home)
        _print_first(first, plain)
        sandbox.edit(N_CHANGES)
        _print_night(f"a night with {N_CHANGES} changes on top", Night(sandbox, home))
        _print_night("a night in which nothing changed", Night(sandbox, home))
        _print_sizes(home)
        if not options.nights_only:
            _bench_commands(sandbox, home, Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000, help="how many the platform holds (100000)")
    parser.add_argument("--nights-only", action="store_true", help="leave out the commands' starts and demo")
    return parser.parse_args()


class Night:
    """A night in a fresh process, as seen from outside and from inside."""

    def __init__(self, sandbox: PlatformProcess, home: Path) -> None:
        command = [sys.executable, FOLDER / "one_night.py", sandbox.url, TOKEN, SURVEY_ID, home]
        self.whole: Measured = measured(command, platform=sandbox)
        told = json.loads(self.whole.output)
        self.record = told["record"]
        self._stamps = told["stamps"]

    def between(self, begin: str, end: str, unit: str) -> float:
        return self._stamps[end][unit] - self._stamps[begin][unit]

    def gx(self, unit: str) -> float:
        return self.between("imported", "gx_imported", unit)

    def own(self, unit: str) -> float:
        """The night's own work, without any import."""
        return self.between("gx_imported", "done", unit)

    def without_gx(self, unit: str) -> float:
        """The whole process but for the import of Great Expectations."""
        return getattr(self.whole, unit) - self.gx(unit)

    def peak_before_work(self) -> float:
        return self._stamps["gx_imported"]["peak_mb"]


def _bench_plain(sandbox: PlatformProcess, database: Path) -> Measured:
    command = [sys.executable, FOLDER / "plain_script.py", sandbox.url, TOKEN, SURVEY_ID, database]
    return measured(command, platform=sandbox)


def _bench_imports() -> None:
    print(f"{'imports, each in a fresh process':44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for name in ("prefect", "great_expectations", "pandas", "duckdb"):
        measured([sys.executable, "-c", f"import {name}"])
        one = measured([sys.executable, "-c", f"import {name}"])
        print(f"  {name:42}{one.wall:9.2f}{one.cpu:9.2f}{one.peak_mb:9.0f}")
    print()


def _print_first(first: Night, plain: Measured) -> None:
    record = first.record
    print(f"{'first load':44}{'ours':>9}{'plain':>9}{'ratio':>9}")
    rows = (
        ("CPU s, without the import of GX", first.without_gx("cpu"), plain.cpu),
        ("CPU s, all imports taken in", first.whole.cpu, plain.cpu),
        ("wall s, without the import of GX", first.without_gx("wall"), plain.wall),
        ("peak memory, MB (GX's import taken in)", first.whole.peak_mb, plain.peak_mb),
        ("sandbox's CPU s meanwhile, in neither", first.whole.platform_cpu, plain.platform_cpu),
    )
    for title, ours, theirs in rows:
        print(f"  {title:42}{ours:9.2f}{theirs:9.2f}{theirs / ours if ours else 0:8.1f}x")
    print(f"  {'signatories found':42}{record['n_signatories']:9,}{int(plain.output):9,}")
    print(
        "  the plain script checks no address, keeps no vault or history, audits nothing\n"
        "  aims: CPU 5x or more; memory a third or less, and under 400 MB"
    )
    _print_parts(first)


def _print_night(title: str, night: Night) -> None:
    record = night.record
    print(f"{title:44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    print(f"  {'own work, no import':42}{night.own('wall'):9.2f}{night.own('cpu'):9.2f}")
    whole = night.whole
    print(f"  {'the process, all imports taken in':42}{whole.wall:9.2f}{whole.cpu:9.2f}{whole.peak_mb:9.0f}")
    print(
        f"  {record['state']}: {record['responses_changed']:,} changed, {record['n_signatories']:,} "
        f"signatories, {record['requests']} calls"
    )
    _print_parts(night)


def _print_parts(night: Night) -> None:
    own_imports = night.between("begun", "imported", "cpu")
    print(
        f"  of it: own imports {own_imports:.2f} CPU s; Great Expectations' {night.gx('cpu'):.2f} CPU s,",
        end="",
    )
    print(f" {night.gx('wall'):.2f} wall s; the work {night.own('cpu'):.2f} CPU s;", end="")
    print(f" {night.peak_before_work():.0f} MB before the work")
    steps = night.record["steps"]
    shown = ", ".join(f"{name} {steps[name]:.2f}" for name in STEPS_SHOWN if name in steps)
    print(f"  steps, wall s: {shown}\n")


def _print_sizes(home: Path) -> None:
    files = (home / "vault" / "vault.duckdb", home / "published" / "pledge.duckdb")
    sizes = ", ".join(f"{path.name} {path.stat().st_size / 1e6:.0f} MB" for path in files)
    print(f"sizes: {sizes}\n")


def _bench_commands(sandbox: PlatformProcess, home: Path, folder: Path) -> None:
    settings = {
        "PLEDGE_HOME": str(home),
        "SURVEYMONKEY_API_URL": sandbox.url,
        "SURVEYMONKEY_ACCESS_TOKEN": TOKEN,
        "PLEDGE_SURVEY_ID": SURVEY_ID,
    }
    print(f"{f'starts, {N_STARTS} each, wall s':44}{'best':>9}{'median':>9}")
    for arguments in (["--help"], ["query", "from signatories_by_role"], ["status"]):
        walls = [measured([PLEDGE, *arguments], **settings).wall for _ in range(N_STARTS)]
        title = f"pledge {' '.join(arguments)}"
        print(f"  {title:42}{min(walls):9.2f}{statistics.median(walls):9.2f}")
    print(f"\n{'commands, nothing new at the platform':44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for arguments in (["sync", "--direct"], ["sync"]):
        one = measured([PLEDGE, *arguments], **settings)
        title = f"pledge {' '.join(arguments)}" + ("" if arguments[1:] else " (starts Prefect's own server)")
        print(f"  {title:42}{one.wall:9.2f}{one.cpu:9.2f}{one.peak_mb:9.0f}")
    demo_home = folder / "demo"
    demo_home.mkdir()
    one = measured([PLEDGE, "demo"], PLEDGE_HOME=str(demo_home))
    print(f"  {'pledge demo (two nights and a report)':42}{one.wall:9.2f}{one.cpu:9.2f}{one.peak_mb:9.0f}")


def _print_machine() -> None:
    load = os.getloadavg()[0]
    print(
        f"Python {machine.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores, "
        f"{machine.system()} {machine.machine()}, load {load:.1f} at the start"
    )


if __name__ == "__main__":
    main()
