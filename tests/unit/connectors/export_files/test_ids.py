"""Respondent ids of export files, and ids made of what a row says."""

from __future__ import annotations

import csv
import hashlib

import pyarrow as pa
import pytest

from connectors.export_files.values.ids import content_ids, read_id, read_id_column

REPAIRED = [
    ("commas and blanks", " 114,125,206,278 ", "114125206278"),
    ("blanks", "114 125 206 278", "114125206278"),
    ("no-break blanks", "114\u00a0125\u00a0206\u00a0278", "114125206278"),
    ("narrow blanks", "114\u202f125\u202f206\u202f278", "114125206278"),
    ("apostrophes", "114'125'206'278", "114125206278"),
    ("curly apostrophes", "11\u2019408\u2019300\u2019000", "11408300000"),
    (".0", "114125206278.0", "114125206278"),
    ("commas and .00", "114,125,206,278.00", "114125206278"),
    ("blanks around", "\t11408300000\u00a0", "11408300000"),
    ("byte order mark", "\ufeff11408300000", "11408300000"),
    ("zero-width and NUL", "\u200b11408300000\x00", "11408300000"),
    ("a formula that is a text", '="11408300000"', "11408300000"),
    ("blanks in it", '=" 11408300000 "', "11408300000"),
    ("an apostrophe before it", "'11408300000", "11408300000"),
    ("decimal comma", "114000000000,00", "114000000000"),
    ("stops", "114.125.206.278", "114125206278"),
    ("stops and a decimal comma", "114.000,0", "114000"),
    ("blanks and a decimal comma", "114\u202f125\u202f206\u202f278,00", "114125206278"),
    ("exponent form with all digits", "1.14125206278E+11", "114125206278"),
    ("the same, decimal comma", "1,14125206278e11", "114125206278"),
    ("noughts in front", "0011408300000", "11408300000"),
    ("noughts in front of a group", "011,408,300,000", "11408300000"),
    ("as many digits as a spreadsheet keeps", "123456789012345.0", "123456789012345"),
]


def read(cells):
    found, n_repaired = read_id_column(pa.chunked_array([cells[:1], cells[1:]], pa.string()))
    return found.to_pylist(), n_repaired


@pytest.mark.parametrize(("cell", "text"), [row[1:] for row in REPAIRED], ids=[row[0] for row in REPAIRED])
def test_an_id_is_repaired_where_that_is_sure(cell, text):
    assert (read([cell]), read_id(cell)) == (([text], 1), text)


@pytest.mark.parametrize(
    "cell",
    [
        "1.14083E+11",
        "1.1412520627E+11",
        "1.141252062781E+11",
        "11.4125206278E+11",
        "0.114125206278E+12",
        "1.1412520627812345E+16",
        "1,14083E+11",
        "1e11",
        "1,14,125",
        "114,125 206",
        "1234,567",
        "114,125,20",
        ",114",
        "114125206278.5",
        "114125206278,5",
        "114.000",
        "114000000000,000",
        "114.125",
        "1.14.125.206",
        "114.125.206,278",
        '="',
        '="abc"',
        '="1"2"',
        "=11408300000",
        "'",
        "''11408300000",
        "114125206278.",
        "-114125206278",
        "+114125206278",
        "########",
        "abc",
        "11408O",
        "\u0661\u0661\u0664",
        "1234567890123456.0",
        "1,234,567,890,123,456",
    ],
)
def test_an_id_that_can_not_be_known_is_damaged(cell):
    assert read(["11408300000", cell]) == (["11408300000", None], 0)


def test_a_blank_id_is_neither_damaged_nor_repaired():
    assert read(["", " \u00a0", "11408300000"]) == ([None, None, "11408300000"], 0)


def test_digits_stay_as_they_are_whatever_their_number():
    assert read(["1" * 40, "7", "7", "0"]) == (["1" * 40, "7", "7", "0"], 0)


def test_an_id_with_noughts_in_front_is_the_one_without_them_and_counted_as_repaired():
    assert read(["11408300000", "0011408300000"]) == (["11408300000", "11408300000"], 1)


def test_of_many_damaged_ids_each_is_told_by_its_position():
    cells = ["11408300001", "1.14083E+11", " 114,125,206,278 ", "1.14083E+11", ""]
    assert read(cells) == (["11408300001", None, "114125206278", None, None], 1)


REAL = [
    ("fivethirtyeight_star_wars.csv", "mac_roman", 2, 1186),
    ("fivethirtyeight_thanksgiving_2015.csv", "utf-8", 1, 1058),
    ("kubernetes_contribex_2019.csv", "utf-8-sig", 2, 211),
    ("cncf_finops_microsurvey.csv", "utf-8", 2, 102),
    ("todogroup_ospo_2018.csv", "utf-8", 2, 748),
]


@pytest.mark.parametrize(("name", "encoding", "n_headings", "n"), REAL, ids=[row[0] for row in REAL])
def test_the_ids_of_a_real_file_are_whole_and_different(real_data, name, encoding, n_headings, n):
    with (real_data / "exports" / name).open(encoding=encoding, newline="") as lines:
        rows = list(csv.reader(lines))
    heading = "RespondentID" if "RespondentID" in rows[0] else "Respondent ID"
    cells = [row[rows[0].index(heading)] for row in rows[n_headings:]]
    assert read(cells) == (cells, 0)
    assert len(set(cells)) == n


def test_an_id_made_of_content_is_a_hash_of_survey_and_cells():
    expected = hashlib.sha256(b'["123", "Ada", "Parent"]').hexdigest()[:24]
    assert content_ids([["Ada", "Parent"]], survey="123") == [f"row-{expected}"]


def test_rows_alike_are_numbered_so_that_two_people_stay_two():
    first, second, other, third = content_ids([["a"], ["a"], ["b"], ["a"]], survey="1")
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert other not in {first, second, third}


@pytest.mark.parametrize(
    "again",
    [[" Ada ", "Parent"], ["Ada\u00a0", "\ufeffParent"], ["Ada", "Parent", ""], ["Ada", "Parent", " ", "\t"]],
)
def test_blanks_that_a_spreadsheet_adds_make_no_other_id(again):
    assert content_ids([again], survey="1") == content_ids([["Ada", "Parent"]], survey="1")


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["a", "b"], ["b", "a"]),
        (["", "a"], ["a"]),
        (["a,b"], ["a", "b"]),
        (['a", "b'], ["a", "b"]),
        (["Ada"], ["ada"]),
        (["1", "a"], ["11", "a"]),
    ],
)
def test_other_cells_make_another_id(row, other):
    first, second = content_ids([row, other], survey="1")
    assert first != second


def test_another_survey_makes_another_id():
    assert content_ids([["a"]], survey="1") != content_ids([["a"]], survey="2")
