"""When a file's dates were read in a wrong time zone: how far apart the times of known responses lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.steps.wrong_zone import moved
from tests.vaults import drawn

# apart: minutes by which the file's times are later, and of how many responses.
APART = """
    case                                   | apart                           | moved by
    nobody is known                        | ''                              | -
    all agree                              | '0: 400'                        | -
    all an hour later                      | '60: 400'                       | '60'
    all five hours earlier                 | '-300: 400'                     | '-300'
    five hours in winter, four in March    | '300: 370, 240: 30'             | '300'
    four for long enough to be told        | '300: 340, 240: 60'             | '240 300'
    alike in winter, an hour in summer     | '0: 160, 60: 240'               | '60'
    nine, ten and eleven hours             | '540: 150, 600: 100, 660: 150'  | '540 600 660'
    a quarter of an hour is in some clocks | '345: 400'                      | '345'
    seconds that a spreadsheet rounded     | '60: 210, 61: 190'              | '60'
    ten minutes are in none                | '310: 400'                      | -
    fourteen hours are the most            | '840: 400'                      | '840'
    more is another day, not another zone  | '855: 400'                      | -
    a day is none either                   | '1440: 400'                     | -
    some were edited since                 | '300: 361, 17: 20, -2000: 19'   | '300'
    too many were edited since             | '300: 359, 17: 20, -2000: 21'   | -
    edits alone                            | '0: 300, 4: 40, 61: 30, 500: 30'| -
    a tenth edited after just an hour      | '0: 361, 60: 39'                | -
    the hour that a clock shows twice      | '0: 9880, -60: 120'             | -
    far apart, so not summer and winter    | '0: 200, 300: 200'              | -
    both ways from an hour                 | '-60: 200, 60: 200'             | '-60 60'
    a handful                              | '60: 5'                         | '60'
    fewer than a handful                   | '60: 4'                         | -
"""


@pytest.mark.parametrize("row", drawn(APART), ids=lambda row: row["case"])
def test_times_that_lie_apart_as_clocks_do_are_a_wrong_zone(row):
    apart = {
        int(minutes): int(n) for minutes, n in (one.split(":") for one in row["apart"].split(",") if one)
    }
    found = moved(apart)
    assert (found and " ".join(map(str, found.minutes))) == row["moved by"]


ZONES = ["America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Sydney", "UTC"]


@pytest.mark.parametrize("name", ZONES)
def test_responses_of_a_whole_year_read_in_another_zone_are_seen(name):
    began = datetime(2025, 1, 1, tzinfo=UTC)
    london, other = ZoneInfo("Europe/London"), ZoneInfo(name)
    apart: dict[int, int] = {}
    for hour in range(365 * 24):
        wall = (began + timedelta(hours=hour)).astimezone(london).replace(tzinfo=None)
        minutes = (
            wall.replace(tzinfo=other).astimezone(UTC) - wall.replace(tzinfo=london).astimezone(UTC)
        ) // (timedelta(minutes=1))
        apart[minutes] = apart.get(minutes, 0) + 1
    assert moved(apart) is not None
