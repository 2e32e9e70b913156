"""Who counts, decided and counted."""

from flows.output import counted
from flows.run.context import RunContext, SurveyForm
from warehouse.ingest.erased_people import is_final
from warehouse.queries import figures
from warehouse.releases import publish as publishing
from warehouse.transform import build as building
from warehouse.transform import signals


def build(run: RunContext, form: SurveyForm, n_pending: int) -> None:
    """Decide who counts: one signatory for each email key."""
    from checks.people import address_matching as rules

    vault, at, decided = run.vault, run.now(), 0
    are_names_kept = not is_final(vault, form.survey_id)
    if n_pending or (are_names_kept and signals.is_due(vault, rules)):
        decided = building.build(vault, form.form, at=at, run_id=run.run_id)
        if are_names_kept:  # once they are erased the cases stay as they are
            _, n_skipped = signals.notice(vault, form.form, rules, at=run.now(), run_id=run.run_id)
            _tell_skipped(run, n_skipped)
        building.leave(vault)
    else:
        signals.forget(vault, form.form, at=at)  # hashes of address blocks go after 30 days, news or none
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


def _tell_skipped(run: RunContext, n_groups: int) -> None:
    if n_groups:
        run.warn(
            f"{n_groups:,} groups of people with one name are too large to compare all with all; "
            "no slip in an address was looked for among them."
        )
