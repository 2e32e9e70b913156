"""The CSV files of a pack, read by the letter of RFC 4180 and by the programs that people use."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from reports.formats.csv_safety import harmless
from tests.packs import csv_rows, figures, write_pack


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    paths = write_pack(figures(), tmp_path_factory.mktemp("pack"), ("csv",))
    return {path.stem.removeprefix("connect-pledge-2026-07-02-"): path for path in paths}


def test_there_is_a_file_for_each_table_and_for_the_notes(files):
    assert list(files) == ["summary", "roles", "growth", "weeks", "milestones", "not-counted", "notes"]


def test_roles_are_tidy_and_hidden_ones_are_the_shorthand(files):
    assert csv_rows(files["roles"]) == [
        ["role", "signatories", "share_percent"],
        ["Parent or carer", "1205", "74"],
        ["Teacher", "400", "25"],
        ["Councillor", "15", "1"],
        ["Politician", "[c]", "[c]"],
        ["Other", "[c]", "[c]"],
    ]


def test_days_are_iso_and_totals_are_apart(files):
    assert csv_rows(files["growth"])[:2] == [["by_the_end_of", "signatories_so_far"], ["2026-09-06", "1090"]]
    assert csv_rows(files["summary"]) == [
        ["figure", "number"],
        ["People who have signed (exact)", "1632"],
        ["Forms received (rounded)", "1865"],
        ["Forms that are not signatories (rounded)", "235"],
    ]


def test_lines_end_with_crlf_and_have_equal_numbers_of_fields(files):
    for path in files.values():
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n")
        assert content.endswith(b"\r\n")
        assert len({len(row) for row in csv_rows(path)}) == 1


def test_the_notes_explain_the_shorthand(files):
    assert csv_rows(files["notes"])[1][1].startswith("[c] means hidden. Counts are rounded")


def test_pandas_and_duckdb_read_them_without_being_told_how(files):
    frame = pd.read_csv(files["roles"], na_values=["[c]"])
    assert list(frame.columns) == ["role", "signatories", "share_percent"]
    assert frame.signatories.sum() == 1620
    rows = duckdb.sql(f"from read_csv('{files['growth']}') order by 1").fetchall()
    assert [n for _, n in rows] == [1632, 1090]


STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0="]


@pytest.mark.parametrize("start", STARTS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["Parent or carer", "1+1", "a=b", "'quoted", "", "[c]"])
def test_any_other_text_stays_as_it_is(text):
    assert harmless(text) == text
