"""Run records: those of earlier versions are still read, and the form that the last finished run told of."""

from __future__ import annotations

import json
from dataclasses import replace

from flows.run.record import RunRecord, read_records, write_record
from tests.builders import SURVEY, a_design
from warehouse.ingest.designs import load_design
from warehouse.ingest.runs import last_told_form, write_run

RECORD = RunRecord("run-1", "sync", "2026-11-24T02:15:00+00:00", ended_at="2026-11-24T02:16:00+00:00")


def test_a_record_written_before_forms_were_compared_is_read(tmp_path):
    path = write_record(replace(RECORD, warnings=["a sentence"]), tmp_path)
    older = json.loads(path.read_text())
    for name in ("drift", "form_version", "plan"):
        del older[name]
    path.write_text(json.dumps(older))
    (read,) = read_records(tmp_path)
    assert (read.drift, read.form_version, read.warnings) == ([], None, ["a sentence"])


def told_after(vault, *runs):
    """The version that the next run compares with, after runs that met v1, v2 and so on and ended so."""
    for number, changes in enumerate(runs, 1):
        design = a_design()
        design["survey"] |= {"version": f"v{number}", "body": f"form {number}"}
        load_design(vault.connection, **design)
        run = replace(
            RECORD,
            run_id=f"run-{number}",
            started_at=f"2026-11-2{number}T02:15:00+00:00",
            **{"form_version": f"v{number}", "state": "complete", **changes},
        )
        write_run(vault.connection, run.as_json())
    return last_told_form(vault.connection, SURVEY)


def test_before_the_first_run_nothing_was_told(vault):
    assert told_after(vault) is None


def test_the_form_of_the_last_run_is_what_was_told(vault):
    assert told_after(vault, {}, {"state": "partial"}, {"state": "unchanged"}) == ("v3", "form 3")


def test_what_a_refused_or_killed_run_had_to_tell_is_told_again(vault):
    assert told_after(vault, {}, {"state": "refused"}, {"state": "running", "ended_at": None}) == ("v1", "{}")


def test_a_run_that_met_no_form_told_of_none(vault):
    assert told_after(vault, {}, {"form_version": None, "command": "import"}) == ("v1", "{}")


def test_another_survey_was_not_told_of(vault):
    told_after(vault, {})
    assert last_told_form(vault.connection, "another") is None
