"""Numbers with their nouns, for sentences."""

from __future__ import annotations


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Such as ``1 response`` or ``1,200 responses``; *plural* where it isn't the noun with an s."""
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"
