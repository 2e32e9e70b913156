"""Rules of the user's own: [[rules]] in `pledge.toml`, and the questions of the form that they are about."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, cast, get_args

from checks.custom_rules import CustomRule, Must, whole
from checks.row_rules import ROW_RULES
from flows.errors import SettingsError
from flows.settings.question_refs import places_of
from warehouse.ingest.designs import design_texts
from warehouse.transform.custom_answers import OwnAnswer

NEEDED = ("name", "question", "must", "severity", "reason")
OWN_KEYS = {"match": {"pattern"}, "be-in-set": {"values"}, "be-between": {"low", "high"}}
NEXT_STEP = (
    "Look at the response on the survey platform; if it is right as it is, accept it or mend the rule."
)


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One rule of the user's own."""

    rule: CustomRule
    question: str  # ``id:…``, ``id:…/…`` or the beginning of a heading
    line: str | None = None  # the same of one of its lines


def read_own_rules(tables: object) -> tuple[OwnRule, ...]:
    """The rules under [[rules]]; those about what must be unique last, as they go by all others.

    Raises:
        SettingsError: one isn't as it must be; the sentence names it.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError("pledge.toml: rules are written as [[rules]], one such block for each rule.")
    rules = [_read(table, number) for number, table in enumerate(tables, 1)]
    names = [own.rule.name for own in rules]
    for name in names:
        if names.count(name) > 1:
            _refuse(name, "is there more than once; give each its own name")
    return tuple(sorted(rules, key=lambda own: own.rule.must == "be-unique"))


def _read(table: Mapping[str, Any], number: int) -> OwnRule:
    name = str(table.get("name") or f"number {number}")
    missing = [key for key in NEEDED if key not in table]
    if missing:
        _refuse(name, f"lacks {', '.join(missing)}; add it")
    texts = [key for key in (*NEEDED, "line", "next_step") if key in table]
    for key in texts:
        if not isinstance(table[key], str) or not table[key].strip():
            _refuse(name, f"has a {key} that is no text; write one in quotes")
    _refuse_name(name)
    must = table["must"]
    if must not in get_args(Must):
        _refuse(name, f"has must = “{must}”; it must be one of {', '.join(get_args(Must))}")
    if table["severity"] not in {"hold", "warn"}:
        _refuse(name, f"has severity = “{table['severity']}”; it must be hold or warn")
    unknown = sorted(set(table) - {*NEEDED, "line", "next_step"} - OWN_KEYS.get(must, set()))
    if unknown:
        _refuse(
            name, f"has {', '.join(unknown)}, which a rule with must = “{must}” doesn't take; take it out"
        )
    rule = CustomRule(
        name=name,
        must=must,
        severity=table["severity"],
        reason=_sentence(table["reason"]),
        next_step=_sentence(table.get("next_step", NEXT_STEP)),
        pattern=_pattern(name, table) if must == "match" else "",
        values=_values(name, table) if must == "be-in-set" else (),
        **(_bounds(name, table) if must == "be-between" else {}),
    )
    return OwnRule(rule, table["question"].strip(), table.get("line"))


def _refuse_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        _refuse(name, "needs a name of lower-case letters, digits and hyphens, such as “postcode-form”")
    if name in {rule.name for rule in ROW_RULES}:
        _refuse(name, "has the name of a rule that there is already; choose another")


def _sentence(text: str) -> str:
    return text.strip() if text.strip()[-1] in ".!?" else f"{text.strip()}."


def _pattern(name: str, table: Mapping[str, Any]) -> str:
    pattern = table.get("pattern")
    if not isinstance(pattern, str) or not pattern:
        _refuse(name, "needs a pattern, a regular expression that the whole answer fits")
    try:
        re.compile(whole(pattern))
    except re.error as error:
        _refuse(name, f"has a pattern that is no regular expression ({error}); mend it")
    return pattern


def _values(name: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    values = table.get("values")
    usable = isinstance(values, list) and values and all(isinstance(one, str | int | float) for one in values)
    if not usable:
        _refuse(name, 'needs values, a list of the answers that are right, such as ["Yes", "No"]')
    return tuple(str(one).strip() for one in cast("list[Any]", values))


def _bounds(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    bounds = {key: _bound(name, table[key]) for key in ("low", "high") if key in table}
    if not bounds:
        _refuse(name, "needs low or high, or both, each a number or a date such as 2026-01-31")
    if len({isinstance(bound, date) for bound in bounds.values()}) > 1:
        _refuse(name, "has a number and a date for its bounds; give two of one kind")
    ordered: list[Any] = list(bounds.values())
    if ordered != sorted(ordered):
        _refuse(name, "has a low that is above its high; change them over")
    return bounds


def _bound(name: str, bound: object) -> float | date:
    if isinstance(bound, str):
        try:
            return date.fromisoformat(bound)
        except ValueError:
            _refuse(name, f"has the bound “{bound[:40]}”; give a number or a date such as 2026-01-31")
    # A date with a time is a date to Python as well.
    is_number = isinstance(bound, int | float) and not isinstance(bound, bool) and math.isfinite(bound)
    if not (is_number or type(bound) is date):
        _refuse(name, "has a bound that is neither a number nor a date such as 2026-01-31")
    return cast("float | date", bound)


def settled_own_rules(
    own_rules: Sequence[OwnRule], vault: Any, survey_id: str
) -> tuple[list[CustomRule], list[OwnAnswer]]:
    """The rules, and what each needs of every response of the survey; none before a form is known.

    vault: the open vault; opaque here.

    Raises:
        SettingsError: a rule's question is on no form, or more than one fits it.
    """
    texts = design_texts(vault, survey_id) if own_rules else []
    if not texts:
        return [], []
    from connectors.survey.design import parse_design

    designs = [parse_design(text) for text in texts]
    answers = [
        OwnAnswer(
            own.rule.name,
            places_of(f"the rule “{own.rule.name}” under [[rules]]", own.question, designs, line=own.line),
            is_unique=own.rule.must == "be-unique",
        )
        for own in own_rules
    ]
    return [own.rule for own in own_rules], answers


def _refuse(name: str, what: str) -> NoReturn:
    raise SettingsError(f"pledge.toml: the rule “{name}” under [[rules]] {what}.")
