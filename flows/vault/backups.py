"""Backups around a run, and what is said of a vault that is damaged or missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flows.run.progress import Progress
from flows.run.record import RunRecord, write_record
from flows.run.runs_page import write_checks_site
from flows.settings.model import Home, KeySettings, UpkeepSettings, VaultSettings
from flows.vault.key import find_key
from warehouse.backups import backup
from warehouse.backups.rewrite import rewrite_if_due
from warehouse.database.connection import attached
from warehouse.database.migrations import change_ahead
from warehouse.database.private_files import log_of
from warehouse.errors import VaultDamagedError, VaultKeyError, WarehouseError


@contextmanager
def kept_safe(settings: UpkeepSettings, key: str, record: RunRecord, progress: Progress) -> Iterator[None]:
    """Around a night, while its vault is closed.

    Before it the vault is backed up if a new version or a migration is about to change it. After a night
    that came to its end its file is written anew if answers were erased, and backed up if it holds
    something new. What can't be done is told, and costs no night, but for a backup before a migration.

    Raises:
        WarehouseError: that backup could not be made; nothing was changed.
        VaultDamagedError: it, or the night within, met damage; the way back is told.
    """

    def warn(sentences: list[str]) -> None:
        record.warnings += sentences
        for sentence in sentences:
            progress.warn(sentence)

    with pointing_to_backups(settings):
        if settings.vault_path.exists():
            warn(back_up_before_change(settings, key, record.run_id))
            warn(_leave_no_trace(settings, key))  # a night may have erased and been killed before this
        yield
        unkept = _leave_no_trace(settings, key) + _back_up_after_night(settings, key, record)
        warn(unkept)
        if unkept:
            write_record(record, settings.runs_folder)
            write_checks_site(settings)


@contextmanager
def pointing_to_backups(settings: KeySettings) -> Iterator[None]:
    """Add the way back to what is said of a damaged vault: the newest backup that can be read."""
    try:
        yield
    except (VaultDamagedError, VaultKeyError) as error:
        raise _with_the_way_back(settings, error) from None


def _with_the_way_back(settings: KeySettings, error: WarehouseError) -> WarehouseError:
    good = _newest_good(settings)
    if isinstance(error, VaultKeyError):
        if good is None:
            return error
        return VaultDamagedError(
            f"{settings.vault_path.name} can't be opened with the key that opens its backups: its beginning "
            "is damaged, or it is another vault. Put the newest good backup in its place: "
            f"pledge restore {good.name}"
        )
    if good is None:
        return VaultDamagedError(
            f"{error} But no backup that can be read is kept: to begin anew, move the folders vault and "
            "backups away, and the next sync fetches what the platform still has."
        )
    return VaultDamagedError(f"{error} The newest good backup: pledge restore {good.name}")


def _newest_good(settings: KeySettings) -> backup.Backup | None:
    key = find_key(settings)
    return backup.newest_good(settings.backups_folder, key) if key else None


def refuse_to_begin_anew(settings: KeySettings) -> None:
    """Don't let an empty vault take the place of one that is lost.

    Raises:
        VaultDamagedError: there is no vault, but backups of it are kept, or its log is there.
    """
    path = settings.vault_path
    if path.exists():
        return
    if backup.kept_backups(settings.backups_folder):
        good = _newest_good(settings)
        raise VaultDamagedError(
            f"{path.name} is missing, but backups of it are kept, so no empty one was made. Put one back: "
            f"pledge restore {good.name if good else 'NAME'}; or move the folder backups away to begin anew."
        )
    if log_of(path).exists():
        raise VaultDamagedError(
            f"{path.name} is missing, but its log {log_of(path).name} is there. Put the vault back beside "
            "it, or move the log away to begin anew. Nothing was written."
        )


def back_up_before_change(settings: Home, key: str, stamp: str) -> list[str]:
    """Back the vault up if a migration or a new version is about to change it; return what went wrong.

    Raises:
        WarehouseError: no backup could be made before a migration, so that must not begin.
    """
    with attached(settings.vault_path, key, read_only=True) as vault:
        why = change_ahead(vault)
    if why is None:
        return []
    try:
        backup.back_up(settings.vault_path, key, settings.backups_folder, run_id=stamp, why=why)
    except WarehouseError as error:
        if why == backup.MIGRATION:
            raise type(error)(
                f"The vault's tables are to change, and it could not be backed up before, so nothing was "
                f"done. {error}"
            ) from None
        return [f"The vault was not backed up before a new version opened it: {error}"]
    return []


def _leave_no_trace(settings: Home, key: str) -> list[str]:
    """Write the vault's file anew, without what was erased; return what went wrong."""
    try:
        rewrite_if_due(settings.vault_path, key)
    except VaultDamagedError:
        raise
    except WarehouseError as error:
        return [
            f"Answers were erased, but traces of them may stay in the vault until the next night: {error}"
        ]
    return []


def _back_up_after_night(settings: VaultSettings, key: str, record: RunRecord) -> list[str]:
    """Back the vault up unless the newest backup holds the same, and drop the old; return what went wrong."""
    try:
        backup.back_up_nightly(
            settings.vault_path,
            key,
            settings.backups_folder,
            run_id=record.run_id,
            keep=settings.backups_kept,
            now=datetime.fromisoformat(record.started_at),
        )
    except WarehouseError as error:
        if isinstance(error, VaultDamagedError):
            backup.responses_in(settings.vault_path, key)  # raises if it is the vault itself that is damaged
        return [f"The vault was not backed up tonight: {error}"]
    return []
