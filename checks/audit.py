"""What a good warehouse is: the audit of the tables just built, from a small frame of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from checks.errors import FrameError
from checks.suite import Expectation, Suite

COLUMNS = ("check", "subject", "observed", "expected", "severity")
SEVERITIES = ("stop", "tell")

# Each measure must hold all of them.
EXPECTATIONS = {
    "observed-present": Expectation("ExpectColumnValuesToNotBeNull", {"column": "observed"}),
    "expected-present": Expectation("ExpectColumnValuesToNotBeNull", {"column": "expected"}),
    "not-negative": Expectation("ExpectColumnValuesToBeBetween", {"column": "observed", "min_value": 0}),
    "equal": Expectation(
        "ExpectColumnPairValuesToBeEqual",
        {"column_A": "observed", "column_B": "expected", "ignore_row_if": "either_value_is_missing"},
    ),
}


@dataclass(frozen=True, slots=True)
class AuditRule:
    """What is wrong when a check fails, and what to do: sentences for the operator."""

    reason: str
    next_step: str


FAULT = (
    "Yesterday's figures stay; pass the run id and this check's name on to whoever maintains the pipeline."
)

AUDIT_RULES = {
    "keys-unique": AuditRule("A key that should stand once in a table stands there more than once.", FAULT),
    "references-whole": AuditRule("A row refers to a row that isn't there.", FAULT),
    "conservation": AuditRule(
        "The responses ever seen and the places they went to don't add up: "
        "signatories, duplicates, held back, not counted, withdrawn and erased.",
        FAULT,
    ),
    "platform-total": AuditRule(
        "The survey platform counts another number of responses than the warehouse holds.",
        "Run pledge sync --full; a response that came in during the night is the usual cause.",
    ),
    "roles-add-up": AuditRule("The signatories by role don't add up to all signatories.", FAULT),
    "days-add-up": AuditRule("The signatories by day don't add up to all signatories.", FAULT),
}


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """What the audit found.

    passed: no check that must stop the night failed.
    results: for each measure, in the order given, a dict of check, subject, observed,
        expected (int, or None where it couldn't be measured), severity and ok.
    """

    passed: bool
    results: list[dict[str, Any]]


def audit(measures: pd.DataFrame) -> AuditOutcome:
    """Audit the built tables by their measures.

    One row a measure, with columns check (a name in AUDIT_RULES), subject (a table or rule),
    observed, expected (whole numbers, which must be equal) and severity: "stop", or "tell"
    for what is told and doesn't stop the night.

    Raises:
        FrameError: there is no measure, a column is missing, a check or severity is unknown.
        CheckNotRunError: a measure wasn't looked at.
    """
    _refuse_unreadable(measures)
    numbers = measures[["observed", "expected"]].astype("Int64")
    failing = Suite(EXPECTATIONS).failing_rows(numbers)
    failed = {position for positions in failing.values() for position in positions}
    results = [
        {
            "check": check,
            "subject": subject,
            "observed": None if pd.isna(observed) else int(observed),
            "expected": None if pd.isna(expected) else int(expected),
            "severity": severity,
            "ok": position not in failed,
        }
        for position, (check, subject, observed, expected, severity) in enumerate(
            zip(
                measures["check"],
                measures["subject"],
                numbers["observed"],
                numbers["expected"],
                measures["severity"],
                strict=True,
            )
        )
    ]
    return AuditOutcome(
        passed=all(result["ok"] for result in results if result["severity"] == "stop"), results=results
    )


def _refuse_unreadable(measures: pd.DataFrame) -> None:
    missing = [column for column in COLUMNS if column not in measures.columns]
    if missing:
        raise FrameError(f"The measures to audit lack {', '.join(missing)}; add it where they are made.")
    if measures.empty:
        raise FrameError(
            "There is no measure to audit, and an audit of nothing passes nothing; measure the tables."
        )
    for column, known in (("check", tuple(AUDIT_RULES)), ("severity", SEVERITIES)):
        unknown = sorted({str(name) for name in measures[column] if name not in known})
        if unknown:
            raise FrameError(
                f"The audit knows no {column} named {', '.join(unknown)}; declare it in checks/audit.py."
            )
