"""Copies of the vault: whole, private, proven, and no more of them than are kept."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from tests.builders import KEY, NOW, a_response
from tests.disks import a_small_disk
from tests.vaults import a_vault
from warehouse.backups import backup
from warehouse.backups.restore import restore
from warehouse.database.connection import attached, open_vault
from warehouse.database.migrations import WRITTEN_BY, change_ahead
from warehouse.database.private_files import copy_private
from warehouse.database.proof import counts
from warehouse.errors import DiskError, VaultDamagedError, VaultKeyError, VaultLockedError

OTHER_KEY = "fedcba9876543210" * 4
CANARY = "canary.invented@example.org"
TRY_TO_OPEN = """
import sys
from pathlib import Path
from warehouse.database.connection import attached
with attached(Path(sys.argv[1]), sys.argv[2]):
    print("open")
"""


def stamp(days=0):
    """The name of a run some days after NOW."""
    return f"{NOW + timedelta(days=days):{backup.STAMP}}"


@pytest.fixture
def path(tmp_path):
    """A vault of 2,000 responses, closed."""
    with a_vault(tmp_path) as vault:
        vault.receive([a_response(n, email=CANARY if n == 7 else f"p{n}@example.org") for n in range(2_000)])
    return vault.path


@pytest.fixture
def folder(tmp_path):
    """Where the copies go."""
    return tmp_path / "backups"


def copied(path, folder, *, days=0):
    """Back up as a run of that day does."""
    return backup.back_up(path, KEY, folder, run_id=stamp(days), why=backup.NIGHTLY)


def copied_nightly(path, folder, *, days):
    """The same, where the newest copy holds something else."""
    now = NOW + timedelta(days=days)
    return backup.back_up_nightly(path, KEY, folder, run_id=stamp(days), keep=7, now=now)


def why_before_opening(path):
    """Why a vault is to be copied before it is opened."""
    with attached(path, KEY) as connection:
        return change_ahead(connection)


def names(folder):
    """Every file there, hidden ones too."""
    return sorted(found.name for found in folder.iterdir()) if folder.exists() else []


def rows(path, key=KEY):
    """Every row of every table of a vault's file, as text."""
    with attached(path, key, read_only=True) as connection:
        return {
            name: sorted(map(repr, connection.execute(f"from {name}").fetchall()))
            for name in counts(connection)
        }


def with_another_response(path, response_id):
    """The vault once more, with one response more."""
    with a_vault(path.parent.parent) as vault:
        vault.receive([a_response(response_id)])


def damaged(path):
    """Turn over some bytes in the middle of a file."""
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 4, len(content), 5_000):
        content[at] ^= 0xFF
    path.write_bytes(content)


def test_a_copy_holds_every_row_and_opens_with_the_vaults_key_alone(path, folder):
    copy = copied(path, folder)
    assert copy.name == f"vault-{stamp()}-nightly.duckdb"
    assert rows(copy) == rows(path)
    assert backup.responses_in(copy, KEY) == 2_000
    with pytest.raises(VaultKeyError):
        backup.responses_in(copy, OTHER_KEY)


def test_a_copy_is_for_its_owner_alone_and_nothing_in_it_can_be_read_without_the_key(path, folder):
    copy = copied(path, folder)
    assert (folder.stat().st_mode & 0o777, copy.stat().st_mode & 0o777) == (0o700, 0o600)
    assert names(folder) == [copy.name]
    assert CANARY.encode() not in copy.read_bytes()


def test_what_a_killed_run_left_in_the_log_is_in_the_copy(path, folder):
    killed = (
        "import os, sys; from pathlib import Path; from warehouse.database.connection import attached\n"
        "with attached(Path(sys.argv[1]), sys.argv[2]) as vault:\n"
        "    vault.execute(\"insert into ledger.state values ('left', 'in the log')\"); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path), KEY], check=False)
    assert path.with_name("vault.duckdb.wal").exists()
    assert "('left', 'in the log')" in rows(copied(path, folder))["ledger.state"]


def tried_elsewhere(path):
    """What another process that would open the vault ends with."""
    command = [sys.executable, "-c", TRY_TO_OPEN, str(path), KEY]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_nobody_else_can_open_the_vault_while_it_is_copied(path, folder, monkeypatch):
    def copy_and_try(file, target):
        assert "VaultLockedError" in tried_elsewhere(path)
        copy_private(file, target)
        assert "VaultLockedError" in tried_elsewhere(path)

    monkeypatch.setattr("warehouse.backups.backup.copy_private", copy_and_try)
    assert copied(path, folder).exists()
    assert tried_elsewhere(path) == ""


def test_a_vault_that_is_open_elsewhere_is_not_copied(path, folder):
    hold = f"{TRY_TO_OPEN}    sys.stdout.flush(); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(path), KEY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(VaultLockedError):
            copied(path, folder)
        other.stdin.close()
    assert names(folder) == []


def test_a_copy_of_the_same_content_is_not_made_twice(path, folder):
    first = copied_nightly(path, folder, days=0)
    with open_vault(path, KEY, now=NOW) as connection:
        connection.execute("insert into ledger.state values ('a mark', 'that no copy is made for')")
    assert copied_nightly(path, folder, days=1) is None
    with_another_response(path, 5_000)
    second = copied_nightly(path, folder, days=2)
    assert names(folder) == [first.name, second.name]


def test_a_damaged_copy_does_not_count_as_one(path, folder):
    damaged(copied(path, folder))
    assert copied_nightly(path, folder, days=1) is not None


def test_a_damaged_vault_is_not_copied(path, folder):
    damaged(path)
    with pytest.raises(VaultDamagedError):
        copied(path, folder)
    assert names(folder) == []


def test_a_full_disk_leaves_no_half_copy_and_the_copies_before_it_whole(path, tmp_path):
    with a_small_disk(tmp_path / "disk", megabytes=8) as disk:
        folder = disk.folder / "backups"
        copy = copied(path, folder)
        with disk.full(but=100_000), pytest.raises(DiskError, match=r"Could not write vault-.*nightly"):
            copied(path, folder, days=1)
        assert names(folder) == [copy.name]
        assert backup.responses_in(copy, KEY) == 2_000


def test_half_a_copy_that_a_power_cut_left_is_swept_away(path, folder):
    folder.mkdir()
    (folder / f".vault-{stamp(-1)}-nightly.duckdb.new").write_bytes(b"half")
    copy = copied(path, folder)
    assert names(folder) == [copy.name]


def test_the_newest_good_copy_is_the_newest_that_can_be_read_whole(path, folder):
    assert backup.newest_good(folder, KEY) is None
    copies = [copied(path, folder, days=days) for days in range(3)]
    damaged(copies[2])
    assert backup.newest_good(folder, KEY).path == copies[1]
    assert backup.newest_good(folder, OTHER_KEY) is None


def drawn_copies(folder, *copies):
    """Files named as copies of so many days after NOW; what is in them doesn't matter."""
    folder.mkdir()
    for days, why in copies:
        (folder / f"vault-{stamp(days)}-{why}.duckdb").write_bytes(b"")


def days_kept(folder):
    """Of which days copies are there, oldest first."""
    return [(copy.made_at - NOW).days for copy in reversed(backup.kept_backups(folder))]


def test_the_last_few_stay_and_the_newest_made_before_a_migration(folder):
    drawn_copies(
        folder,
        (1, "migration"),
        (2, "migration"),
        *((days, "nightly") for days in range(3, 10)),
        (10, "version"),
    )
    (folder / "a person's own file").write_text("mine")
    backup.drop_old(folder, keep=3, now=NOW + timedelta(days=10), erased_at=None)
    assert days_kept(folder) == [2, 8, 9, 10]
    assert (folder / "a person's own file").exists()


@pytest.mark.parametrize(("today", "left"), [(20, [14, 15, 16, 20]), (23, [16, 20]), (24, [20])])
def test_copies_that_hold_what_was_erased_go_once_they_are_old(folder, today, left):
    drawn_copies(folder, (2, "migration"), (14, "nightly"), (15, "nightly"), (16, "version"), (20, "nightly"))
    backup.drop_old(folder, keep=7, now=NOW + timedelta(days=today), erased_at=NOW + timedelta(days=16))
    assert days_kept(folder) == left


def test_no_copy_goes_for_its_age_before_there_is_a_newer_one(folder):
    drawn_copies(folder, (1, "nightly"), (2, "nightly"))
    backup.drop_old(folder, keep=7, now=NOW + timedelta(days=90), erased_at=NOW + timedelta(days=60))
    assert days_kept(folder) == [1, 2]


def test_a_vault_that_another_version_wrote_last_is_to_be_copied(path):
    assert why_before_opening(path) is None
    with attached(path, KEY) as connection:
        connection.execute("update ledger.state set value = '0.0.1' where name = ?", [WRITTEN_BY])
    assert why_before_opening(path) == "version"
    with attached(path, KEY) as connection:
        connection.execute("delete from migrations where name = '0002_answers_erased'")
    assert why_before_opening(path) == "migration"


def test_a_copy_that_cannot_be_read_changes_nothing_when_it_is_restored(path, folder):
    damaged(copied(path, folder))
    before = path.read_bytes()
    with pytest.raises(VaultDamagedError):
        restore(backup.kept_backups(folder)[0], path, KEY, folder, stamp=stamp(1))
    assert path.read_bytes() == before
    assert len(names(folder)) == 1
