"""Rules that a user adds in the settings: about the answer to one question, without code.

The frame holds the answer in a column named like the rule: the answer's text, null where it is empty.
For `be-unique` it holds the response's place in line instead, from 1, among those that give this answer.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from checks.expectations import Expectation
from checks.row_rules import RowRule

Must = Literal["be-answered", "be-in-set", "match", "be-between", "be-unique"]

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class CustomRule:
    """What a user demands of the answer to a question.

    pattern: of `match`: the whole answer fits this regular expression.
    values: of `be-in-set`: the answer is one of them.
    low, high: of `be-between`: the answer is a number, or a date, no less and no more; None: no bound.
    """

    name: str
    must: Must
    severity: Literal["hold", "warn"]
    reason: str
    next_step: str
    pattern: str = ""
    values: tuple[str, ...] = ()
    low: float | date | None = None
    high: float | date | None = None

    @property
    def is_of_dates(self) -> bool:
        """Whether its bounds are dates."""
        return isinstance(self.low, date) or isinstance(self.high, date)

    @property
    def row_rule(self) -> RowRule:
        """The rule as the row checks take it, about the column of its name."""
        kind, arguments = self._expected()
        expectation = Expectation(kind, {"column": self.name, **arguments})
        return RowRule(self.name, self.severity, self.reason, self.next_step, expectation)

    def _expected(self) -> tuple[str, dict[str, object]]:
        if self.must == "be-answered":
            return "ExpectColumnValuesToNotBeNull", {}
        if self.must == "be-in-set":
            return "ExpectColumnValuesToBeInSet", {"value_set": list(self.values)}
        if self.must == "match":
            return "ExpectColumnValuesToMatchRegex", {"regex": whole(self.pattern)}
        if self.must == "be-between":
            low, high = (_as_number(bound) for bound in (self.low, self.high))
            return "ExpectColumnValuesToBeBetween", {"min_value": low, "max_value": high}
        return "ExpectColumnValuesToBeBetween", {"min_value": 1, "max_value": 1}


def whole(pattern: str) -> str:
    """The expression that fits where *pattern* fits a text from its beginning to its end, over all lines."""
    # Flags for the whole of it, such as (?i), may stand only in front.
    flags, _, rest = pattern.removeprefix("(?").partition(")")
    if not (pattern.startswith("(?") and flags.isalpha()):
        flags, rest = "", pattern
    # Looking ahead to nothing has pandas take Python's own engine, which is the one the settings ask.
    return f"(?s{flags.replace('s', '')})(?=)^(?:{rest})$"


def _as_number(bound: float | date | None) -> float | None:
    if bound is None or isinstance(bound, int | float):
        return bound
    return float(bound.toordinal() - EPOCH.toordinal())
