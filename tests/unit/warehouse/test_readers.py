"""Whoever reads the published file: never blocked, never shown half a night, and able to read only."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import duckdb
import pytest

from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.errors import QueryError, WarehouseError
from warehouse.queries import figures
from warehouse.releases.kept import about
from warehouse.releases.publish import TABLES


@pytest.fixture
def vault(tmp_path):
    """A vault in which two people have signed."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.night("id\n1001\n1002")
        yield opened


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """What was published of such a vault, to be read only."""
    folder = tmp_path_factory.mktemp("published")
    with a_vault(folder, check=held_by_a_plain_rule) as opened:
        opened.night("id\n1001\n1002")
        return opened.publish(folder, "run-001")


@pytest.fixture
def folder(tmp_path):
    """Where readers look."""
    return tmp_path / "published"


def of(folder, sql):
    """The rows that a reader gets."""
    return figures.query(folder / "pledge.duckdb", sql)[1]


def test_who_has_the_old_file_open_goes_on_reading_it(vault, folder):
    path = vault.publish(folder, "run-001")
    with duckdb.connect(str(path), read_only=True) as reader:
        vault.night("id\n1")
        vault.publish(folder, "run-002")
        assert reader.execute("select run_id, n_signatories from about").fetchone() == ("run-001", 2)
        assert reader.execute("select count(*) from signatures").fetchone() == (2,)
    assert about(path)["run_id"] == "run-002"


OPEN_FOR_WRITING = """
import sys, duckdb
with duckdb.connect(sys.argv[1]) as opened:
    opened.execute("create table mine as select * from signatories")
    print("open", flush=True)
    sys.stdin.read()
"""


def test_who_opens_the_file_for_writing_keeps_nobody_from_publishing(vault, folder):
    path = vault.publish(folder, "run-001")
    path.chmod(0o644)
    command = [sys.executable, "-c", OPEN_FOR_WRITING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match="read-only"):
            of(folder, "select 1")
        vault.night("id\n1")
        vault.publish(folder, "run-002")
        other.kill()
    assert of(folder, "select run_id, n_signatories from about") == [("run-002", 3)]
    assert len(of(folder, "from duckdb_tables()")) == len(TABLES)
    assert (folder / "pledge.duckdb").stat().st_mode & 0o777 == 0o444


READER = """
import json, sys
from pathlib import Path
from warehouse.queries import figures
path, wrong, runs, is_over = Path(sys.argv[1]), [], [], False
print("ready", flush=True)
while not is_over:
    is_over = path.with_name("stop").exists()
    try:
        (row,) = figures.query(path, '''
            select about.run_id, about.n_signatories,
                (select count(*) from signatories), (select sum(n_signatories) from signatories_by_role),
                (select n_responses from reconciliation where place = 'signatory'),
                (select max(n_signatories_to_date) from signatories_by_day),
                (select count(*) from signatures where is_current)
            from about
        ''')[1]
        runs.append(row[0])
        if len(set(row[1:])) != 1 or int(row[0][4:]) + 2 != row[1]:
            wrong.append(str(row))
    except Exception as error:
        wrong.append(repr(error))
print(json.dumps({"n": len(runs), "wrong": wrong, "is_in_order": runs == sorted(runs), "last": runs[-1]}))
"""


@pytest.mark.parametrize(("n_readers", "n_nights"), [(1, 5), pytest.param(4, 30, marks=pytest.mark.long)])
def test_readers_in_other_processes_never_meet_an_error_or_half_a_night(vault, folder, n_readers, n_nights):
    path = vault.publish(folder, "run-000")
    command = [sys.executable, "-c", READER, str(path)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(n_readers)]
    assert [reader.stdout.readline() for reader in readers] == [b"ready\n"] * n_readers
    try:
        for n in range(1, n_nights + 1):
            vault.night(f"id\n{n}")
            vault.publish(folder, f"run-{n:03}")
    finally:
        path.with_name("stop").touch()
    told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert [one["wrong"] for one in told] == [[]] * n_readers
    assert [one["is_in_order"] for one in told] == [True] * n_readers
    assert {one["last"] for one in told} == {f"run-{n_nights:03}"}
    assert min(one["n"] for one in told) > n_nights


def test_readers_in_threads_never_meet_an_error(vault, folder):
    path, wrong, is_over = vault.publish(folder, "run-000"), [], threading.Event()

    def keep_reading():
        while not is_over.is_set():
            try:
                ((n, n_rows),) = of(
                    folder, "select n_signatories, (select count(*) from signatories) from about"
                )
                assert n == n_rows
                about(path)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the test is about
                wrong.append(error)

    readers = [threading.Thread(target=keep_reading) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for n in range(1, 4):
            vault.night(f"id\n{n}")
            vault.publish(folder, f"run-00{n}")
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert about(path)["run_id"] == "run-003"


def test_a_query_gives_names_and_rows_with_instants_in_utc(published, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert figures.query(
        published, "select signed_at::varchar as at, signed_at::date::varchar as day from signatories"
    ) == (
        ["at", "day"],
        [("2026-03-01 09:00:00+00", "2026-03-01")] * 2,
    )


@pytest.mark.parametrize(
    "sql",
    [
        "insert into signatories select * from signatories",
        "drop table about",
        "create table mine as select 1",
        "select * from read_text('/etc/hostname')",
        "select * from '/etc/passwd'",
        "copy signatories to '/tmp/out.csv'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "load '/tmp/any.duckdb_extension'",
        "set enable_external_access = true",
        "select nothing from nowhere",
        "selec",
        "",
        " ; -- nothing",
    ],
)
def test_a_query_reads_the_published_file_and_can_do_nothing_else(published, sql):
    before = published.read_bytes()
    with pytest.raises(QueryError):
        figures.query(published, sql)
    assert published.read_bytes() == before
