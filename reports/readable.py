"""Figures under the labels that readers see, and in letters that every format can hold."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from unicodedata import category

from reports.figures import HELD_BACK, PLACES, SIGNATORY, Figures
from reports.labels import choice_label, place_label, role_label

Counts = list[tuple[str, int]]


def readable(figures: Figures) -> Figures:
    """The same figures; what has the same label is one, where the first of it stood."""
    return replace(
        figures,
        title=one_line(figures.title),
        organisation=one_line(figures.organisation),
        wording=writable(figures.wording),
        by_role=by_role(figures.by_role),
        by_day_and_role=[(day, one_line(role_label(role)), n) for day, role, n in figures.by_day_and_role],
        breakdowns=[replace(one, by_choice=by_choice(one.by_choice)) for one in figures.breakdowns],
    )


def by_role(rows: Iterable[tuple[str, int]]) -> Counts:
    return _merged((one_line(role_label(role)), n) for role, n in rows)


def by_choice(rows: Iterable[tuple[str, int]]) -> Counts:
    return _merged((one_line(choice_label(choice)), n) for choice, n in rows)


def not_counted(places: Iterable[tuple[str, str, int]], held_back: Iterable[tuple[str, str, int]]) -> Counts:
    """One flat table of all places but the signatories, the rules that hold back in detail.

    One, because two tables with a margin in common could be subtracted from each other.
    """
    detailed = [(place, reason, "", n) for place, reason, n in places if place not in (SIGNATORY, HELD_BACK)]
    detailed += [(HELD_BACK, reason, rule, n) for rule, reason, n in held_back]
    in_order = sorted(detailed, key=lambda row: PLACES.index(row[0]))
    return _merged((one_line(place_label(place, reason, rule)), n) for place, reason, rule, n in in_order)


def one_line(text: str) -> str:
    return " ".join(writable(text).split())


def writable(text: str) -> str:
    """*text* without what no XML, and so no chart, may hold: control characters and broken surrogates."""
    return "".join(
        sign
        for sign in text
        if sign.isspace() or (category(sign) not in ("Cc", "Cs") and sign not in "\ufffe\uffff")
    )


def _merged(rows: Iterable[tuple[str, int]]) -> Counts:
    merged: Counter[str] = Counter()
    for label, n in rows:
        merged[label] += n
    return list(merged.items())
