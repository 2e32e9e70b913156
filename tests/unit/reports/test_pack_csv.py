"""The CSV files of a pack, read by the letter of RFC 4180 and by the programs that people use."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from reports import pack
from reports.branding import Brand
from reports.formats.csv_safety import harmless
from tests.packs import csv_rows, figures, write_pack
from tests.whole_pack import whole_pack

STEM = "connect-pledge-2026-07-02-"


def by_table(paths):
    return {path.stem.removeprefix(STEM): path for path in paths if path.suffix == ".csv"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    made = figures(lowest=1600, highest=1650)
    return by_table(write_pack(made, tmp_path_factory.mktemp("pack"), ("csv",)))


@pytest.fixture(scope="module")
def all_files(tmp_path_factory):
    """Of a pack that has every table."""
    folder = tmp_path_factory.mktemp("whole")
    return by_table(pack.write_pack(whole_pack(), folder, ("csv",), Brand()))


def test_there_is_a_file_for_each_table_and_for_the_notes(files, all_files):
    assert list(files) == ["summary", "roles", "growth", "weeks", "milestones", "not-counted", "notes"]
    assert list(all_files) == [
        "summary", "roles", "role-periods", "by-area", "by-age", "changes", "growth", "weeks", "milestones",
        "gaps", "not-counted", "notes",
    ]  # fmt: skip


def test_roles_are_a_value_a_row_and_hidden_ones_are_the_shorthand(files):
    assert csv_rows(files["roles"]) == [
        ["date", "role", "signatories", "status"],
        ["2026-07-02", "Parent or carer", "1205", "rounded"],
        ["2026-07-02", "Teacher", "400", "rounded"],
        ["2026-07-02", "Councillor", "15", "rounded"],
        ["2026-07-02", "Politician", "[c]", "hidden"],
        ["2026-07-02", "Other", "[c]", "hidden"],
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("growth", [
            ["date", "signatories", "status"],
            ["2026-05-03", "1090", "rounded"],
            ["2026-07-02", "1632", "exact"],
        ]),
        ("weeks", [
            ["from", "to", "new_signatories", "status"],
            ["2026-04-27", "2026-05-03", "1090", "rounded"],
            ["2026-05-04", "2026-07-02", "540", "rounded"],
        ]),
        ("milestones", [
            ["date", "signatories"],
            ["2026-05-03", "100"],
            ["2026-05-03", "500"],
            ["2026-05-03", "1000"],
        ]),
        ("not-counted", [
            ["date", "place", "forms", "status"],
            ["2026-07-02", "Not counted: left unfinished", "140", "rounded"],
            ["2026-07-02", "Other reasons", "[c]", "hidden"],
        ]),
        ("summary", [
            ["figure", "value", "status", "date"],
            ["People who have signed", "1632", "exact", "2026-07-02"],
            ["Least it may be", "1592", "rounded down", "2026-07-02"],
            ["Most it may be", "1652", "rounded up", "2026-07-02"],
            ["Total of not-counted", "235", "rounded", "2026-07-02"],
        ]),
    ],
)  # fmt: skip
def test_each_table_has_its_days_and_says_what_is_exact(files, name, rows):
    assert csv_rows(files[name]) == rows


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("roles", [
            ["date", "role", "signatories", "status"],
            ["2026-06-09", "Parent", "1100", "rounded"],
            ["2026-06-09", "Other", "[c]", "hidden"],
        ]),
        ("by-area", [
            ["date", "choice", "signatories", "status"],
            ["2026-07-02", "Skye", "900", "rounded"],
            ["2026-07-02", "(no text)", "730", "rounded"],
        ]),
        ("role-periods", [
            ["date", "role", "signatories", "status"],
            ["2026-05-31", "Parent", "700", "rounded"],
            ["2026-05-31", "Other", "[c]", "hidden"],
            ["2026-06-30", "Parent", "1100", "rounded"],
            ["2026-06-30", "Other", "15", "rounded"],
        ]),
        ("changes", [
            ["date", "table", "role", "signatories", "status"],
            ["2026-06-09", "earlier", "Parent", "700", "rounded"],
            ["2026-06-09", "later", "Parent", "1100", "rounded"],
        ]),
        ("gaps", [["from", "to", "days"], ["2026-05-04", "2026-05-10", "7"]]),
        ("summary", [
            ["figure", "value", "status", "date"],
            ["People who have signed", "1632", "exact", "2026-07-02"],
            ["Least it may be", "1592", "rounded down", "2026-07-02"],
            ["Most it may be", "1652", "rounded up", "2026-07-02"],
            ["Total of roles", "1500", "rounded", "2026-06-09"],
            ["Total of by-age", "1590", "rounded", "2026-06-09"],
            ["Total of not-counted", "235", "rounded", "2026-07-02"],
            ["Total of role-periods", "1090", "rounded", "2026-05-31"],
            ["Total of role-periods", "1635", "rounded", "2026-06-30"],
        ]),
    ],
)  # fmt: skip
def test_a_table_of_an_earlier_day_has_that_day_and_its_total_is_in_the_summary(all_files, name, rows):
    assert csv_rows(all_files[name]) == rows


def test_lines_end_with_crlf_and_have_equal_numbers_of_fields(all_files):
    for path in all_files.values():
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n")
        assert content.endswith(b"\r\n")
        assert len({len(row) for row in csv_rows(path)}) == 1


def test_the_notes_explain_the_shorthand(files):
    assert csv_rows(files["notes"])[1][1].startswith("[c] means hidden. Counts are rounded")


def test_pandas_and_duckdb_read_them_without_being_told_how(files):
    frame = pd.read_csv(files["roles"], na_values=["[c]"])
    assert list(frame.columns) == ["date", "role", "signatories", "status"]
    assert frame.signatories.sum() == 1620
    rows = duckdb.sql(f"from read_csv('{files['growth']}') order by 1").fetchall()
    assert rows == [(date(2026, 5, 3), 1090, "rounded"), (date(2026, 7, 2), 1632, "exact")]


STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0="]


@pytest.mark.parametrize("start", STARTS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless(f"'{start}1+1") == f"''{start}1+1"


@pytest.mark.parametrize("text", ["Parent or carer", "1+1", "a=b", "'quoted", "", "[c]"])
def test_any_other_text_stays_as_it_is(text):
    assert harmless(text) == text
