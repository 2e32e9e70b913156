"""What a run's checks said, in the words of its page: row rules, and the audit's checks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rules = Mapping[str, tuple[str, str, str]]
    AuditRules = Mapping[str, tuple[str, str]]
    Results = Sequence[Mapping[str, Any]]


GONE = "This check is no longer declared, so its reason isn't known here."
EQUAL = "equal"
SEVERITIES = {"hold": "holds back", "warn": "is told; counts"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, with a sign for those who see no colour. kind: good, bad, or told (stops nothing)."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One row rule as a run found it."""

    name: str
    severity: str
    reason: str
    next_step: str
    n_checked: int
    n_failed: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class MeasureTold:
    """One number of the audit and what it must be; both ready to be shown."""

    subject: str
    observed: str
    expected: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AuditTold:
    """One check of the audit with all that it measured."""

    name: str
    reason: str
    next_step: str
    measures: list[MeasureTold]

    @property
    def is_good(self) -> bool:
        """Whether each of its measures agrees."""
        return all(measure.verdict.kind == "good" for measure in self.measures)


def told_rules(results: Results, rules: Rules) -> list[RuleTold]:
    """The row rules among a record's checks, in their order; one no longer declared has no reason."""
    return [_told_rule(result, rules) for result in results if "rule" in result]


def _told_rule(result: Mapping[str, Any], rules: Rules) -> RuleTold:
    name = str(result["rule"])
    reason, next_step, declared = rules.get(name, (GONE, "", "hold"))
    severity = str(result.get("severity") or declared)
    n_failed = int(result.get("n_failed") or 0)
    return RuleTold(
        name=name,
        severity=SEVERITIES.get(severity, severity),
        reason=reason,
        next_step=next_step,
        n_checked=int(result.get("n_checked") or 0),
        n_failed=n_failed,
        verdict=_rule_verdict(n_failed, is_hold=severity == "hold"),
    )


def _rule_verdict(n_failed: int, *, is_hold: bool) -> Verdict:
    if not n_failed:
        return Verdict("good", "✓ passed")
    return Verdict("bad", "✗ held back") if is_hold else Verdict("told", "! told")


def told_audit(results: Results, rules: AuditRules) -> list[AuditTold]:
    """The audit's checks among a record's, those of one name together."""
    measured = [result for result in results if "check" in result]
    return [
        AuditTold(name, *rules.get(name, (GONE, "")), [_told_measure(one) for one in measures])
        for name, measures in groupby(measured, key=lambda one: str(one["check"]))
    ]


def _told_measure(result: Mapping[str, Any]) -> MeasureTold:
    relation = str(result.get("relation") or EQUAL)
    return MeasureTold(
        subject=str(result.get("subject") or ""),
        observed=_number(result.get("observed")),
        expected=("" if relation == EQUAL else f"{relation} ") + _number(result.get("expected")),
        verdict=_audit_verdict(result),
    )


def _audit_verdict(result: Mapping[str, Any]) -> Verdict:
    stops = result.get("severity") != "tell"
    if result.get("ok"):
        return Verdict("good", "✓ agrees")
    return Verdict("bad", "✗ fails") if stops else Verdict("told", "! told")


def failed_in_words(results: Results, *, were_run: bool) -> Verdict:
    """How many of a run's checks failed, as "2 rules, 1 audit check"."""
    failed_rules = [result for result in results if "rule" in result and result.get("n_failed")]
    failed_audit = [result for result in results if "check" in result and not result.get("ok")]
    if not results:
        return Verdict("", "none" if were_run else "not run")
    words = [_counted(len(failed_rules), "rule"), _counted(len(failed_audit), "audit check")]
    stops = any(result.get("severity") != "tell" for result in failed_audit)
    kind = "bad" if stops else "told" if failed_rules or failed_audit else ""
    return Verdict(kind, ", ".join(filter(None, words)) or "none")


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}" if n else ""


def _number(value: object) -> str:
    if value is None:
        return "not measured"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
