"""A disk without room: what was there stays whole, and the next run ends where an undisturbed one does."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.builders import a_response
from tests.disks import a_small_disk, files_no_larger_than
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.errors import DiskError
from warehouse.queries import figures
from warehouse.releases import kept as releases

PEOPLE = [a_response(10_000 + n, email=f"p{n % 1700}@example.org") for n in range(2_000)]


DO = {
    "load": lambda vault: vault.receive(PEOPLE),
    "stage": lambda vault: vault.stage(),
    "build": lambda vault: vault.build(),
    "publish": lambda vault: vault.publish(published_beside(vault.path), "run-002"),
}
STEPS = list(DO)


def published_beside(path):
    """Where the published file of the vault at *path* lies."""
    return path.parent.parent / "published"


def first_night(vault):
    """A night with one signatory, published."""
    vault.night("""
        id | email
        1  | first@example.org
    """)
    vault.publish(published_beside(vault.path), "run-001")


def ending(vault):
    """What a night ends with, without what tells one run from another."""
    kept = "select * exclude (received_no, run_id, fetched_at) from raw.responses order by all"
    typed = "select * exclude (received_no) from core.signatures order by all"
    tables = [
        vault.rows(sql)
        for sql in (
            kept,
            typed,
            "from core.answers order by all",
            "from core.dispositions order by all",
            "from core.signatories order by all",
        )
    ]
    _, published = figures.query(
        published_beside(vault.path) / "pledge.duckdb", "from signatories order by all"
    )
    return tables, published


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What the two nights end with where there is room."""
    with a_vault(tmp_path_factory.mktemp("undisturbed"), check=held_by_a_plain_rule) as vault:
        first_night(vault)
        for step in STEPS:
            DO[step](vault)
        return ending(vault)


def finished(folder):
    """What the second night ends with when it is run again, now with room."""
    with a_vault(folder, check=held_by_a_plain_rule) as vault:
        vault.nights = 1
        for step in STEPS:
            DO[step](vault)
        assert vault.failed_measures() == []
        return ending(vault)


def interrupted(folder, full_at, full):
    """The two nights, with the disk *full* from one step of the second on."""
    with ExitStack() as while_full, a_vault(folder, check=held_by_a_plain_rule) as vault:
        first_night(vault)
        for step in STEPS[: STEPS.index(full_at)]:
            DO[step](vault)
        vault.connection.execute("checkpoint")
        while_full.enter_context(full())
        DO[full_at](vault)


def is_as_after_the_first_night(folder):
    """The published file is whole, and nothing lies beside it."""
    published = folder / "published"
    assert releases.about(published / "pledge.duckdb")["run_id"] == "run-001"
    assert figures.query(published / "pledge.duckdb", "select count(*) from signatories")[1] == [(1,)]
    assert sorted(found.name for found in published.rglob("*")) == [
        "kept",
        "pledge-run-001.duckdb",
        "pledge.duckdb",
    ]


@pytest.mark.parametrize("full_at", STEPS)
def test_a_disk_that_is_full_loses_nothing_that_was_kept(tmp_path, undisturbed, full_at):
    with a_small_disk(tmp_path / "disk", megabytes=24) as disk:
        with pytest.raises(DiskError, match="no space left"):
            interrupted(disk.folder, full_at, lambda: disk.full(but=32_768))
        is_as_after_the_first_night(disk.folder)
        assert finished(disk.folder) == undisturbed


@pytest.mark.parametrize("full_at", STEPS)
def test_a_quota_on_files_loses_nothing_that_was_kept(tmp_path, undisturbed, full_at):
    with pytest.raises(DiskError):
        interrupted(tmp_path, full_at, lambda: files_no_larger_than(20_000))
    is_as_after_the_first_night(tmp_path)
    assert finished(tmp_path) == undisturbed
