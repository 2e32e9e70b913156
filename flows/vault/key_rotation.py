"""A new key for the vault and its copies; killed anywhere, some key that exists opens each of them.

The new key is kept as ``NAME.next`` beside the key file before anything is written with it. Then the vault is
written anew, the old key kept as ``NAME.STAMP.old``, and the new one put in its place. Last come the copies,
and the old key goes with the last of them. A rotation that was cut short is finished by the next one.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.errors import SettingsError
from flows.vault.key import FoundKey, keep_key, new_key, next_key_file, read_private
from warehouse.backups.backup import kept_copies
from warehouse.backups.rekey import is_key_of, rekey
from warehouse.database.connection import KEY_LENGTH, attached
from warehouse.database.private_files import flush
from warehouse.errors import VaultDamagedError, VaultLockedError, told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flows.settings.model import Settings
    from warehouse.backups.backup import Copy


OLD = "old"


@dataclass(slots=True)
class Rotation:
    """What a rotation works on, and what came of it.

    file: the key file that is to hold the new key; None if somebody else keeps the key.
    stamp: now, as run ids have it.
    boundary: told what was done, such as ``new key kept``; tests kill the process there.
    is_vault_written, rewritten: by this run: the vault, and how many copies.
    unread: names of the copies that no key at hand opens, or that are damaged.
    dropped: old key files that nothing needs any longer, and that are gone.
    """

    settings: Settings
    found: FoundKey
    file: Path | None
    stamp: str
    boundary: Callable[[str], None] = lambda _: None
    is_vault_written: bool = False
    rewritten: int = 0
    unread: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Rotate; or finish a rotation that was cut short, and leave it at that.

        Raises:
            SettingsError: the new key that is given can't be used.
            WarehouseError: the vault is open elsewhere or can't be read, or there is no room.
        """
        with _alone(self.settings.vault_path.parent):
            key = self._cut_short()
            if key is None and is_key_of(self.settings.vault_path, self.found.key):
                self._finish_copies(self.found.key)
                if self.rewritten or self.dropped:
                    return
            self._rotate_to(key or self._new())

    @property
    def old_files(self) -> list[Path]:
        """The old keys that are kept beside the key file."""
        return old_key_files(self.file) if self.file else []

    def _cut_short(self) -> str | None:
        """The key of a rotation that has not put it in place yet; None where there is none."""
        if self.file and next_key_file(self.file).exists():
            return read_private(next_key_file(self.file))
        return None

    def _new(self) -> str:
        key = given_key(self.settings)
        if key == self.found.key:
            raise SettingsError(
                "PLEDGE_NEW_VAULT_KEY is the key in use; give another one. Nothing was changed."
            )
        if self.file is None:
            return key or new_key()
        if self.found.path is None and self.file.exists():
            made = read_private(self.file)
            if is_key_of(self.settings.vault_path, made):  # an earlier rotation came so far
                return made
        with attached(self.settings.vault_path, self.found.key, read_only=True):
            pass  # no new key is made for a vault that the old one doesn't open
        return keep_key(next_key_file(self.file), key or new_key())

    def _rotate_to(self, key: str) -> None:
        self.boundary("new key kept")
        vault = self.settings.vault_path
        if not is_key_of(vault, key):
            rekey(vault, self.found.key, key, boundary=self.boundary)
            self.is_vault_written = True
        if self.file and next_key_file(self.file).exists():
            self._put_in_place(self.file)
        self._finish_copies(key)

    def _put_in_place(self, file: Path) -> None:
        with told_plainly(file):
            if file.exists() and read_private(file) not in map(read_private, self.old_files):
                os.link(file, file.with_name(f"{file.name}.{self.stamp}.{OLD}"))
                flush(file.parent)
            self.boundary("old key kept")
            next_key_file(file).replace(file)
            flush(file.parent)
        self.boundary("key in place")

    def _finish_copies(self, key: str) -> None:
        """Write the copies anew that have an old key, and drop the old keys that none has any longer."""
        old_keys = [*map(read_private, self.old_files), self.found.key]
        self.unread = [
            copy.name
            for copy in kept_copies(self.settings.backups_folder)
            if not self._is_rewritten(copy, key, old_keys)
        ]
        for path in [] if self.unread else self.old_files:
            self.boundary("copies written")
            path.unlink()
            self.dropped.append(path.name)

    def _is_rewritten(self, copy: Copy, key: str, old_keys: list[str]) -> bool:
        """The copy has the key now."""
        try:
            if is_key_of(copy.path, key):
                return True
            old = next((one for one in old_keys if is_key_of(copy.path, one)), None)
            if old is None:
                return False
            rekey(copy.path, old, key, boundary=self.boundary)
        except VaultDamagedError:
            return False
        self.rewritten += 1
        self.boundary("copy in place")
        return True


def given_key(settings: Settings) -> str | None:
    """The new key that the settings give; None where they give none.

    Raises:
        SettingsError: its file can't be used, or it is too short for a key.
    """
    file = settings.new_vault_key_file
    key = (settings.new_vault_key or "").strip() or (read_private(file) if file else None)
    if key and (len(key) < KEY_LENGTH or not key.isascii() or not key.isalnum()):
        raise SettingsError(
            f"The new key must be at least {KEY_LENGTH} letters and digits; give another one in "
            "PLEDGE_NEW_VAULT_KEY or PLEDGE_NEW_VAULT_KEY_FILE, or none to have one made."
        )
    return key


def old_key_files(file: Path) -> list[Path]:
    """The keys that a rotation has kept beside *file* for copies that still need them."""
    return sorted(file.parent.glob(f"{file.name}.*.{OLD}"))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One rotation at a time."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise VaultLockedError("The key is being rotated already; wait for that to end.") from None
    finally:
        os.close(handle)
