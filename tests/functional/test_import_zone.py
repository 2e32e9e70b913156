"""A file read in a wrong time zone: told by the responses that are known, and no reason to move them."""

from __future__ import annotations

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


def warned(ran):
    """The warnings of a run or of a dry run that tell of another zone."""
    assert ran.code == 0, ran.stderr
    return [sentence for sentence in ran.json["warnings"] if "clocks of two time zones" in sentence]


def test_a_wrong_zone_is_told_and_moves_nothing_that_the_platform_told(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    before = people(place)
    path = a_file(place)
    (tried,) = warned(place("import", path, *NEW_YORK, "--dry-run", "--json"))
    ran = place("import", path, *NEW_YORK, "--json")
    assert warned(ran) == [tried]
    assert "40 of 40 responses known already were changed 5 hours later than is known" in tried
    assert "by the clock of America/New_York" in tried
    assert people(place) == before
    figures = plain_count(PEOPLE).figures
    assert {figure: ran.json[figure] for figure in figures} == figures


def people(place):
    with place.vault() as vault:
        return vault.execute(
            "select response_id, signed_at, modified_at from core.signatories order by all"
        ).fetchall()


@pytest.mark.long
def test_a_summer_read_by_a_clock_without_one_is_told(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    (told,) = warned(place("import", a_file(place), "--timezone", "UTC", "--dry-run", "--json"))
    assert "changed 1 hours later" in told


@pytest.mark.long
def test_a_file_that_a_spreadsheet_took_the_seconds_from_is_told_too(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    whole = [replace(one, modified_at=one.modified_at.replace(second=0)) for one in PEOPLE]
    path = a_file(place, whole, style=Style(dates="ISO"))
    (told,) = warned(place("import", path, *NEW_YORK, "--dry-run", "--json"))
    assert "5 hours later" in told


@pytest.mark.long
def test_where_the_earlier_import_was_the_wrong_one_its_copy_is_put_back(place):
    first, rest = a_file(place, PEOPLE[:3], name="first.csv"), a_file(place)
    assert place("import", first).code == 0
    (copy,) = (path.stem for path in (place.home / "backups").glob("*.duckdb"))
    assert place("import", a_file(place, PEOPLE[3:], name="others.csv"), *NEW_YORK).code == 0
    (told,) = warned(place("import", rest, "--json"))
    assert "37 of 40 responses known already were changed 5 hours earlier" in told
    assert place("restore", copy).code == 0
    again = place("import", rest, "--json")
    assert warned(again) == []
    figures = plain_count(PEOPLE).figures
    assert {figure: again.json[figure] for figure in figures} == figures


def test_the_platform_puts_right_what_a_file_said_before(place, server):
    assert place("import", a_file(place), *NEW_YORK).code == 0
    assert place.at(server)("sync", "--direct").code == 0
    expected = {one.response_id: one.signed_at for one in plain_count(PEOPLE).people}
    assert {response_id: signed_at for response_id, signed_at, _ in people(place)} == expected
    assert warned(place("import", a_file(place), "--json")) == []


def test_people_who_changed_their_answers_are_no_other_zone(place, server):
    assert place.at(server)("sync", "--direct").code == 0
    later = [
        replace(one, name="Renamed", modified_at=one.modified_at + timedelta(minutes=13 * number, hours=1))
        for number, one in enumerate(PEOPLE)
    ]
    ran = place("import", a_file(place, later), "--json")
    assert (warned(ran), ran.json["responses_changed"]) == ([], 40)


def test_answers_without_dates_are_compared_with_nothing(place):
    path = place.folder / "colours.csv"
    path.write_text("Respondent ID,Colour\n,Open-Ended Response\n" + "".join(f"{n},red\n" for n in range(9)))
    for _ in range(2):
        assert warned(place("import", str(path), "--answers-only", "--json")) == []
