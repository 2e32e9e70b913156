"""Releases of the published database: named, put in place, kept, and put back."""

import filecmp
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.database.connection import open_published
from warehouse.database.private_files import log_of, put_in_place
from warehouse.database.sql_files import rows_of
from warehouse.errors import NotPublishedError, told_plainly

CURRENT = "pledge.duckdb"
KEPT_FOLDER = "kept"
READ_ONLY = 0o444  # a tool that opens the file for writing would lock out all other readers


@dataclass(frozen=True, slots=True)
class Release:
    """What a published file says of itself besides its figures; instants are aware, in UTC."""

    run_id: str
    published_at: datetime
    fresh_as_of: datetime
    survey_title: str
    n_seen: int


def sweep_leftovers(folder: Path) -> None:
    """Remove what a run that failed left: files built aside, and releases that never came into place."""
    for leftover in folder.glob(f".{CURRENT}.*"):
        leftover.unlink()
    _forget_later_ones(folder)


def _forget_later_ones(folder: Path) -> None:
    for release in _releases_around(folder)[1]:
        release.unlink(missing_ok=True)


def keep_release(release: Path, name: Path) -> None:
    name.unlink(missing_ok=True)
    os.link(release, name)


@contextmanager
def put_release_in_place(target: Path, tag: str) -> Iterator[Path]:
    """Where to write a release aside; after the block readers find it at *target*."""
    with put_in_place(target, tag=tag, mode=READ_ONLY) as aside:
        yield aside
        # Whoever opened the file for writing may have left a log of changes, none of them the new file's.
        log_of(target).unlink(missing_ok=True)


def forget_earlier(folder: Path) -> int:
    """Delete the kept releases from before the one in place, and return how many."""
    with told_plainly(folder):
        earlier, _ = _releases_around(folder)
        for release in earlier:
            release.unlink(missing_ok=True)
    return len(earlier)


def forget_all_but(n_kept: int, folder: Path) -> None:
    for old in kept_releases(folder)[:-n_kept]:
        old.unlink()


def kept_releases(folder: Path) -> list[Path]:
    """The releases that are kept, the one in place among them; oldest first."""
    return sorted((folder / KEPT_FOLDER).glob("pledge-*.duckdb"))


def last_kept_run(folder: Path) -> str | None:
    """The run of the latest release that is kept; after `sweep_leftovers` that is the one in place."""
    releases = kept_releases(folder)
    return releases[-1].stem.removeprefix("pledge-") if releases else None


def _releases_around(folder: Path) -> tuple[list[Path], list[Path]]:
    """The kept releases before the one in place, and those after it: all are before it if it isn't kept."""
    releases, current = kept_releases(folder), folder / CURRENT
    if current.exists():
        for number, release in enumerate(releases):
            if release.samefile(current) or filecmp.cmp(release, current, shallow=False):
                return releases[:number], releases[number + 1 :]
    return releases, []


def about(published: Path) -> dict[str, object]:
    """The one row of a published file's ``about``.

    Raises:
        NotPublishedError: there is no such file.
    """
    with told_plainly(published), open_published(published) as opened:
        return rows_of(opened.execute("select * from about"))[0]


def rollback(folder: Path) -> str:
    """Put the release before the current one back in its place and return its run.

    The current one is thrown away: the next run publishes anew what the vault holds.

    Raises:
        NotPublishedError: no earlier release is kept.
    """
    target = folder / CURRENT
    with told_plainly(target):
        earlier, _ = _releases_around(folder)
        if not earlier:
            raise NotPublishedError("No earlier published file is kept, so there is nothing to go back to.")
        with put_release_in_place(target, "rollback") as aside:
            keep_release(earlier[-1], aside)
        _forget_later_ones(folder)  # and no more: a run may be building its file aside now
    return str(about(target)["run_id"])
