"""How many examples a property is tried on: few in `make test`, many in `make test-examples`."""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def examples(share: float, **more: Any) -> settings:
    """The usual number times *share*, for a property whose examples are dear (under 1) or cheap (over 1)."""
    return settings(max_examples=max(1, round(share * settings.default.max_examples)), **more)
