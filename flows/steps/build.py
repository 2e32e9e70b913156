"""Who counts, decided and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.output import counted
from flows.steps import find_signals
from warehouse.queries import figures
from warehouse.releases import publish as publishing
from warehouse.transform import build as building
from warehouse.transform import signals

if TYPE_CHECKING:
    from flows.run.context import RunContext


def build(run: RunContext) -> None:
    """Decide who counts: one signatory for each email key."""
    decided = 0
    if find_signals.is_due(run):
        decided = building.build(run.vault, run.form, at=run.now(), run_id=run.run_id)
        find_signals.notice(run)
    else:
        signals.forget(run.vault, run.form, at=run.now())
    publishing.make_shown_roles(run.vault, run.form)
    _count(run)
    n_people = counted(run.record.n_signatories, "signatory", "signatories")
    run.progress.say(f"Decided {counted(decided, 'response')}: {n_people}.")


def _count(run: RunContext) -> None:
    record = run.record
    found = figures.dispositions(run.vault)
    record.n_signatories = sum(n for one, _, n in found if one == "signatory")
    record.duplicates = sum(n for one, _, n in found if one == "duplicate")
    record.withdrawn = sum(n for one, _, n in found if one == "withdrawn")
    record.erased = sum(n for one, _, n in found if one == "erased")
    record.held_back = {reason: n for one, reason, n in found if one == "held back"}
    record.not_counted = {reason: n for one, reason, n in found if one == "not counted"}
    record.by_role = figures.by_role(run.vault)
