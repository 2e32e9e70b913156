"""Where responses are: each ever received is in exactly one place, and the places add up to all of them."""

from collections.abc import Iterable

from flows.run.record import RunRecord
from reports.figures import DISPOSITIONS

Placed = tuple[str, str, int]
"""A disposition, the reason for it ("" where it needs none), and how many responses are there for it."""


COLUMNS = ("where", "why", "responses")


def in_order(placed: Iterable[Placed]) -> list[Placed]:
    order = list(DISPOSITIONS)
    return sorted(placed, key=lambda row: (order.index(row[0]), row[1]))


def in_words(placed: Iterable[Placed]) -> list[Placed]:
    """Rows under COLUMNS: one a disposition and reason, none left out, and their sum."""
    found = list(placed)
    known = {place for place, _, _ in found}
    found += [(place, "", 0) for place in DISPOSITIONS if place not in known]
    rows = [(DISPOSITIONS[place], reason, n) for place, reason, n in in_order(found)]
    return [*rows, ("in all these places", "", sum(n for _, _, n in rows))]


def of_record(record: RunRecord) -> list[Placed]:
    """As they stood at the end of a run."""
    return [
        ("signatory", "", record.n_signatories),
        ("duplicate", "", record.duplicates),
        *(("held back", rule, n) for rule, n in record.held_back.items()),
        *(("not counted", reason, n) for reason, n in record.not_counted.items()),
        ("withdrawn", "", record.withdrawn),
        ("erased", "", record.erased),
    ]
