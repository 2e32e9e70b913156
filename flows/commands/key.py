"""`pledge key check` and `pledge key rotate`: neither ever shows a key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flows.errors import DONE, SettingsError
from flows.errors import WAREHOUSE as KEY_TROUBLE
from flows.run.clock import now_in_utc
from flows.run.record import run_name
from flows.vault.key import FoundKey, found_key, next_key_file, read_private
from flows.vault.key_rotation import Rotation, old_key_files
from warehouse import failpoints
from warehouse.backups.backup import kept_copies, prove
from warehouse.backups.rekey import is_key_of
from warehouse.errors import VaultDamagedError, VaultKeyError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from flows.settings.model import Settings


def key(options: argparse.Namespace, settings: Settings) -> int:
    """Look at the key, or change it."""
    found = found_key(settings)
    if found is None:
        raise SettingsError(
            "There is no key for a vault; the first sync makes one. If there is a vault, set "
            "PLEDGE_VAULT_KEY_FILE to its key file, or put the file back as keys/vault.key under PLEDGE_HOME."
        )
    return _rotate(settings, found) if options.what == "rotate" else _check(settings, found)


def _check(settings: Settings, found: FoundKey) -> int:
    """Where the key comes from, and what it opens: the vault and each copy are read whole.

    Raises:
        VaultKeyError: it isn't the vault's.
        VaultDamagedError: the vault can't be read.
    """
    sys.stdout.write(f"Key     from {found.source}\n")
    sys.stdout.write(f"Vault   {_vault_told(settings, found)}\n")
    copies = [(copy.name, _copy_told(copy.path, found.key)) for copy in kept_copies(settings.backups_folder)]
    for name, told in copies:
        sys.stdout.write(f"Copy    {name}: {told}\n")
    for sentence in _left_over(settings, found):
        sys.stdout.write(f"!       {sentence}\n")
    return KEY_TROUBLE if ANOTHER_KEY in {told for _, told in copies} else DONE


ANOTHER_KEY = "has another key; run: pledge key rotate, with both keys set, or let the copy go in its time"


def _vault_told(settings: Settings, found: FoundKey) -> str:
    path = settings.vault_path
    if not path.exists():
        return "there is none yet"
    try:
        return f"opens with it: {prove(path, found.key):,} responses, each version counted"
    except VaultKeyError as error:
        fitting = next((one for one in _other_keys(settings) if is_key_of(path, read_private(one))), None)
        if fitting is None:
            raise
        raise VaultKeyError(
            f"{error} The key in {fitting.name} opens it: a rotation has begun; “pledge key rotate” "
            "finishes it and says what to set."
        ) from None


def _other_keys(settings: Settings) -> Iterator[Path]:
    usual = settings.default_key_file
    yield from (path for path in (next_key_file(usual), usual, *old_key_files(usual)) if path.exists())


def _copy_told(path: Path, with_key: str) -> str:
    try:
        return f"opens with it: {prove(path, with_key):,} responses"
    except VaultDamagedError:
        return "can't be read: it is damaged"
    except VaultKeyError:
        return ANOTHER_KEY


def _left_over(settings: Settings, found: FoundKey) -> Iterator[str]:
    """What a rotation that was cut short has left."""
    file = found.path or settings.default_key_file
    if next_key_file(file).exists():
        yield "A rotation of the key was cut short; finish it: pledge key rotate"
    for old in old_key_files(file):
        yield f"An old key is kept as {old.name}, for copies that have it; “pledge key rotate” sees to them."


def _rotate(settings: Settings, found: FoundKey) -> int:
    """A new key for the vault and its copies; what is to be set is said plainly."""
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is no key to change; run: pledge sync")
    is_given = settings.new_vault_key is not None or settings.new_vault_key_file is not None
    is_kept_elsewhere = found.path is None
    file = None if is_kept_elsewhere and is_given else found.path or settings.default_key_file
    rotation = Rotation(
        settings,
        found,
        file,
        stamp=run_name(now_in_utc()),
        boundary=failpoints.reached,
    )
    rotation.run()
    for sentence in _told(rotation):
        sys.stderr.write(f"{sentence}\n")
    return DONE


def _told(rotation: Rotation) -> Iterator[str]:
    if rotation.is_vault_written:
        yield "The vault is written anew with its new key, and was compared with the old one row by row."
    else:
        yield "The rotation that was cut short is finished; to have another new key, run it again."
    yield f"{rotation.rewritten:,} copies were written anew too."
    if rotation.unread:
        yield (
            f"These copies can't be read with any key at hand and stay as they are: "
            f"{', '.join(rotation.unread)}. Old keys stay beside the new one as long as they do."
        )
    found, file = rotation.found, rotation.file
    if found.path is not None:
        yield f"The new key lies in {found.path.name}: keep a copy of it apart from the data."
    else:
        yield _what_to_set(found, file)


def _what_to_set(found: FoundKey, file: Path | None) -> str:
    """The key is kept by somebody else: until that is changed, no command opens the vault."""
    if file is None:
        where = "what PLEDGE_NEW_VAULT_KEY (or the file that PLEDGE_NEW_VAULT_KEY_FILE names) holds"
        away = " Then take that setting away."
    else:
        where = f"what {file} holds"
        away = f" Or take {found.source} away, and the file is found by itself; else delete the file."
    return f"Now set {found.source} to {where}: until then no command opens the vault.{away}"
