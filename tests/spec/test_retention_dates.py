"""On which day something is kept no longer: a table a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.settings.model import Settings
from flows.settings.retention_dates import months_after, names_due_on, today
from tests.vaults import drawn


def settings(**changes):
    return Settings(home=Path("home"), **changes)


MONTHS = """
    closed     | months | is
    2026-06-30 | 1      | 2026-07-30
    2026-06-30 | 6      | 2026-12-30
    2026-01-31 | 1      | 2026-02-28
    2028-01-31 | 1      | 2028-02-29
    2027-08-31 | 6      | 2028-02-29
    2026-12-31 | 2      | 2027-02-28
    2026-11-30 | 3      | 2027-02-28
    2028-02-29 | 12     | 2029-02-28
    2028-02-29 | 48     | 2032-02-29
    2026-12-15 | 1      | 2027-01-15
    2026-12-15 | 12     | 2027-12-15
    2026-12-15 | 24     | 2028-12-15
"""


@pytest.mark.parametrize("row", drawn(MONTHS), ids=str)
def test_a_month_without_that_day_ends_on_its_last(row):
    assert months_after(date.fromisoformat(row["closed"]), int(row["months"])) == date.fromisoformat(
        row["is"]
    )


NAMES = """
    closed     | months | due
    2026-06-30 | 12     | 2027-07-01
    2026-08-31 | 6      | 2027-03-01
    2026-12-31 | 1      | 2027-02-01
    -          | 12     | -
    2026-06-30 | -      | -
    -          | -      | -
"""


@pytest.mark.parametrize("row", drawn(NAMES), ids=str)
def test_names_are_kept_to_the_end_of_the_day_of_that_number_and_are_due_on_the_next(row):
    closed, months = row["closed"], row["months"]
    found = names_due_on(
        settings(
            pledge_closed_on=date.fromisoformat(closed) if closed else None,
            names_months=int(months) if months else None,
        )
    )
    assert (found and found.isoformat()) == row["due"]


def test_a_night_after_midnight_in_scotland_is_of_the_new_day():
    assert today(settings(), datetime(2026, 7, 1, 23, 15, tzinfo=UTC)) == date(2026, 7, 2)
    assert today(settings(), datetime(2026, 12, 1, 23, 15, tzinfo=UTC)) == date(2026, 12, 1)
