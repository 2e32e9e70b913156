"""The ways in which a page is looked at: some of them in `make test`, all in `make test-long`."""

from __future__ import annotations

import pytest

DESK, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}

in_each_look = pytest.mark.parametrize(
    ("size", "theme"),
    [
        pytest.param(DESK, "light", id="desk-light"),
        pytest.param(PHONE, "dark", id="phone-dark"),
        pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.long),
        pytest.param(DESK, "dark", id="desk-dark", marks=pytest.mark.long),
    ],
)
