"""The night under Prefect: the same result as without, and no night lost where Prefect can't be had."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.canaries import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.driving import Pledge

OF_THE_RUN = {
    "run_id", "started_at", "ended_at", "fresh_as_of", "calls_left_today", "plan", "platform", "published",
    "steps",
}  # fmt: skip
DATED = {
    "runs": "1",
    "about": "n_signatories, survey_title, schema_version",
    "held_back_by_rule": "rule, reason, n_responses",
    "platform_comparison": "what, n_platform, n_here",
    "pledge_versions": "pledge_version, title, wording, is_current",
}
"""Tables that tell of the run itself or of its time, and what of them is equal all the same."""


def published_tables(pledge: Pledge) -> dict[str, list[dict[str, Any]]]:
    names = pledge("query", "select table_name from duckdb_tables()", "--format", "json").rows
    return {
        name: pledge(
            "query", f"select {DATED.get(name, '*')} from {name} order by all", "--format", "json"
        ).rows
        for (name,) in (row.values() for row in names)
    }


def artifacts_in(prefect_home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{prefect_home / 'prefect.db'}?mode=ro", uri=True) as opened:
        return opened.execute(
            "select key, data from artifact where key is not null order by created"
        ).fetchall()


def states_in(prefect_home: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The states of the flow runs, and name and state of each task run."""
    with sqlite3.connect(f"file:{prefect_home / 'prefect.db'}?mode=ro", uri=True) as opened:
        flows = opened.execute("select state_name from flow_run order by created").fetchall()
        tasks = opened.execute(
            "select name, state_name from task_run where start_time is not null order by start_time"
        ).fetchall()
    return [state for (state,) in flows], tasks


def test_a_night_under_prefect_equals_one_without(prefect_nights, run_pledge):
    direct = run_pledge.at(prefect_nights.server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)
    ran = direct("sync", "--direct", "--json")
    assert (ran.code, prefect_nights.good.code) == (0, 0)
    under, without = prefect_nights.good.json, ran.json
    assert {name: under[name] for name in under.keys() - OF_THE_RUN} == {
        name: without[name] for name in without.keys() - OF_THE_RUN
    }
    assert list(under["steps"]) == list(without["steps"])
    assert published_tables(prefect_nights.pledge) == published_tables(direct)


def test_each_step_is_a_task_and_a_bug_fails_its_own(prefect_nights):
    flows, tasks = states_in(prefect_nights.pledge.home / "prefect")
    steps = [name.replace("_", " ") for name in prefect_nights.good.json["steps"]]
    assert flows[:2] == ["Completed", "Failed"]
    first_two = tasks[: len(steps) + steps.index("build") + 1]
    assert [name.rsplit("-", 1)[0] for name, _ in first_two] == [*steps, *steps[: steps.index("build") + 1]]
    assert [state for _, state in first_two if state != "Completed"] == ["Failed"]


def test_the_night_leaves_its_summary_as_artifacts(prefect_nights):
    told = prefect_nights.good.json
    found = dict(artifacts_in(prefect_nights.pledge.home / "prefect"))
    assert found.keys() == {"pledge-night", "pledge-roles"}
    summary = json.loads(found["pledge-night"])
    assert told["run_id"] in summary
    assert f"**{told['n_signatories']:,} signatories**" in summary
    assert {row["role"]: row["signatories"] for row in json.loads(json.loads(found["pledge-roles"]))} == (
        told["by_role"]
    )


def test_a_bug_under_prefect_ends_with_exit_code_1_and_publishes_nothing(prefect_nights):
    buggy = prefect_nights.buggy
    assert (buggy.code, buggy.json["state"], buggy.json["published"]) == (1, "refused", None)
    assert "Traceback" in buggy.stderr
    assert any("“build” (KeyError)" in warning for warning in buggy.json["warnings"])


def test_a_stop_that_has_ended_prefects_server_too_ends_the_night_within_5_seconds(prefect_nights):
    stopped = prefect_nights.stopped
    assert prefect_nights.seconds_to_stop < 5
    assert (stopped.code, stopped.json["state"], stopped.json["published"]) == (143, "partial", None)
    assert stopped.stderr.rstrip().splitlines()[-1].startswith("Told to stop")


@pytest.mark.parametrize(
    "listens",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["refuses connections", "never answers"],
)
def test_a_prefect_that_is_away_costs_no_night(run_pledge, prefect_nights, listens):
    with socket.socket() as away:
        away.bind(("127.0.0.1", 0))
        if listens:
            away.listen()
        begun = time.monotonic()
        ran = run_pledge.at(prefect_nights.server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)(
            "sync", "--json", PREFECT_API_URL=f"http://127.0.0.1:{away.getsockname()[1]}/api"
        )
    assert time.monotonic() - begun < 30
    assert (ran.code, ran.json["state"]) == (0, "complete")
    assert any("Prefect could not run the night" in warning for warning in ran.json["warnings"])
    assert ran.json["n_signatories"] == prefect_nights.good.json["n_signatories"]
