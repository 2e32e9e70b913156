"""Who may read what lies under PLEDGE_HOME: all but the published part is for its owner alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.settings.model import Settings

OF_OTHERS = 0o077
WITH_PEOPLE = frozenset({"vault", "backups", "keys", "lists"})  # folders that hold people's data, or open it
PUBLISHED, DEMO = "published", "demo"  # the demo's folder is a home of its own


def open_to_others(settings: Settings) -> list[Path]:
    """What others may read or change, though it is the owner's alone; links are left out."""
    return sorted(path for path in _private(settings.home) if path.lstat().st_mode & OF_OTHERS)


def close(paths: Iterable[Path]) -> None:
    """Take all rights from others."""
    for path in paths:
        path.chmod(path.stat().st_mode & 0o700)


def _private(home: Path) -> Iterator[Path]:
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
