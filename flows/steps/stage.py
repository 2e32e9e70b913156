"""Typed rows, made of what came in."""

from checks.row_rules import ROW_RULES
from flows.output import counted
from flows.run.context import RunContext, SurveyForm
from flows.settings.custom_rules import settled_own_rules
from warehouse import failpoints
from warehouse.database.memory import share_work
from warehouse.database.sql_files import short_hash
from warehouse.ingest import responses
from warehouse.transform import build as building
from warehouse.transform import stage as staging
from warehouse.transform.stage import Form


def stage(run: RunContext, form: SurveyForm | None) -> int:
    """Make typed rows of what came in.

    Returns how many responses are to be decided anew.
    """
    from checks.people.email_key import email_keys, rule_fingerprint

    of_pledge = form.form if form else Form("", "")  # answers of other surveys alone: nobody is counted
    rules = "; ".join(f"{rule.name} {rule.severity} {rule.expectation}" for rule in ROW_RULES)
    own, answers = settled_own_rules(run.settings.own_rules, run.vault, of_pledge.survey_id)
    staged = staging.stage(
        run.vault,
        of_pledge,
        email_keys,
        rules=short_hash(f"{rules}; {rule_fingerprint()}" + (f"; {own} {answers}" if own else "")),
        progress=lambda n: _batch_staged(run, n),
    )
    if run.options.rechecks:
        responses.pend_all(run.vault, of_pledge.survey_id)
    n_pending = building.count_pending(run.vault)
    share_work(run.vault, n_pending)
    run.progress.say(f"Read {counted(staged, 'response')} into typed rows.")
    return n_pending


def _batch_staged(run: RunContext, n_staged: int) -> None:
    run.progress.far(f"{n_staged:,} responses")
    failpoints.reached("batch staged")
