"""No person of an export file leaves the vault: a good import, a dry run, refused files, a bug."""

from __future__ import annotations

import pytest

from connectors.sandbox.world.people import invent
from flows import pipelines
from tests.canaries import CANARIES, assert_no_canary, canary_people
from tests.driving import UNTIL, Pledge
from tests.exporting import Style, export_bytes, exportable, write_xlsx

PEOPLE = [*exportable(invent(60, 3, UNTIL)), *canary_people()]


@pytest.fixture
def place(tmp_path):
    """A working folder that holds no file to be imported."""
    folder = tmp_path / "place"
    folder.mkdir()
    return Pledge(folder, {"PLEDGE_SURVEY_ID": "518204417"})


@pytest.fixture
def export(tmp_path):
    """Write a file beside the working folder, under a name that tells nothing."""

    def write(content, name="export.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return write


def test_a_good_import_and_its_dry_run_leave_no_person_outside_the_vault(place, export):
    path = export(export_bytes(PEOPLE, Style()))
    assert place("import", path, "--dry-run").code == 0
    assert place("import", path, "--dry-run", "--json").code == 0
    told = place("import", path, "--json").json
    assert (told["state"], told["responses_new"]) == ("complete", len(PEOPLE))
    assert place("import", path, "--answers-only").code == 15
    assert place("status").code == 0
    assert place("report").code == 0
    assert_no_canary(place)


@pytest.mark.long
def test_a_workbook_leaves_none_either(place, tmp_path):
    path = write_xlsx(tmp_path / "export.xlsx", PEOPLE, Style(dates="ISO"))
    assert place("import", str(path), "--json").code == 0
    assert_no_canary(place)


QUOTED = " ".join(CANARIES)
REFUSED = {
    "an open quote": f'Respondent ID,End Date,Email address\n1,2025-01-13 10:00:00,"{QUOTED}\n',
    "text behind a quote": f'Respondent ID,End Date,Email address\n1,2025-01-13 10:00:00,"a"{QUOTED}\n',
    "dates of two readings": f"Respondent ID,Start Date,End Date,Email address\n,,,Open-Ended Response\n"
    f"1,01/02/2025 10:00,01/02/2025 10:01,{QUOTED}\n",
    "no date": f"Respondent ID,Email address,{QUOTED}\n,Open-Ended Response,Response\n1,{QUOTED},{QUOTED}\n",
    "no table": QUOTED,
    "no question for the email": f"Respondent ID,Start Date,End Date,Colour\n,,,Open-Ended Response\n"
    f"1,2025-01-13 10:00:00,2025-01-13 10:01:00,{QUOTED}\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_file_is_told_without_a_person(place, export, name):
    path = export(REFUSED[name].encode())
    tried, ran = place("import", path, "--dry-run"), place("import", path, "--json")
    assert tried.code == ran.code
    assert ran.code in {10, 15}
    assert_no_canary(place)


def test_a_bug_tells_its_kind_and_no_person(place, export, monkeypatch):
    def load_files(*_given):
        """Fail with canaries in the message."""
        raise LookupError(QUOTED)

    monkeypatch.setattr(pipelines, "load_files", load_files)
    ran = place("import", export(export_bytes(PEOPLE, Style())), "--json")
    assert (ran.code, ran.json["state"]) == (1, "refused")
    assert "LookupError" in ran.stderr
    assert_no_canary(place)
