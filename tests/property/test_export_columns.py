"""What is done to whole columns of an export file is what would be done to each cell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from connectors.export_files.cells.cell_text import BLANK_CHARACTERS, answered, counted, is_answered, stripped
from connectors.export_files.cells.table import AT_ONCE, Rows
from connectors.export_files.form.bodies import json_texts, listed
from connectors.export_files.values.ids import read_id, read_id_column
from tests.layouts import dates_read

# A decoded file holds no surrogates (Cs).
LETTER = st.one_of(
    st.characters(exclude_categories=["Cs"]), st.sampled_from(BLANK_CHARACTERS + '"\\\n\x1f\x7f')
)
CELLS = st.lists(st.text(LETTER, max_size=5), max_size=12)
ROWS = st.lists(st.lists(st.sampled_from(["", "a", "bé", "\n"]), max_size=4), max_size=12)
IDS = st.lists(
    st.sampled_from(["7", "0", "0042", "'8", " 9", "1,000", "1.0", "", "1.1E+11", "x", "٣"]), max_size=9
)


def column(cells):
    """As a file's columns are: in several pieces."""
    half = len(cells) // 2
    return pa.chunked_array([cells[:half], cells[half:]], pa.string())


@given(CELLS)
def test_a_cell_is_answered_stripped_and_counted_as_one_alone(cells):
    assert answered(column(cells)).to_pylist() == [is_answered(cell) for cell in cells]
    assert stripped(column(cells)).to_pylist() == [cell.strip(BLANK_CHARACTERS) for cell in cells]
    assert list(counted(column(cells)).items()) == [(c, cells.count(c)) for c in dict.fromkeys(cells)]


@given(CELLS)
def test_each_text_is_json_that_says_the_same(cells):
    told = json_texts(pa.array(cells, pa.string())).to_pylist()
    assert [json.loads(text) for text in told] == cells
    assert told == [msgspec.json.encode(cell).decode() for cell in cells]


@given(st.lists(st.tuples(*[st.sampled_from([None, "x", ""])] * 3), max_size=9))
def test_a_row_without_any_part_stays_a_row(rows):
    parts = [pa.array([row[at] for row in rows], pa.string()) for at in range(3)]
    assert listed(parts).to_pylist() == [",".join(p for p in row if p is not None) for row in rows]


@given(ROWS, st.integers(1, 5))
def test_rows_come_back_however_many_are_added_at_one_time(rows, at_once):
    parts = (rows[start : start + at_once] for start in range(0, len(rows), at_once))
    table = Rows.of_parts(parts)
    assert list(table) == rows == list(Rows.of(rows))
    assert [table[at] for at in range(len(rows))] == rows
    odd = list(range(1, len(rows), 2))
    assert list(table.some(odd)) == [rows[at] for at in odd]


def test_more_rows_than_are_lists_at_one_time_stay_in_order():
    rows = [[str(number)] * (number % 3) for number in range(2 * AT_ONCE + 1)]
    assert list(Rows.of(rows)) == rows


@given(IDS)
def test_ids_are_read_in_a_column_as_one_by_one(cells):
    found, n_repaired = read_id_column(column(cells))
    expected = list(map(read_id, cells))
    assert found.to_pylist() == expected
    pairs = zip(cells, expected, strict=True)
    assert n_repaired == sum(text is not None and text != cell for cell, text in pairs)


@given(
    st.lists(
        st.datetimes(datetime(2019, 3, 30, 22), datetime(2019, 3, 31, 5))  # noqa: DTZ001 (on the wall)
        | st.datetimes(datetime(2019, 10, 26, 22), datetime(2019, 10, 27, 5)),  # noqa: DTZ001 (the same)
        max_size=9,
    ),
    st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/New_York"]),
)
def test_a_clock_that_is_put_on_or_back_is_read_as_python_reads_it(walls, zone_name):
    zone = ZoneInfo(zone_name)
    walls = [wall.replace(microsecond=0, fold=0) for wall in walls]
    found = dates_read([[wall.isoformat(" ") for wall in walls]], order=None, zone=zone)
    firsts = [wall.replace(tzinfo=zone).astimezone(UTC) for wall in walls]
    seconds = [wall.replace(tzinfo=zone, fold=1).astimezone(UTC) for wall in walls]
    assert found.texts == [[first.isoformat() for first in firsts]]
    pairs = list(zip(firsts, seconds, strict=True))
    assert found.n_folded == sum(first < second for first, second in pairs)
    assert found.n_missing_hour == sum(first > second for first, second in pairs)
