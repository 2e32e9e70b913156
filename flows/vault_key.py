"""The vault's key: from the environment, from a file, or made by the first run."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from flows.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from flows.settings import Settings

KEY_BYTES = 32


def find_key(settings: Settings) -> str | None:
    """The key that the settings name, or the one that the first run made; None where there is none yet.

    Raises:
        SettingsError: a key file is named and can't be read, is empty, or others may read it.
    """
    if settings.vault_key:
        return settings.vault_key.strip()
    named = settings.vault_key_file
    path = named or settings.default_key_file
    if not path.exists():
        if named:
            raise SettingsError(
                f"PLEDGE_VAULT_KEY_FILE names {path.name}, which is not there; mend the path."
            )
        return None
    return _read_private(path)


def _read_private(path: Path) -> str:
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


def key_or_new(settings: Settings) -> tuple[str, bool]:
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
    return _make_key(settings.default_key_file), True


def _make_key(path: Path) -> str:
    key = secrets.token_hex(KEY_BYTES)
    aside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # whole or not at all, and never over another key
        aside.unlink()
    except OSError as error:
        from warehouse.errors import DiskError

        raise DiskError(f"Could not write the vault's key file {path.name}: {error.strerror}.") from None
    return key
