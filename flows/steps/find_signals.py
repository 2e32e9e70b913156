"""Whom somebody should look at: signals about the persons decided tonight; no figure goes by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.transform import build as building
from warehouse.transform import signals

if TYPE_CHECKING:
    from flows.run.context import RunContext


def notice(run: RunContext) -> None:
    """Note who may be one person twice, or two on one address, and what looks odd."""
    if run.is_final:  # names and addresses are gone: the cases stay as they are
        building.leave(run.vault)
        return
    from checks.people import address_matching as judge

    noticed = signals.notice(run.vault, run.form, judge, at=run.now(), run_id=run.run_id)
    building.leave(run.vault)
    if noticed.n_skipped:
        run.warn(
            f"{noticed.n_skipped:,} groups of people with one name are too large to compare all with all; "
            "no slip in an address was looked for among them."
        )


def is_due(run: RunContext) -> bool:
    """Persons were decided since the last look, or by other rules of the signals than now."""
    from checks.people import address_matching as judge

    return bool(run.n_pending) or (not run.is_final and signals.is_due(run.vault, judge))
