"""What it means that a command is refused: a sentence, an exit code, and nothing harmed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.driving import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.driving import Pledge, Ran

DONE, SETTINGS, PLATFORM, CHECKS, WAREHOUSE, BUDGET = 0, 10, 11, 12, 13, 14


def assert_refused(ran: Ran, code: int, *words: str) -> None:
    """It ended with that exit code and one sentence that holds these words; no traceback."""
    assert ran.code == code, ran.stderr
    assert "Traceback" not in ran.stderr
    sentence = ran.stderr.strip().splitlines()[-1]
    assert sentence.rstrip().endswith((".", ")", "accept-withdrawals"))
    for word in words:
        assert word in sentence


@contextmanager
def nothing_published(pledge: Pledge) -> Iterator[None]:
    """What is published stays to the byte, and nothing half-written lies beside it."""
    before = tree(pledge.home / "published")
    assert "pledge.duckdb" in before
    yield
    assert tree(pledge.home / "published") == before
    assert [name for name in tree(pledge.home) if name.endswith(".new")] == []


def refused(pledge: Pledge, code: int, *words: str, **changes: str | None) -> Ran:
    """A sync with these changes to the environment is refused so, publishes nothing and prints its record."""
    with nothing_published(pledge):
        ran = pledge("sync", "--direct", "--json", **changes)
        assert_refused(ran, code, *words)
    told = ran.json
    assert (told["state"], told["published"]) == ("partial" if code == BUDGET else "refused", None)
    assert told["warnings"][-1] in ran.stderr
    assert told["n_signatories"] > 0  # as the last good night left it: no false zero
    return ran
