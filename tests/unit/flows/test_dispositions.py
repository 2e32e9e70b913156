"""Where responses are: one list and one order, whatever is asked."""

from __future__ import annotations

from flows.run.record import RunRecord
from flows.run.runs_page import in_order, in_words, of_record

PLACED = [
    ("erased", "at the person's request", 2),
    ("held back", "b", 3),
    ("held back", "a", 4),
    ("signatory", "counts", 90),
]


def test_places_stand_in_one_order_and_their_reasons_by_name():
    assert [(place, reason) for place, reason, _ in in_order(PLACED)] == [
        ("signatory", "counts"),
        ("held back", "a"),
        ("held back", "b"),
        ("erased", "at the person's request"),
    ]


def test_every_place_has_a_row_and_the_last_row_is_their_sum():
    *rows, total = in_words(PLACED)
    assert len({where for where, _, _ in rows}) == 6
    assert ("withdrawn", "", 0) in rows
    assert total == ("in all these places", "", 99) == ("in all these places", "", sum(n for *_, n in rows))


def test_a_record_gives_all_that_it_counted():
    record = RunRecord("a", "sync", "2026-11-24T02:15:00+00:00")
    record.n_signatories, record.duplicates, record.withdrawn, record.erased = 1, 2, 4, 8
    record.held_back, record.not_counted = {"email-missing": 16}, {"preview": 32, "status partial": 64}
    assert in_words(of_record(record))[-1][-1] == 127
