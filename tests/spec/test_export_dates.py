"""What the dates of an export file mean: cells in, instants out."""

from __future__ import annotations

import csv
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from connectors.errors import ExportRefusedError
from tests.layouts import dates_read

LONDON = ZoneInfo("Europe/London")


def read(*columns, order=None, zone=LONDON, date_1904=False):
    return dates_read(columns, order=order, zone=zone, date_1904=date_1904)


ALONE = [
    # Each date tells its own order.
    ("the platform's", "11/24/2026 02:15:07 AM", "2026-11-24T02:15:07", "month first, 12-hour clock"),
    ("hour not padded", "03/24/2020 7:14:41 AM", "2020-03-24T07:14:41", "month first, 12-hour clock"),
    ("noon", "11/24/2026 12:00:00 PM", "2026-11-24T12:00:00", "month first, 12-hour clock"),
    ("midnight", "11/24/2026 12:00:00 AM", "2026-11-24T00:00:00", "month first, 12-hour clock"),
    ("small letters", "11/24/2026 2:15:07 pm", "2026-11-24T14:15:07", "month first, 12-hour clock"),
    ("with stops", "11/24/2026 2:15 p.m.", "2026-11-24T14:15:00", "month first, 12-hour clock"),
    ("no blank", "11/24/2026 2:15PM", "2026-11-24T14:15:00", "month first, 12-hour clock"),
    ("narrow blank", "11/24/2026, 2:15\u202fPM", "2026-11-24T14:15:00", "month first, 12-hour clock"),
    ("saved again", "12/30/2022 15:22", "2022-12-30T15:22:00", "month first, 24-hour clock"),
    ("two digits", "12/30/18 4:01", "2018-12-30T04:01:00", "month first, 24-hour clock"),
    ("day first", "24/11/2026 02:15:07", "2026-11-24T02:15:07", "day first, 24-hour clock"),
    ("stops", "24.11.2026 02:15", "2026-11-24T02:15:00", "day first, 24-hour clock"),
    ("dashes", "24-11-2026 02:15", "2026-11-24T02:15:00", "day first, 24-hour clock"),
    ("leap day", "29/02/2024 02:15", "2024-02-29T02:15:00", "day first, 24-hour clock"),
    ("no time of day", "24/11/2026", "2026-11-24T00:00:00", "day first, no time of day"),
    ("alike", "05/05/2019 4:47 PM", "2019-05-05T15:47:00", "day and month alike, 12-hour clock"),
    ("stops in the time of day", "24/11/2026 02.15", "2026-11-24T02:15:00", "day first, 24-hour clock"),
    ("stops, seconds", "24.11.2026 02.15.07", "2026-11-24T02:15:07", "day first, 24-hour clock"),
    ("a stop behind the year", "24.11.2026. 02:15", "2026-11-24T02:15:00", "day first, 24-hour clock"),
    ("blanks behind the stops", "24. 11. 2026 2:15", "2026-11-24T02:15:00", "day first, 24-hour clock"),
    ("stops and blanks", "24/11/2026 2:15 p. m.", "2026-11-24T14:15:00", "day first, 12-hour clock"),
    ("narrow ones", "24/11/2026 2:15\u00a0p.\u202fm.", "2026-11-24T14:15:00", "day first, 12-hour clock"),
    ("GMT", "07/24/2026 2:15 PM GMT", "2026-07-24T14:15:00", "month first, 12-hour clock"),
    ("UTC", "07/24/2026 14:15 UTC", "2026-07-24T14:15:00", "month first, 24-hour clock"),
    ("ahead of UTC", "07/24/2026 14:15 UTC+02:00", "2026-07-24T12:15:00", "month first, 24-hour clock"),
    ("behind GMT", "07/24/2026 14:15 gmt-0230", "2026-07-24T16:45:00", "month first, 24-hour clock"),
    (
        "marks of the direction of writing",
        "\u200e24\u200f/\u200f11\u200e/\u202a2026\u202c 2:15:07 \u2066PM\u2069",
        "2026-11-24T14:15:07",
        "day first, 12-hour clock",
    ),
    # The month by its name leaves no question.
    ("name between dashes", "04-Nov-2026 02:15", "2026-11-04T02:15:00", "month by its name"),
    ("name between blanks", "4 November 2026 02:15", "2026-11-04T02:15:00", "month by its name"),
    ("name in capitals", "04 NOV 2026, 2:15:07 am", "2026-11-04T02:15:07", "month by its name"),
    ("short with a stop", "4. Sept. 2026 2.15", "2026-09-04T01:15:00", "month by its name"),
    ("two digits of a year", "04-Nov-26 02:15", "2026-11-04T02:15:00", "month by its name"),
    ("name first", "Nov 4, 2026 2:15 PM", "2026-11-04T14:15:00", "month by its name"),
    ("at", "November 4, 2026 at 2:15 PM", "2026-11-04T14:15:00", "month by its name"),
    ("ordinal", "4th May 2026", "2026-05-03T23:00:00", "month by its name"),
    ("day of the week", "Wed, 04 Nov 2026 02:15:07 GMT", "2026-11-04T02:15:07", "month by its name"),
    ("and in full", "Wednesday, November 4, 2026", "2026-11-04T00:00:00", "month by its name"),
    ("year first", "2026-Nov-04 02:15", "2026-11-04T02:15:00", "month by its name"),
    # Two digits of a year, as POSIX reads them.
    ("1969", "12/30/69 4:01", "1969-12-30T03:01:00", "month first, 24-hour clock"),
    ("1999", "12/30/99 4:01", "1999-12-30T04:01:00", "month first, 24-hour clock"),
    ("2000", "12/30/00 4:01", "2000-12-30T04:01:00", "month first, 24-hour clock"),
    ("2068", "12/30/68 4:01", "2068-12-30T04:01:00", "month first, 24-hour clock"),
    # The year first.
    ("blank", "2019-11-03 03:34:11", "2019-11-03T03:34:11", "ISO"),
    ("hour of one digit", "2019-11-03 3:34:11", "2019-11-03T03:34:11", "ISO"),
    ("T", "2019-11-03T03:34:11", "2019-11-03T03:34:11", "ISO"),
    ("no seconds", "2019-11-03T03:34", "2019-11-03T03:34:00", "ISO"),
    ("fraction", "2019-11-03 03:34:11.987", "2019-11-03T03:34:11", "ISO"),
    ("in summer", "2019-07-03 03:34:11", "2019-07-03T02:34:11", "ISO"),
    ("Z", "2019-07-03T03:34:11Z", "2019-07-03T03:34:11", "ISO"),
    ("offset", "2019-07-03 03:34:11+00:00", "2019-07-03T03:34:11", "ISO"),
    ("offset west", "2019-07-03 03:34:11 -0430", "2019-07-03T08:04:11", "ISO"),
    ("offset east", "2019-07-03T03:34:11.5+05", "2019-07-02T22:34:11", "ISO"),
    ("slashes", "2019/11/03 03:34", "2019-11-03T03:34:00", "ISO"),
    ("date alone", "2019-11-03", "2019-11-03T00:00:00", "ISO"),
    # Numbers of a spreadsheet: days since the end of 1899.
    ("serial number", "43290.53487", "2018-07-09T11:50:13", "spreadsheet serial number"),
    ("decimal comma", "43110,5", "2018-01-10T12:00:00", "spreadsheet serial number"),
    ("whole day", "43110", "2018-01-10T00:00:00", "spreadsheet serial number"),
    ("rounded up to a day", "43109.999999", "2018-01-10T00:00:00", "spreadsheet serial number"),
    # Blanks around are nothing.
    ("blanks", "\ufeff\u00a02019-11-03 03:34:11\u200b\t", "2019-11-03T03:34:11", "ISO"),
]


@pytest.mark.parametrize(("cell", "instant", "named"), [row[1:] for row in ALONE], ids=[r[0] for r in ALONE])
def test_a_date_is_this_instant(cell, instant, named):
    found = read([cell])
    assert (found.texts, found.format, found.n_unreadable) == ([[f"{instant}+00:00"]], named, 0)


def test_serial_numbers_of_a_workbook_may_count_from_1904():
    assert read(["41648.5"], date_1904=True).texts == [["2018-01-10T12:00:00+00:00"]]
    assert read(["43110.5"]).texts == [["2018-01-10T12:00:00+00:00"]]


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\ufeff\u200b", "\x00"])
def test_a_blank_cell_is_no_date_and_not_unreadable(blank):
    found = read([blank], [])
    assert (found.texts, found.format, found.n_unreadable) == ([[None], []], "no dates", 0)


UNREADABLE = [
    "yesterday",
    "30/02/2024 10:00",
    "13/13/2024 10:00",
    "2024-02-30 10:00",
    "00/10/2024 10:00",
    "24/11/2026 24:00",
    "24/11/2026 10:60",
    "24/11/2026 10:00:60",
    "24/11/2026 13:00 PM",
    "24/11/2026 0:30 AM",
    "24/11-2026 10:00",
    "24/11/026 10:00",
    "24/11/0026 10:00",
    "2019-11-03 03:34:11+24:00",
    "4.3E+04",
    "########",
    "4329",
    "-43290.5",
    "99999999",
    "31-Feb-2026 10:00",
    "4 Novembre 2026 10:00",
    "4 janvier 2026 10:00",
    "4 Nov 26000 10:00",
    "Nov 4 26 10:00",
    "Nov 2026",
    "4 November",
    "2019-11-03 10:00 BST",
    "2019-11-03 10:00 EST",
    "2019-11-03 10:00 GMT+1",
    "2019-11-03 10:05.5",
    "2019-11-03 10.05:07",
    "2/4/\u0662\u0660\u0661\u0669 10:00",
]


@pytest.mark.parametrize("cell", UNREADABLE)
def test_what_is_no_date_is_unreadable_and_leaves_the_others_alone(cell):
    found = read(["2019-11-03 03:34:11", cell], [cell, ""])
    assert (found.texts, found.n_unreadable) == ([["2019-11-03T03:34:11+00:00", None], [None, None]], 2)
    assert found.format == "ISO"


ORDERS = [
    # One date above 12 tells for all dates of all columns.
    ("month first", ["04/09/2019 10:00", "04/13/2019 10:00"], [], "2019-04-09T09:00:00+00:00"),
    ("day first", ["04/09/2019 10:00", "13/04/2019 10:00"], [], "2019-09-04T09:00:00+00:00"),
    ("the ends tell", ["04/09/2019 10:00"], ["04/13/2019 10:00"], "2019-04-09T09:00:00+00:00"),
    ("02/29 tells", ["04/09/2020 10:00", "02/29/20 10:00"], [], "2020-04-09T09:00:00+00:00"),
    # No end lies before its start.
    (
        "rows: month first",
        ["04/09/2019 10:00", "01/11/2019 10:00"],
        ["04/10/2019 9:00", "02/10/2019 10:00"],
        "2019-04-09T09:00:00+00:00",
    ),
    (
        "rows: day first",
        ["04/09/2019 10:00", "11/01/2019 10:00"],
        ["05/09/2019 9:00", "10/02/2019 10:00"],
        "2019-09-04T09:00:00+00:00",
    ),
    (
        "rows, one of them across the clock's change",
        ["04/09/2019 10:00", "11/01/2026 01:50", "01/11/2019 10:00"],
        ["04/10/2019 9:00", "11/01/2026 01:10", "02/10/2019 10:00"],
        "2019-04-09T09:00:00+00:00",
    ),
]


@pytest.mark.parametrize(("starts", "ends", "first"), [row[1:] for row in ORDERS], ids=[r[0] for r in ORDERS])
def test_the_order_is_found_over_all_cells(starts, ends, first):
    found = read(starts, ends)
    assert (found.texts[0][0], found.n_unreadable) == (first, 0)


BOTH_WAYS = [
    ("one column", [["04/09/2019 10:00", "05/05/2019 10:00", "06/07/2019 10:00"]], 2),
    ("ends after starts by both", [["04/09/2019 10:00"], ["04/09/2019 10:30"]], 2),
    # By either order one of the ends lies before its start.
    (
        "ends before starts by both",
        [["01/11/2019 10:00", "11/01/2019 10:00"], ["02/10/2019 10:00", "10/02/2019 10:00"]],
        4,
    ),
]


@pytest.mark.parametrize(("columns", "n"), [row[1:] for row in BOTH_WAYS], ids=[row[0] for row in BOTH_WAYS])
def test_dates_that_read_both_ways_are_refused(columns, n):
    with pytest.raises(ExportRefusedError, match=rf"both ways in each of the {n} dates") as refused:
        read(*columns)
    assert "--dates day-first or --dates month-first" in str(refused.value)


def test_the_order_asked_for_decides_what_reads_both_ways():
    column = ["04/09/2019 10:00", "05/05/2019 10:00"]
    assert read(column, order="day-first").texts[0][0] == "2019-09-04T09:00:00+00:00"
    assert read(column, order="day-first").format == "day first, 24-hour clock"
    assert read(column, order="month-first").texts[0][0] == "2019-04-09T09:00:00+00:00"


def test_dates_that_contradict_one_another_are_refused_with_their_numbers():
    column = ["04/13/2019 10:00", "04/14/2019 10:00", "13/04/2019 10:00", "04/09/2019 10:00"]
    with pytest.raises(ExportRefusedError, match=r"2 can only be month first and 1 only day first.*--dates"):
        read(column)


def test_by_the_order_asked_for_the_contradicting_dates_are_unreadable():
    found = read(["04/13/2019 10:00", "13/04/2019 10:00", "04/09/2019 10:00"], order="month-first")
    assert found.texts == [["2019-04-13T09:00:00+00:00", None, "2019-04-09T09:00:00+00:00"]]
    assert found.n_unreadable == 1


@pytest.mark.parametrize(
    "columns",
    [
        [["04/13/2019 10:00", "04/09/2019 10:00"]],
        [["04/09/2019 10:00", "01/11/2019 10:00"], ["04/10/2019 9:00", "02/10/2019 10:00"]],
    ],
    ids=["by a day above 12", "by an end before its start"],
)
def test_an_order_that_the_dates_disprove_is_refused(columns):
    with pytest.raises(ExportRefusedError, match=r"The dates aren't day-first.*again without --dates"):
        read(*columns, order="day-first")
    assert read(*columns, order="month-first").texts == read(*columns).texts


@pytest.mark.parametrize("order", [None, "day-first", "month-first"])
@pytest.mark.parametrize("stored", ["2019-09-04 10:00:00", "43712.41", "4-Sep-19 10:00"])
def test_a_file_whose_dates_a_spreadsheet_changed_in_part_is_refused(stored, order):
    # A British spreadsheet makes 9 April of 04/09/2019 a date, 4 September, and leaves 04/13/2019 a text.
    with pytest.raises(ExportRefusedError, match="1 with day and month in numbers and 2 as a spreadsheet"):
        read(["04/13/2019 10:00:00", stored], [stored], order=order)


@pytest.mark.parametrize("order", [None, "day-first", "month-first"])
def test_dates_that_begin_with_the_year_need_no_order(order):
    found = read(["2019-04-09 10:00:00"], ["43564.5"], order=order)
    assert found.texts == [["2019-04-09T09:00:00+00:00"], ["2019-04-09T11:00:00+00:00"]]
    assert found.format == "ISO and spreadsheet serial number"


# 2026 in London: at 01:00 on 29 March it is 02:00, at 02:00 on 25 October it is 01:00 again.
CLOCK_CHANGES = [
    ("before the missing hour", "2026-03-29 00:59:59", "2026-03-29T00:59:59", 0, 0),
    ("missing hour begins", "2026-03-29 01:00:00", "2026-03-29T01:00:00", 0, 1),
    ("half past the missing hour is half past two", "2026-03-29 01:30:00", "2026-03-29T01:30:00", 0, 1),
    ("after the missing hour", "2026-03-29 02:00:00", "2026-03-29T01:00:00", 0, 0),
    ("before the hour that came twice", "2026-10-25 00:59:59", "2026-10-24T23:59:59", 0, 0),
    ("the hour that came twice: the first", "2026-10-25 01:00:00", "2026-10-25T00:00:00", 1, 0),
    ("its end", "2026-10-25 01:59:59", "2026-10-25T00:59:59", 1, 0),
    ("after it", "2026-10-25 02:00:00", "2026-10-25T02:00:00", 0, 0),
    ("an offset leaves no question", "2026-10-25 01:30:00+00:00", "2026-10-25T01:30:00", 0, 0),
    ("nor is an hour missing", "2026-03-29 01:30:00Z", "2026-03-29T01:30:00", 0, 0),
    ("serial numbers are of the clock too", "46320.0625", "2026-10-25T00:30:00", 1, 0),
]


@pytest.mark.parametrize(
    ("cell", "instant", "n_folded", "n_missing"),
    [row[1:] for row in CLOCK_CHANGES],
    ids=[row[0] for row in CLOCK_CHANGES],
)
def test_when_the_clock_changes_a_time_is_this_instant(cell, instant, n_folded, n_missing):
    found = read([cell])
    assert found.texts == [[f"{instant}+00:00"]]
    assert (found.n_folded, found.n_missing_hour) == (n_folded, n_missing)


def test_another_zone_is_another_clock():
    assert read(["2026-07-01 12:00:00"], zone=ZoneInfo("America/Los_Angeles")).texts == [
        ["2026-07-01T19:00:00+00:00"]
    ]


def test_no_cell_stands_in_a_refusal():
    for columns in (["04/09/2019 10:07"], ["04/13/2019 10:07", "13/04/2019 10:07"]):
        with pytest.raises(ExportRefusedError) as refused:
            read([*columns, "ada@example.org"])
        assert not any(told in str(refused.value) for told in ("10:07", "2019", "ada@"))


# From the list that came with the files: how each writes its dates; None are days since the end of 1899.
REAL = [
    ("cncf_ambassadors_2019_h1.csv", "%m/%d/%Y %I:%M:%S %p", "month first, 12-hour clock", 42),
    ("cncf_ambassadors_2020_h1.csv", "%m/%d/%Y %I:%M:%S %p", "month first, 12-hour clock", 88),
    ("cncf_ambassadors_2021.csv", "%m/%d/%Y %I:%M:%S %p", "month first, 12-hour clock", 88),
    ("cncf_maintainers_2019_h1.csv", "%Y-%m-%d %H:%M:%S", "ISO", 128),
    ("kubernetes_contribex_2019.csv", "%m/%d/%Y %I:%M:%S %p", "month first, 12-hour clock", 422),
    ("todogroup_ospo_2018.csv", None, "spreadsheet serial number", 1496),
]


def in_utc(cells, written):
    """What pandas makes of *cells* if told how they are written."""
    if written:
        walls = pd.Series([datetime.strptime(cell, written) for cell in cells])  # noqa: DTZ007 (no zone in it)
    else:
        walls = pd.to_datetime(pd.Series(cells).astype(float), unit="D", origin="1899-12-30").dt.round("s")
    first = pd.Series(True, index=walls.index).to_numpy()
    local = walls.dt.tz_localize("Europe/London", ambiguous=first, nonexistent=pd.Timedelta("1h"))
    return [moment.isoformat() for moment in local.dt.tz_convert("UTC")]


@pytest.mark.parametrize(("name", "written", "named", "n"), REAL, ids=[row[0] for row in REAL])
def test_the_dates_of_a_real_file_are_what_an_independent_reader_makes_of_them(
    real_data, name, written, named, n
):
    with (real_data / "exports" / name).open(encoding="utf-8-sig", newline="") as lines:
        headings, _, *records = list(csv.reader(lines))
    columns = [[record[headings.index(h)] for record in records] for h in ("Start Date", "End Date")]
    found = read(*columns)
    assert (found.format, found.n_unreadable) == (named, 0)
    assert sum(map(len, found.texts)) == n
    assert found.texts == [in_utc(column, written) for column in columns]
