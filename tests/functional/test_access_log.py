"""Who used the vault: listed, and no entry of the list can be changed, added or cut off unnoticed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.driving import Pledge, a_sandbox
from warehouse.database.connection import attached, open_vault
from warehouse.privacy import access_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

REASONS = ["a letter", "=cmd()", "Gàidhlig, “quoted” — and a\nsecond line", "4:five,"]
AT = datetime(2026, 11, 24, 2, 15, 0, 123456, tzinfo=UTC)


def change(pledge: Pledge, sql: str) -> None:
    """Do to the vault what somebody with its key may."""
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    with attached(pledge.home / "vault" / "vault.duckdb", key) as vault:
        vault.execute(sql)


@pytest.fixture(scope="module")
def used_once(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """A night, four uses of the vault, and a night after them; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("log"))
    with a_sandbox(40) as server:
        assert pledge.at(server)("sync", "--direct").code == 0
        for reason in REASONS:
            assert pledge("signatories", "--reason", reason).code == 0
        assert pledge("sync", "--direct").code == 0
    return pledge


@pytest.fixture
def used(used_once: Pledge, tmp_path: Path) -> Pledge:
    """The same, to do anything to."""
    return used_once.copy_to(tmp_path)


def test_each_use_is_listed_with_who_when_command_reason_and_how_many(used):
    rows = used("access-log", "--format", "json").rows
    assert [row["entry_no"] for row in rows] == [1, 2, 3, 4]
    assert [row["reason"] for row in rows] == REASONS
    assert {row["command"] for row in rows} == {"signatories"}
    assert {row["n_rows"] for row in rows} == {30}
    assert all(row["who"] and row["used_at"].endswith("+00:00") for row in rows)
    assert list(rows[0]) == list(access_log.COLUMNS)
    read = list(csv.DictReader(io.StringIO(used("access-log", "--format", "csv").stdout, newline="")))
    assert [row["reason"] for row in read] == ["a letter", "'=cmd()", *REASONS[2:]]
    assert "a letter" in used("access-log").stdout


def test_a_list_that_nobody_touched_is_whole_before_and_after_further_use(used):
    ran = used("access-log", "--verify")
    assert (ran.code, ran.stderr) == (0, "All 4 entries are as they were written.\n")
    used("signatories", "--reason", "again")
    assert "All 5 entries" in used("access-log", "--verify", "--format", "json").stderr


TAMPERINGS = {
    "a reason": ("update privacy.access_log set reason = 'a visit' where entry_no = 2", 2),
    "a count": ("update privacy.access_log set n_rows = 1 where entry_no = 3", 3),
    "a time": ("update privacy.access_log set used_at = used_at - interval 1 day where entry_no = 1", 1),
    "a name": ("update privacy.access_log set who = 'nobody' where entry_no = 4", 4),
    "an entry taken out": ("delete from privacy.access_log where entry_no = 2", 2),
    "a hash taken out": ("update privacy.access_log set entry_hash = null where entry_no = 3", 3),
    "the last one cut off": ("delete from privacy.access_log where entry_no = 4", 4),
    "all cut off": ("delete from privacy.access_log", 1),
    "the last one and the mark": (
        (
            "delete from privacy.access_log where entry_no = 4;"
            " delete from ledger.state where name = 'access log'"
        ),
        4,
    ),
    "the mark alone set back": (
        """update ledger.state set value = '{"n": 4, "hash": "0"}' where name = 'access log'""",
        4,
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_changed_list_is_told_with_the_first_entry_that_does_not_fit(used, tampering):
    sql, number = TAMPERINGS[tampering]
    change(used, sql)
    ran = used("access-log", "--verify", "--format", "json")
    assert ran.code == 12
    assert ran.stderr.startswith(f"Entry {number} of the access log does not fit: ")
    assert used("access-log").code == 0
    assert ran.rows is not None


def anew(vault: DuckDBPyConnection, change_it: Callable[[list], None]) -> None:
    """Write the whole list anew with hashes that fit, as somebody with the key may."""
    found = [list(row) for row in access_log.entries(vault)]
    change_it(found)
    vault.execute("delete from privacy.access_log")
    for _, used_at, who, command, reason, n_rows in found:
        access_log.record_access(vault, at=used_at, who=who, command=command, reason=reason, n_rows=n_rows)


@pytest.mark.parametrize(
    ("change_it", "number"),
    [
        (lambda rows: rows[1].__setitem__(4, "a visit"), 4),
        (lambda rows: rows.pop(0), 4),
        (lambda rows: rows.append(rows[0]), None),
    ],
    ids=["changed", "taken out", "only added to"],
)
def test_a_list_written_anew_with_fitting_hashes_is_told_by_the_last_run_s_record(used, change_it, number):
    key = (used.home / "keys" / "vault.key").read_text().strip()
    with attached(used.home / "vault" / "vault.duckdb", key) as vault:
        anew(vault, change_it)
    ran = used("access-log", "--verify")
    assert ran.code == (0 if number is None else 12)
    assert number is None or f"Entry {number} of the access log" in ran.stderr


def test_a_night_that_meets_a_list_cut_off_tells_it_in_its_record(used):
    assert used.records()[-1]["access_log"]["n"] == 4
    assert used.records()[0]["access_log"] == {"n": 0, "hash": "0" * 64}
    assert used.records()[-1]["warnings"] == []
    change(used, "delete from privacy.access_log; delete from ledger.state where name = 'access log'")
    with a_sandbox(40) as server:
        told = used.at(server)("sync", "--direct", "--json").json
    assert told["access_log"]["n"] == 0
    assert any("entry 1 does not fit" in warning for warning in told["warnings"])


def test_after_a_copy_is_restored_the_next_night_settles_it(used):
    copy = min((used.home / "backups").glob("*.duckdb"))
    assert used("restore", copy.stem).code == 0
    ran = used("access-log", "--verify")
    assert (ran.code, "If an older copy of the vault was put in its place" in ran.stderr) == (12, True)
    with a_sandbox(40) as server:
        assert used.at(server)("sync", "--direct").code == 0
    assert used("access-log", "--verify").code == 0


def test_the_hash_is_the_one_that_the_documents_say(used):
    before = "0" * 64
    with used.vault() as vault:
        for row in vault.execute(
            "select entry_no, epoch_us(used_at), who, command, reason, n_rows, entry_hash"
            " from privacy.access_log order by entry_no"
        ).fetchall():
            *entry, entry_hash = row
            texts = [str(field).encode() for field in (before, *entry)]
            told = b"".join(str(len(text)).encode() + b":" + text + b"," for text in texts)
            before = hashlib.sha256(told).hexdigest()
            assert before == entry_hash
    assert used.records()[-1]["access_log"]["hash"] == before


def test_entries_from_before_the_chain_are_chained_by_the_migration(tmp_path):
    key, path = "0123456789abcdef" * 4, tmp_path / "vault" / "vault.duckdb"
    with open_vault(path, key, now=AT) as vault:
        vault.execute("alter table privacy.access_log drop column entry_hash")
        vault.execute("delete from migrations where name = '0004_access_log_chain'")
        for number, reason in enumerate(REASONS, 1):
            vault.execute(
                "insert into privacy.access_log values (?, ?, ?, ?, ?, ?)",
                [number, AT, "Ùna", "signatories", reason, number * 7],
            )
    with open_vault(path, key, now=AT) as vault:
        assert access_log.first_break(vault) is None
        assert access_log.head(vault).n == 4
        access_log.record_access(vault, at=AT, who="x", command="roles", reason="y", n_rows=0)
        assert access_log.first_break(vault) is None
        assert json.loads(
            vault.execute("select value from ledger.state where name = 'access log'").fetchone()[0]
        ) == {"n": 5, "hash": access_log.head(vault).hash}


def test_an_entry_that_could_not_be_kept_leaves_the_list_as_it_was(tmp_path):
    key, path = "0123456789abcdef" * 4, tmp_path / "vault" / "vault.duckdb"
    with open_vault(path, key, now=AT) as vault:
        access_log.record_access(vault, at=AT, who="x", command="roles", reason="y", n_rows=0)
        vault.execute("alter table ledger.state rename to elsewhere")
        with pytest.raises(Exception, match="state"):
            access_log.record_access(vault, at=AT, who="x", command="roles", reason="z", n_rows=0)
        vault.execute("alter table ledger.elsewhere rename to state")
        assert (access_log.head(vault).n, access_log.first_break(vault)) == (1, None)


def test_without_a_vault_there_is_no_list(run_pledge):
    ran = run_pledge("access-log", "--verify")
    assert (ran.code, ran.stdout) == (10, "")
    shutil.rmtree(run_pledge.home, ignore_errors=True)
