"""The second part of a night: typed rows, what is held back, who counts, and whether the sums agree."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows import noticing
from flows.errors import ChecksError
from flows.own_rules import settled_own_rules
from flows.plural import counted
from flows.rollups import keep_counts
from warehouse import build as building
from warehouse import load, read, retention, signals
from warehouse import publish as publishing
from warehouse import stage as staging
from warehouse.memory import share_work
from warehouse.own_answers import touch_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.gate import RowOutcome
    from flows.night import Night
    from flows.own_rules import OwnRule
    from warehouse.stage import Form

SMALL_FALL = 10  # fewer signatories by no more than this never stop a night
IN_WORDS = {"equal": "exactly", "at most": "at most", "at least": "at least"}


def stage(night: Night) -> None:
    """Make typed rows of what came in."""
    from checks.email_key import rule_fingerprint
    from checks.rules import ROW_RULES

    rules = "; ".join(f"{rule.name} {rule.severity} {rule.expectation}" for rule in ROW_RULES)
    own, answers = settled_own_rules(night.settings.own_rules, night.vault, night.form.survey_id)
    staged = staging.stage(
        night.vault,
        night.form,
        _decide_emails,
        rules=staging.short_hash(f"{rules}; {rule_fingerprint()}" + (f"; {own} {answers}" if own else "")),
        progress=lambda n: _batch_staged(night, n),
    )
    if night.asked.rechecks:
        load.touch_all(night.vault, night.survey_id)
    retention.list_new(night.vault)  # here, so that a night without news finds nothing to do
    night.n_touched = building.count_touched(night.vault)
    share_work(night.vault, night.n_touched)
    night.progress.say(f"Read {counted(staged, 'response')} into typed rows.")


def _batch_staged(night: Night, n_staged: int) -> None:
    night.progress.far(f"{n_staged:,} responses")
    night.boundary("batch staged")


def _decide_emails(texts: Sequence[str]) -> list[tuple[str | None, str | None]]:
    from checks.email_key import email_keys

    return [(decided.key, decided.problem) for decided in email_keys(texts)]


def check_incoming(night: Night) -> None:
    """Check the rows that are new or changed, and hold back those that fail."""
    if not night.n_touched or night.is_final:  # what the checks would read is gone: who is held back stays so
        return
    outcome = checked(night.vault, night.form, night.settings.own_rules)
    held = outcome.held
    building.hold_back(
        night.vault,
        list(zip(held["response_id"], held["rule"], held["all_rules"], held["reason"], strict=True)),
        at=night.now(),
        run_id=night.run_id,
    )
    night.record.checks = outcome.results
    for rule, n in sorted(outcome.warned.items()):
        night.progress.say(
            f"{n:,} of {counted(outcome.n_checked, 'response')}: {rule} (counted all the same)."
        )
    night.progress.say(f"Checked {counted(outcome.n_checked, 'response')}; held back: {len(held):,}.")


def checked(vault: Any, form: Form, own_rules: Sequence[OwnRule] = ()) -> RowOutcome:
    """The outcome of all row rules on what is touched, the user's own after the others."""
    from checks.gate import Gate, total
    from checks.own_answers import as_judged
    from checks.rules import ROW_RULES

    own, answers = settled_own_rules(own_rules, vault, form.survey_id)
    rules = (*ROW_RULES, *(rule.row_rule for rule in own))
    unique = {one.rule for one in answers if one.is_unique}
    held: list[tuple[str, str]] = []
    if unique:
        touch_lines(vault, form, answers)
        # Who is held back by another rule stands in no line, so that is to be known first.
        first = Gate([rule for rule in rules if rule.severity == "hold" and rule.name not in unique])
        for frame in building.facts(vault, form, answers):
            found = first.check(as_judged(frame, own)).held
            held += zip(found["response_id"], found["all_rules"], strict=True)
    gate = Gate(rules)
    frames = building.facts(vault, form, answers, held)
    return total(gate.check(as_judged(frame, own)) for frame in frames)


def build(night: Night) -> None:
    """Decide who counts: one signatory for each email key."""
    decided = 0
    if noticing.is_due(night):
        decided = building.build(night.vault, night.form, at=night.now(), run_id=night.run_id)
        noticing.notice(night)
    else:
        signals.forget(night.vault, at=night.now())
    publishing.make_shown_roles(night.vault, night.form)
    _count(night)
    n_people = counted(night.record.n_signatories, "signatory", "signatories")
    night.progress.say(f"Decided {counted(decided, 'response')}: {n_people}.")


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


def _bounds(night: Night) -> read.Bounds:
    """What the audit compares the whole with: the file in place, and the settings."""
    settings, record = night.settings, night.record
    before = read.published_total(settings.published_path)
    fresh = (night.fresh_as_of or record.started_at) if night.is_walk_whole else record.fresh_as_of
    fresh = None if night.is_final else fresh  # nothing newer is to come
    hours = (night.now() - datetime.fromisoformat(fresh)).total_seconds() / 3600 if fresh else None
    replaces = hasattr(night, "files") and night.files.replaces
    return read.Bounds(
        least_total=None
        if before is None
        else before - max(SMALL_FALL, math.floor(before * settings.largest_fall)),
        is_fall_accepted=night.asked.accepts_fall or night.asked.accepts_withdrawals or replaces,
        hours_since_fresh=None if hours is None else math.ceil(hours),
        stale_after_hours=settings.stale_after_hours,
    )


def audit(night: Night) -> None:
    """Check that the sums agree before anybody sees them."""
    bounds = _bounds(night)
    rollups = night.rollups if night.is_walk_whole else None
    measures = read.measures(night.vault, night.survey_id, night.platform_total, rollups, bounds)
    must_hold = measures[measures["severity"] == "stop"]
    conservation = must_hold[must_hold["check"] == "conservation"]
    night.record.conservation_ok = bool((conservation["observed"] == conservation["expected"]).all())
    night.is_new_content = publishing.is_new_content(night.vault, night.form, night.settings.published_path)
    is_stale = bounds.hours_since_fresh is not None and bounds.hours_since_fresh > bounds.stale_after_hours
    is_quiet = keep_counts(night, measures) and not is_stale
    if not night.is_new_content and night.record.conservation_ok and is_quiet:
        return
    from checks.audit import audit as run_audit
    from checks.audit_rules import AUDIT_RULES

    outcome = run_audit(measures)
    night.record.checks += outcome.results
    failed = [result for result in outcome.results if not result["ok"]]
    for result in failed:
        rule = AUDIT_RULES[result["check"]]
        night.warn(
            f"{result['check']} ({result['subject']}): {result['observed']:,}, where it should be "
            f"{IN_WORDS[result['relation']]} {result['expected']:,}. {rule.reason} {rule.next_step}"
        )
    if not outcome.passed:
        names = ", ".join(sorted({result["check"] for result in failed if result["severity"] == "stop"}))
        raise ChecksError(
            f"The audit failed ({names}), so nothing was published and yesterday's figures stay. "
            "“pledge status” shows the numbers; docs/operations.md says what to do."
        )
