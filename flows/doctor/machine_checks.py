"""What `pledge doctor` tries on the machine itself: no vault, no call."""

import asyncio
import os
import re
import resource
import shutil
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.doctor.findings import Finding, ok, problem, warning
from flows.orchestration.prefect_runner import await_answer
from flows.settings.environment import LIMIT_WITHOUT_CORES
from flows.settings.model import Home, UpkeepSettings
from flows.steps.preflight import LEAST_FREE_BYTES
from warehouse.database.connection import engine_of

PYTHONS = ((3, 11), (3, 12), (3, 13))
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)( ;)?", re.MULTILINE)
INSTALL = "pip install --require-hashes -r requirements.lock"
MOST_NAMED = 5
OF_OTHERS = 0o077
WITH_PEOPLE = frozenset({"vault", "backups", "keys", "lists"})  # folders that hold people's data, or open it
PUBLISHED, DEMO = "published", "demo"  # the demo's folder is a home of its own
COPIES_TO_FIT = 3  # the vault written anew, a copy of it, and room for what a night puts aside
A_SUMMERS_DAY, A_WINTERS_DAY = (2026, 7, 1), (2026, 1, 1)


def python_version() -> Finding:
    here = sys.version_info[:2]
    shown = ".".join(map(str, sys.version_info[:3]))
    if here in PYTHONS:
        return ok("python", shown)
    return problem("python", f"{shown} was never tried.", "install it with Python 3.11, 3.12 or 3.13")


def libraries() -> Finding:
    """The versions installed, against those that were tested."""
    beside = (Path.cwd() / "requirements.lock", Path(__file__).parents[2] / "requirements.lock")
    lock = next((path for path in beside if path.is_file()), None)
    if lock is None:
        return warning(
            "libraries",
            "requirements.lock is not at hand, so versions were not compared.",
            "run it in the pipeline's own folder",
        )
    locked = _locked(lock)
    others = [
        f"{name} {found or 'missing'} (tested: {' or '.join(filter(None, wanted))})"
        for name, wanted in locked.items()
        if (found := _installed(name)) not in wanted
    ]
    if not others:
        return ok("libraries", f"all {len(locked)} as tested")
    shown = "; ".join(others[:MOST_NAMED]) + (
        f"; and {len(others) - MOST_NAMED} more" * (len(others) > MOST_NAMED)
    )
    return warning("libraries", f"{shown}.", INSTALL)


def _locked(lock: Path) -> dict[str, set[str | None]]:
    """Each library with its tested versions: a platform of another kind may have another one, or None."""
    wanted: dict[str, set[str | None]] = {}
    for name, tested, is_for_some in LOCKED.findall(lock.read_text(encoding="utf-8")):
        wanted.setdefault(name, set()).update({tested, None} if is_for_some else {tested})
    return wanted


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def encryption(settings: Home) -> Finding:
    engine_of(settings.home)
    return ok("encryption", "DuckDB can write encrypted files")


def home(settings: Home) -> Finding:
    """Whether there can be written, and how much."""
    there = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return problem("home", f"{there} may not be written.", "mend its rights, or set PLEDGE_HOME")
    free = shutil.disk_usage(there).free
    size = settings.vault_path.stat().st_size if settings.vault_path.exists() else 0
    text = f"{settings.home}, {free // 1_000_000:,} MB free"
    if free < LEAST_FREE_BYTES:
        return problem("home", f"{text}.", f"free {LEAST_FREE_BYTES // 1_000_000} MB: a night needs them")
    if free < COPIES_TO_FIT * size:
        return warning("home", f"{text}.", "free some room: the vault could not be written anew and copied")
    return ok("home", text)


def owner_only(settings: Home, *, is_fixed: bool) -> Finding:
    """Whether others may read or change what is the owner's alone: all but the published part."""
    found = sorted(path for path in _private(settings.home) if path.lstat().st_mode & OF_OTHERS)
    if found and is_fixed:
        for path in found:
            path.chmod(path.stat().st_mode & 0o700)
        return ok("rights", f"{len(found):,} files and folders are closed to others now")
    if not found:
        return ok("rights", "all but the published part is for its owner alone")
    tops = sorted({path.relative_to(settings.home).parts[0] for path in found})
    places = " ".join(f"'{settings.home / top}'" for top in tops)
    return (problem if WITH_PEOPLE & set(tops) else warning)(
        "rights",
        f"Others may read {len(found):,} files or folders in {', '.join(tops)}.",
        f"pledge doctor --fix, or: chmod -R go= {places}",
    )


def _private(home: Path) -> Iterator[Path]:
    """What is the owner's alone; links are left out."""
    if not home.is_dir():
        return
    for path in home.iterdir():
        if path.is_symlink() or path.name == PUBLISHED:
            continue
        if path.name == DEMO and path.is_dir():
            yield from _private(path)
            continue
        yield path
        if path.is_dir():
            yield from (one for one in path.rglob("*") if not one.is_symlink())


def token_file() -> Finding | None:
    """The file that holds the token; None where none is named."""
    named = os.environ.get("SURVEYMONKEY_ACCESS_TOKEN_FILE")
    if not named or os.environ.get("SURVEYMONKEY_ACCESS_TOKEN"):
        return None
    if Path(named).stat().st_mode & OF_OTHERS:
        return problem("token file", "Others may read it.", f"chmod 600 '{named}'")
    return ok("token file", "for its owner alone")


def cores() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft in {0, LIMIT_WITHOUT_CORES}:
        return ok("core dumps", "off")
    return problem("core dumps", "A crash would write people's data to a file.", "ulimit -c 0")


def time_zones(settings: Home) -> Finding:
    """Whether the data of time zones is there, summer time included."""
    try:
        zones = [ZoneInfo(name) for name in ("Europe/London", settings.zone)]
    except ZoneInfoNotFoundError:
        return problem("time zones", "Their data is missing.", "pip install tzdata")
    summer, winter = (datetime(*day, tzinfo=zones[0]) for day in (A_SUMMERS_DAY, A_WINTERS_DAY))
    if summer.utcoffset() == winter.utcoffset():
        return problem("time zones", "London has no summer time in them.", "pip install tzdata")
    return ok("time zones", f"London and {settings.zone} are known")


def schedule(settings: UpkeepSettings) -> Finding:
    """When the nights would be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Prefect misses its folder before the first run
        from prefect.server.schemas.schedules import CronSchedule

    try:
        served = CronSchedule(cron=settings.cron, timezone=settings.zone)
    except ValueError:
        return problem(
            "schedule", f"“{settings.cron}” is no cron line.", "use five fields, such as 15 2 * * *"
        )
    times = asyncio.run(served.get_dates(3))
    shown = ", ".join(f"{time:%Y-%m-%d %H:%M}" for time in times)
    return ok("schedule", f"{settings.cron}, {settings.zone}; pledge schedule would run at {shown}")


def prefect_api() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return ok("prefect", "no API is set: a temporary server, or none with --direct")
    try:
        await_answer(url)
    except OSError:
        return warning(
            "prefect",
            "The API that PREFECT_API_URL names does not answer; nights run without it.",
            "see that its server is up, or take the setting away",
        )
    return ok("prefect", "the API answers")
