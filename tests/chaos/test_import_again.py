"""What was done before is not done again: the same files once more, and a record that did not fit."""

from __future__ import annotations

import resource
from dataclasses import replace

import pytest

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from flows.run.record import RunRecord, write_record
from tests.chaos.states import published_tables
from tests.driving import UNTIL, Pledge
from tests.exporting import Style, export_bytes, exportable

PEOPLE = exportable(invent(300, 5, UNTIL))
SAID_AT_THE_SAME_TIME = replace(PEOPLE[0], name="Ailsa Other")


def _versions(place: Pledge) -> list[tuple[str, str]]:
    """Each version received, as id and text, and the name that counts, in order."""
    with place.vault() as vault:
        return vault.execute(
            "select response_id, body from raw.responses"
            " union all select response_id, name from core.signatures order by all"
        ).fetchall()


@pytest.mark.parametrize(
    "files",
    [[[*PEOPLE, SAID_AT_THE_SAME_TIME]], [PEOPLE, [SAID_AT_THE_SAME_TIME]]],
    ids=["two rows of one file", "a row of each of two files"],
)
def test_the_same_files_again_change_nothing_where_two_rows_have_one_id_and_one_time(tmp_path, files):
    place = Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})
    names = [f"{number}.csv" for number in range(len(files))]
    for name, people in zip(names, files, strict=True):
        (place.folder / name).write_bytes(export_bytes(people, Style()))
    assert place("import", *names).code == 0
    once = _versions(place)
    again = place("import", *names, "--json").json
    assert (again["responses_changed"], len(_versions(place))) == (0, len(once))
    assert _versions(place) == once


def test_the_same_two_files_again_make_no_version_of_the_form(tmp_path):
    """Nor does an import that is killed once it knows the form, and begun again."""
    place = Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})
    for name, people in (("0.csv", PEOPLE[:30]), ("1.csv", PEOPLE[30:])):
        (place.folder / name).write_bytes(export_bytes(people, Style(choices="condensed")))
    assert place("import", "0.csv", "1.csv").code == 0
    once = published_tables(place.published)["pledge_versions"]
    assert place("import", "0.csv", "1.csv").code == 0
    assert published_tables(place.published)["pledge_versions"] == once


def test_a_record_that_does_not_fit_leaves_no_half_of_it(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            write_record(RunRecord("a-run", "import", "2025-11-03T02:15:00+00:00"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == []
