"""Dates and ids of any export file: what was written comes back, whatever stands beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS
from connectors.export_files.values.ids import content_ids, read_id
from tests.layouts import dates_read

ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
SECONDS = st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 30)).map(lambda t: t.replace(microsecond=0))  # noqa: DTZ001 (of a zone drawn elsewhere)
UTC_ZONE = ZoneInfo("UTC")
A_DAY_ABOVE_12 = datetime(2019, 4, 24, 10, 30)  # noqa: DTZ001 (the same)

# How a moment is written, and how many seconds of it are lost so.
FORMATS = [
    ("%m/%d/%Y %I:%M:%S %p", 1),
    ("%d/%m/%Y %I:%M:%S %p", 1),
    ("%m/%d/%Y %H:%M:%S", 1),
    ("%d.%m.%Y %H:%M", 60),
    ("%m-%d-%y %H:%M", 60),
    ("%d/%m/%y %H:%M:%S", 1),
    ("%Y-%m-%d %H:%M:%S", 1),
    ("%Y-%m-%dT%H:%M", 60),
    ("%Y/%m/%d %I:%M:%S %p", 1),
    ("%d/%m/%Y %H.%M", 60),
    ("%d. %m. %Y. %H.%M.%S", 1),
    ("%d-%b-%Y %H:%M", 60),
    ("%d-%b-%y %H:%M:%S", 1),
    ("%A, %d %B %Y %I:%M:%S %p", 1),
    ("%b %d, %Y at %H:%M", 60),
    ("%Y %B %d %H:%M:%S", 1),
    ("serial", 1),
    ("serial 1904", 1),
]


def written(moment, form):
    if not form.startswith("serial"):
        return moment.strftime(form)
    first = datetime(1904, 1, 1) if "1904" in form else datetime(1899, 12, 30)  # noqa: DTZ001 (days of a calendar)
    return f"{(moment - first) / timedelta(days=1):.9f}".rstrip("0").rstrip(".")


@given(st.lists(SECONDS, max_size=8), st.sampled_from(FORMATS), ZONES)
def test_a_moment_comes_back_to_the_precision_in_which_it_was_written(moments, form, zone_name):
    (form, lost), zone = form, ZoneInfo(zone_name)
    moments = [A_DAY_ABOVE_12, *moments]
    cells = [written(moment, form) for moment in moments]
    found = dates_read([cells], order=None, zone=zone, date_1904="1904" in form)
    expected = [
        moment.replace(second=moment.second - moment.second % lost, tzinfo=zone)
        .astimezone(UTC)
        .isoformat(timespec="seconds")
        for moment in moments
    ]
    assert (found.texts, found.n_unreadable) == ([expected], 0)


@given(st.lists(SECONDS, min_size=1, max_size=8), ZONES)
def test_an_instant_written_with_its_offset_comes_back_from_any_hour(moments, zone_name):
    zone = ZoneInfo(zone_name)
    instants = [moment.replace(tzinfo=UTC) for moment in moments]
    found = dates_read([[t.astimezone(zone).isoformat(" ") for t in instants]], order=None, zone=UTC_ZONE)
    assert found.texts == [[t.isoformat() for t in instants]]
    assert (found.n_folded, found.n_missing_hour) == (0, 0)


# A decoded file holds no surrogates (Cs).
NO_DATES = st.text(st.characters(exclude_characters="123456789", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(NO_DATES, max_size=8), st.sampled_from([None, "day-first", "month-first"]))
def test_whatever_else_stands_in_a_column_is_blank_or_unreadable(cells, order):
    date = {None: "2019-04-24 10:30", "day-first": "24/04/2019 10:30", "month-first": "04/24/2019 10:30"}
    found = dates_read([[*cells, date[order]], cells], order=order, zone=UTC_ZONE)
    nothing = [None] * len(cells)
    assert found.texts == [[*nothing, "2019-04-24T10:30:00+00:00"], nothing]
    assert found.n_unreadable == 2 * sum(bool(cell.strip(BLANK_CHARACTERS)) for cell in cells)


ROWS = st.lists(st.lists(st.text("ab, \u00a0\"\\[]'", max_size=4), max_size=4), max_size=8)


def content(row):
    return tuple(cell.strip() for cell in row)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_ids_made_of_content_are_the_same_set_in_any_order(rows_and_shuffled):
    rows, shuffled = rows_and_shuffled
    ids = content_ids(rows, survey="1")
    assert sorted(content_ids(shuffled, survey="1")) == sorted(ids)
    assert len(set(ids)) == len(rows)


@given(ROWS)
def test_two_rows_have_the_same_hash_only_if_they_say_the_same(rows):
    def without_blank_end(row):
        cells = content(row)
        return cells if not cells or cells[-1] else without_blank_end(cells[:-1])

    hashes = [text[:28] for text in content_ids(rows, survey="1")]
    assert len(set(hashes)) == len({without_blank_end(row) for row in rows})


@given(
    st.integers(0, 10**15 - 1),
    st.sampled_from([",", " ", "'", "\u00a0"]),
    st.sampled_from(["{}", "{}.0", '="{}"', "'{}"]),
)
def test_an_id_comes_back_however_a_spreadsheet_groups_its_digits(number, separator, written):
    cell = written.format(f" {number:,} ".replace(",", separator).strip())
    assert read_id(cell) == str(number)


@given(st.integers(10**6, 10**15 - 1), st.sampled_from(["", ",0", ",00"]))
def test_an_id_comes_back_in_groups_with_stops(number, end):
    assert read_id(f"{number:,}".replace(",", ".") + end) == str(number)


@given(st.integers(10, 10**15 - 1), st.integers(0, 14))
def test_an_id_in_exponent_form_comes_back_if_it_is_whole_and_is_damaged_if_not(number, n_digits):
    exponent = len(str(number)) - 1
    written = f"{number:.{min(n_digits, exponent)}E}"
    assert read_id(written) == (str(number) if n_digits >= exponent else None)
