"""What packs have shown, in a file beside them and in the vault: each is put right from the other."""

from pathlib import Path
from typing import Any

from flows.run.clock import now_in_utc
from reports.packs_shown import NOTHING_SHOWN, Memory, as_text, from_text
from warehouse.database.private_files import write_private
from warehouse.releases.packs_shown import note_packs_shown, read_packs_shown

FILE = "shown.json"
IN_VAULT = "The vault's own record"


def packs_in_file(folder: Path) -> Memory:
    """What the file of a folder remembers; nothing where there is none.

    Raises:
        MemoryFileError: it isn't such a file.
    """
    path = folder / FILE
    return from_text(path.read_bytes(), FILE) if path.exists() else NOTHING_SHOWN


def packs_in_vault(vault: Any) -> Memory:
    text = read_packs_shown(vault)
    return from_text(text.encode(), IN_VAULT) if text else NOTHING_SHOWN


def write_packs(folder: Path, memory: Memory) -> None:
    """Replace the file; whatever fails, the earlier one stays."""
    write_private(folder / FILE, as_text(memory).encode())


def note_packs(vault: Any, folder: Path) -> None:
    """Write into the vault what it doesn't remember of a folder's file."""
    noted = packs_in_vault(vault)
    memory = packs_in_file(folder).joined(noted)
    if memory != noted:
        note_packs_shown(vault, as_text(memory), now_in_utc())
