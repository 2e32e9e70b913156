"""One engine a process: each file is attached to it, none gets in another's way, and it outlives damage."""

from __future__ import annotations

import os

import duckdb
import pytest

from tests.builders import KEY, NOW, a_response
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.backups import backup
from warehouse.backups.rewrite import rewrite
from warehouse.database.connection import attached, is_key_of, open_vault
from warehouse.errors import QueryError, VaultDamagedError
from warehouse.queries import figures
from warehouse.releases.kept import about

STAMP = f"{NOW:{backup.STAMP}}"


def n_responses(path):
    """How many the vault holds."""
    with open_vault(path, KEY, now=NOW, read_only=True) as connection:
        return backup.count_responses(connection)


def test_vault_backups_and_published_files_take_one_engine(tmp_path, monkeypatch):
    connect, engines = duckdb.connect, []

    def counted(*arguments, **how):
        engines.append(arguments)
        return connect(*arguments, **how)

    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        monkeypatch.setattr(duckdb, "connect", counted)
        vault.night("id\n1001")
        published = vault.publish(tmp_path / "published", "run-001")
    assert about(published)["n_signatories"] == 1
    copy = backup.back_up(vault.path, KEY, tmp_path / "backups", run_id=STAMP, why=backup.NIGHTLY)
    rewrite(vault.path, KEY)
    rewrite(copy, KEY)
    assert backup.newest_good(tmp_path / "backups", KEY).path == copy
    assert engines == []  # the one that the vault was opened by does it all
    assert figures.query(published, "select 1")[1] == [(1,)]
    assert len(engines) == 1  # a reader's own


def test_vaults_of_two_homes_can_be_open_at_once(tmp_path):
    with a_vault(tmp_path / "one") as one, a_vault(tmp_path / "other") as other:
        one.receive([a_response(1)])
        other.receive([a_response(2), a_response(3)])
        assert (one.rows("select count(*) as n from raw.responses"), other.nights) == ([{"n": 1}], 0)
    assert (n_responses(one.path), n_responses(other.path)) == (1, 2)


def test_a_backup_beside_the_open_vault_is_another_database(tmp_path):
    with a_vault(tmp_path) as vault:
        vault.receive([a_response(1)])
    copy = backup.back_up(vault.path, KEY, tmp_path / "backups", run_id=STAMP, why=backup.NIGHTLY)
    with a_vault(tmp_path) as vault, attached(copy, KEY, read_only=True) as beside:
        vault.receive([a_response(2)])
        assert backup.count_responses(beside) == 1
        assert backup.count_responses(vault.connection) == 2


def test_a_key_is_forgotten_with_its_file(tmp_path):
    with a_vault(tmp_path) as vault:
        pass
    assert is_key_of(vault.path, KEY)
    assert not is_key_of(vault.path, KEY[::-1])


def test_a_damaged_file_does_no_harm_to_the_next(tmp_path):
    with a_vault(tmp_path) as vault:
        vault.receive([a_response(1)])
    copy = backup.back_up(vault.path, KEY, tmp_path / "backups", run_id=STAMP, why=backup.NIGHTLY)
    whole = copy.read_bytes()
    for damaged in (whole[:100], whole[: len(whole) // 2], bytes(64) + whole[64:], b"Dear all" * 1000):
        copy.write_bytes(damaged)
        with pytest.raises(VaultDamagedError):
            backup.responses_in(copy, KEY)
        assert n_responses(vault.path) == 1


def test_a_reader_reaches_no_vault_that_this_process_has_open(tmp_path):
    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        vault.night("id\n1001")
        published = vault.publish(tmp_path / "published", "run-001")
        for sql in ("from vault.raw.responses", f"attach '{vault.path}'", "use vault"):
            with pytest.raises(QueryError):
                figures.query(published, sql)
        names = "select database_name from duckdb_databases() where not internal"
        assert figures.query(published, names)[1] == [("pledge",)]


def test_what_does_not_fit_the_memory_lies_beside_the_vault(tmp_path):
    with a_vault(tmp_path) as vault:
        (where,) = vault.rows("select current_setting('temp_directory') as folder")
    assert where["folder"] == os.fspath(vault.path.parent / "tmp")
