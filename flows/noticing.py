"""Whom somebody should look at: signals about the persons decided tonight; no figure goes by them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from warehouse import build as building
from warehouse import load, signals

if TYPE_CHECKING:
    from typing import Any

    from flows.night import Night

BYTES_OF_SALT = 32


def notice(night: Night) -> None:
    """Note who may be one person twice, or two on one address, and what looks odd."""
    if night.is_final:  # names and addresses are gone: the cases stay as they are
        building.leave(night.vault)
        return
    from checks import signals as judge

    noticed = signals.notice(
        night.vault, night.form, judge, at=night.now(), run_id=night.run_id, salt=_salt(night.vault)
    )
    building.leave(night.vault)
    if noticed.n_skipped:
        night.warn(
            f"{noticed.n_skipped:,} groups of people with one name are too large to compare all with all; "
            "no slip in an address was looked for among them."
        )


def is_due(night: Night) -> bool:
    """Persons were decided since the last look, or by other rules of the signals than now."""
    from checks import signals as judge

    return bool(night.n_touched) or (not night.is_final and signals.is_due(night.vault, judge))


def _salt(vault: Any) -> str:
    """What address blocks are hashed with: made once, and kept in the vault alone."""
    salt = load.mark(vault, signals.SALT)
    if salt is None:
        salt = secrets.token_hex(BYTES_OF_SALT)
        load.set_mark(vault, signals.SALT, salt)
    return salt
