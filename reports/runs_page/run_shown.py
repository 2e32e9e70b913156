"""One run as its page tells it, from its record: counts, rule names and sentences, no person.

A record is a mapping with the names of the run record's fields; older records lack some, and a field
that is missing shows as nothing, never as an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reports.runs_page.checks_shown import (
    AuditTold,
    RuleTold,
    Verdict,
    failed_in_words,
    told_audit,
    told_rules,
)
from reports.runs_page.sum_shown import Sum, told_sum
from reports.templating import instant_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from reports.runs_page.checks_shown import AuditRules, Rules

    Record = Mapping[str, Any]


MINUTE = 60
STATES = {
    "complete": ("Done", "", ""),
    "unchanged": ("Nothing new", "", "The figures are those published before."),
    "partial": ("Stopped early", "told", "What came is kept, and the next run goes on from there."),
    "refused": ("Failed", "bad", "Nothing was published; the figures published before stay."),
    "running": ("Running or killed", "told", "It has not written down its end."),
}
MARKS = {"bad": "✗ ", "told": "! "}
NOT_PUBLISHED = {
    "complete": "nobody was counted anew",
    "unchanged": "nothing new",
    "partial": "stopped early",
    "refused": "failed",
    "running": "not ended",
}
TITLES = {"sync": "Night of", "import": "Import of", "demo": "Demo night of", "recount": "Recount of"}
PLAN = (
    ("n_responses", "Responses at the platform"),
    ("n_to_fetch", "To be fetched"),
    ("pull", "Calls planned to fetch them"),
    ("sweep", "Calls planned to compare all ids, if needed"),
    ("rollups", "Calls planned to compare the roles, if needed"),
    ("full", "Calls planned to fetch all again"),
)


@dataclass(frozen=True, slots=True)
class ToldRun:
    """A run, ready for its page and for its line in the history.

    started: aware, in the house's zone; None if the record doesn't say.
    ended_by: the sentence of the error that ended it; None if none did.
    warnings: without the changes of the form, which are told under drift.
    """

    run_id: str
    command: str
    started: datetime | None
    when: str
    title: str
    ended: str | None
    took: str | None
    fresh_as_of: str | None
    state: str
    state_in_words: str
    state_kind: str
    state_mark: str
    meaning: str
    ended_by: str | None
    published_in_short: str
    published_in_words: str
    signatories: int
    seen_tonight: int
    new: int
    changed: int
    gone: int
    answers_erased: int
    held_back: int
    requests: int
    form_version: str | None
    sum: Sum
    rules: list[RuleTold]
    audit: list[AuditTold]
    failed: Verdict
    no_rules: str
    no_audit: str
    drift: list[str]
    warnings: list[str]
    files: list[dict[str, Any]]
    calls: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    all_seconds: str


def tell_run(record: Record, zone: ZoneInfo, rules: Rules, audit_rules: AuditRules) -> ToldRun:
    """The run of *record*, which has at least a run_id."""
    checks = record.get("checks") or []
    steps: Mapping[str, float] = record.get("steps") or {}
    drift = list(record.get("drift") or [])
    told_row_rules, audit = told_rules(checks, rules), told_audit(checks, audit_rules)
    return ToldRun(
        run_id=str(record["run_id"]),
        seen_tonight=_n(record, "responses_seen"),
        new=_n(record, "responses_new"),
        changed=_n(record, "responses_changed"),
        gone=_n(record, "responses_withdrawn"),
        answers_erased=_n(record, "responses_erased"),
        signatories=_n(record, "n_signatories"),
        held_back=sum((record.get("held_back") or {}).values()),
        requests=_n(record, "requests"),
        form_version=record.get("form_version"),
        sum=told_sum(record, was_counted="audit" in steps),
        rules=told_row_rules,
        audit=audit,
        failed=failed_in_words(checks, were_run="audit" in steps),
        no_rules=_no_rules(steps),
        no_audit=_no_audit(steps),
        drift=drift,
        warnings=[one for one in record.get("warnings") or [] if one not in drift],
        files=[_file(file) for file in record.get("files") or []],
        calls=_calls(record),
        steps=[(name, f"{seconds:,.1f}") for name, seconds in steps.items()],
        all_seconds=f"{sum(steps.values()):,.1f}",
        **_times(record, zone),
        **_end(record),
    )


def _times(record: Record, zone: ZoneInfo) -> dict[str, Any]:
    started, ended = _instant(record.get("started_at"), zone), _instant(record.get("ended_at"), zone)
    fresh = _instant(record.get("fresh_as_of"), zone)
    command = str(record.get("command") or "sync")
    when = instant_in_words(started) if started else str(record["run_id"])
    return {
        "started": started,
        "when": when,
        "command": command,
        "title": f"{TITLES.get(command, 'Run of')} {when}",
        "ended": instant_in_words(ended) if ended else None,
        "took": _lasting((ended - started).total_seconds()) if started and ended else None,
        "fresh_as_of": instant_in_words(fresh) if fresh else None,
    }


def _end(record: Record) -> dict[str, Any]:
    state = str(record.get("state") or "running")
    in_words, kind, meaning = STATES.get(state, (state, "told", ""))
    warnings = record.get("warnings") or []
    published = record.get("published")
    why_not = _audit_stops(record) or NOT_PUBLISHED.get(state, state)
    return {
        "state": state,
        "state_in_words": in_words,
        "state_kind": kind,
        "state_mark": MARKS.get(kind, ""),
        "meaning": ("New figures were published." if published else "") or meaning,
        "ended_by": str(warnings[-1]) if state == "refused" and warnings else None,
        "published_in_short": "yes" if published else f"no: {why_not}",
        # The name is enough: the path is of one machine.
        "published_in_words": f"yes, {str(published).rpartition('/')[2]}" if published else f"no: {why_not}",
    }


def _audit_stops(record: Record) -> str | None:
    failed = (one for one in record.get("checks") or [] if "check" in one and not one.get("ok"))
    return "the audit failed" if any(one.get("severity") != "tell" for one in failed) else None


def _no_rules(steps: Mapping[str, float]) -> str:
    if "check" in steps or "check_incoming" in steps:
        return "No response was new or had changed, so there was none to check."
    return "The run ended before the responses were checked."


def _no_audit(steps: Mapping[str, float]) -> str:
    if "audit" in steps:
        return (
            "The published file rests on the same content, so it was not audited again; that every response "
            "is in one place is checked in every run."
        )
    return "The run ended before the tables were built."


def _file(file: Record) -> dict[str, Any]:
    return {
        "name": str(file.get("name") or "a file"),
        "layout": ", ".join(str(file[name]) for name in ("layout", "encoding") if file.get(name)),
        "rows": _n(file, "rows_read"),
        "responses": _n(file, "responses"),
        "answers": _n(file, "answers"),
        "refused": file.get("refused"),
    }


def _calls(record: Record) -> list[tuple[str, str]]:
    plan: Record = record.get("plan") or {}
    left = record.get("calls_left_today")
    told = [
        (
            "Calls made",
            f"{_n(record, 'requests'):,}, of which {_n(record, 'pages'):,} for pages of responses",
        ),
        ("Calls left today", "not known" if left is None else f"{left:,}"),
        *((words, f"{plan[name]:,}") for name, words in PLAN if plan.get(name) is not None),
    ]
    if plan.get("put_off"):
        told.append(("Put off for want of calls", ", ".join(plan["put_off"])))
    return told


def _instant(text: object, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(zone)
    except ValueError:
        return None


def _lasting(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{minutes:,} min {rest} s" if minutes else f"{seconds:.1f} s"


def _n(record: Record, name: str) -> int:
    return int(record.get(name) or 0)
