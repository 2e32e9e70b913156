"""Where each response is, as an addition that a person can follow on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.runs_page.checks_shown import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


CONSERVATION, PLATFORM = "conservation", "platform-total"
COUNTED = "This run counted them. Each response ever seen is in exactly one place, so the places must add up."
NOT_COUNTED = (
    "This run did not come so far as to count: these are the figures that stood before it. "
    "Each response ever seen is in exactly one place, so the places must add up."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One summand. is_part: it is a part of the line before, so it isn't added again."""

    sign: str
    words: str
    n: int
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """The addition of one run.

    seen: responses ever seen, counted apart from the places; None where the record doesn't say.
    platform: what the survey platform counts beside ours; empty where it wasn't asked.
    """

    introduction: str
    lines: list[Line]
    total: int
    seen: int | None
    verdict: Verdict
    platform: list[Verdict]


def told_sum(record: Mapping[str, Any], *, was_counted: bool) -> Sum:
    """The addition that a record gives."""
    lines = list(_lines(record))
    total = sum(line.n for line in lines if not line.is_part)
    checks: Sequence[Mapping[str, Any]] = record.get("checks") or []
    seen = _seen(checks)
    holds = bool(record.get("conservation_ok")) and seen in {None, total}
    return Sum(
        introduction=COUNTED if was_counted else NOT_COUNTED,
        lines=lines,
        total=total,
        seen=seen,
        verdict=_verdict(total, seen, holds=holds),
        platform=[_beside_the_platform(check) for check in checks if check.get("check") == PLATFORM],
    )


def _lines(record: Mapping[str, Any]) -> Iterator[Line]:
    yield Line("", "signatories", int(record.get("n_signatories") or 0))
    yield Line("+", "duplicates: earlier signatures of the same person", int(record.get("duplicates") or 0))
    for name, words in (("held_back", "held back"), ("not_counted", "not counted")):
        by_reason: Mapping[str, int] = record.get(name) or {}
        yield Line("+", words, sum(by_reason.values()))
        for reason, n in by_reason.items():
            yield Line("", reason, n, is_part=True)
    yield Line("+", "withdrawn", int(record.get("withdrawn") or 0))
    yield Line("+", "erased", int(record.get("erased") or 0))


def _seen(checks: Sequence[Mapping[str, Any]]) -> int | None:
    return next(
        (
            check["observed"]
            for check in checks
            if check.get("check") == CONSERVATION and "seen" in str(check.get("subject"))
        ),
        None,
    )


def _verdict(total: int, seen: int | None, *, holds: bool) -> Verdict:
    if holds:
        return Verdict("good", f"✓ It adds up: every one of {total:,} responses is in one place.")
    if seen is None or seen == total:
        return Verdict("bad", "✗ The run could not show that every response is in one place.")
    return Verdict("bad", f"✗ It does not add up: {seen:,} were seen, {total:,} are in a place.")


def _beside_the_platform(check: Mapping[str, Any]) -> Verdict:
    ours, theirs = check.get("observed"), check.get("expected")
    if ours is None or theirs is None:
        return Verdict("told", "! The survey platform's own count could not be compared.")
    if check.get("ok"):
        return Verdict("good", f"✓ The survey platform itself counts {theirs:,}, and so do we.")
    return Verdict(
        "told", f"! The survey platform itself counts {theirs:,}; of those that it gave, we hold {ours:,}."
    )
