"""Who counts, decided and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.output import counted
from flows.steps.find_signals import are_signals_due, find_signals
from warehouse.queries import figures
from warehouse.releases import publish as publishing
from warehouse.transform import build as building
from warehouse.transform import signals

if TYPE_CHECKING:
    from flows.run.context import RunContext, SurveyForm


def build(run: RunContext, form: SurveyForm, n_pending: int) -> None:
    """Decide who counts: one signatory for each email key."""
    decided = 0
    if n_pending or are_signals_due(run.vault, form):
        decided = building.build(run.vault, form.form, at=run.now(), run_id=run.run_id)
        find_signals(run, form)
    else:
        signals.forget(run.vault, at=run.now())
    publishing.make_shown_roles(run.vault, form.form)
    _count(run)
    n_people = counted(run.record.n_signatories, "signatory", "signatories")
    run.progress.say(f"Decided {counted(decided, 'response')}: {n_people}.")


def _count(run: RunContext) -> None:
    record = run.record
    places = figures.places(run.vault)
    record.n_signatories = sum(n for place, _, n in places if place == "signatory")
    record.duplicates = sum(n for place, _, n in places if place == "duplicate")
    record.withdrawn = sum(n for place, _, n in places if place == "withdrawn")
    record.erased = sum(n for place, _, n in places if place == "erased")
    record.held_back = {reason: n for place, reason, n in places if place == "held back"}
    record.not_counted = {reason: n for place, reason, n in places if place == "not counted"}
    record.by_role = figures.by_role(run.vault)
