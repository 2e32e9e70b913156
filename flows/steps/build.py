"""Who counts, decided and counted."""

from typing import Any

from flows.output import counted
from flows.run.context import RunContext, SurveyForm
from warehouse.ingest.erased_people import is_final
from warehouse.queries import figures
from warehouse.releases import publish as publishing
from warehouse.transform import build as building
from warehouse.transform import signals


def build(run: RunContext, form: SurveyForm, n_pending: int) -> None:
    """Decide who counts: one signatory for each email key."""
    decided = 0
    if n_pending or are_signals_due(run.vault, form):
        decided = building.build(run.vault, form.form, at=run.now(), run_id=run.run_id)
        find_signals(run, form)
    else:
        signals.forget(run.vault, form.form, at=run.now())
    publishing.make_shown_roles(run.vault, form.form)
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


def find_signals(run: RunContext, form: SurveyForm) -> None:
    """Note who may be one person twice, or two on one address, and what looks odd."""
    if is_final(run.vault, form.survey_id):  # names and addresses are gone: the cases stay as they are
        building.leave(run.vault)
        return
    from checks.people import address_matching as rules

    noticed = signals.notice(run.vault, form.form, rules, at=run.now(), run_id=run.run_id)
    building.leave(run.vault)
    if noticed.n_skipped:
        run.warn(
            f"{noticed.n_skipped:,} groups of people with one name are too large to compare all with all; "
            "no slip in an address was looked for among them."
        )


def are_signals_due(vault: Any, form: SurveyForm) -> bool:
    """Persons were decided by other rules of the signals than now."""
    from checks.people import address_matching as rules

    return not is_final(vault, form.survey_id) and signals.is_due(vault, rules)
