"""Every command, as a person or a program uses it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from connectors.sandbox.people import invent
from flows.cli import make_parser
from tests.driving import LONGEST_SECONDS, UNTIL, Pledge, a_sandbox, now_in_utc
from tests.plain_count import PlainCount, plain_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.serve import SandboxServer

COLUMNS = ["response_id", "name", "email", "email_key", "role", "role_other", "signed_at", "modified_at"]
AWKWARD = '=cmd("x")|\'!A1'
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


@pytest.fixture(scope="module")
def settled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pledge, SandboxServer]]:
    """Two nights over 600 responses, one of them withdrawn in between; not to be changed."""
    with a_sandbox(600, seed=3) as server:
        pledge = Pledge(tmp_path_factory.mktemp("commands")).at(server)
        count = plain_count(server.platform.signatories())
        awkward, gone = (person.response_id for person in count.people[:2])
        server.platform.edit(awkward, name=AWKWARD, choice_id=None, other_text="+44 131 496 0000")
        assert pledge("sync", "--direct").code == 0
        server.platform.delete(gone)
        assert pledge("sync", "--direct").code == 0
        yield pledge, server


@pytest.fixture
def settled(settled_once: tuple[Pledge, SandboxServer], tmp_path: Path) -> Pledge:
    """A place after two nights, to do anything in."""
    return settled_once[0].copy_to(tmp_path)


@pytest.fixture
def count(settled_once: tuple[Pledge, SandboxServer]) -> PlainCount:
    """Who counts there, in plain Python."""
    pledge, server = settled_once
    with pledge.vault() as vault:
        seen = vault.execute("select distinct response_id from raw.responses").fetchall()
    return plain_count(server.platform.signatories(), (response_id for (response_id,) in seen))


# status


def test_status_before_the_first_run_says_how_to_start(run_pledge):
    ran = run_pledge("status")
    assert (ran.code, ran.stderr) == (0, "")
    assert "pledge sync" in ran.stdout
    assert run_pledge("status", "--json").json == {"last_run": None, "fresh_as_of": None, "stale": True}


def test_status_shows_the_last_run_its_figures_and_that_they_are_fresh(settled, count):
    told, last = settled("status", "--json").json, settled.records()[-1]
    assert told["last_run"] == {name: last[name] for name in ("run_id", "state", "started_at", "ended_at")}
    assert (told["fresh_as_of"], told["stale"]) == (last["started_at"], False)
    assert {name: told[name] for name in count.figures} == count.figures
    shown = settled("status").stdout
    assert f"{len(count.people):,}" in shown
    assert all(role in shown for role in count.by_role)
    assert "STALE" not in shown


def test_status_tells_figures_that_have_grown_stale(settled):
    path = max((settled.home / "runs").glob("*.json"))
    record = json.loads(path.read_text())
    record["fresh_as_of"] = (now_in_utc() - timedelta(hours=37)).isoformat()
    path.write_text(json.dumps(record))
    assert settled("status", "--json").json["stale"] is True
    assert "STALE" in settled("status").stdout


def test_a_record_that_cannot_be_read_hides_no_other(settled):
    good = settled("status", "--json").json["run_id"]
    (settled.home / "runs" / "99990101T000000_000000Z.json").write_text('{"run_id": ')
    assert settled("status", "--json").json["run_id"] == good


def test_a_record_of_a_later_version_is_read_all_the_same(settled):
    path = max((settled.home / "runs").glob("*.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"told_by_a_later_version": 1}))
    assert settled("status", "--json").json["run_id"] == path.stem


# query


def test_query_gives_the_same_rows_as_table_csv_and_json(settled, count):
    sql = "select role, n_signatories as n from signatories_by_role where n > 0 order by role_no"
    rows = settled("query", sql, "--format", "json").rows
    assert {row["role"]: row["n"] for row in rows} == count.by_role
    read = list(csv.DictReader(io.StringIO(settled("query", sql, "--format", "csv").stdout)))
    assert read == [{"role": row["role"], "n": str(row["n"])} for row in rows]
    shown = settled("query", sql).stdout.splitlines()
    assert [line.split("│")[0].strip() for line in shown[2:]] == [row["role"] for row in rows]


def test_query_gives_every_kind_of_value_as_valid_json(settled):
    sql = (
        "select timestamptz '2026-07-01 12:00:00+01' as t, date '2026-07-01' as d, 1.50::decimal(5,2) as n, "
        "'nan'::double as x, [1, 2] as l, {'a': date '2026-07-01'} as s, null as z, true as b"
    )
    assert settled("query", sql, "--format", "json").rows == [
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
def test_query_refuses_what_is_wrong_or_reaches_beyond_with_exit_code_2(settled, sql, words):
    before = sorted(path.name for path in settled.folder.rglob("*"))
    ran = settled("query", sql)
    assert (ran.code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert sorted(path.name for path in settled.folder.rglob("*")) == before


@pytest.mark.parametrize("command", [["query", "from about"], ["report"], ["rollback"]])
def test_before_anything_is_published_a_command_says_so(run_pledge, command):
    ran = run_pledge(*command)
    assert (ran.code, ran.stdout) == (13, "")
    assert "ublished" in ran.stderr


def test_a_published_file_that_is_damaged_is_told(settled):
    settled.published.write_bytes(b"not a database at all" * 500)
    ran = settled("query", "from about")
    assert (ran.code, "damaged" in ran.stderr, "Traceback" in ran.stderr) == (13, True, False)


# held-back


def test_held_back_lists_ids_and_rules_in_three_forms_and_no_value(settled, settled_once, count):
    held = {
        response_id: reason for response_id, (place, reason) in count.places.items() if place == "held back"
    }
    rows = settled("held-back", "--format", "json").rows
    assert {row["response_id"]: row["rule"] for row in rows} == held
    assert all(set(row) == {"response_id", "rule", "reason", "held_since"} for row in rows)
    read = list(csv.DictReader(io.StringIO(settled("held-back", "--format", "csv").stdout)))
    assert read == rows
    shown = settled("held-back").stdout
    assert all(response_id in shown for response_id in held)
    typed = [
        text
        for one in settled_once[1].platform.signatories()
        if one.response_id in held
        for text in (one.name, one.email)
        if text and text.strip()
    ]
    assert [text for text in typed if text in shown] == []


# signatories


def test_the_list_of_signatories_wants_a_reason(settled):
    assert settled("signatories").code == 2
    ran = settled("signatories", "--reason", "  ")
    assert (ran.code, ran.stdout) == (2, "")
    assert "--reason" in ran.stderr


def test_each_use_of_the_list_is_recorded_with_its_reason(settled, count):
    settled("signatories", "--reason", "a letter of thanks")
    settled("signatories", "--reason", "a second letter", "--role", "Politician")
    with settled.vault() as vault:
        found = vault.execute(
            "select entry_no, command, reason, n_rows, who <> '' from privacy.access_log order by entry_no"
        ).fetchall()
    assert found == [
        (1, "signatories", "a letter of thanks", len(count.people), True),
        (2, "signatories", "a second letter", count.by_role["Politician"], True),
    ]


def test_the_csv_of_signatories_is_whole_and_harmless_in_a_spreadsheet(settled, count):
    ran = settled("signatories", "--reason", "a test")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert list(rows[0]) == COLUMNS
    assert {row["response_id"] for row in rows} == {person.response_id for person in count.people}
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert f"'{AWKWARD}" in cells
    assert "'+44 131 496 0000" in cells


def test_the_json_of_signatories_has_the_columns_of_the_contract_and_texts_as_typed(settled, count):
    rows = settled("signatories", "--reason", "a test", "--format", "json").rows
    assert all(list(row) == COLUMNS for row in rows)
    assert AWKWARD in [row["name"] for row in rows]
    assert {(row["response_id"], row["role"]) for row in rows} == {
        (person.response_id, person.role) for person in count.people
    }


def test_signatories_of_one_role_are_those_and_no_others(settled, count):
    rows = settled("signatories", "--reason", "a test", "--role", "Other", "--format", "json").rows
    assert {row["response_id"] for row in rows} == {
        person.response_id for person in count.people if person.role == "Other"
    }
    assert all(row["role_other"] is not None or row["role"] == "Other" for row in rows)


# explain


@pytest.mark.parametrize("place", ["signatory", "duplicate", "held back", "not counted", "withdrawn"])
def test_explain_says_where_a_response_is_and_why_without_what_was_typed(settled, settled_once, count, place):
    by_id = {one.response_id: one for one in settled_once[1].platform.signatories()}
    for response_id in [one for one, (found, _) in count.places.items() if found == place][:5]:
        ran = settled("explain", response_id)
        assert ran.code == 0
        assert f"place     {place}: {count.places[response_id][1]}" in ran.stdout
        assert ran.stdout.count("received  version") == 1
        if response_id in by_id:
            one = by_id[response_id]
            typed = [text for text in (one.name, one.email, one.other_text, one.ip) if text and text.strip()]
            assert [text for text in typed if text.strip() in ran.stdout] == []


def test_explain_shows_each_version_and_who_shares_the_key(settled, settled_once):
    server = settled_once[1]
    with a_sandbox(1) as other:
        other.platform.delete(other.platform.signatories()[0].response_id)
        for one in server.platform.signatories():
            other.platform.add(one)
        first, second = (
            person.response_id for person in plain_count(other.platform.signatories()).people[:2]
        )
        email = other.platform.response(first).email
        other.platform.edit(second, email=email)
        settled.at(other)("sync", "--direct")
    shown = settled("explain", second).stdout
    assert shown.count("received  version") == 2
    assert f"same email key as {first} (duplicate" in shown


def test_explain_of_a_response_never_received_ends_with_exit_code_2(settled):
    ran = settled("explain", "123")
    assert (ran.code, ran.stdout) == (2, "")
    assert "123" in ran.stderr


def test_a_command_on_the_vault_before_there_is_one_says_how_to_start(run_pledge):
    for command in (["held-back"], ["explain", "1"], ["signatories", "--reason", "x"]):
        ran = run_pledge(*command)
        assert (ran.code, ran.stdout) == (10, "")
        assert "pledge sync" in ran.stderr
    assert list(run_pledge.folder.iterdir()) == []


# report


def test_report_writes_the_pack_where_it_is_told_to_and_names_the_files(settled, count):
    ran = settled("report", "--out", "pack")
    files = [path for path in map(settled.folder.joinpath, ran.stdout.split("\n")) if path.is_file()]
    assert {path.suffix for path in files} == {".html", ".json"}
    counts = json.loads(next(path for path in files if path.suffix == ".json").read_text())
    assert str(len(count.people)) in json.dumps(counts)
    assert f"{len(count.people):,}" in next(path for path in files if path.suffix == ".html").read_text()


@pytest.mark.parametrize("formats", ["docx", "", "html,docx"])
def test_report_refuses_a_format_that_it_does_not_know(settled, formats):
    ran = settled("report", "--formats", formats)
    assert (ran.code, ran.stdout) == (2, "")
    assert "html" in ran.stderr


def test_report_into_a_file_is_told(settled):
    (settled.folder / "taken").write_text("")
    ran = settled("report", "--out", "taken")
    assert (ran.code, "Traceback" in ran.stderr, "taken" in ran.stderr) == (13, False, True)


# rollback


def test_rollback_puts_the_file_before_back_and_the_next_sync_publishes_anew(settled, settled_once):
    first, second = (record["run_id"] for record in settled.records())
    assert settled("query", "select run_id from about", "--format", "json").rows == [{"run_id": second}]
    ran = settled("rollback")
    assert (ran.code, ran.stdout) == (0, "")
    assert first in ran.stderr
    assert settled("query", "select run_id from about", "--format", "json").rows == [{"run_id": first}]
    assert settled("rollback").code == 13
    told = settled.at(settled_once[1])("sync", "--direct", "--json").json
    assert told["state"] == "complete"
    assert settled("query", "select run_id from about", "--format", "json").rows == [
        {"run_id": told["run_id"]}
    ]


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
        (["status"], {"duckdb"}),
        (["held-back", "--format", "csv"], {"duckdb"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_only_what_it_needs(settled, command, needs):
    assert imported_by(settled, *command) & set(HEAVY) <= needs


def test_a_reader_that_stops_reading_is_no_error(settled):
    process = settled.start("query", "from signatories", "--format", "csv")
    process.stdout.close()
    assert process.wait(LONGEST_SECONDS) == 0
    assert process.stderr.read() == ""
    process.stderr.close()
    process.stdin.close()


def test_an_added_person_is_seen_by_query_only_after_the_next_sync(settled, settled_once):
    with a_sandbox(600, seed=3) as server:
        for one in server.platform.signatories():
            if one.response_id not in {other.response_id for other in settled_once[1].platform.signatories()}:
                server.platform.delete(one.response_id)
        new = replace(
            invent(1, 8, UNTIL)[0], response_id="990000000001", status="completed", mode="default",
            email="newly.added@example.org",
        )  # fmt: skip
        server.platform.add(new)
        sql = ["query", "select n_signatories as n from about", "--format", "json"]
        before = settled.at(server)(*sql).rows[0]["n"]
        settled("sync", "--direct")
        assert settled(*sql).rows == [{"n": before + 1}]
