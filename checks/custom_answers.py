"""Answers as the rules of a user judge them: a bound is of numbers, so the answer must be one too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from checks.custom_rules import EPOCH, CustomRule

# A date as people write it in a file, and as the platform gives it: always month first.
DATES = (
    (r"^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$", "%Y-%m-%d"),
    (r"^(\d{1,2}/\d{1,2}/\d{4})(?: .*)?$", "%m/%d/%Y"),
)


def as_judged(frame: pd.DataFrame, rules: Iterable[CustomRule]) -> pd.DataFrame:
    """The frame with each answer as its rule judges it: a number where it must be between, or unique.

    A date is its days since 1970. An answer that isn't what the bounds are gets a number out of bounds.
    """
    judged = {
        rule.name: _numbers(frame[rule.name], rule)
        for rule in rules
        if rule.must in {"be-between", "be-unique"}
    }
    return frame.assign(**judged) if judged else frame


def _numbers(answers: pd.Series[Any], rule: CustomRule) -> pd.Series[float]:
    texts = answers.astype("object")
    read = _days(texts) if rule.is_of_dates else pd.to_numeric(texts, errors="coerce").astype("float64")
    no_such_thing = texts.notna() & ~read.between(float("-inf"), float("inf"), inclusive="neither")
    return read.mask(no_such_thing, float("inf") if rule.low is None else float("-inf"))


def _days(texts: pd.Series[Any]) -> pd.Series[float]:
    days = pd.Series(float("nan"), index=texts.index)
    for pattern, form in DATES:
        parts = texts.astype("str").str.extract(pattern, expand=False)
        since = pd.to_datetime(parts, format=form, errors="coerce") - pd.Timestamp(EPOCH)
        days = days.fillna(since / pd.Timedelta(days=1))
    return days
