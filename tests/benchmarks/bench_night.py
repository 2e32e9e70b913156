"""What a night costs, beside the plain script that most people write for the same job.

Run by ``make bench``. Everything happens in a temporary folder, over loopback, each figure in a
fresh process with its bytecode warm. Processor seconds are user and system time together: on a
shared machine they say more than the wall. Nothing is asserted: the numbers are for people.
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

from connectors.sandbox.world.pledge import SURVEY_ID

TOKEN = "sandbox-token"
SEED = 1
N_CHANGES = 500
N_STARTS = 10
N_WARMING = 200


class MeasuredNight:
    """A night in a fresh process, as seen from outside and from inside."""

    def __init__(self, sandbox: PlatformProcess, home: Path) -> None:
        command = [sys.executable, FOLDER / "one_night.py", sandbox.url, TOKEN, SURVEY_ID, home]
        self.whole: Measured = measured(command, platform=sandbox)
        told = json.loads(self.whole.output)
        self.record = told["record"]
        self._stamps = told["stamps"]

    def _between(self, begin: str, end: str, unit: str) -> float:
        return self._stamps[end][unit] - self._stamps[begin][unit] if end in self._stamps else 0.0

    def gx(self, unit: str) -> float:
        """What the import of Great Expectations took; 0 where the night did without."""
        return self._between("gx_begun", "gx_imported", unit)

    def own_imports(self, unit: str) -> float:
        return self._between("begun", "imported", unit)

    def work(self, unit: str) -> float:
        """The night without any import."""
        return self._between("imported", "done", unit) - self.gx(unit)

    def without_gx(self, unit: str) -> float:
        """The whole process, its own imports too, but for the import of Great Expectations."""
        return getattr(self.whole, unit) - self.gx(unit)


def main() -> None:
    options = _options()
    _print_machine()
    with tempfile.TemporaryDirectory(prefix="pledge-bench-") as name:
        folder = Path(name)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        _warm_bytecode(folder)
        _bench_imports()
        with platform_process(options.responses, SEED) as sandbox:
            n_bytes = sandbox.walk(TOKEN, SURVEY_ID)
            print(f"sandbox: {options.responses:,} responses, {n_bytes / 1e6:,.0f} MB of lists, pages warm\n")
            for _ in range(options.rounds):
                home = Path(tempfile.mkdtemp(prefix="home-", dir=folder))
                _bench_nights(sandbox, home, folder)
            if not options.nights_only:
                _bench_commands(sandbox, home, folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000, help="how many the platform holds (100000)")
    parser.add_argument("--rounds", type=int, default=1, help="how often the nights are measured (1)")
    parser.add_argument("--nights-only", action="store_true", help="leave out the commands' starts and demo")
    return parser.parse_args()


def _print_machine() -> None:
    load = os.getloadavg()[0]
    print(
        f"Python {machine.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores, "
        f"{machine.system()} {machine.machine()}, load {load:.1f} at the start"
    )


def _warm_bytecode(folder: Path) -> None:
    """Both jobs once on a small sandbox, untimed."""
    with platform_process(N_WARMING, SEED) as small:
        MeasuredNight(small, folder / "warming")
        _plain(small, folder)


def _plain(sandbox: PlatformProcess, folder: Path) -> Measured:
    database = folder / "plain.duckdb"
    database.unlink(missing_ok=True)
    command = [sys.executable, FOLDER / "plain_script.py", sandbox.url, TOKEN, SURVEY_ID, database]
    return measured(command, platform=sandbox)


def _bench_imports() -> None:
    print(f"{'imports, each in a fresh process':44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for name in ("prefect", "great_expectations", "pandas", "duckdb"):
        measured([sys.executable, "-c", f"import {name}"])
        _print_whole(name, measured([sys.executable, "-c", f"import {name}"]))
    print()


def _bench_nights(sandbox: PlatformProcess, home: Path, folder: Path) -> None:
    plain = _plain(sandbox, folder)
    first = MeasuredNight(sandbox, home)
    _print_first(first, plain)
    sandbox.edit(N_CHANGES)
    _print_night(f"a night with {N_CHANGES} changes on top", MeasuredNight(sandbox, home))
    _print_night("a night in which nothing changed", MeasuredNight(sandbox, home))
    vault, published = home / "vault" / "vault.duckdb", home / "published" / "pledge.duckdb"
    print(f"sizes: vault {_mb(vault):.0f} MB, published file {_mb(published):.0f} MB\n")


def _mb(path: Path) -> float:
    return path.stat().st_size / 1e6


def _print_first(first: MeasuredNight, plain: Measured) -> None:
    print(f"{'first load':44}{'ours':>9}{'plain':>9}{'ratio':>9}")
    rows = (
        ("CPU s, without the import of GX", first.without_gx("cpu"), plain.cpu),
        ("CPU s, all imports taken in", first.whole.cpu, plain.cpu),
        ("wall s, without the import of GX", first.without_gx("wall"), plain.wall),
        ("peak MB, GX taken in", first.whole.peak_mb, plain.peak_mb),
    )
    for title, ours, theirs in rows:
        print(f"  {title:42}{ours:9.2f}{theirs:9.2f}{theirs / ours:8.1f}x")
    sandbox = f"{first.whole.platform_cpu:9.2f}{plain.platform_cpu:9.2f}"
    print(f"  {'sandbox CPU s meanwhile (in neither)':42}{sandbox}")
    print(f"  {'signatories found':42}{first.record['n_signatories']:9,}{int(plain.output):9,}")
    print("  aims: CPU 5x or more; memory a third or less, and under 400 MB")
    print("  the plain script checks no address, keeps no vault, no history and no audit")
    _print_parts(first)


def _print_night(title: str, night: MeasuredNight) -> None:
    record = night.record
    print(f"{title:44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    print(f"  {'own work, no import':42}{night.work('wall'):9.2f}{night.work('cpu'):9.2f}")
    _print_whole("the process, all imports taken in", night.whole)
    print(
        f"  {record['state']}: {record['responses_changed']:,} changed, {record['n_signatories']:,} "
        f"signatories, {record['requests']} calls"
    )
    _print_parts(night)


def _print_whole(title: str, one: Measured) -> None:
    print(f"  {title:42}{one.wall:9.2f}{one.cpu:9.2f}{one.peak_mb:9.0f}")


def _print_parts(night: MeasuredNight) -> None:
    print(
        f"  CPU s: work {night.work('cpu'):.2f}, own imports {night.own_imports('cpu'):.2f}, "
        f"import of GX {night.gx('cpu'):.2f} (wall {night.gx('wall'):.2f})"
    )
    steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in night.record["steps"].items())
    print(f"  steps, wall s (check_incoming imports GX): {steps}\n")


def _bench_commands(sandbox: PlatformProcess, home: Path, folder: Path) -> None:
    settings = {
        "PLEDGE_HOME": str(home),
        "SURVEYMONKEY_API_URL": sandbox.url,
        "SURVEYMONKEY_ACCESS_TOKEN": TOKEN,
        "PLEDGE_SURVEY_ID": SURVEY_ID,
    }
    print(f"{f'starts, {N_STARTS} each, wall s':44}{'best':>9}{'median':>9}")
    for arguments in (["--help"], ["query", "from signatories_by_role"], ["status"]):
        measured([PLEDGE, *arguments], **settings)
        walls = [measured([PLEDGE, *arguments], **settings).wall for _ in range(N_STARTS)]
        print(f"  {' '.join(['pledge', *arguments]):42}{min(walls):9.2f}{statistics.median(walls):9.2f}")
    print(f"\n{'commands, each once':44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    _print_whole("pledge sync --direct, nothing new", measured([PLEDGE, "sync", "--direct"], **settings))
    _print_whole("pledge sync, first start of Prefect", measured([PLEDGE, "sync"], **settings))
    _print_whole("pledge sync, later start of Prefect", measured([PLEDGE, "sync"], **settings))
    demo_home = folder / "demo"
    demo_home.mkdir()
    demo = measured([PLEDGE, "demo"], PLEDGE_HOME=str(demo_home))
    _print_whole("pledge demo: two nights and a report", demo)


if __name__ == "__main__":
    main()
