"""`pledge key check` and `pledge key rotate`: neither ever shows a key.

A rotation keeps the new key as ``NAME.next`` beside the key file before anything is written with it. Then the
vault is written anew with it, a fresh backup is made, the older ones go, and the new key takes the old one's
place. Killed anywhere, one of the two keys opens the vault; the next rotation goes on from there.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from flows.errors import DONE, SettingsError
from flows.errors import WAREHOUSE as KEY_TROUBLE
from flows.run.clock import now_in_utc, run_name
from flows.run.shutdown import stopping_clean
from flows.settings.model import Home, KeySettings
from flows.vault.key import FoundKey, found_key, given_key, keep_key, new_key, next_key_file, read_private
from warehouse.backups import backup
from warehouse.backups.rewrite import rewrite
from warehouse.database.connection import attached, is_key_of, refuse_earlier
from warehouse.database.private_files import flush
from warehouse.errors import VaultDamagedError, VaultKeyError, told_plainly

ANOTHER_KEY = "has another key, which alone opens it"
STOPPED_ROTATION = (
    "Told to stop. One of the two keys opens the vault: “pledge key check” says which, and "
    "“pledge key rotate” finishes what was begun."
)


def key(options: argparse.Namespace, settings: KeySettings) -> int:
    """Look at the key, or change it."""
    found = found_key(settings)
    if found is None:
        raise SettingsError(
            "There is no key for a vault; the first sync makes one. If there is a vault, set "
            "PLEDGE_VAULT_KEY_FILE to its key file, or put the file back as keys/vault.key under PLEDGE_HOME."
        )
    return _rotate(settings, found) if options.what == "rotate" else _check(settings, found)


def _check(settings: KeySettings, found: FoundKey) -> int:
    """Where the key comes from, and what it opens: the vault and each backup are read whole.

    Raises:
        VaultKeyError: it isn't the vault's; the one that is, if it is at hand, is told.
        VaultDamagedError: the vault can't be read.
    """
    sys.stdout.write(f"Key     from {found.source}\n")
    sys.stdout.write(f"Vault   {_vault_told(settings, found)}\n")
    states = {
        one.name: _backup_told(one.path, found.key) for one in backup.kept_backups(settings.backups_folder)
    }
    for name, what in states.items():
        sys.stdout.write(f"Backup  {name}: {what}\n")
    if next_key_file(found.path or settings.default_key_file).exists():
        sys.stdout.write("!       A rotation of the key was cut short; finish it: pledge key rotate\n")
    return KEY_TROUBLE if ANOTHER_KEY in states.values() else DONE


def _vault_told(settings: KeySettings, found: FoundKey) -> str:
    path = settings.vault_path
    if not path.exists():
        return "there is none yet"
    try:
        return f"opens with it: {backup.responses_in(path, found.key):,} responses, each version counted"
    except VaultKeyError as error:
        fitting = next((name for name, other in _other_keys(settings) if is_key_of(path, other)), None)
        if fitting is None:
            raise
        raise VaultKeyError(
            f"{error} The key in {fitting} opens it: a rotation has begun; “pledge key rotate” finishes it "
            "and says what to set."
        ) from None


def _other_keys(settings: KeySettings) -> Iterator[tuple[str, str]]:
    """Where another key is, and that key."""
    given, usual = given_key(settings), settings.default_key_file
    if given:
        yield "PLEDGE_NEW_VAULT_KEY", given
    yield from ((path.name, read_private(path)) for path in (next_key_file(usual), usual) if path.exists())


def _backup_told(path: Path, with_key: str) -> str:
    try:
        return f"opens with it: {backup.responses_in(path, with_key):,} responses"
    except VaultDamagedError:
        return "can't be read: it is damaged"
    except VaultKeyError:
        return ANOTHER_KEY


def _rotate(settings: KeySettings, found: FoundKey) -> int:
    """A new key for the vault and a backup of it; what is to be set is said plainly.

    No run with a record: a run's record is written into the vault that it has open, and here that is closed.
    """
    vault, given = settings.vault_path, given_key(settings)
    if not vault.exists():
        raise SettingsError("There is no vault yet, so there is no key to change; run: pledge sync")
    file = None if found.path is None and given else found.path or settings.default_key_file
    with stopping_clean(STOPPED_ROTATION):
        new = _key_to_be(settings, found, file, given)
        is_begun_here = not is_key_of(vault, new)
        if is_begun_here:
            rewrite(vault, found.key, new_key=new)
        n_gone = _back_up_anew(settings, new)
        if file:
            _put_in_place(file)
    for sentence in _sentences(found, file, n_gone, is_begun_here=is_begun_here):
        sys.stderr.write(f"{sentence}\n")
    return DONE


def _key_to_be(settings: Home, found: FoundKey, file: Path | None, given: str | None) -> str:
    """The key of a rotation that was cut short; or a new one, kept before anything is written with it.

    file: what is to hold it; None where somebody else keeps it, and has *given* it.
    """
    if file and next_key_file(file).exists():
        return read_private(next_key_file(file))
    if given == found.key:
        raise SettingsError("PLEDGE_NEW_VAULT_KEY is the key in use; give another one. Nothing was changed.")
    if file and found.path is None and file.exists():
        made = read_private(file)
        if is_key_of(settings.vault_path, made):  # that rotation is done, and the setting not yet changed
            return made
    key_to_be = given or new_key()
    if file:
        with attached(settings.vault_path, found.key, read_only=True) as vault:
            refuse_earlier(
                vault, settings.vault_path
            )  # no key is kept for a vault that can't be written anew
        keep_key(next_key_file(file), key_to_be)
    return key_to_be


def _back_up_anew(settings: Home, with_key: str) -> int:
    """Have a good backup with the new key, then delete those that it doesn't open; return how many."""
    folder = settings.backups_folder
    if backup.newest_good(folder, with_key) is None:
        stamp = run_name(now_in_utc())
        backup.back_up(settings.vault_path, with_key, folder, run_id=stamp, why=backup.ROTATION)
    return len(backup.drop_unopened(folder, with_key))


def _put_in_place(file: Path) -> None:
    """The new key, which nothing is without any longer, in the old one's place."""
    with told_plainly(file):
        if next_key_file(file).exists():
            next_key_file(file).replace(file)
            flush(file.parent)


def _sentences(found: FoundKey, file: Path | None, n_gone: int, *, is_begun_here: bool) -> Iterator[str]:
    if is_begun_here:
        yield "The vault is written anew with its new key, and was compared with the old one row by row."
    else:
        yield "The rotation that was cut short is finished; to have another new key, run it again."
    yield f"A backup has the new key too; {n_gone:,} that had another one were deleted."
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
