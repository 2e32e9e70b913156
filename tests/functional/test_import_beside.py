"""Files beside a platform, earlier files and other surveys: nobody is lost, doubled or brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import question_in
from flows.orchestration.run import open_run, run_here
from flows.pipelines import importing
from flows.run.context import ImportOptions
from flows.run.progress import Quiet
from flows.settings.reading import read_settings
from tests.driving import UNTIL, Pledge, a_sandbox, run_night
from tests.exporting import LONDON, Style, export_rows, exportable, write_export, write_table
from tests.plain_count import plain_count

PEOPLE = [one for one in exportable(invent(80, 5, UNTIL)) if one.choice_id in pledge.ROLES][:40]

CONDENSED = Style(choices="condensed")


@pytest.fixture
def server():
    """A platform that holds PEOPLE."""
    with a_sandbox(0) as opened:
        for one in PEOPLE:
            opened.platform.add(one)
        yield opened


@pytest.fixture
def place(tmp_path, server):
    """A working folder at that platform."""
    return Pledge(tmp_path).at(server)


@pytest.fixture
def filed(tmp_path):
    """A working folder that knows the survey's number and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})


def a_file(place, people=PEOPLE, **how):
    return write_export(place, people, **how)


def run_import(settings, files, now):
    """An import in this process: its record."""
    pipeline = partial(importing, files=files)
    return run_here(open_run(settings, Quiet(), "import", now=now), pipeline)


def refused(ran, code, *words):
    assert ran.code == code, ran.stderr
    assert all(word in ran.stderr for word in words), ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.long
def test_who_was_withdrawn_and_erased_is_not_brought_back_by_an_old_file(place, server):
    settings = read_settings({"PLEDGE_HOME": str(place.home), **place.environment}, place.folder)
    now = UNTIL + timedelta(days=1)
    run_night(settings, Quiet(), now=lambda: now)
    files = [place.folder / "export.csv"]
    a_file(place)
    run_import(settings, ImportOptions(files, LONDON), now=lambda: now + timedelta(hours=1))
    server.platform.delete(PEOPLE[0].response_id)
    run_night(settings, Quiet(), now=lambda: now + timedelta(days=1))
    assert run_night(settings, Quiet(), now=lambda: now + timedelta(days=40)).responses_erased == 1
    told = run_import(settings, ImportOptions(files, LONDON), now=lambda: now + timedelta(days=41))
    assert (told.withdrawn, told.responses_new, told.conservation_ok) == (1, 0, True)
    with place.vault() as vault:
        kept = vault.execute(
            "select name, email from core.signatures where response_id = ?", [PEOPLE[0].response_id]
        ).fetchall()
    assert kept == [(None, None)]


def test_the_pledges_own_file_is_no_other_surveys(place):
    assert place("sync", "--direct").code == 0
    for options in (["--answers-only"], ["--answers-only", "--dry-run"]):
        ran = place("import", a_file(place), *options)
        refused(ran, 15, "another survey", "Leave --answers-only out")
    assert place("sync", "--direct", "--json").json["state"] == "unchanged"


def test_a_pledge_without_a_number_is_asked_for_it(tmp_path):
    place = Pledge(tmp_path)
    refused(place("import", a_file(place)), 10, "PLEDGE_SURVEY_ID")
    refused(place("import", a_file(place), "--dry-run"), 10, "PLEDGE_SURVEY_ID")


@pytest.mark.long
def test_one_half_after_the_other_takes_nobodys_address(filed):
    rows = export_rows(PEOPLE, Style(choices="condensed"))
    first, second = [row[:-2] for row in rows], [row[:9] + row[-2:] for row in rows]
    before = filed("import", write_table(filed, first), "--json").json
    refused(filed("import", write_table(filed, second)), 15, "question for the email address", "one ZIP")
    again = filed("import", write_table(filed, first), "--json").json
    assert again["n_signatories"] == before["n_signatories"] > 0


def test_another_surveys_file_is_refused_beside_a_pledge(place):
    assert place("sync", "--direct").code == 0
    rows = [["Respondent ID", "Start Date", "End Date", "Colour"], ["", "", "", "Open-Ended Response"]]
    rows += [[str(n), "2025-01-13 10:00:00", "2025-01-13 10:01:00", f"red {n}"] for n in range(1, 9)]
    refused(place("import", write_table(place, rows)), 15, "question for the email address")
    assert place("import", write_table(place, rows), "--answers-only").code == 0
    told = place("sync", "--direct", "--json").json
    figures = plain_count(PEOPLE).figures
    assert {figure: told[figure] for figure in figures} == figures
    assert told["conservation_ok"] is True


@pytest.mark.long
def test_a_small_first_file_settles_no_question_for_the_next(filed):
    three = [next(one for one in PEOPLE if one.choice_id == role) for role in list(pledge.ROLES)[:3]]
    assert filed("import", a_file(filed, three)).code == 0
    told = filed("import", a_file(filed), "--json").json
    assert told["by_role"] == plain_count(PEOPLE).by_role


def test_names_that_repeat_are_no_choices(filed):
    people = [replace(one, name="Ann Secret") for one in PEOPLE[:12]]
    style = Style(headings="one row", choices="condensed")
    first = filed("import", a_file(filed, people, style=style), "--json").json
    again = filed("import", a_file(filed, PEOPLE[:12], style=style), "--json").json
    assert first["n_signatories"] == again["n_signatories"] == plain_count(people).figures["n_signatories"]
    assert "Secret" not in "".join(filed.printed)
    records = [path.read_text() for path in (filed.home / "runs").glob("*.json")]
    assert [len(records), *("Secret" in record for record in records)] == [2, False, False]


def test_numbers_without_a_form_that_tells_them_are_refused(filed):
    rows = export_rows(PEOPLE, Style(choices="condensed"))
    texts = list(pledge.ROLES.values())
    numbered = [*rows[:2], *([*row[:-2], str(texts.index(row[-2]) + 1), ""] for row in rows[2:])]
    refused(filed("import", write_table(filed, numbered)), 15, "actual answer text")
    assert filed("import", a_file(filed)).code == 0
    refused(filed("import", write_table(filed, numbered)), 15, "actual answer text")


@pytest.mark.long
def test_a_choice_that_was_renamed_since_the_export_is_the_same_choice(place, server):
    assert place("sync", "--direct").code == 0
    renamed = next(iter(pledge.ROLES))

    def rename(design):
        choices = question_in(design, pledge.ROLE_ID)["answers"]["choices"]
        next(one for one in choices if one["id"] == renamed)["text"] = "Parents"

    server.platform.redesign(rename)
    assert place("sync", "--direct").code == 0
    newer = [
        replace(one, response_id=str(99_000_000_000 + n), modified_at=one.modified_at + timedelta(minutes=1))
        for n, one in enumerate(PEOPLE)
    ]
    told = place("import", a_file(place, newer), "--json").json
    expected = plain_count(PEOPLE).by_role
    assert told["by_role"] == {
        ("Parents" if role == pledge.ROLES[renamed] else role): n for role, n in expected.items()
    }
    assert told["drift"] == []


def test_people_whom_only_a_file_gave_are_told_when_all_ids_are_compared(place):
    more = [replace(one, response_id=str(99_000_000_000 + n)) for n, one in enumerate(PEOPLE[:4])]
    assert place("import", a_file(place, [*PEOPLE, *more])).code == 0
    told = place("sync", "--direct", "--full", "--json").json
    assert any("lacks 4 responses" in warning for warning in told["warnings"])
    assert told["drift"] == []


def test_files_without_a_response_replace_nothing(filed):
    assert filed("import", a_file(filed)).code == 0
    empty = a_file(filed, [], name="empty.csv")
    refused(filed("import", empty, "--replace"), 15, "withdraw everybody")
