"""Rows as a table, as CSV that no spreadsheet runs, and as JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from flows.output import plain, rendered, sections

SUMMER = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (5, 5),
        ("Sgoil", "Sgoil"),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Decimal("12.00"), 12),
        (Decimal("1.25"), 1.25),
        (2**70, 2**70),
        (SUMMER, "2026-07-01T11:00:00+00:00"),
        (datetime(2026, 7, 1, 12), "2026-07-01T12:00:00"),  # noqa: DTZ001 - DuckDB has instants without a zone too
        (date(2026, 7, 1), "2026-07-01"),
        ([SUMMER, None], ["2026-07-01T11:00:00+00:00", None]),
        ({"a": Decimal(1), 2: float("inf")}, {"a": 1, "2": "inf"}),
        (b"\x00", "b'\\x00'"),
    ],
)
def test_every_kind_of_value_becomes_one_that_json_holds(value, shown):
    assert plain(value) == shown
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == shown


def test_json_keeps_both_of_two_columns_with_one_name():
    shown = json.loads(rendered(["n", "n", "n_2"], [[1, 2, 3]], "json"))
    assert shown == [{"n": 1, "n_2": 2, "n_2_2": 3}]


def test_json_keeps_texts_as_they_are():
    text = 'Ünï "quoted", =1+1\n学校'
    assert json.loads(rendered(["a"], [[text]], "json")) == [{"a": text}]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 131 496 0000",
        "-2",
        "@me",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\u00a0=1",
        "\0=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
    ],
)
def test_no_text_in_csv_starts_a_formula(text):
    shown = rendered(["a"], [[text]], "csv")
    assert next(csv.DictReader(io.StringIO(shown, newline=""))) == {"a": f"'{text}"}


def test_csv_gives_every_text_back_and_leaves_numbers_alone():
    rows = [["a,b", -5, None, 'say "x"'], ["two\nlines", Decimal("-1.5"), SUMMER, "Mac {}"]]
    shown = rendered(["w", "x", "y", "z"], rows, "csv")
    assert list(csv.reader(io.StringIO(shown, newline=""))) == [
        ["w", "x", "y", "z"],
        ["a,b", "-5", "", 'say "x"'],
        ["two\nlines", "-1.5", "2026-07-01T11:00:00+00:00", "Mac {}"],
    ]


def test_a_table_sets_numbers_right_and_takes_no_text_for_markup():
    lines = rendered(["role", "n"], [["[red]Other[/red]", 1_234], ["x", 5]], "table").splitlines()
    assert "[red]Other[/red]" in lines[2]
    assert lines[2].rstrip().endswith("1,234")
    assert lines[3].rstrip().endswith("    5")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_row_is_shown_as_no_row(form):
    shown = rendered(["role", "n"], [], form)
    assert json.loads(shown) == [] if form == "json" else "role" in shown


def test_instants_are_aware():
    assert plain(datetime(2026, 1, 1, tzinfo=UTC)).endswith("+00:00")


def test_sections_are_tables_under_their_titles_and_sentences_and_no_table_is_empty():
    shown = sections([("By role", ("role", "n"), [("x", 5)]), ("Nobody", ("role",), []), "A sentence."])
    assert shown == f"By role\n{rendered(('role', 'n'), [('x', 5)], 'table')}\n\nA sentence."
