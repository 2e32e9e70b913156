"""The next of several large things made while the last one is used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


T = TypeVar("T")


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items in the same order, each made by another thread than uses it, one ahead and no more."""
    rest = ((item,) for item in items)
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        waiting = thread.submit(next, rest, None)
        while (made := waiting.result()) is not None:
            waiting = thread.submit(next, rest, None)
            yield made[0]
