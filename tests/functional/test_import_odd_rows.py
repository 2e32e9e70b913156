"""Files that somebody has worked in: shifted rows, own words, marks in blank cells, ids made alike."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest

from connectors.export_files.form.choices import names_a_role_alone
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from tests.driving import UNTIL, Pledge
from tests.exporting import ROLES, Style, export_rows, exportable
from tests.plain_count import plain_count
from tests.variants import variants

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
    addresses = [cell for cell in second if "@" in cell]
    assert addresses
    assert [cell for cell in addresses if cell in shown] == []
    with place.vault() as vault:
        kept = vault.execute("select count(*) from core.answers where text = ?", [OWN_WORDS]).fetchone()
    assert kept == (1,)
    assert "own words" in shown


def test_what_one_person_signed_three_times_is_no_role_either(place):
    head, labels, *others = export_rows(PEOPLE, CONDENSED)
    for row in others[:3]:
        row[ROLE_COLUMN] = "Quux of Zedtown"
        row[ROLE_COLUMN - 1] = "Zedina@example.org "
    told = imported(place, [head, labels, *others, list(others[0]), list(others[0])])
    assert "Quux of Zedtown" not in told["by_role"]
    assert "Quux" not in all_that_is_shown(place)


def test_what_three_people_chose_is_a_role_whatever_it_is_called(place):
    head, labels, *others = export_rows(PEOPLE, CONDENSED)
    for row in others[:3]:
        row[ROLE_COLUMN] = "Beekeeper"
    assert imported(place, [head, labels, *others])["by_role"]["Beekeeper"] == 3


def test_a_cell_in_a_column_without_a_heading_is_no_role(place):
    head, labels, first, *others = export_rows(PEOPLE, EXPANDED)
    rows = [head, labels, first, *others]
    for row in rows:
        row.insert(ROLE_COLUMN + 2, "")
    first[ROLE_COLUMN + 2] = OWN_WORDS
    told = imported(place, rows)
    assert OWN_WORDS not in told["by_role"]
    assert "Quux" not in all_that_is_shown(place)


def test_a_lone_text_under_a_choice_that_nobody_ticked_is_no_tick(place):
    unticked = next(role for role in pledge.ROLES if FIGURES.by_role.get(ROLES[role], 0))
    people = [one for one in PEOPLE if one.choice_id != unticked]
    rows = export_rows(people, EXPANDED)
    at = ROLE_COLUMN + list(ROLES).index(unticked)
    rows[2][at] = OWN_WORDS
    told = imported(place, rows)
    assert told["by_role"].get(ROLES[unticked], 0) == 0
    assert sum(told["by_role"].values()) == plain_count(people).figures["n_signatories"]


def test_the_same_file_with_own_words_again_makes_no_version_of_the_form(place):
    head, labels, first, *others = export_rows(PEOPLE, CONDENSED)
    first[ROLE_COLUMN] = OWN_WORDS
    counts = []
    for _ in range(2):
        imported(place, [head, labels, first, *others])
        with place.vault() as vault:
            counts.append(vault.execute("select count(*) from raw.surveys").fetchone())
    assert counts == [(1,), (1,)]


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


@pytest.mark.parametrize("mark", variants(["-", "Not selected", "N/A", "0"], now=["-", "0"]))
def test_a_mark_in_the_cells_that_were_not_ticked_is_no_answer(place, mark):
    n_headings = 2
    rows = export_rows(PEOPLE, EXPANDED)
    last = ROLE_COLUMN + len(ROLES)
    for row in rows[n_headings:]:
        row[ROLE_COLUMN:last] = [cell or mark for cell in row[ROLE_COLUMN:last]]
    assert imported(place, rows)["by_role"] == FIGURES.by_role


def test_marks_take_no_answer_from_a_choice_called_so_nor_from_the_next_question(place):
    head = ["Respondent ID", "Start Date", "End Date", "Email", "Happy?", "", "", "How many children?"]
    labels = ["", "", "", "Open-Ended Response", "Yes", "No", "N/A", "Open-Ended Response"]
    dates = ["2025-01-13 10:00:00", "2025-01-13 10:01:00"]
    ticks = [["Yes", "-", "-"], ["-", "No", "-"], ["-", "-", "N/A"]] * 4
    rows = [
        [str(114_000_000_000 + n), *dates, f"p{n}@example.org", *ticked, "0"]
        for n, ticked in enumerate(ticks)
    ]
    imported(place, [head, labels, *rows])
    with place.vault() as vault:
        kept = vault.execute(
            "select options.text, count(*) from core.answers as answers"
            " join raw.options as options on options.option_id = answers.choice_id group by all order by all"
        ).fetchall()
        n_zeros = vault.execute("select count(*) from core.answers where text = '0'").fetchone()
    assert kept == [("N/A", 4), ("No", 4), ("Yes", 4)]
    assert n_zeros == (12,)


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
    told = imported(place, [*rows, [*rows[5], ""], changed])

    assert (told["responses_new"], told["held_back"].get("id-damaged")) == (len(PEOPLE), None)


ROLE_TEXTS = {
    **dict.fromkeys(ROLES.values(), True),
    "Parent/carer": True,
    "Parents' group": True,
    "Head teacher, P5": False,
    "A. Young": False,
    "Mother of a child in foster care": False,
    OWN_WORDS: False,
    "Ada": False,
    "ada@example.org": False,
    "": False,
    "—": False,
}


@pytest.mark.parametrize("text", ROLE_TEXTS)
def test_a_text_of_role_words_alone_names_nobody(text):
    assert names_a_role_alone(text) is ROLE_TEXTS[text]
