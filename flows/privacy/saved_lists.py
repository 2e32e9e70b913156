"""Lists and packs with names, written for staff: which of them hold a person."""

from __future__ import annotations

from pathlib import Path

from warehouse.errors import told_plainly
from warehouse.ingest.response_text import IsMeant, without
from warehouse.privacy.person import Person


def delete_lists_with(folder: Path, person: Person) -> int:
    """Delete each list in *folder* that holds one of the person's addresses or response ids; return how many.

    A list of what people wrote as their roles has neither, so each of these goes.
    What lies beside a list under the same name, but for the ending, goes with it.
    """
    if not folder.is_dir():
        return 0
    is_meant = person.matcher()
    with told_plainly(folder):
        files = [path for path in folder.rglob("*") if path.is_file()]
        gone = {path.with_suffix("") for path in files if _holds(path, person, is_meant)}
        for path in files:
            if path.with_suffix("") in gone:
                path.unlink()
    return len(gone)


def _holds(path: Path, person: Person, is_meant: IsMeant) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return (
        path.name.startswith("roles-")
        or any(response_id in text for response_id in person.response_ids)
        or without(text, is_meant) != text
    )
