"""On which day something is kept no longer: a table a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.settings.model import Settings
from flows.settings.retention_dates import ip_due_on, ips_made_before, months_after, names_due_on, today
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


ADDRESSES = """
    made                      | days | due        | why
    2026-03-01T09:00:00+00:00 | 30   | 2026-04-01 | kept to the end of 31 March
    2026-03-01T23:59:59+00:00 | 30   | 2026-04-01 | the hour does not matter
    2026-06-01T23:30:00+00:00 | 30   | 2026-07-03 | in Scotland it is 2 June already
    2026-01-31T12:00:00+00:00 | 1    | 2026-02-02 | kept to the end of 1 February
    2028-02-28T12:00:00+00:00 | 1    | 2028-03-01 | a leap year
    2026-03-01T09:00:00+00:00 | 0    | 2026-03-01 | not kept at all
"""


@pytest.mark.parametrize("row", drawn(ADDRESSES), ids=str)
def test_an_ip_address_is_due_the_day_after_its_last(row):
    made_at = datetime.fromisoformat(row["made"])
    found = settings(ip_days=int(row["days"]))
    assert ip_due_on(found, made_at).isoformat() == row["due"]
    due_on = date.fromisoformat(row["due"])
    for day in range(1, 29):
        now = datetime(due_on.year, due_on.month, day, 12, tzinfo=UTC)
        before = ips_made_before(found, now)
        assert (before is None or made_at < before) == (now.date() >= due_on or found.ip_days == 0)


def test_a_night_after_midnight_in_scotland_is_of_the_new_day():
    assert today(settings(), datetime(2026, 7, 1, 23, 15, tzinfo=UTC)) == date(2026, 7, 2)
    assert today(settings(), datetime(2026, 12, 1, 23, 15, tzinfo=UTC)) == date(2026, 12, 1)
