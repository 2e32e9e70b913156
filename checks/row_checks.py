"""Splits the responses of a run into those that count and those held back, by the row rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from checks.errors import CheckError
from checks.expectations import Suite
from checks.row_rules import FLAGS, INSTANTS, ROW_RULES, SURVEYS, RowRule

COLUMNS = ("response_id", *SURVEYS, *INSTANTS, *FLAGS)


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What the rules said: ids, rule names and counts.

    held: (response_id, first rule failed in the order declared, all rules failed that hold it back, joined
        by commas, reason) of each response held back.
    warned: rule name to how many responses fail it and count all the same; no rule at nought.
    results: for each rule a dict of rule, severity, n_checked and n_failed, held back or not.
    """

    held: list[tuple[str, str, str, str]]
    warned: dict[str, int]
    n_checked: int
    results: list[dict[str, Any]]


def check_rows(frames: Iterable[pd.DataFrame], rules: Sequence[RowRule] = ROW_RULES) -> RowOutcome:
    """Check one bounded frame after the other: a response that isn't held back has passed.

    One row a response that would count, or whose status nobody knows, but for previews.
    Columns: response_id; those of checks.row_rules.SURVEYS (text), INSTANTS (in UTC, NaT where
    missing, unreadable or unknown) and FLAGS; and those that further rules are about.
    Other columns are not looked at. Imports Great Expectations, which takes seconds the first time.

    Raises:
        CheckError: there is no frame at all, or one lacks a column, has an id that is null or there twice, or
            a flag that is unknown; or a rule wasn't run on every row.
    """
    suite = Suite({rule.name: rule.expectation for rule in rules})
    columns = list(dict.fromkeys(chain(COLUMNS[1:], *(rule.columns for rule in rules))))
    held, warned, n_failed, n_checked = [], Counter[str](), Counter[str](), None
    for frame in frames:
        _refuse_unreadable(frame, columns)
        ids = frame["response_id"].tolist()
        n_checked = (n_checked or 0) + len(ids)
        for position, failed in sorted(_failed_by_row(suite, frame[columns], rules).items()):
            n_failed.update(rule.name for rule in failed)
            holding = [rule for rule in failed if rule.severity == "hold"]
            if holding:
                names = ",".join(rule.name for rule in holding)
                held.append((ids[position], holding[0].name, names, holding[0].reason))
            else:
                warned.update(rule.name for rule in failed)
    if n_checked is None:
        raise CheckError(
            "No chunk of responses was checked, so there is no outcome; check an empty one at least."
        )
    results = [
        {
            "rule": rule.name,
            "severity": rule.severity,
            "n_checked": n_checked,
            "n_failed": n_failed[rule.name],
        }
        for rule in rules
    ]
    return RowOutcome(held, dict(warned), n_checked, results)


def _failed_by_row(suite: Suite, facts: pd.DataFrame, rules: Sequence[RowRule]) -> dict[int, list[RowRule]]:
    """The rules that a row fails, by its position; the library sees no id, and answers with positions."""
    # It compares bare numbers, and pandas is about to give it none of an instant with a zone.
    in_utc = {column: facts[column].dt.tz_convert(None) for column in INSTANTS}
    failing = suite.failing_rows(facts.assign(**in_utc))
    failed_by_row: dict[int, list[RowRule]] = {}
    for rule in rules:
        for position in failing[rule.name]:
            failed_by_row.setdefault(position, []).append(rule)
    return failed_by_row


def _refuse_unreadable(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    missing = [column for column in ("response_id", *columns) if column not in frame.columns]
    if missing:
        raise CheckError(f"The responses to check lack {', '.join(missing)}; add it where the frame is made.")
    ids = frame["response_id"]
    if ids.isna().any() or ids.duplicated().any():
        raise CheckError(
            f"Of {len(ids)} responses to check {int(ids.isna().sum())} have no id and "
            f"{int(ids.duplicated().sum())} an id seen before; hand over one row a response."
        )
    for column in INSTANTS:
        if not isinstance(frame[column].dtype, pd.DatetimeTZDtype):
            raise CheckError(
                f"{column} of the responses to check isn't an instant with a time zone; cast it."
            )
    for column, known in FLAGS.items():
        n_unknown = int((~_is_among(frame[column], known)).sum())
        if n_unknown:
            raise CheckError(
                f"{column} of {n_unknown} responses to check says something that no rule knows; "
                "declare it in checks/row_rules.py or correct where it is made."
            )


def _is_among(flags: pd.Series[Any], known: tuple[str | None, ...]) -> pd.Series[bool]:
    # pandas has three kinds of null, and isin() tells them apart.
    return flags.isin([flag for flag in known if flag]) | (flags.isna() & (None in known))
