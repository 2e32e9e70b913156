"""Whether the sums agree, before anybody sees them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from flows.errors import ChecksError
from flows.steps.platform_counts import keep_counts
from warehouse.queries import figures
from warehouse.releases import publish as publishing

if TYPE_CHECKING:
    from flows.run.context import RunContext


SMALL_FALL = 10  # fewer signatories by no more than this never stop a night
IN_WORDS = {"equal": "exactly", "at most": "at most", "at least": "at least"}


def _bounds(run: RunContext) -> figures.Bounds:
    """What the audit compares the whole with: the file in place, and the settings."""
    settings, record = run.settings, run.record
    before = figures.published_total(settings.published_path)
    fresh = (run.fresh_as_of or record.started_at) if run.is_walk_whole else record.fresh_as_of
    fresh = None if run.is_final else fresh  # nothing newer is to come
    hours = (run.now() - datetime.fromisoformat(fresh)).total_seconds() / 3600 if fresh else None
    replaces = hasattr(run, "files") and run.files.replaces
    return figures.Bounds(
        least_total=None
        if before is None
        else before - max(SMALL_FALL, math.floor(before * settings.largest_fall)),
        is_fall_accepted=run.asked.accepts_fall or run.asked.accepts_withdrawals or replaces,
        hours_since_fresh=None if hours is None else math.ceil(hours),
        stale_after_hours=settings.stale_after_hours,
    )


def audit(run: RunContext) -> None:
    """Check that the sums agree before anybody sees them."""
    bounds = _bounds(run)
    rollups = run.rollups if run.is_walk_whole else None
    measures = figures.measures(run.vault, run.survey_id, run.platform_total, rollups, bounds)
    must_hold = measures[measures["severity"] == "stop"]
    conservation = must_hold[must_hold["check"] == "conservation"]
    run.record.conservation_ok = bool((conservation["observed"] == conservation["expected"]).all())
    run.is_new_content = publishing.is_new_content(run.vault, run.form, run.settings.published_path)
    is_stale = bounds.hours_since_fresh is not None and bounds.hours_since_fresh > bounds.stale_after_hours
    is_quiet = keep_counts(run, measures) and not is_stale
    if not run.is_new_content and run.record.conservation_ok and is_quiet:
        return
    from checks.audit import audit as run_audit
    from checks.audit_rules import AUDIT_RULES

    outcome = run_audit(measures)
    run.record.checks += outcome.results
    failed = [result for result in outcome.results if not result["ok"]]
    for result in failed:
        rule = AUDIT_RULES[result["check"]]
        run.warn(
            f"{result['check']} ({result['subject']}): {result['observed']:,}, where it should be "
            f"{IN_WORDS[result['relation']]} {result['expected']:,}. {rule.reason} {rule.next_step}"
        )
    if not outcome.passed:
        names = ", ".join(sorted({result["check"] for result in failed if result["severity"] == "stop"}))
        raise ChecksError(
            f"The audit failed ({names}), so nothing was published and yesterday's figures stay. "
            "“pledge status” shows the numbers; docs/operations.md says what to do."
        )
