"""What a good warehouse is: the audit of the tables just built, from a small frame of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from checks.audit_rules import AUDIT_RULES
from checks.errors import FrameError
from checks.expectations import Expectation, Suite

COLUMNS = ("check", "subject", "observed", "relation", "expected", "severity")
SEVERITIES = ("stop", "tell")
RELATIONS = ("equal", "at most", "at least")


def _no_less(column: str, than: str) -> Expectation:
    return Expectation(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": column,
            "column_B": than,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    )


# Each measure must hold all of them. What is expected stands once more in the column of its relation, and
# in the others nothing does.
EXPECTATIONS = {
    "observed-present": Expectation("ExpectColumnValuesToNotBeNull", {"column": "observed"}),
    "expected-present": Expectation("ExpectColumnValuesToNotBeNull", {"column": "expected"}),
    "not-negative": Expectation("ExpectColumnValuesToBeBetween", {"column": "observed", "min_value": 0}),
    "equal": Expectation(
        "ExpectColumnPairValuesToBeEqual",
        {"column_A": "observed", "column_B": "equal", "ignore_row_if": "either_value_is_missing"},
    ),
    "at most": _no_less("at most", "observed"),
    "at least": _no_less("observed", "at least"),
}


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """What the audit found.

    passed: no check that must stop the night failed.
    results: for each measure, in the order given, a dict of check, subject, observed, relation,
        expected (int, or None where it couldn't be measured), severity and ok.
    """

    passed: bool
    results: list[dict[str, Any]]


def audit(measures: pd.DataFrame) -> AuditOutcome:
    """Audit the built tables by their measures.

    One row a measure, with columns check (a name in AUDIT_RULES), subject (a table or rule),
    observed, relation ("equal", "at most" or "at least"), expected (observed and expected are whole
    numbers, and the first must be that to the second) and severity: "stop", or "tell" for what is told
    and doesn't stop the night.

    Raises:
        FrameError: there is no measure, a column is missing, a check, relation or severity is unknown.
        CheckNotRunError: a measure wasn't looked at.
    """
    _refuse_unreadable(measures)
    numbers = measures[["observed", "expected"]].astype("Int64").reset_index(drop=True)
    relation = measures["relation"].reset_index(drop=True)
    by_relation = {name: numbers["expected"].where(relation == name) for name in RELATIONS}
    failing = Suite(EXPECTATIONS).failing_rows(numbers.assign(**by_relation))
    failed = {position for positions in failing.values() for position in positions}
    told = measures[list(COLUMNS)].astype("object").to_dict("records")
    results = [
        {
            **{str(name): value for name, value in measure.items()},
            "observed": None if pd.isna(observed) else int(observed),
            "expected": None if pd.isna(expected) else int(expected),
            "ok": position not in failed,
        }
        for position, (measure, observed, expected) in enumerate(
            zip(told, numbers["observed"], numbers["expected"], strict=True)
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
    for column, known in (
        ("check", tuple(AUDIT_RULES)),
        ("relation", RELATIONS),
        ("severity", SEVERITIES),
    ):
        unknown = sorted({str(name) for name in measures[column] if name not in known})
        if unknown:
            raise FrameError(
                f"The audit knows no {column} named {', '.join(unknown)}; declare it where the others are."
            )
