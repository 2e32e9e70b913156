"""The row rules, on what is new or changed: who is held back, and why."""

from collections.abc import Sequence
from typing import Any

from checks.row_checks import RowOutcome, check_rows
from checks.row_rules import ROW_RULES
from flows.output import counted
from flows.run.context import RunContext, SurveyForm
from flows.settings.custom_rules import OwnRule, settled_own_rules
from warehouse.ingest.erased_people import is_final
from warehouse.transform import build as building
from warehouse.transform.custom_answers import pend_lines
from warehouse.transform.stage import Form


def check(run: RunContext, form: SurveyForm, n_pending: int) -> None:
    """Check the rows that are new or changed, and hold back those that fail."""
    if not n_pending or is_final(run.vault, form.survey_id):
        return  # once names are erased, what the checks would read is gone: who is held back stays so
    outcome = checked(run.vault, form.form, run.settings.own_rules)
    building.hold_back(run.vault, outcome.held, at=run.now(), run_id=run.run_id)
    run.record.checks = outcome.results
    for rule, n in sorted(outcome.warned.items()):
        run.progress.say(f"{n:,} of {counted(outcome.n_checked, 'response')}: {rule} (counted all the same).")
    run.progress.say(f"Checked {counted(outcome.n_checked, 'response')}; held back: {len(outcome.held):,}.")


def checked(vault: Any, form: Form, own_rules: Sequence[OwnRule] = ()) -> RowOutcome:
    """The outcome of all row rules on what is pending, the user's own after the others."""
    from checks.custom_answers import as_judged

    own, answers = settled_own_rules(own_rules, vault, form.survey_id)
    rules = (*ROW_RULES, *(rule.row_rule for rule in own))
    unique = {one.rule for one in answers if one.is_unique}
    held: list[tuple[str, str]] = []
    if unique:
        pend_lines(vault, form, answers)
        # Who is held back by another rule stands in no line, so that is to be known first.
        others = [rule for rule in rules if rule.severity == "hold" and rule.name not in unique]
        frames = building.facts(vault, form, answers)
        first = check_rows((as_judged(frame, own) for frame in frames), others)
        held = [(response_id, all_rules) for response_id, _, all_rules, _ in first.held]
    frames = building.facts(vault, form, answers, held)
    return check_rows((as_judged(frame, own) for frame in frames), rules)
