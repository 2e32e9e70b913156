"""Files that somebody has worked in: shifted rows, own words, marks in blank cells, ids made alike."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest

from connectors.export_files.role_words import names_a_role_alone
from connectors.sandbox import pledge
from connectors.sandbox.people import invent
from tests.driving import UNTIL, Pledge
from tests.exporting import ROLE, ROLES, Style, export_rows, exportable
from tests.plain_count import plain_count

PEOPLE = [
    one
    for one in exportable(invent(200, 5, UNTIL))
    if one.choice_id in pledge.ROLES and one.email and "@" in one.email
][:80]
FIGURES = plain_count(PEOPLE)
CONDENSED, EXPANDED = Style(choices="condensed"), Style()
ROLE_COLUMN = len(CONDENSED.fixed) + 2
OWN_WORDS = "I am Zedina Quux, head of Zedtown Primary"


@pytest.fixture
def place(tmp_path):
    """A working folder that knows the survey's number and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})


def imported(place, rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = place.folder / "export.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return place("import", str(path), "--json").json


def all_that_is_shown(place):
    """Every cell of every published table, the records, and what the command has printed."""
    with duckdb.connect(str(place.home / "published" / "pledge.duckdb"), read_only=True) as published:
        names = published.execute("select table_name from duckdb_tables()").fetchall()
        cells = [published.execute(f"from {name}").fetchall() for (name,) in names]
    records = [path.read_text() for path in (place.home / "runs").glob("*.json")]
    return f"{cells} {records} {place.printed}"


def test_what_somebody_wrote_as_a_role_is_no_role_that_is_published(place):
    head, labels, first, second, *others = export_rows(PEOPLE, CONDENSED)
    first[ROLE_COLUMN] = OWN_WORDS
    second.insert(3, "")  # each cell behind stands a column too far to the right
    told = imported(place, [head, labels, first, second, *others])

    assert told["by_role"]["Other"] == 1
    assert set(told["by_role"]) <= {*ROLES.values(), "Other", "(no answer)"}
    shown = all_that_is_shown(place)
    assert "Quux" not in shown
    assert all(cell not in shown for cell in second if "@" in cell)
    with place.vault() as vault:
        kept = vault.execute("select count(*) from core.answers where text = ?", [OWN_WORDS]).fetchone()
    assert kept == (1,)
    assert "own words" in shown


def test_own_words_are_a_role_once_staff_say_so(place):
    head, labels, first, *others = export_rows(PEOPLE, CONDENSED)
    first[ROLE_COLUMN] = OWN_WORDS
    imported(place, [head, labels, first, *others])
    (row,) = [
        row
        for row in place("roles", "--reason", "a test", "--format", "json").rows
        if row["text"] == OWN_WORDS
    ]
    assert (row["kind"], row["n_signatories"], row["role"]) == ("text", 1, "Other")


def test_a_shifted_row_takes_nobody_elses_role(place):
    head, labels, first, *others = export_rows(PEOPLE, EXPANDED)
    first.insert(3, "")
    told = imported(place, [head, labels, first, *others])

    counted = sum(told["by_role"].values())
    assert counted in {FIGURES.figures["n_signatories"], FIGURES.figures["n_signatories"] - 1}
    expected = FIGURES.by_role
    assert all(abs(told["by_role"].get(role, 0) - expected[role]) <= 1 for role in expected)


@pytest.mark.parametrize("mark", ["-", "Not selected", "N/A", "0"])
def test_a_mark_in_the_cells_that_were_not_ticked_is_no_answer(place, mark):
    n_headings = 2
    rows = export_rows(PEOPLE, EXPANDED)
    last = ROLE_COLUMN + len(ROLES)
    for row in rows[n_headings:]:
        row[ROLE_COLUMN:last] = [cell or mark for cell in row[ROLE_COLUMN:last]]
    assert imported(place, rows)["by_role"] == FIGURES.by_role


def test_a_dash_that_somebody_wrote_stays_an_answer(place):
    rows = [["Respondent ID", "Start Date", "End Date", "Email", "Comment"]]
    rows += [
        [str(114_000_000_000 + n), "2025-01-13 10:00:00", "2025-01-13 10:01:00", f"p{n}@example.org", "-"]
        for n in range(8)
    ]
    imported(place, rows)
    with place.vault() as vault:
        kept = vault.execute("select count(*) from core.answers group by question_id").fetchall()
    assert kept == [(8,), (8,)]


def test_people_whose_ids_a_spreadsheet_has_made_alike_are_all_held_back(place):
    rows = export_rows(PEOPLE, CONDENSED)
    for row in rows[2:10]:
        row[0] = rows[2][0]
    told = imported(place, rows)

    assert told["responses_new"] == len(PEOPLE)
    assert told["held_back"]["id-damaged"] == 8
    assert told["conservation_ok"] is True


def test_a_response_that_stands_there_twice_or_was_changed_is_one(place):
    rows = export_rows(PEOPLE, CONDENSED)
    changed = list(rows[2])
    changed[3] = "11/02/2025 11:59:00 PM"
    told = imported(place, [*rows, list(rows[5]), changed])

    assert (told["responses_new"], told["held_back"].get("id-damaged")) == (len(PEOPLE), None)


ROLE_TEXTS = {
    **dict.fromkeys(ROLES.values(), True),
    "Parent/carer": True,
    "Parents' group": True,
    "Head teacher, P5": False,
    OWN_WORDS: False,
    "Ada": False,
    "ada@example.org": False,
    "": False,
    "—": False,
}


@pytest.mark.parametrize("text", ROLE_TEXTS)
def test_a_text_of_role_words_alone_names_nobody(text):
    assert names_a_role_alone(text) is ROLE_TEXTS[text]
    assert ROLE.startswith("You are")
