"""Typed rows, made of what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.output import counted
from flows.settings.custom_rules import settled_own_rules
from warehouse.database.memory import share_work
from warehouse.ingest import responses
from warehouse.transform import build as building
from warehouse.transform import stage as staging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.run.context import RunContext


def stage(run: RunContext) -> None:
    """Make typed rows of what came in."""
    from checks.people.email_key import rule_fingerprint
    from checks.row_rules import ROW_RULES

    rules = "; ".join(f"{rule.name} {rule.severity} {rule.expectation}" for rule in ROW_RULES)
    own, answers = settled_own_rules(run.settings.own_rules, run.vault, run.form.survey_id)
    staged = staging.stage(
        run.vault,
        run.form,
        _decide_emails,
        rules=staging.short_hash(f"{rules}; {rule_fingerprint()}" + (f"; {own} {answers}" if own else "")),
        progress=lambda n: _batch_staged(run, n),
    )
    if run.asked.rechecks:
        responses.pend_all(run.vault, run.survey_id)
    run.n_pending = building.count_pending(run.vault)
    share_work(run.vault, run.n_pending)
    run.progress.say(f"Read {counted(staged, 'response')} into typed rows.")


def _batch_staged(run: RunContext, n_staged: int) -> None:
    run.progress.far(f"{n_staged:,} responses")
    run.boundary("batch staged")


def _decide_emails(texts: Sequence[str]) -> list[tuple[str | None, str | None]]:
    from checks.people.email_key import email_keys

    return [(decided.key, decided.problem) for decided in email_keys(texts)]
