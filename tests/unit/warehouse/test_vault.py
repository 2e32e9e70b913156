"""The vault's file: its key, its lock, damage to it, a disk that is full, and who may read it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest

from tests.builders import KEY, NOW, a_response
from tests.vaults import a_vault
from warehouse.database.connection import attached, open_vault
from warehouse.database.migrations import migrate
from warehouse.database.sql_files import migrations
from warehouse.errors import (
    DiskError,
    NotPublishedError,
    VaultDamagedError,
    VaultKeyError,
    VaultLockedError,
    WarehouseError,
)  # fmt: skip

OTHER_KEY = "fedcba9876543210" * 4
CANARY = "canary.invented@example.org"
HOLD_OPEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.database.connection import open_vault
with open_vault(Path(sys.argv[1]), sys.argv[2], now=datetime.now(UTC)):
    print("open", flush=True)
    sys.stdin.read()
"""


def opened(path, key=KEY, **how):
    """Open the vault and read all of it."""
    with open_vault(path, key, now=NOW, **how) as connection:
        return connection.execute("select count(*) from raw.responses where length(body) > 0").fetchone()[0]


@pytest.fixture
def path(tmp_path):
    """A vault of 2,000 responses, closed."""
    bodies = [a_response(n, email=CANARY if n == 7 else f"p{n}@example.org") for n in range(2_000)]
    with a_vault(tmp_path) as vault:
        vault.receive(bodies)
    return vault.path


# The key.


@pytest.mark.parametrize("read_only", [False, True])
def test_another_key_is_told_as_such_and_changes_nothing(path, read_only):
    before = path.read_bytes()
    with pytest.raises(VaultKeyError, match=r"not the one vault\.duckdb was made with") as told:
        opened(path, OTHER_KEY, read_only=read_only)
    assert OTHER_KEY not in str(told.value)
    assert path.read_bytes() == before
    assert opened(path, read_only=read_only) == 2_000


@pytest.mark.parametrize(
    "key", ["", "short", "0123456789abcdef" * 3 + "'; drop table x; --", "schlüssel" * 8, "two words " * 8]
)
def test_a_malformed_key_is_refused_before_anything_is_touched(tmp_path, key):
    path = tmp_path / "vault" / "vault.duckdb"
    with pytest.raises(VaultKeyError, match="PLEDGE_VAULT_KEY") as told:
        opened(path, key)
    assert not key or key not in str(told.value)
    assert not path.parent.exists()


def test_a_vault_without_encryption_is_none(tmp_path):
    path = tmp_path / "vault.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(VaultDamagedError, match="without encryption"):
        opened(path)


# Who has it open, and who may read it.


def test_a_vault_that_another_process_has_open_is_locked(path):
    command = [sys.executable, "-c", HOLD_OPEN, str(path), KEY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        for read_only in (False, True):
            with pytest.raises(VaultLockedError, match="try again"):
                opened(path, read_only=read_only)
        other.stdin.close()
    assert opened(path) == 2_000


def test_only_the_owner_may_read_the_vault_and_its_folder(path):
    with a_vault(path.parent.parent) as vault:
        vault.receive([a_response(1)])
        modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.glob("*.duckdb")}
        assert modes == {"vault.duckdb": 0o600}
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_that_a_person_wrote_can_be_read_in_the_files(path):
    with a_vault(path.parent.parent) as vault:
        vault.decide()
        vault.connection.execute("create temp table big as select repeat(body, 40) from raw.responses")
        files = [found for found in path.parent.rglob("*") if found.is_file()]
        held = b"".join(found.read_bytes() for found in files)
        assert {"vault.duckdb", "vault.duckdb.wal"} <= {found.name for found in files}
    assert CANARY.encode() not in held
    assert b"Ailsa Invented" not in held


def test_what_spills_to_the_disk_is_encrypted_too(path):
    with a_vault(path.parent.parent) as vault:
        vault.connection.execute("set memory_limit = '60MB'")
        for part in range(4):
            vault.connection.execute(
                f"create table staging.part_{part} as select repeat(body, 20) as text from raw.responses"
            )
        spilt = [found for found in (path.parent / "tmp").rglob("*") if found.is_file()]
        held = b"".join(found.read_bytes() for found in spilt)
    assert len(held) > 1_000_000
    assert b"Ailsa Invented" not in held


def test_there_is_nothing_to_read_before_the_first_night(tmp_path):
    with pytest.raises(NotPublishedError, match="pledge sync"):
        opened(tmp_path / "vault.duckdb", read_only=True)


# A file that is damaged, a place that can't be written.


def flipped(content, at, n_bytes=64):
    """*content* with some of its bytes turned over."""
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + n_bytes]) + content[at + n_bytes :]


DAMAGES = {
    "its first bytes": lambda content: flipped(content, 0),
    "its first header": lambda content: flipped(content, 4096, 8192),
    "most of it": lambda content: flipped(content, 20_000, len(content)),
    "cut off in the middle": lambda content: content[: len(content) // 2],
    "cut off in its headers": lambda content: content[:5_000],
    "empty": lambda _: b"",
    "another file": lambda _: b"Dear Ailsa, " * 1000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_from_a_wrong_key(path, damage):
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(VaultDamagedError, match="puts a backup"):
        opened(path)


def test_a_damaged_log_is_damage_too(path):
    kept = path.with_name("kept")
    with a_vault(path.parent.parent) as vault:
        vault.receive([a_response(n) for n in range(5_000, 6_000)])
        shutil.copytree(path.parent, kept, ignore=shutil.ignore_patterns("kept", "tmp"))
    log = kept / "vault.duckdb.wal"
    whole = log.read_bytes()
    assert opened_copy(kept) == 3_000
    log.write_bytes(flipped(whole, len(whole) // 2))
    with pytest.raises(VaultDamagedError):
        opened(kept / "vault.duckdb")


def opened_copy(folder):
    """Count what is in a copy of the folder, as it would be found after a power cut."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    assert opened(copy / "vault.duckdb", read_only=True) == opened(copy / "vault.duckdb")
    return opened(copy / "vault.duckdb")


def test_a_folder_below_a_file_is_a_disk_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError, match="rights"):
        opened(tmp_path / "file" / "vault" / "vault.duckdb")


def test_a_folder_in_the_files_place_is_a_disk_error(tmp_path):
    (tmp_path / "vault.duckdb").mkdir()
    with pytest.raises(DiskError, match=r"vault\.duckdb"):
        opened(tmp_path / "vault.duckdb")


def test_a_folder_that_may_not_be_changed_is_a_disk_error(tmp_path):
    folder = tmp_path / "fixed"
    folder.mkdir()
    with unchangeable(folder), pytest.raises(DiskError, match="rights"):
        opened(folder / "vault.duckdb")


@contextmanager
def unchangeable(folder):
    """Within the block nobody may change *folder*, not even root; skips where that can't be had."""
    found = shutil.which("chattr")
    if (
        found is None
        or subprocess.run([found, "+i", str(folder)], capture_output=True, check=False).returncode
    ):
        pytest.skip("root passes all permissions, and chattr +i is not to be had here")
    try:
        yield
    finally:
        subprocess.run([found, "-i", str(folder)], check=True)


def test_an_error_that_is_not_about_a_disk_passes_through(path):
    with pytest.raises(ConnectionResetError), open_vault(path, KEY, now=NOW):
        raise ConnectionResetError(104, "Connection reset by peer")


# Migrations.


def test_migrations_are_recorded_once(path):
    with open_vault(path, KEY, now=NOW) as connection:
        recorded = connection.execute("select name, applied_at from migrations order by name").fetchall()
        assert recorded == [(name, NOW) for name, _ in migrations()]
        assert migrate(connection, NOW) == []


def test_a_migration_that_fails_leaves_no_trace(path, monkeypatch):
    good = ("0901_good", "create table core.good (a integer);")
    bad = (
        "0902_bad",
        "create table core.bad (a integer); create schema more; insert into core.bad values ('x');",
    )
    monkeypatch.setattr("warehouse.database.migrations.migrations", lambda: (*migrations(), good, bad))
    with pytest.raises(duckdb.ConversionException):
        opened(path)
    with attached(path, KEY, read_only=True) as connection:
        recorded = connection.execute(
            "select name from migrations where name > '09' order by name"
        ).fetchall()
        assert recorded == [("0901_good",)]
        made = connection.execute(
            "select table_name from duckdb_tables() where table_name in ('good', 'bad')"
        )
        assert made.fetchall() == [("good",)]
        more = connection.execute("select count(*) from duckdb_schemas() where schema_name = 'more'")
        assert more.fetchone() == (0,)
    monkeypatch.undo()
    with pytest.raises(WarehouseError, match="later version of the pipeline, which has 0901_good"):
        opened(path)
