"""A file read in a wrong time zone: it is told, and what the platform gave counts all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, zip_longest
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from tests.builders import a_response
from tests.vaults import a_vault, drawn, held_by_a_plain_rule
from warehouse.ingest.export_files import times_apart

# Versions of one response: source, when changed, by whom. What comes in in any order counts by the same one.
VERSIONS = """
    case                               | versions                                             | counts
    a file that says it is later       | "api 09:00 Ann, file 14:00 Bob"                      | Ann
    a file that says it is earlier     | "api 09:00 Ann, file 04:00 Bob"                      | Ann
    a file at the same time            | "api 09:00 Ann, file 09:00 Bob"                      | Ann
    the platform's latest              | "api 09:00 Ann, api 10:00 Cat, file 14:00 Bob"       | Cat
    of files alone the latest          | "file 09:00 Ann, file 10:00 Cat"                     | Cat
    a file without a time              | "api 09:00 Ann, file - Bob"                          | Ann
    of files the one that has a time   | "file - Ann, file 09:00 Bob"                         | Bob
    a platform without a time          | "api - Ann, file 14:00 Bob"                          | Ann
"""


def a_version(response_id, text):
    source, time, name = text.split()
    at = None if time == "-" else f"2026-03-01T{time}:00+00:00"
    email = f"{name}-{response_id}@example.org"
    return source, a_response(response_id, name=name, email=email, date_modified=at, date_created=at)


@pytest.mark.parametrize("is_one_night", [True, False], ids=["at once", "night by night"])
def test_what_the_platform_gave_goes_before_a_file_in_whatever_order_they_come(tmp_path, is_one_night):
    cases = [(row, order) for row in drawn(VERSIONS) for order in permutations(row["versions"].split(", "))]
    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        for versions in zip_longest(*(order for _, order in cases)):
            for response_id, version in enumerate(versions):
                if version:
                    source, body = a_version(response_id, version)
                    vault.receive([body], source=source)
            if not is_one_night:
                vault.night()
        vault.night()
        counts = {row["response_id"]: row["name"] for row in vault.rows("from core.signatures")}
    expected = {str(number): (row["case"], row["counts"]) for number, (row, _) in enumerate(cases)}
    assert {one: (case, counts[one]) for one, (case, _) in expected.items()} == expected


def test_signed_at_is_the_platforms_too(vault):
    vault.receive([a_response(1, date_created="2026-03-01T09:00:00+00:00")])
    vault.receive([a_response(1, date_created="2026-03-01T04:00:00+00:00")], source="file")
    vault.decide()
    assert vault.people("signed_at") == [{"signed_at": "2026-03-01 09:00:00+00"}]


# apart: minutes by which a file's times are later, and of how many responses.
APART = """
    case                                   | apart                           | most | n
    nobody is known                        | ''                              | -    | -
    all agree                              | '0: 100'                        | -    | -
    all an hour later                      | '60: 100'                       | 60   | 100
    all five hours earlier                 | '-300: 100'                     | -300 | 100
    five hours in winter, four in March    | '300: 92, 240: 8'               | 300  | 100
    alike in winter, an hour in summer     | '0: 40, 60: 60'                 | 60   | 60
    nine, ten and eleven hours             | '540: 37, 600: 25, 660: 38'     | 660  | 100
    a quarter of an hour is in some clocks | '345: 100'                      | 345  | 100
    seconds that a spreadsheet rounded     | '60: 52, 61: 48'                | 60   | 100
    ten minutes are in none                | '310: 100'                      | -    | -
    fourteen hours are the most            | '840: 100'                      | 840  | 100
    more is another day, not another zone  | '855: 100'                      | -    | -
    some were edited since                 | '300: 60, 17: 20, -2000: 20'    | 300  | 60
    most were edited since                 | '300: 50, 17: 20, -2000: 30'    | -    | -
    edits alone                            | '0: 75, 4: 10, 61: 7, 500: 8'   | -    | -
    fewer than a tenth edited after an hour| '0: 91, 60: 9'                  | -    | -
    the hour that a clock shows twice      | '0: 98, -60: 2'                 | -    | -
    a handful                              | '60: 5'                         | 60   | 5
    fewer than a handful                   | '60: 4'                         | -    | -
"""
KNOWN = [datetime(2025, 1, 1, 2, 15, 30, tzinfo=UTC) + n * timedelta(days=3, hours=15) for n in range(100)]


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A vault with a hundred responses, changed over a year."""
    with a_vault(tmp_path_factory.mktemp("known"), check=held_by_a_plain_rule) as vault:
        vault.receive([a_response(n, date_modified=at.isoformat()) for n, at in enumerate(KNOWN)])
        vault.decide()
        yield vault.connection


def compared(known, told):
    ids = pa.array(map(str, range(len(told))), pa.string())
    texts = pa.array([at and at.isoformat() for at in told], pa.string())
    return times_apart(known, ids, texts)


@pytest.mark.parametrize("row", drawn(APART), ids=lambda row: row["case"])
def test_times_that_lie_apart_as_clocks_do_are_told(known, row):
    pairs = [map(int, one.split(":")) for one in row["apart"].split(",") if one]
    minutes = [by for by, n in pairs for _ in range(n)]
    found = compared(known, [at + timedelta(minutes=by) for at, by in zip(KNOWN, minutes, strict=False)])
    assert found == (row["most"] and (int(row["most"]), int(row["n"]), len(minutes)))


ZONES = ["America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Sydney", "UTC"]


@pytest.mark.parametrize("name", ZONES)
def test_responses_of_a_whole_year_read_in_another_zone_are_told(known, name):
    london, other = ZoneInfo("Europe/London"), ZoneInfo(name)
    assert compared(known, [at.astimezone(london).replace(tzinfo=other).astimezone(UTC) for at in KNOWN])


def test_without_times_nothing_is_compared(known):
    assert compared(known, [None] * 100) is None
