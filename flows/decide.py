"""The second part of a night: typed rows, what is held back, who counts, and whether the sums agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.errors import ChecksError
from warehouse import build as building
from warehouse import publish as publishing
from warehouse import read
from warehouse import stage as staging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.night import Night


def stage(night: Night) -> None:
    """Make typed rows of what came in."""
    from checks.email_key import rule_fingerprint
    from checks.rules import ROW_RULES

    rules = "; ".join(f"{rule.name} {rule.severity} {rule.expectation}" for rule in ROW_RULES)
    staged = staging.stage(
        night.vault,
        night.form,
        _decide_emails,
        rules=staging.short_hash(f"{rules}; {rule_fingerprint()}"),
        progress=lambda n: _batch_staged(night, n),
    )
    night.n_touched = building.count_touched(night.vault)
    night.progress.say(f"Read {staged:,} responses into typed rows.")


def _batch_staged(night: Night, n_staged: int) -> None:
    night.progress.far(f"{n_staged:,} responses")
    night.boundary("batch staged")


def _decide_emails(texts: Sequence[str]) -> list[tuple[str | None, str | None]]:
    from checks.email_key import email_keys

    return [(decided.key, decided.problem) for decided in email_keys(texts)]


def check_incoming(night: Night) -> None:
    """Check the rows that are new or changed, and hold back those that fail."""
    if not night.n_touched:
        return
    from checks.gate import Gate, total

    gate = Gate()
    outcomes = [gate.check(frame) for frame in building.facts(night.vault, night.form)]
    outcome = total(outcomes)
    held = outcome.held
    building.hold_back(
        night.vault,
        list(zip(held["response_id"], held["rule"], held["all_rules"], held["reason"], strict=True)),
        at=night.now(),
        run_id=night.run_id,
    )
    night.record.checks = outcome.results
    for rule, n in sorted(outcome.warned.items()):
        night.progress.say(f"{n:,} of {outcome.n_checked:,} responses: {rule} (they count).")
    night.progress.say(f"Checked {outcome.n_checked:,} responses; {len(held):,} are held back.")


def build(night: Night) -> None:
    """Decide who counts: one signatory for each email key."""
    decided = building.build(night.vault, night.form) if night.n_touched else 0
    publishing.make_shown_roles(night.vault, night.form)
    _count(night)
    night.progress.say(f"Decided {decided:,} responses: {night.record.n_signatories:,} signatories.")


def _count(night: Night) -> None:
    record = night.record
    places = read.places(night.vault)
    record.n_signatories = sum(n for place, _, n in places if place == "signatory")
    record.duplicates = sum(n for place, _, n in places if place == "duplicate")
    record.withdrawn = sum(n for place, _, n in places if place == "withdrawn")
    record.erased = sum(n for place, _, n in places if place == "erased")
    record.held_back = {reason: n for place, reason, n in places if place == "held back"}
    record.not_counted = {reason: n for place, reason, n in places if place == "not counted"}
    record.by_role = read.by_role(night.vault)


def audit(night: Night) -> None:
    """Check that the sums agree before anybody sees them."""
    measures = read.measures(night.vault, night.survey_id, night.platform_total)
    must_hold = measures[measures["severity"] == "stop"]
    conservation = must_hold[must_hold["check"] == "conservation"]
    night.record.conservation_ok = bool((conservation["observed"] == conservation["expected"]).all())
    night.is_new_content = publishing.is_new_content(night.vault, night.form, night.settings.published_path)
    if not night.is_new_content and night.record.conservation_ok:
        return
    from checks.audit import AUDIT_RULES
    from checks.audit import audit as run_audit

    outcome = run_audit(measures)
    night.record.checks += outcome.results
    failed = [result for result in outcome.results if not result["ok"]]
    for result in failed:
        rule = AUDIT_RULES[result["check"]]
        night.warn(
            f"{result['check']} ({result['subject']}): "
            f"{result['observed']:,} instead of {result['expected']:,}. "
            f"{rule.reason} {rule.next_step}"
        )
    if not outcome.passed:
        names = ", ".join(sorted({result["check"] for result in failed if result["severity"] == "stop"}))
        raise ChecksError(
            f"The audit failed ({names}), so nothing was published and yesterday's figures stay. "
            "“pledge status” shows the numbers; docs/operations.md says what to do."
        )
