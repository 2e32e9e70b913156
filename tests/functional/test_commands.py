"""Every command that needs no key, as a person or a program uses it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.world.people import invent
from flows.cli import make_parser
from tests.driving import LONGEST_SECONDS, UNTIL, Pledge, a_sandbox, now_in_utc
from tests.plain_count import plain_count

HEAVY = ("prefect", "great_expectations", "pandas", "altair", "duckdb", "fastapi", "requests", "rich")
IMPORTED = """
import json, sys
from flows.cli import main
try:
    code = main(json.loads(sys.argv[1]))
except SystemExit as end:
    code = end.code or 0
print(file=sys.stderr)
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


# status


def test_status_before_the_first_run_says_how_to_start(run_pledge):
    ran = run_pledge("status")
    assert (ran.code, ran.stderr) == (0, "")
    assert "pledge sync" in ran.stdout
    assert run_pledge("status", "--json").json == {"last_run": None, "fresh_as_of": None, "stale": True}


def test_status_shows_the_last_run_its_figures_and_that_they_are_fresh(after_two_nights, count):
    told, last = after_two_nights("status", "--json").json, after_two_nights.records()[-1]
    assert told["last_run"] == {name: last[name] for name in ("run_id", "state", "started_at", "ended_at")}
    assert (told["fresh_as_of"], told["stale"]) == (last["started_at"], False)
    assert {name: told[name] for name in count.figures} == count.figures
    shown = after_two_nights("status").stdout
    assert f"{len(count.people):,}" in shown
    assert all(role in shown for role in count.by_role)
    assert "STALE" not in shown


def test_status_tells_figures_that_have_grown_stale(after_two_nights):
    path = max((after_two_nights.home / "runs").glob("*.json"))
    record = json.loads(path.read_text())
    record["fresh_as_of"] = (now_in_utc() - timedelta(hours=37)).isoformat()
    path.write_text(json.dumps(record))
    assert after_two_nights("status", "--json").json["stale"] is True
    assert "STALE" in after_two_nights("status").stdout


def test_a_record_that_cannot_be_read_hides_no_other(after_two_nights):
    good = after_two_nights("status", "--json").json["run_id"]
    (after_two_nights.home / "runs" / "99990101T000000_000000Z.json").write_text('{"run_id": ')
    assert after_two_nights("status", "--json").json["run_id"] == good


def test_a_record_of_a_later_version_is_read_all_the_same(after_two_nights):
    path = max((after_two_nights.home / "runs").glob("*.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"told_by_a_later_version": 1}))
    assert after_two_nights("status", "--json").json["run_id"] == path.stem


# query


def test_query_gives_the_same_rows_as_table_csv_and_json(after_two_nights, count):
    sql = "select role, n_signatories as n from signatories_by_role where n > 0 order by role_no"
    rows = after_two_nights("query", sql, "--format", "json").rows
    assert {row["role"]: row["n"] for row in rows} == count.by_role
    read = list(csv.DictReader(io.StringIO(after_two_nights("query", sql, "--format", "csv").stdout)))
    assert read == [{"role": row["role"], "n": str(row["n"])} for row in rows]
    shown = after_two_nights("query", sql).stdout.splitlines()
    assert [line.split("│")[0].strip() for line in shown[2:]] == [row["role"] for row in rows]


def test_query_gives_every_kind_of_value_as_valid_json(after_two_nights):
    sql = (
        "select timestamptz '2026-07-01 12:00:00+01' as t, date '2026-07-01' as d, 1.50::decimal(5,2) as n, "
        "'nan'::double as x, [1, 2] as l, {'a': date '2026-07-01'} as s, null as z, true as b"
    )
    assert after_two_nights("query", sql, "--format", "json").rows == [
        {
            "t": "2026-07-01T11:00:00+00:00", "d": "2026-07-01", "n": 1.5, "x": "nan", "l": [1, 2],
            "s": {"a": "2026-07-01"}, "z": None, "b": True,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("selec 1", "Parser Error"),
        ("from no_such_table", "no_such_table"),
        ("from read_csv('/etc/passwd')", "Permission Error"),
        ("copy signatories to 'taken.csv'", "Permission Error"),
        ("attach 'other.duckdb'", "Permission Error"),
        ("create table mine (n integer)", "read-only"),
        ("delete from signatories", "read-only"),
        ("set enable_external_access = true", "refused"),
        ("set temp_directory = 'elsewhere'", "Permission Error"),
        ("", "empty"),
        ("-- nothing", "empty"),
    ],
)
def test_query_refuses_what_is_wrong_or_reaches_beyond_with_exit_code_2(after_two_nights, sql, words):
    before = sorted(path.name for path in after_two_nights.folder.rglob("*"))
    ran = after_two_nights("query", sql)
    assert (ran.code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert sorted(path.name for path in after_two_nights.folder.rglob("*")) == before


@pytest.mark.parametrize("command", [["query", "from about"], ["report"], ["rollback"]])
def test_before_anything_is_published_a_command_says_so(run_pledge, command):
    ran = run_pledge(*command)
    assert (ran.code, ran.stdout) == (13, "")
    assert "ublished" in ran.stderr


def test_a_published_file_that_is_damaged_is_told(after_two_nights):
    after_two_nights.published.write_bytes(b"not a database at all" * 500)
    ran = after_two_nights("query", "from about")
    assert (ran.code, "damaged" in ran.stderr, "Traceback" in ran.stderr) == (13, True, False)


# report


def test_report_writes_the_pack_where_it_is_told_to_and_names_the_files(after_two_nights, count):
    ran = after_two_nights("report", "--out", "pack")
    files = [path for path in map(after_two_nights.folder.joinpath, ran.stdout.split("\n")) if path.is_file()]
    assert {path.suffix for path in files} == {".html", ".pdf", ".xlsx", ".csv", ".json", ".md", ".txt"}
    counts = json.loads(next(path for path in files if path.name == "counts.json").read_text())
    assert str(len(count.people)) in json.dumps(counts)
    assert f"{len(count.people):,}" in next(path for path in files if path.suffix == ".html").read_text()


@pytest.mark.parametrize("formats", ["docx", "", "html,docx"])
def test_report_refuses_a_format_that_it_does_not_know(after_two_nights, formats):
    ran = after_two_nights("report", "--formats", formats)
    assert (ran.code, ran.stdout) == (2, "")
    assert "html" in ran.stderr


def test_report_into_a_file_is_told(after_two_nights):
    (after_two_nights.folder / "taken").write_text("")
    ran = after_two_nights("report", "--out", "taken")
    assert (ran.code, "Traceback" in ran.stderr, "taken" in ran.stderr) == (13, False, True)


# rollback


def test_rollback_puts_the_file_before_back_and_the_next_sync_publishes_anew(after_two_nights, two_nights):
    def published() -> str:
        return after_two_nights("query", "select run_id from about", "--format", "json").rows[0]["run_id"]

    first, second = (record["run_id"] for record in after_two_nights.records())
    assert published() == second
    ran = after_two_nights("rollback")
    assert (ran.code, ran.stdout) == (0, "")
    assert first in ran.stderr
    assert published() == first
    assert after_two_nights("rollback").code == 13
    told = after_two_nights.at(two_nights[1])("sync", "--direct", "--json").json
    assert (told["state"], published()) == ("complete", told["run_id"])


# The demo; help; and what a command imports.


def test_the_demo_runs_without_any_setting_and_can_be_run_again(run_pledge):
    for _ in range(2):
        ran = run_pledge("demo", "--responses", "300")
        assert ran.code == 0, ran.stderr
        assert "300 invented responses" in ran.stdout
        assert "A second night: unchanged." in ran.stdout
    demo = Pledge(run_pledge.folder)
    told = demo("status", "--json", PLEDGE_HOME=str(run_pledge.home / "demo")).json
    assert f"{told['n_signatories']:,} signatories" in ran.stdout
    named = [line.strip() for line in ran.stdout.splitlines() if line.strip().startswith(str(demo.home))]
    assert len(named) >= 3
    until = datetime.combine(now_in_utc().date(), datetime.min.time(), UTC)
    assert told["n_signatories"] == len(plain_count(invent(300, 1, until)).people)


def test_the_demo_empties_no_folder_but_its_own(run_pledge):
    mine = run_pledge.home / "demo" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert run_pledge("demo", "--responses", "5").code == 10
    assert mine.read_text() == "mine"


@pytest.mark.parametrize(
    "command", [[], *([name] for name in sorted(make_parser()._subparsers._group_actions[0].choices))]
)
def test_every_command_has_a_help(run_pledge, command):
    ran = run_pledge(*command, "--help")
    assert (ran.code, ran.stderr) == (0, "")
    assert "usage: pledge" in ran.stdout


@pytest.mark.parametrize("arguments", [[], ["no-such-command"], ["sync", "--no-such-option"], ["explain"]])
def test_words_that_are_no_command_end_with_exit_code_2(run_pledge, arguments):
    assert run_pledge(*arguments).code == 2


def imported_by(pledge: Pledge, *arguments: str) -> set[str]:
    """The top-level modules that a process has imported after the command."""
    script = pledge.folder / "imported.py"
    script.write_text(IMPORTED)
    ran = pledge.in_a_process(script, json.dumps(arguments))
    code, modules = json.loads(ran.stderr.splitlines()[-1])
    assert code == 0, ran.stderr
    return set(modules)


def test_help_imports_nothing_heavy(run_pledge):
    assert imported_by(run_pledge, "--help").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("command", "needs"),
    [
        (["query", "from about"], {"duckdb", "rich"}),
        (["query", "from about", "--format", "json"], {"duckdb"}),
        (["status"], {"duckdb", "rich"}),
        (["held-back", "--format", "csv"], {"duckdb"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_only_what_it_needs(after_two_nights, command, needs):
    assert imported_by(after_two_nights, *command) & set(HEAVY) <= needs


def test_a_reader_that_stops_reading_is_no_error(after_two_nights):
    process = after_two_nights.start("query", "from signatories", "--format", "csv")
    process.stdout.close()
    assert process.wait(LONGEST_SECONDS) == 0
    assert process.stderr.read() == ""
    process.stderr.close()
    process.stdin.close()


def test_an_added_person_is_seen_by_query_only_after_the_next_sync(after_two_nights, two_nights):
    with a_sandbox(600, seed=3) as server:
        for one in server.platform.signatories():
            if one.response_id not in {other.response_id for other in two_nights[1].platform.signatories()}:
                server.platform.delete(one.response_id)
        new = replace(
            invent(1, 8, UNTIL)[0], response_id="990000000001", status="completed", mode="default",
            email="newly.added@example.org",
        )  # fmt: skip
        server.platform.add(new)
        sql = ["query", "select n_signatories as n from about", "--format", "json"]
        before = after_two_nights.at(server)(*sql).rows[0]["n"]
        after_two_nights("sync", "--direct")
        assert after_two_nights(*sql).rows == [{"n": before + 1}]
