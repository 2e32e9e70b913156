"""Run records: written whole, read back, newest first."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from flows.errors import SettingsError
from flows.run.clock import run_name
from flows.run.record import (
    COMPLETE,
    REFUSED,
    RunRecord,
    begun,
    read_records,
    record_of_failure,
    write_record,
)

NIGHT = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)


def a_record(day: int = 0, **changes: object) -> RunRecord:
    started = NIGHT + timedelta(days=day)
    return RunRecord(run_id=run_name(started), command="sync", started_at=started.isoformat(), **changes)


def test_a_record_is_read_back_as_it_was_written(tmp_path):
    record = a_record(
        state=COMPLETE, by_role={"Parent or carer": 3, "(no answer)": 1}, warnings=["“Sgoil” ≠ school"],
        published="home/published/pledge.duckdb", steps={"pull": 0.25}, calls_left_today=None,
    )  # fmt: skip
    path = write_record(record, tmp_path / "runs")
    assert path.name == "20261124T021500_000000Z.json"
    assert read_records(tmp_path / "runs") == [record]
    assert json.loads(path.read_text(encoding="utf-8")) == record.as_json()


def test_a_record_written_again_takes_the_place_of_the_first(tmp_path):
    write_record(a_record(), tmp_path)
    write_record(a_record(state=COMPLETE), tmp_path)
    assert [record.state for record in read_records(tmp_path)] == [COMPLETE]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_newest_comes_first_and_no_more_than_asked_for(tmp_path):
    for day in (3, 1, 2):
        write_record(a_record(day), tmp_path)
    assert [record.started_at[:10] for record in read_records(tmp_path, last=2)] == [
        "2026-11-27",
        "2026-11-26",
    ]


def test_names_of_runs_sort_by_time_down_to_the_microsecond():
    instants = [
        NIGHT,
        NIGHT + timedelta(microseconds=1),
        NIGHT + timedelta(seconds=9),
        NIGHT + timedelta(days=40),
    ]
    names = [run_name(instant) for instant in instants]
    assert names == sorted(set(names))


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"run_id": "alone"}', "\x00"])
def test_a_file_that_is_no_record_hides_no_record(tmp_path, text):
    write_record(a_record(), tmp_path)
    (tmp_path / "99990101T000000_000000Z.json").write_text(text)
    assert [record.run_id for record in read_records(tmp_path, last=1)] == [a_record().run_id]


def test_what_a_later_version_tells_besides_is_left_aside(tmp_path):
    path = write_record(a_record(), tmp_path)
    path.write_text(json.dumps(a_record().as_json() | {"n_moons": 1}))
    assert read_records(tmp_path) == [a_record()]


def test_a_folder_that_is_not_there_holds_no_record(tmp_path):
    assert read_records(tmp_path / "none") == []


def test_a_run_that_was_never_begun_stands_where_the_last_one_left_the_figures(tmp_path):
    begun.clear()
    write_record(a_record(state=COMPLETE, n_signatories=7, by_role={"Politician": 7}, requests=9), tmp_path)
    record = record_of_failure(tmp_path, SettingsError("No token."))
    assert (record.state, record.warnings, record.requests) == (REFUSED, ["No token."], 0)
    assert (record.n_signatories, record.by_role) == (7, {"Politician": 7})
    assert len(read_records(tmp_path)) == 1
