"""Export files brought in: the same people as through the platform, in every layout; and what is refused."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from tests.driving import UNTIL, Pledge, a_sandbox, tree
from tests.exporting import Style, export_bytes, export_rows, exportable, write_xlsx, write_zip
from tests.plain_count import plain_count
from tests.variants import variants

PEOPLE = exportable(invent(400, 5, UNTIL))
DIGITS_OF_A_CELL = 15
FIGURES = plain_count(PEOPLE).figures

STYLES = {
    "expanded": Style(),
    "condensed": Style(choices="condensed"),
    "heading repeated": Style(headings="repeated"),
    "fixed names repeated": Style(headings="fixed repeated", choices="condensed"),
    "one heading row": Style(headings="one row"),
    "with a mark": Style(encoding="utf-8-sig"),
    "UTF-16, tabs": Style(encoding="utf-16", separator="\t"),
    "semicolons, ISO dates": Style(separator=";", dates="ISO", line_end="\n"),
    "day first": Style(dates="day first", choices="condensed"),
    "a blank record after each": Style(line_end="\r\r\n"),
    "numbers above": Style(headings="numbered"),
    "a title above": Style(headings="title above", choices="condensed"),
    "Windows-1252": Style(encoding="cp1252"),
    "Mac Roman": Style(encoding="mac_roman", line_end="\r"),
    "serial dates": Style(dates="serial"),
    "few fixed columns": Style(fixed=("Respondent ID", "Start Date", "End Date")),
}
AT_ONCE = ("expanded", "heading repeated", "fixed names repeated", "UTF-16, tabs", "day first", "Mac Roman")


@pytest.fixture
def place(tmp_path):
    """A working folder whose environment names the survey and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": "518204417"})


def a_file(folder, style=STYLES["expanded"], people=PEOPLE, name="export.csv"):
    path = folder / name
    path.write_bytes(export_bytes(people, style))
    return path


@pytest.mark.parametrize("name", variants(STYLES, now=AT_ONCE))
def test_every_layout_gives_the_figures_of_the_people_in_it(place, name):
    style = STYLES[name]
    people = [one for one in PEOPLE if is_written(one, style)]
    figures = plain_count(people).figures
    told = place("import", str(a_file(place.folder, style, people)), "--json").json
    assert {figure: told[figure] for figure in figures} == figures
    assert (told["state"], told["conservation_ok"]) == ("complete", True)
    (file,) = told["files"]
    assert file["encoding"] == style.encoding
    assert (file["responses"], file["held_back"], file["refused"]) == (len(people), 0, None)
    with place.vault() as vault:
        names = vault.execute("select name from core.signatures where name is not null").fetchall()
    assert {name for (name,) in names} == {one.name for one in people if one.name and one.name.strip()}


def is_written(one, style):
    """Whether the file's encoding has all that the person typed."""
    try:
        f"{one.name}{one.email}{one.other_text}".encode(style.encoding)
    except UnicodeEncodeError:
        return False
    return True


def test_a_workbook_gives_the_same(place):
    people = [one for one in PEOPLE if len(one.response_id) <= DIGITS_OF_A_CELL]
    assert len(people) < len(PEOPLE)
    path = write_xlsx(place.folder / "export.xlsx", people, Style(dates="ISO"))
    told = place("import", str(path), "--json").json
    figures = plain_count(people).figures
    assert {figure: told[figure] for figure in figures} == figures


def test_ids_that_a_workbooks_number_cannot_hold_are_held_back(place):
    path = write_xlsx(place.folder / "export.xlsx", PEOPLE, Style(dates="ISO"))
    told = place("import", str(path), "--json").json
    n_long = sum(len(one.response_id) > DIGITS_OF_A_CELL for one in PEOPLE)
    assert told["held_back"]["id-damaged"] == n_long > 0


def test_an_archive_as_the_platform_gives_it_does_too(place):
    path = write_zip(
        place.folder / "export.zip", {"CSV/The Connect Pledge.csv": export_bytes(PEOPLE, Style())}
    )
    told = place("import", str(path), "--json").json
    assert {figure: told[figure] for figure in FIGURES} == FIGURES


def test_two_halves_in_one_archive_are_joined_on_the_respondent(place):
    text = export_bytes(PEOPLE, Style(choices="condensed")).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    shuffled = [*rows[:2], *reversed(rows[2:])]
    halves = {
        "Sheet_1.csv": [row[:-2] for row in rows],
        "Sheet_2.csv": [row[:9] + row[-2:] for row in shuffled],
    }
    path = write_zip(place.folder / "halves.zip", {name: csv_bytes(half) for name, half in halves.items()})
    told = place("import", str(path), "--json").json
    assert {figure: told[figure] for figure in FIGURES} == FIGURES


def test_two_halves_as_files_of_their_own_are_refused(place):
    rows = export_rows(PEOPLE, Style(choices="condensed"))
    halves = [place.folder / "1.csv", place.folder / "2.csv"]
    halves[0].write_bytes(csv_bytes([row[:-2] for row in rows]))
    halves[1].write_bytes(csv_bytes([row[:9] + row[-2:] for row in rows]))
    ran = place("import", *map(str, halves))
    assert ran.code == 15
    assert "one ZIP" in ran.stderr


def test_two_files_of_one_archive_that_do_not_belong_together_are_refused(place):
    other = [["Respondent ID", "Start Date", "End Date", "Colour"], ["", "", "", "Open-Ended Response"]]
    other += [["7", "11/13/2025 10:00:00 AM", "11/13/2025 10:01:00 AM", "red"]]
    path = write_zip(
        place.folder / "two.zip", {"a.csv": export_bytes(PEOPLE, Style()), "b.csv": csv_bytes(other)}
    )
    ran = place("import", str(path))
    assert ran.code == 15
    assert "one by one" in ran.stderr


def csv_bytes(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def test_numbers_instead_of_texts_are_the_choices_of_the_known_form(tmp_path):
    people = [one for one in PEOPLE if one.choice_id in pledge.ROLES][:40]
    with a_sandbox(0) as server:
        place = Pledge(tmp_path).at(server)
        server.platform.add(people[0])
        assert place("sync", "--direct").code == 0
        rows = export_rows(people, Style(choices="condensed"))
        texts = list(pledge.ROLES.values())
        numbered = [*rows[:2], *([*row[:-2], str(texts.index(row[-2]) + 1), ""] for row in rows[2:])]
        path = tmp_path / "numbers.csv"
        path.write_bytes(csv_bytes(numbered))
        told = place("import", str(path), "--json").json
        assert told["by_role"] == plain_count(people).by_role


def test_the_same_file_again_changes_nothing(place):
    path = str(a_file(place.folder))
    assert place("import", path).code == 0
    before = place.published.read_bytes()
    told = place("import", path, "--json").json
    assert (told["state"], told["responses_new"], told["responses_changed"]) == ("unchanged", 0, 0)
    assert place.published.read_bytes() == before


def test_a_file_and_the_platform_together_count_everybody_once(tmp_path):
    people = [*PEOPLE]
    with a_sandbox(0) as server:
        for one in people:
            server.platform.add(one)
        place = Pledge(tmp_path).at(server)
        first = place("import", str(a_file(tmp_path, people=people[:250])), "--json").json
        assert first["responses_new"] == 250
        synced = place("sync", "--direct", "--json").json
        assert {figure: synced[figure] for figure in FIGURES} == FIGURES
        again = place("import", str(a_file(tmp_path, people=people)), "--json").json
        assert {figure: again[figure] for figure in FIGURES} == FIGURES
        with place.vault() as vault:
            sources = dict(
                vault.execute("select source, count(*) from core.signatures group by 1").fetchall()
            )
        assert sources == {"api": len(people)}
        assert place("sync", "--direct", "--json").json["state"] == "unchanged"


@pytest.mark.long
def test_figures_of_files_are_as_fresh_as_the_newest_response_in_one(place):
    by_time = sorted(PEOPLE, key=lambda one: one.modified_at)
    for people, newest in ((by_time[:-9], by_time[-10]), (by_time, by_time[-1]), (by_time[:-9], by_time[-1])):
        told = place("import", str(a_file(place.folder, people=people)), "--json").json
        assert told["fresh_as_of"] == newest.modified_at.isoformat()


def test_what_the_platform_gave_counts_whatever_a_file_says_of_its_time(tmp_path):
    one = next(one for one in PEOPLE if one.choice_id)
    later = replace(one, name="Renamed", modified_at=one.modified_at + timedelta(hours=1))
    with a_sandbox(0) as server:
        server.platform.add(one)
        place = Pledge(tmp_path).at(server)

        def counts():
            with place.vault() as vault:
                return vault.execute("select name, source from core.signatures").fetchall()

        assert place("import", str(a_file(tmp_path, people=[later]))).code == 0
        assert counts() == [("Renamed", "file")]
        assert place("sync", "--direct").code == 0
        assert counts() == [(one.name, "api")]
        assert place("import", str(a_file(tmp_path, people=[later]))).code == 0
        assert counts() == [(one.name, "api")]


def test_who_was_withdrawn_at_the_platform_is_not_brought_back_by_a_file(tmp_path):
    with a_sandbox(0) as server:
        for one in PEOPLE[:20]:
            server.platform.add(one)
        place = Pledge(tmp_path).at(server)
        assert place("sync", "--direct").code == 0
        server.platform.delete(PEOPLE[0].response_id)
        assert place("sync", "--direct", "--json").json["responses_withdrawn"] == 1
        told = place("import", str(a_file(tmp_path, people=PEOPLE[:20])), "--json").json
        assert told["withdrawn"] == 1
        assert any("left out: 1 response" in warning for warning in told["warnings"])


@pytest.mark.long
def test_a_file_that_is_the_whole_truth_withdraws_what_earlier_files_alone_held(tmp_path):
    from_the_platform, others = PEOPLE[0], PEOPLE[1:40]
    with a_sandbox(0) as server:
        server.platform.add(from_the_platform)
        place = Pledge(tmp_path).at(server)
        assert place("sync", "--direct").code == 0
        assert place("import", str(a_file(tmp_path, people=others))).code == 0
        fewer = str(a_file(tmp_path, people=others[5:], name="fewer.csv"))
        assert place("import", fewer, "--json").json["responses_withdrawn"] == 0
        shown = place("import", fewer, "--replace", "--dry-run", "--json").json
        assert sorted(shown["to_be_withdrawn"]) == sorted(one.response_id for one in others[:5])
        told = place("import", fewer, "--replace", "--json").json
        assert (told["responses_withdrawn"], told["withdrawn"], told["conservation_ok"]) == (5, 5, True)
        figures = plain_count([from_the_platform, *others[5:]]).figures
        assert told["by_role"] == figures["by_role"]

        back = place("import", str(tmp_path / "export.csv"), "--json").json
        assert back["withdrawn"] == 0
        assert back["n_signatories"] == plain_count([from_the_platform, *others]).figures["n_signatories"]


def test_a_dry_run_shows_what_each_column_would_be_and_writes_nothing(place):
    path = a_file(place.folder)
    before = tree(place.folder)
    ran = place("import", str(path), "--dry-run")
    assert ran.code == 0
    assert "2 heading rows" in ran.stdout
    assert "month first" in ran.stdout
    assert "Nothing was written." in ran.stdout
    assert [name for name in tree(place.folder) if "vault" in name] == []
    assert before == {name: content for name, content in tree(place.folder).items() if name in before}


WITHOUT_END = "Respondent ID,Name,Email address\n,Open-Ended Response,Open-Ended Response\n1,A,a@b.org\n"
BOTH_WAYS = """Respondent ID,Start Date,End Date,Email address
,,,Open-Ended Response
1,01/02/2025 10:00,01/02/2025 10:01,a@b.org
"""


@pytest.mark.parametrize(
    ("rows", "words"), [(WITHOUT_END, "End Date"), ("", "empty"), (BOTH_WAYS, "--dates")]
)
def test_a_file_that_cannot_be_taken_is_refused_in_words_and_leaves_nothing(place, rows, words):
    good = str(a_file(place.folder))
    bad = place.folder / "bad.csv"
    bad.write_text(rows)
    ran = place("import", good, str(bad), "--json")
    assert ran.code == 15
    assert words in ran.stderr
    assert "Nothing was imported." in ran.stderr
    assert [file["refused"] is None for file in ran.json["files"]] == [True, False]
    with place.vault() as vault:
        assert vault.execute("select count(*) from raw.responses").fetchone() == (0,)
    assert not place.published.exists()


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_path_that_holds_no_file_is_told(place, name):
    for options in ([], ["--dry-run"]):
        ran = place("import", str(place.folder / name), *options)
        assert ran.code == 15
        assert "can't be read" in ran.stderr


def test_a_damaged_id_is_held_back_with_its_reason(place):
    text = export_bytes(PEOPLE[:30], Style()).decode()
    text = text.replace(PEOPLE[0].response_id, "1.14083E+11")
    path = place.folder / "damaged.csv"
    path.write_text(text)
    told = place("import", str(path), "--json").json
    assert told["held_back"]["id-damaged"] == 1
    assert told["files"][0]["held_back"] == 1
