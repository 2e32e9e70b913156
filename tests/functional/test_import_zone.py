"""A file read in a wrong time zone is noticed by the responses that are known; an edit is taken for none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from tests.driving import UNTIL, Pledge, a_sandbox
from tests.exporting import Style, exportable, write_export
from tests.plain_count import plain_count

PEOPLE = [one for one in exportable(invent(80, 5, UNTIL)) if one.choice_id in pledge.ROLES][:40]
NEW_YORK = ("--timezone", "America/New_York")


@pytest.fixture
def server():
    """A platform that holds PEOPLE."""
    with a_sandbox(0) as opened:
        for one in PEOPLE:
            opened.platform.add(one)
        yield opened


@pytest.fixture
def place(tmp_path):
    """A working folder that knows the survey's number and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})


def a_file(place, people=PEOPLE, **how):
    return write_export(place, people, **how)


def kept(place):
    with place.vault() as vault:
        return vault.execute("select count(*), max(received_no) from raw.responses").fetchone()


def refused(place, *arguments):
    """What both the import and its dry run say; nothing of the files is kept."""
    before = kept(place)
    tried, ran = place("import", *arguments, "--dry-run"), place("import", *arguments)
    assert (tried.code, ran.code) == (15, 15), ran.stderr
    sentence = ran.stderr.strip().splitlines()[-1]
    assert tried.stderr.strip().splitlines()[-1] == sentence
    assert kept(place) == before
    return sentence


def test_times_that_the_platform_tells_otherwise_are_refused(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    path = a_file(place)
    sentence = refused(place, path, *NEW_YORK)
    assert "40 of 40 responses that the platform gave too were changed" in sentence
    assert "5 hours later than the platform says" in sentence
    assert "another --timezone" in sentence
    assert place("import", path).code == 0


def test_a_summer_read_by_a_clock_without_one_is_refused(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    sentence = refused(place, a_file(place), "--timezone", "UTC")
    n_in_summer = int(re.search(r": (\d+) of 40|, (\d+) of 40", sentence)[2])
    assert 4 < n_in_summer < 40
    assert "changed 1 hour later than the platform says" in sentence


def test_a_file_that_a_spreadsheet_took_the_seconds_from_is_refused_too(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    whole = [replace(one, modified_at=one.modified_at.replace(second=0)) for one in PEOPLE]
    assert "5 hours later" in refused(place, a_file(place, whole, style=Style(dates="ISO")), *NEW_YORK)


def test_where_the_earlier_import_was_the_wrong_one_its_copy_is_put_back(place):
    first, rest = a_file(place, PEOPLE[:3], name="first.csv"), a_file(place)
    assert place("import", first).code == 0
    (copy,) = (path.stem for path in (place.home / "backups").glob("*.duckdb"))
    assert place("import", a_file(place, PEOPLE[3:], name="others.csv"), *NEW_YORK).code == 0
    sentence = refused(place, rest)
    assert "37 of 40 responses that an earlier file gave too were changed 5 hours earlier" in sentence
    assert "pledge restore" in sentence
    assert place("restore", copy).code == 0
    told = place("import", rest, "--json").json
    figures = plain_count(PEOPLE).figures
    assert {figure: told[figure] for figure in figures} == figures


def test_where_the_wrong_import_was_the_first_one_begins_anew(place):
    path = a_file(place)
    assert place("import", path, *NEW_YORK).code == 0
    assert "pledge restore" in refused(place, path)
    for name in ("vault", "backups"):
        (place.home / name).rename(place.folder / name)
    told = place("import", path, "--json").json
    figures = plain_count(PEOPLE).figures
    assert {figure: told[figure] for figure in figures} == figures


def test_a_file_that_the_platform_agrees_with_goes_before_an_earlier_one_that_was_wrong(place, server):
    path = a_file(place)
    assert place("import", path, *NEW_YORK).code == 0
    assert place.at(server)("sync", "--direct").code == 0
    assert place("import", path).code == 0
    assert "the platform says" in refused(place, path, *NEW_YORK)


def test_people_who_changed_their_answers_are_taken_in(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    later = [
        replace(one, name="Renamed", modified_at=one.modified_at + timedelta(minutes=13 * number, hours=1))
        for number, one in enumerate(PEOPLE)
    ]
    told = place("import", a_file(place, later), "--json").json
    assert (told["state"], told["responses_changed"]) == ("complete", 40)


def test_an_hour_on_is_an_edit_where_it_is_but_a_few(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    few = [replace(one, modified_at=one.modified_at + timedelta(hours=1)) for one in PEOPLE[:4]]
    assert place("import", a_file(place, [*few, *PEOPLE[4:]])).code == 0
    with place.vault() as vault:
        newest = vault.execute("select count(*) from core.signatures where source = 'file'").fetchone()
    assert newest == (4,)


def test_answers_without_dates_are_compared_with_nothing(place):
    path = place.folder / "colours.csv"
    path.write_text("Respondent ID,Colour\n,Open-Ended Response\n" + "".join(f"{n},red\n" for n in range(9)))
    for _ in range(2):
        assert place("import", str(path), "--answers-only").code == 0
