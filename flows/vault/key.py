"""The vault's key: from the environment, a file or a Prefect Secret block, or made by the first run."""

import os
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flows.errors import SettingsError
from flows.settings.environment import make_prefect_home
from flows.settings.model import Home, KeySettings
from warehouse.database.connection import is_key_of, refuse_malformed
from warehouse.database.private_files import make_private_folder, write_private
from warehouse.errors import DiskError, VaultKeyError

KEY_BYTES = 32
NEXT = "next"  # ends the name of a key file that is to take the place of another one


@dataclass(frozen=True, slots=True)
class FoundKey:
    """The vault's key, and where it was found."""

    key: str = field(repr=False)
    source: str  # a few words for people
    path: Path | None = None  # the key file, also where the key that was to come is the one found


def find_key(settings: KeySettings) -> str | None:
    """The key that the settings name, or the one that the first run made; None where there is none yet.

    Raises:
        SettingsError: a key file is named and can't be read, is empty, or others may read it; or a block is
            named and Prefect can't give it.
    """
    found = found_key(settings)
    return found.key if found else None


def found_key(settings: KeySettings) -> FoundKey | None:
    """The same, with where it was found: the first of environment, named file, named block, usual file."""
    if settings.vault_key:
        return FoundKey(settings.vault_key.strip(), "PLEDGE_VAULT_KEY in the environment")
    named = settings.vault_key_file
    if named is None and settings.vault_key_block:
        key = _of_block(settings.vault_key_block, os.environ.get("PREFECT_API_URL"), settings.home)
        return FoundKey(key, f"Prefect's Secret block {settings.vault_key_block}")
    path = named or settings.default_key_file
    source = "the file that PLEDGE_VAULT_KEY_FILE names" if named else "the usual file, keys/vault.key"
    if not path.exists():
        if named:
            raise SettingsError(
                f"PLEDGE_VAULT_KEY_FILE names {path.name}, which is not there; mend the path."
            )
        return None
    found = FoundKey(read_private(path), source, path)
    return _the_next(settings, found) or found


def next_key_file(path: Path) -> Path:
    """Where a rotation keeps the key that is to take the place of the one in *path*."""
    return path.with_name(f"{path.name}.{NEXT}")


def _the_next(settings: Home, found: FoundKey) -> FoundKey | None:
    """The key that a rotation, cut short, has written the vault with already; None where there is none."""
    path = next_key_file(found.path) if found.path else None
    if path is None or not path.exists() or is_key_of(settings.vault_path, found.key):
        return None
    following = FoundKey(read_private(path), f"{path.name}, which a rotation left", found.path)
    return following if is_key_of(settings.vault_path, following.key) else None


def read_private(path: Path) -> str:
    """The key in a file. Raises SettingsError: it can't be read, is empty, or others may read it."""
    try:
        mode = path.stat().st_mode
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The vault's key file {path.name} can't be read; mend its rights.") from None
    if mode & 0o077:
        raise SettingsError(f"Others may read the vault's key file {path.name}; run: chmod 600 on it.")
    if not key:
        raise SettingsError(f"The vault's key file {path.name} is empty; put the vault's key back into it.")
    return key


@cache
def _of_block(name: str, _api_url: str | None, _home: Path) -> str:
    """What the block holds: asked for once by a process, since Prefect may have to start a server for it."""
    make_prefect_home()
    try:
        from prefect.blocks.system import Secret

        block: Any = Secret.load(name)  # a coroutine only where a loop runs, and here none does
        held = block.get()
    except ValueError:
        raise SettingsError(
            f"Prefect has no Secret block called “{name[:40]}”; mend [vault] secret_block or "
            "PLEDGE_VAULT_KEY_BLOCK, or make the block."
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever a library says may hold what the block holds
        raise SettingsError(
            f"Prefect could not be asked for the Secret block “{name[:40]}” ({type(error).__name__}); see "
            "that its server answers, or give the key by PLEDGE_VAULT_KEY_FILE."
        ) from None
    if not isinstance(held, str) or not held.strip():
        raise SettingsError(
            f"Prefect's Secret block “{name[:40]}” holds no text; put the vault's key into it."
        )
    return held.strip()


def key_or_new(settings: KeySettings) -> tuple[str, bool]:
    """The vault's key, and whether it was made just now, in a file that only its owner may read.

    Raises:
        SettingsError: there is a vault but no key for it, or a key file can't be used.
    """
    key = find_key(settings)
    if key:
        return key, False
    if settings.vault_path.exists():
        raise SettingsError(
            "There is a vault but no key for it; set PLEDGE_VAULT_KEY_FILE to its key file, or put the file "
            "back as keys/vault.key under PLEDGE_HOME. Without the key the vault can't be read by anybody."
        )
    return keep_key(settings.default_key_file, new_key()), True


def given_key(settings: KeySettings) -> str | None:
    """The new key that the settings give; None where they give none.

    Raises:
        SettingsError: its file can't be used, or it can't be a key.
    """
    file = settings.new_vault_key_file
    key = (settings.new_vault_key or "").strip() or (read_private(file) if file else None)
    try:
        if key:
            refuse_malformed(key)
    except VaultKeyError:
        raise SettingsError(
            "The new key must be at least 32 letters and digits; give another one in PLEDGE_NEW_VAULT_KEY or "
            "PLEDGE_NEW_VAULT_KEY_FILE, or none to have one made."
        ) from None
    return key


def new_key() -> str:
    """A key that nobody has."""
    return secrets.token_hex(KEY_BYTES)


def keep_key(path: Path, key: str) -> str:
    """Write *key* into a new file that only its owner may read, whole or not at all, and return it.

    Raises:
        DiskError: it can't be written, or is there already: no key is ever written over.
    """
    try:
        if not path.parent.exists():
            make_private_folder(path.parent)
        write_private(path, f"{key}\n".encode(), is_new=True)
    except OSError as error:
        raise DiskError(f"Could not write the vault's key file {path.name}: {error.strerror}.") from None
    return key
