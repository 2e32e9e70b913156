"""The one loader of SQL files: `statement("core/places")` reads `sql/core/places.sql`."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (files("warehouse") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """Every migration as (name, text), in order."""
    folder = files("warehouse") / "sql" / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        (name.removesuffix(".sql"), statement(f"migrations/{name.removesuffix('.sql')}")) for name in names
    )


def fingerprint(*names: str) -> str:
    """One hash over the named statements: what they make must be made anew when it changes."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(statement(name).encode())
    return digest.hexdigest()[:16]
