"""A run tried out on a private copy of the vault, which is thrown away: nothing of the house is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.run.clock import now_in_utc, run_name
from flows.run.context import RunContext, RunOptions
from flows.run.progress import Progress
from flows.run.record import new_record, read_records
from flows.settings.environment import make_open_folder
from flows.settings.model import Settings
from flows.vault.backups import pointing_to_backups, refuse_to_begin_anew
from flows.vault.key import find_key, key_or_new, new_key
from warehouse.backups.backup import back_up
from warehouse.database.connection import open_vault
from warehouse.errors import engine_told_plainly
from warehouse.transform.stage import staging_area

COPY = "nightly"  # how the copy is called: any kind that backups have


@contextmanager
def on_a_copy(
    settings: Settings, *, command: str, progress: Progress, options: RunOptions
) -> Iterator[RunContext]:
    """A run as `flows.orchestration.run.open_run` opens it, on a copy that goes with the block.

    The copy is as encrypted as the vault; where there is no vault yet it is an empty one with a key that
    nobody keeps. Its record is written nowhere.

    Raises:
        SettingsError, WarehouseError: the run could not use its key or the vault either.
    """
    started = now_in_utc()
    refuse_to_begin_anew(settings)
    is_home_new = not settings.home.exists()
    make_open_folder(settings.home)
    try:
        with TemporaryDirectory(prefix=".dry-run-", dir=settings.home) as name:
            folder = settings.home / name / "vault"  # as in a home, for what the engine puts aside
            with pointing_to_backups(settings):
                path, key = _copied(settings, folder, run_name(started))
            with (
                engine_told_plainly(settings.vault_path),
                open_vault(path, key, now=started) as vault,
                staging_area(vault),
            ):
                earlier = read_records(settings.runs_folder)
                record = new_record(command, started, earlier)
                yield RunContext(
                    settings, record, vault, progress, now_in_utc, options=options, earlier=earlier
                )
    finally:
        if is_home_new:
            settings.home.rmdir()


def _copied(settings: Settings, folder: Path, run_id: str) -> tuple[Path, str]:
    """The copy and its key; a path for a new vault where there is none."""
    if settings.vault_path.exists():
        key, _ = key_or_new(settings)
        return back_up(settings.vault_path, key, folder, run_id=run_id, why=COPY), key
    return folder / "vault.duckdb", find_key(settings) or new_key()
