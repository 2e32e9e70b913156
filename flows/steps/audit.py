"""Whether the sums agree, before anybody sees them."""

import math
from datetime import datetime
from typing import TYPE_CHECKING

from flows.errors import ChecksError
from flows.run.context import RunContext, SurveyForm, Walk
from flows.steps.platform_counts import keep_counts
from warehouse.ingest.erased_people import is_final
from warehouse.queries import figures
from warehouse.releases import publish as publishing

if TYPE_CHECKING:
    import pandas as pd


SMALL_FALL = 10  # fewer signatories by no more than this never stop a night
IN_WORDS = {"equal": "exactly", "at most": "at most", "at least": "at least"}


def audit(run: RunContext, form: SurveyForm, walk: Walk) -> bool:
    """Check that the sums agree before anybody sees them.

    Returns whether there is anything new to publish.

    Raises:
        ChecksError: a check that must hold failed; nothing may be published.
    """
    bounds = _bounds(run, form, walk)
    rollups = walk.rollups if walk.is_whole else None
    measures = figures.measures(run.vault, form.survey_id, walk.platform_total, rollups, bounds)
    must_hold = measures[measures["severity"] == "stop"]
    conservation = must_hold[must_hold["check"] == "conservation"]
    run.record.conservation_ok = bool((conservation["observed"] == conservation["expected"]).all())
    is_new = publishing.is_new_content(run.vault, form.form, run.settings.published_path)
    is_stale = bounds.hours_since_fresh is not None and bounds.hours_since_fresh > bounds.stale_after_hours
    is_quiet = keep_counts(run, form, measures, is_new_content=is_new) and not is_stale
    if is_new or not run.record.conservation_ok or not is_quiet:
        _judge(run, measures)
    return is_new


def _bounds(run: RunContext, form: SurveyForm, walk: Walk) -> figures.Bounds:
    """What the audit compares the whole with: the file in place, and the settings."""
    settings, record, options = run.settings, run.record, run.options
    before = figures.published_total(settings.published_path)
    fresh = (walk.fresh_as_of or record.started_at) if walk.is_whole else record.fresh_as_of
    fresh = None if is_final(run.vault, form.survey_id) else fresh  # nothing newer is to come
    hours = (run.now() - datetime.fromisoformat(fresh)).total_seconds() / 3600 if fresh else None
    return figures.Bounds(
        least_total=None
        if before is None
        else before - max(SMALL_FALL, math.floor(before * settings.largest_fall)),
        is_fall_accepted=options.accepts_fall or options.accepts_withdrawals,
        hours_since_fresh=None if hours is None else math.ceil(hours),
        stale_after_hours=settings.stale_after_hours,
    )


def _judge(run: RunContext, measures: "pd.DataFrame") -> None:
    from checks.audit import audit as run_audit
    from checks.audit_rules import AUDIT_RULES

    results = run_audit(measures)
    run.record.checks += results
    failed = [result for result in results if not result["ok"]]
    for result in failed:
        rule = AUDIT_RULES[result["check"]]
        run.warn(
            f"{result['check']} ({result['subject']}): {result['observed']:,}, where it should be "
            f"{IN_WORDS[result['relation']]} {result['expected']:,}. {rule.reason} {rule.next_step}"
        )
    stopping = sorted({result["check"] for result in failed if result["severity"] == "stop"})
    if stopping:
        raise ChecksError(
            f"The audit failed ({', '.join(stopping)}), so nothing was published and yesterday's figures "
            "stay. “pledge status” shows the numbers; docs/operations.md says what to do."
        )
