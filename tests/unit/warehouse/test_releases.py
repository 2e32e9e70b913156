"""Editions of the published file: kept, bounded, taken back, and whole whatever happens on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.errors import NotPublishedError, WarehouseError
from warehouse.queries import figures
from warehouse.releases import publish
from warehouse.releases.kept import about, rollback

ROOT = Path(__file__).parents[3]


@pytest.fixture
def vault(tmp_path):
    """A vault in which two people have signed."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.night("id\n1001\n1002")
        yield opened


@pytest.fixture
def folder(tmp_path):
    """Where readers look."""
    return tmp_path / "published"


def names(folder):
    """All that lies in the folder and below it."""
    return sorted(str(found.relative_to(folder)) for found in folder.rglob("*") if found.is_file())


def of(folder, sql):
    """The rows that a reader gets."""
    return figures.query(folder / "pledge.duckdb", sql)[1]


def test_the_editions_kept_are_bounded(vault, folder):
    for n in range(1, 8):
        vault.publish(folder, f"run-00{n}", keep=2)
    assert names(folder) == [
        "kept/pledge-run-005.duckdb",
        "kept/pledge-run-006.duckdb",
        "kept/pledge-run-007.duckdb",
        "pledge.duckdb",
    ]
    assert (folder / "pledge.duckdb").samefile(folder / "kept/pledge-run-007.duckdb")


def test_rollback_puts_the_one_before_in_place_and_can_be_repeated(vault, folder):
    path = folder / "pledge.duckdb"
    for n in (1, 2, 3):
        vault.publish(folder, f"run-00{n}")
    assert rollback(folder) == "run-002"
    assert about(path)["run_id"] == "run-002"
    assert rollback(folder) == "run-001"
    with pytest.raises(NotPublishedError, match="nothing to go back to"):
        rollback(folder)
    assert about(path)["run_id"] == "run-001"
    assert names(folder) == ["kept/pledge-run-001.duckdb", "pledge.duckdb"]
    vault.publish(folder, "run-004")
    assert rollback(folder) == "run-001"


def test_rollback_leaves_alone_what_a_night_is_building_aside(vault, folder):
    for n in (1, 2):
        vault.publish(folder, f"run-00{n}")
    (folder / ".pledge.duckdb.run-003.new").write_text("half a file")
    assert rollback(folder) == "run-001"
    assert ".pledge.duckdb.run-003.new" in names(folder)


def test_rollback_brings_the_last_edition_back_where_the_file_is_gone(vault, folder):
    vault.publish(folder, "run-001").unlink()
    assert rollback(folder) == "run-001"


def test_rollback_knows_the_one_before_also_in_a_folder_that_was_copied(vault, folder, tmp_path):
    for n in (1, 2):
        vault.publish(folder, f"run-00{n}")
    copy = tmp_path / "copy"
    for name in names(folder):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((folder / name).read_bytes())
    assert rollback(copy) == "run-001"


def test_there_is_nothing_to_roll_back_or_to_read_before_the_first_night(folder):
    with pytest.raises(NotPublishedError):
        rollback(folder)
    with pytest.raises(NotPublishedError, match="pledge sync"):
        about(folder / "pledge.duckdb")
    with pytest.raises(NotPublishedError, match="pledge sync"):
        of(folder, "select 1")


def test_what_a_run_that_was_killed_left_aside_is_swept(vault, folder):
    vault.publish(folder, "run-001")
    for name in (".pledge.duckdb.run-000.new", ".pledge.duckdb.run-000.new.wal"):
        (folder / name).write_text("half a file")
    vault.publish(folder, "run-002")
    assert names(folder) == ["kept/pledge-run-001.duckdb", "kept/pledge-run-002.duckdb", "pledge.duckdb"]


def test_a_file_that_lost_something_on_its_way_is_not_put_in_place(vault, folder, monkeypatch):
    path = vault.publish(folder, "run-001")

    def lose_a_row(*parts):
        counts = build_aside(*parts)
        with duckdb.connect(str(parts[3])) as opened:
            opened.execute("delete from signatories where signatory_id = 1")
        return counts

    build_aside = publish._build_aside
    monkeypatch.setattr(publish, "_build_aside", lose_a_row)
    with pytest.raises(WarehouseError, match="signatories"):
        vault.publish(folder, "run-002")
    assert about(path)["run_id"] == "run-001"
    assert names(folder) == ["kept/pledge-run-001.duckdb", "pledge.duckdb"]


KILLED = """
import os, sys
from pathlib import Path
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.database import private_files
from warehouse.releases import kept, publish
home, point, n_calls = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
module = {"kept": kept, "private_files": private_files}.get(point.partition(".")[0], publish)
whole = getattr(module, point.rpartition(".")[2])
def killed(*parts, **named):
    global n_calls
    n_calls -= 1
    if n_calls < 0:
        os.kill(os.getpid(), 9)
    return whole(*parts, **named)
setattr(module, whole.__name__, killed)
with a_vault(home, check=held_by_a_plain_rule) as vault:
    vault.night("id\\n1")
    vault.publish(home / "published", "run-002")
"""


@pytest.mark.parametrize(
    ("point", "n_calls"),
    [
        ("execute_each", 0),
        ("execute_each", 5),
        ("compare", 0),
        ("keep_release", 0),
        ("put_release_in_place", 0),
        ("kept.log_of", 0),
        ("private_files.flush", 0),
    ],
)
def test_killed_before_the_file_is_in_place_the_old_one_stays(tmp_path, folder, point, n_calls):
    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        vault.night("id\n1001\n1002")
        vault.publish(folder, "run-000")
        vault.publish(folder, "run-001")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), point, str(n_calls)],
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == -signal.SIGKILL
    assert about(folder / "pledge.duckdb")["run_id"] == "run-001"
    assert of(folder, "select count(*) from signatories") == [(2,)]
    assert rollback(folder) == "run-000"
    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        vault.decide()
        vault.publish(folder, "run-003")
    assert names(folder) == ["kept/pledge-run-000.duckdb", "kept/pledge-run-003.duckdb", "pledge.duckdb"]
    assert of(folder, "select count(*) from signatories") == [(3,)]
