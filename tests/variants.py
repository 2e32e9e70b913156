"""Variants of a test: some are taken in `make test`, all in `make test-long`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


def variants(values: Iterable[Any], *, now: Iterable[Any]) -> list[Any]:
    """The values for a test's parameter, of which *now* are those that `make test` takes."""
    values, now = list(values), list(now)
    assert all(value in values for value in now)
    return [pytest.param(value, marks=() if value in now else pytest.mark.long) for value in values]
