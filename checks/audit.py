"""What a good warehouse is: the audit of the tables just built, from a small frame of measures."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from checks.audit_rules import AUDIT_RULES
from checks.errors import CheckError
from checks.expectations import Expectation, Suite, no_less

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = ("check", "subject", "observed", "relation", "expected", "severity")
SEVERITIES = ("stop", "tell")
RELATIONS = ("equal", "at most", "at least")

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
    "at most": no_less("at most", "observed"),
    "at least": no_less("observed", "at least"),
}


def audit(measures: pd.DataFrame) -> list[dict[str, Any]]:
    """Audit the built tables by their measures; one with severity "stop" that isn't ok must stop the run.

    One row a measure, with columns check (a name in AUDIT_RULES), subject (a table or rule),
    observed, relation ("equal", "at most" or "at least"), expected (observed and expected are whole
    numbers, and the first must be that to the second) and severity: "stop", or "tell" for what is told
    and doesn't stop the run. Gives for each, in the order given, a dict of these (the numbers int, or None
    where it couldn't be measured) and ok.

    Raises:
        CheckError: there is no measure, a column is missing, a check, relation or severity is unknown, or a
            measure wasn't looked at.
    """
    _refuse_unreadable(measures)
    measures = measures[list(COLUMNS)].reset_index(drop=True)
    measures = measures.astype({"observed": "Int64", "expected": "Int64"})
    expected = {name: measures["expected"].where(measures["relation"] == name) for name in RELATIONS}
    failing = Suite(EXPECTATIONS).failing_rows(measures[["observed", "expected"]].assign(**expected))
    failed = set(chain.from_iterable(failing.values()))
    rows = measures.astype("object").where(measures.notna(), None).to_dict("records")
    return [
        {**{str(name): value for name, value in row.items()}, "ok": position not in failed}
        for position, row in enumerate(rows)
    ]


def _refuse_unreadable(measures: pd.DataFrame) -> None:
    missing = [column for column in COLUMNS if column not in measures.columns]
    if missing:
        raise CheckError(f"The measures to audit lack {', '.join(missing)}; add it where they are made.")
    if measures.empty:
        raise CheckError(
            "There is no measure to audit, and an audit of nothing passes nothing; measure the tables."
        )
    for column, known in (("check", AUDIT_RULES), ("relation", RELATIONS), ("severity", SEVERITIES)):
        unknown = sorted({str(name) for name in measures[column] if name not in known})
        if unknown:
            raise CheckError(
                f"The audit knows no {column} named {', '.join(unknown)}; declare it where the others are."
            )
