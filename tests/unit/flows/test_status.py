"""How things stand, from the records alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.commands.status import as_text, standing_of
from flows.run.clock import now_in_utc, run_name
from flows.run.record import COMPLETE, REFUSED, RUNNING, RunRecord, read_records, write_record
from flows.settings.model import Settings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fresh_as_of", "stale"),
    [
        (None, True),
        ("2026-11-24T12:00:00+00:00", False),
        ("2026-11-23T00:00:00+00:00", False),
        ("2026-11-22T23:59:59+00:00", True),
        ("2026-11-23T01:00:00+01:00", False),
        ("2026-11-23T00:59:59+01:00", True),
    ],
)
def test_figures_are_stale_once_older_than_the_hours_allowed(fresh_as_of, stale):
    assert RunRecord("", "sync", "", fresh_as_of=fresh_as_of).is_stale(NOW, 36) is stale


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


def a_run(settings, hours_ago, **changes):
    started = now_in_utc() - timedelta(hours=hours_ago)
    record = RunRecord(run_name(started), "sync", started.isoformat(), **changes)
    write_record(record, settings.runs_folder)
    return record


def test_before_any_run_nothing_is_known_and_nothing_is_made(settings):
    assert read_records(settings.runs_folder) == []
    standing = standing_of(settings, [])
    assert standing == {"last_run": None, "fresh_as_of": None, "stale": True}
    assert "pledge sync" in as_text(standing, [])
    assert list(settings.home.iterdir()) == []


def test_the_last_run_speaks_even_if_it_failed(settings):
    fresh = (now_in_utc() - timedelta(hours=25)).isoformat()
    a_run(settings, 25, state=COMPLETE, n_signatories=7, fresh_as_of=fresh)
    last = a_run(settings, 1, state=REFUSED, n_signatories=7, fresh_as_of=fresh, warnings=["No token."])
    records = read_records(settings.runs_folder)
    standing = standing_of(settings, records)
    assert standing["last_run"]["run_id"] == last.run_id
    assert (standing["stale"], standing["n_signatories"]) == (False, 7)
    lines = as_text(standing, records).splitlines()
    assert "! No token." in lines
    states = [line.split("│")[2].strip() for line in lines if line.startswith(" 2")]
    assert states == [REFUSED, COMPLETE]


def test_a_run_that_never_ended_is_shown_as_running_or_killed(settings):
    a_run(settings, 1, state=RUNNING, conservation_ok=False)
    records = read_records(settings.runs_folder)
    shown = as_text(standing_of(settings, records), records)
    assert "running or killed" in shown
    assert "STALE" in shown
    assert "Every response in one place: NO" in shown
    assert "Calls left today: not known" in shown


def test_counts_are_listed_by_reason(settings):
    a_run(settings, 1, held_back={"email-invalid": 1_200, "email-missing": 2}, calls_left_today=1_486)
    records = read_records(settings.runs_folder)
    shown = as_text(standing_of(settings, records), records)
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines()]
    assert ["held back", "email-invalid", "1,200"] in rows
    assert ["not counted", "", "0"] in rows
    assert ["in all these places", "", "1,202"] in rows
    assert "Calls left today: 1,486" in shown
