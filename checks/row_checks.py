"""The gate: splits tonight's responses into those that count and those held back, by the row rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from checks.errors import FrameError
from checks.expectations import Suite
from checks.row_rules import FLAGS, INSTANTS, ROW_RULES, SURVEYS, RowRule

COLUMNS = ("response_id", *SURVEYS, *INSTANTS, *FLAGS)
HELD_COLUMNS = ("response_id", "rule", "reason", "all_rules")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What the rules said: ids, rule names and counts.

    held: one row a response held back: response_id, rule (the first it fails, in the order
        declared), reason, all_rules (every one that holds it back, in order, joined by commas).
    warned: rule name to how many responses fail it and count all the same; no rule at nought.
    n_checked: responses looked at.
    results: for each rule a dict of rule, severity, n_checked and n_failed, held back or not.
    """

    held: pd.DataFrame
    warned: dict[str, int]
    n_checked: int
    results: list[dict[str, Any]]


class Gate:
    """The row rules, made ready once for all chunks of a night."""

    def __init__(self, rules: Sequence[RowRule] = ROW_RULES) -> None:
        """Import Great Expectations, which takes seconds the first time."""
        self._rules = tuple(rules)
        self._columns = tuple(dict.fromkeys(chain(COLUMNS[1:], *(rule.columns for rule in rules))))
        self._suite = Suite({rule.name: rule.expectation for rule in rules})

    def check(self, frame: pd.DataFrame) -> RowOutcome:
        """Split one chunk: a response that isn't held back has passed.

        One row a response that would count, or whose status nobody knows, but for previews.
        Columns: response_id; those of checks.row_rules.SURVEYS (text), INSTANTS (in UTC, NaT where
        missing, unreadable or unknown) and FLAGS; and those that further rules are about.
        Other columns are not looked at.

        Raises:
            FrameError: a column is missing, an id is null or there twice, a flag is unknown.
            CheckNotRunError: a rule wasn't run on every row.
        """
        _refuse_unreadable(frame, self._columns)
        # The library gets the facts without the ids: it answers with positions.
        facts = frame[list(self._columns)]
        # It compares bare numbers, and pandas is about to give it none of an instant with a zone.
        in_utc = {column: facts[column].dt.tz_convert(None) for column in INSTANTS}
        failing = self._suite.failing_rows(facts.assign(**in_utc))
        failed_by_row: dict[int, list[RowRule]] = {}
        for rule in self._rules:
            for position in failing[rule.name]:
                failed_by_row.setdefault(position, []).append(rule)
        return RowOutcome(
            held=_held(failed_by_row, frame["response_id"].tolist()),
            warned=_warned(failed_by_row),
            n_checked=len(frame),
            results=[_result(rule, len(frame), len(failing[rule.name])) for rule in self._rules],
        )


def check_rows(frame: pd.DataFrame, rules: Sequence[RowRule] = ROW_RULES) -> RowOutcome:
    """Split one frame; for chunk after chunk make one Gate and keep it."""
    return Gate(rules).check(frame)


def total(outcomes: Iterable[RowOutcome]) -> RowOutcome:
    """Add up the outcomes of a night's chunks, all of one gate.

    Raises:
        FrameError: there is none, so nothing was checked.
    """
    chunks = list(outcomes)
    if not chunks:
        raise FrameError(
            "No chunk of responses was checked, so there is no outcome; check an empty one at least."
        )
    warned: Counter[str] = Counter()
    for chunk in chunks:
        warned.update(chunk.warned)
    return RowOutcome(
        held=pd.concat([chunk.held for chunk in chunks], ignore_index=True),
        warned=dict(warned),
        n_checked=sum(chunk.n_checked for chunk in chunks),
        results=[
            {
                **same_rule[0],
                "n_checked": sum(result["n_checked"] for result in same_rule),
                "n_failed": sum(result["n_failed"] for result in same_rule),
            }
            for same_rule in zip(*(chunk.results for chunk in chunks), strict=True)
        ],
    )


def _holding(failed: list[RowRule]) -> list[RowRule]:
    return [rule for rule in failed if rule.severity == "hold"]


def _held(failed_by_row: dict[int, list[RowRule]], ids: list[str]) -> pd.DataFrame:
    rows = [
        (ids[position], holding[0].name, holding[0].reason, ",".join(rule.name for rule in holding))
        for position, failed in sorted(failed_by_row.items())
        if (holding := _holding(failed))
    ]
    return pd.DataFrame(rows, columns=list(HELD_COLUMNS), dtype="str")


def _warned(failed_by_row: dict[int, list[RowRule]]) -> dict[str, int]:
    counting = (failed for failed in failed_by_row.values() if not _holding(failed))
    return dict(Counter(rule.name for failed in counting for rule in failed))


def _result(rule: RowRule, n_checked: int, n_failed: int) -> dict[str, Any]:
    return {"rule": rule.name, "severity": rule.severity, "n_checked": n_checked, "n_failed": n_failed}


def _refuse_unreadable(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    missing = [column for column in ("response_id", *columns) if column not in frame.columns]
    if missing:
        raise FrameError(f"The responses to check lack {', '.join(missing)}; add it where the frame is made.")
    ids = frame["response_id"]
    if ids.isna().any() or ids.duplicated().any():
        raise FrameError(
            f"Of {len(ids)} responses to check {int(ids.isna().sum())} have no id and "
            f"{int(ids.duplicated().sum())} an id seen before; hand over one row a response."
        )
    for column in INSTANTS:
        if not isinstance(frame[column].dtype, pd.DatetimeTZDtype):
            raise FrameError(
                f"{column} of the responses to check isn't an instant with a time zone; cast it."
            )
    for column, known in FLAGS.items():
        n_unknown = int((~_is_among(frame[column], known)).sum())
        if n_unknown:
            raise FrameError(
                f"{column} of {n_unknown} responses to check says something that no rule knows; "
                "declare it in checks/row_rules.py or correct where it is made."
            )


def _is_among(flags: pd.Series[Any], known: tuple[str | None, ...]) -> pd.Series[bool]:
    # pandas has three kinds of null, and isin() tells them apart.
    return flags.isin([flag for flag in known if flag]) | (flags.isna() & (None in known))
