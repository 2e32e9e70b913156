"""Each run leaves its page, however it ends, and no page costs a run."""

from __future__ import annotations

import pytest

from flows.orchestration.prefect_flow import summary_of
from flows.run.record import read_records

pytestmark = pytest.mark.usefixtures("small")


def pages(pledge):
    return {path.name for path in (pledge.home / "checks").iterdir()}


def test_a_run_leaves_its_page_and_status_says_where(run_pledge):
    told = run_pledge("sync", "--direct", "--json").json
    checks = run_pledge.home / "checks"
    assert pages(run_pledge) == {"index.html", f"{told['run_id']}.html"}
    assert f"{told['n_signatories']:,}" in (checks / "index.html").read_text()
    page = (checks / f"{told['run_id']}.html").read_text()
    assert "✓ It adds up" in page
    assert "No longer a rule" not in page
    assert run_pledge("status", "--json").json["checks_page"] == str(checks / "index.html")
    assert str(checks / "index.html") in run_pledge("status").stdout


def test_a_refused_run_leaves_its_page_too(run_pledge):
    refused = run_pledge("sync", "--direct", "--json", SURVEYMONKEY_ACCESS_TOKEN="not-the-token")
    assert refused.code != 0
    told = refused.json
    assert pages(run_pledge) == {"index.html", f"{told['run_id']}.html"}
    page = (run_pledge.home / "checks" / f"{told['run_id']}.html").read_text()
    assert "<strong>✗ Failed.</strong>" in page
    assert "not-the-token" not in page


def test_pages_that_cannot_be_written_cost_a_warning_and_no_run(run_pledge):
    run_pledge.home.mkdir()
    (run_pledge.home / "checks").write_text("in the way")
    ran = run_pledge("sync", "--direct", "--json")
    assert (ran.code, ran.json["state"]) == (0, "complete")
    for warnings in (ran.json["warnings"], run_pledge.records()[-1]["warnings"]):
        assert any("pages of runs" in sentence for sentence in warnings)
    assert run_pledge("status", "--json").json["checks_page"] is None


def test_the_summary_for_prefect_names_the_page_without_a_path_of_the_machine(run_pledge):
    run_pledge("sync", "--direct")
    (record,) = read_records(run_pledge.home / "runs")
    summary = summary_of(record)
    assert "checks/index.html" in summary
    assert str(run_pledge.home) not in summary
