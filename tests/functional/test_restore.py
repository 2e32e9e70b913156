"""A vault that is lost or damaged: refused with the way back, and put back from its copies."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.driving import Pledge, a_sandbox, tree
from tests.variants import variants
from warehouse.backups import backup
from warehouse.database.connection import attached, open_vault
from warehouse.database.migrations import WRITTEN_BY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

N_RESPONSES = 300
SYNC = ("sync", "--direct", "--json")

HOLD_OPEN = """
import sys, time
from pathlib import Path
from warehouse.database.connection import attached
with attached(Path(sys.argv[1]), sys.argv[2]):
    print("open", flush=True)
    time.sleep(60)
"""


def vault_path(pledge: Pledge) -> Path:
    return pledge.home / "vault" / "vault.duckdb"


def key_of(pledge: Pledge) -> str:
    return (pledge.home / "keys" / "vault.key").read_text().strip()


def copies(pledge: Pledge) -> list[backup.Backup]:
    """The kept copies, newest first."""
    return backup.kept_backups(pledge.home / "backups")


def reasons(pledge: Pledge) -> list[str]:
    """Why each was made, newest first."""
    return [copy.why for copy in copies(pledge)]


def figures(pledge: Pledge) -> dict[str, Any]:
    """What a vault says, whatever its file looks like and by whichever runs it came."""
    tables = {
        "raw.responses": "received_no, run_id, fetched_at",
        "core.signatures": "received_no",
        "core.dispositions": "disposition",
        "core.signatories": "signatory_id",
    }
    with pledge.vault() as vault:
        return {
            table: vault.execute(f"select * exclude ({left_out}) from {table} order by all").fetchall()
            for table, left_out in tables.items()
        }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pledge, SandboxServer]]:
    """A first night; not to be changed."""
    with a_sandbox(N_RESPONSES) as server:
        pledge = Pledge(tmp_path_factory.mktemp("first")).at(server)
        assert pledge(*SYNC).code == 0
        yield pledge, server


@pytest.fixture
def second(first: tuple[Pledge, SandboxServer], tmp_path: Path) -> Iterator[tuple[Pledge, SandboxServer]]:
    """The day after: a copy of the first night's place, and a platform that may be changed."""
    with a_sandbox(N_RESPONSES) as server:
        yield first[0].copy_to(tmp_path).at(server), server


def somebody_changes(server: SandboxServer, name: str) -> None:
    server.platform.edit(server.platform.signatories()[0].response_id, name=name)


@pytest.mark.long
def test_each_night_that_brings_something_leaves_a_copy_and_no_other_does(second):
    pledge, server = second
    assert reasons(pledge) == ["nightly"]
    assert pledge(*SYNC).json["state"] == "unchanged"
    assert reasons(pledge) == ["nightly"]
    somebody_changes(server, "Another Name")
    changed = pledge(*SYNC).json
    assert reasons(pledge) == ["nightly", "nightly"]
    assert copies(pledge)[0].name == f"vault-{changed['run_id']}-nightly"
    assert changed["warnings"] == []


@pytest.mark.long
def test_no_more_copies_are_kept_than_the_settings_say(second):
    pledge, server = second
    (pledge.folder / "pledge.toml").write_text("[backup]\nkeep = 2\n")
    for number in range(3):
        somebody_changes(server, f"Name {number}")
        run = pledge(*SYNC).json
    assert len(copies(pledge)) == 2
    assert copies(pledge)[0].name == f"vault-{run['run_id']}-nightly"


def test_the_copies_are_listed_with_when_and_why_and_how_much(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    (pledge.home / "backups" / "vault-20250101T021500_000000Z-version.duckdb").write_bytes(b"no vault")
    ran = pledge("restore")
    assert ran.code == 0
    newest, oldest = ran.stdout.splitlines()[-2:]
    assert re.search(rf"{copies(pledge)[0].name} .* UTC .* nightly .* 300 .* \d+\.\d", newest)
    assert re.search(r"-version .* 2025-01-01 02:15 UTC .* version .* can't be read", oldest)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "its first bytes": lambda content: bytes(64) + content[64:],
    "its headers": lambda content: content[:4096] + bytes(8192) + content[12288:],
    "bytes in all that it holds": lambda content: bytes(
        byte ^ 0xFF if at > 300_000 and at % 5_000 == 0 else byte for at, byte in enumerate(content)
    ),
    "cut off in the middle": lambda content: content[: len(content) // 2],
    "cut off in its headers": lambda content: content[:100],
    "empty": lambda _: b"",
    "a text": lambda _: b"Dear all, \n" * 500,
}


@pytest.mark.parametrize("damage", variants(DAMAGES, now=["its first bytes", "empty"]))
def test_a_damaged_vault_is_refused_with_the_way_back_and_nothing_is_overwritten(second, damage):
    pledge, server = second
    before, published = figures(pledge), tree(pledge.home / "published")
    damaged = DAMAGES[damage](vault_path(pledge).read_bytes())
    vault_path(pledge).write_bytes(damaged)
    somebody_changes(server, "Another Name")
    (copy,) = copies(pledge)

    ran = pledge("sync", "--direct")
    assert ran.code == 13
    (sentence,) = ran.stderr.strip().splitlines()[-1:]
    assert sentence.endswith(f"pledge restore {copy.name}")
    assert "vault.duckdb can't be read: the file is damaged." in sentence
    assert "Traceback" not in ran.stderr
    assert tree(pledge.home / "published") == published
    assert [one.name for one in copies(pledge)] == [copy.name]
    if damage != "bytes in all that it holds":  # there the night wrote pages before it met the damage
        assert vault_path(pledge).read_bytes() == damaged

    restored = pledge("restore", copy.name)
    assert restored.code == 0, restored.stderr
    assert figures(pledge) == before
    assert reasons(pledge) == ["replaced", "nightly"]
    after = pledge(*SYNC)
    assert (after.code, after.json["state"], after.json["responses_changed"]) == (0, "complete", 1)
    assert after.json["n_signatories"] == len(before["core.signatories"])


def test_damage_that_a_staff_command_meets_is_told_with_the_way_back(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    vault_path(pledge).write_bytes(b"Dear all")
    for command in (("held-back",), ("explain", "1"), ("signatories", "--reason", "a test"), SYNC[:1]):
        ran = pledge(*command, *(("--dry-run",) if command[0] == "sync" else ()))
        assert ran.code == 13
        assert ran.stderr.strip().endswith(f"pledge restore {copies(pledge)[0].name}")
    assert vault_path(pledge).read_bytes() == b"Dear all"


def test_the_newest_copy_that_can_be_read_is_the_one_named(second):
    pledge, server = second
    somebody_changes(server, "Another Name")
    pledge(*SYNC)
    newest, older = copies(pledge)
    newest.path.write_bytes(newest.path.read_bytes()[:100_000])
    vault_path(pledge).write_bytes(b"")
    assert pledge(*SYNC).stderr.strip().endswith(f"pledge restore {older.name}")
    refused = pledge("restore", newest.name)
    assert refused.code == 13
    assert f"{newest.name}.duckdb can't be read" in refused.stderr
    assert vault_path(pledge).read_bytes() == b""
    older.path.unlink()
    assert "no backup that can be read is kept" in pledge(*SYNC).stderr


def test_a_lost_vault_is_not_begun_anew_while_copies_of_it_are_kept(second):
    pledge, _ = second
    before = figures(pledge)
    shutil.rmtree(vault_path(pledge).parent)
    lost = tree(pledge.home)
    ran = pledge("sync", "--direct")
    assert ran.code == 13
    assert f"pledge restore {copies(pledge)[0].name}" in ran.stderr
    assert tree(pledge.home) == lost
    (pledge.home / "keys" / "vault.key").rename(pledge.folder / "kept.key")
    assert pledge("sync", "--direct").code == 13
    assert not (pledge.home / "keys" / "vault.key").exists()
    assert pledge("restore").code == 10

    assert (
        pledge("restore", copies(pledge)[0].name, PLEDGE_VAULT_KEY_FILE=str(pledge.folder / "kept.key")).code
        == 0
    )
    (pledge.folder / "kept.key").rename(pledge.home / "keys" / "vault.key")
    assert figures(pledge) == before
    assert reasons(pledge) == ["nightly"]


def test_a_lost_vault_whose_log_is_left_is_not_begun_anew(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    shutil.rmtree(pledge.home / "backups")
    vault_path(pledge).rename(vault_path(pledge).with_name("vault.duckdb.wal"))
    ran = pledge(*SYNC)
    assert ran.code == 13
    assert "its log vault.duckdb.wal is there" in ran.stderr
    assert not vault_path(pledge).exists()


def test_another_vault_in_its_place_is_told_from_a_wrong_key(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    vault_path(pledge).unlink()
    with open_vault(vault_path(pledge), "fedcba9876543210" * 4, now=copies(pledge)[0].made_at):
        pass
    assert pledge(*SYNC).stderr.strip().endswith(f"pledge restore {copies(pledge)[0].name}")
    assert pledge("restore", copies(pledge)[0].name).code == 0
    wrong = pledge(*SYNC, PLEDGE_VAULT_KEY="fedcba9876543210" * 4)
    assert wrong.code == 13
    assert "The key is not the one" in wrong.stderr


def test_nothing_is_restored_while_a_sync_holds_the_vault(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    before = vault_path(pledge).read_bytes()
    script = pledge.folder / "hold.py"
    script.write_text(HOLD_OPEN)
    other = pledge.start(script, str(vault_path(pledge)), key_of(pledge))
    try:
        assert other.stdout.readline() == "open\n"
        ran = pledge.in_a_process("restore", copies(pledge)[0].name)
    finally:
        other.kill()
        other.communicate()
    assert (ran.code, "still running" in ran.stderr) == (13, True)
    assert (reasons(pledge), vault_path(pledge).read_bytes()) == (["nightly"], before)


def test_a_name_that_no_copy_has_is_a_mistake_of_the_command(first, tmp_path):
    pledge = first[0].copy_to(tmp_path)
    for name in ("yesterday", "../vault/vault", ""):
        ran = pledge("restore", name)
        assert (ran.code, "lists them" in ran.stderr) == (2, True)


def test_what_was_replaced_can_be_had_back(second):
    pledge, server = second
    somebody_changes(server, "Another Name")
    pledge(*SYNC)
    newest = figures(pledge)
    pledge("restore", copies(pledge)[-1].name)
    assert figures(pledge) != newest
    replaced = next(copy for copy in copies(pledge) if copy.why == "replaced")
    assert pledge("restore", replaced.name).code == 0
    assert figures(pledge) == newest


def as_another_version_left_it(pledge: Pledge, *, is_older_schema: bool) -> None:
    with attached(vault_path(pledge), key_of(pledge)) as vault:
        vault.execute("update ledger.state set value = '0.0.1' where name = ?", [WRITTEN_BY])
        if is_older_schema:
            vault.execute("alter table core.withdrawn drop column erased_at")
            vault.execute("delete from migrations where name = '0002_answers_erased'")


@pytest.mark.parametrize(
    ("command", "is_older_schema", "why"),
    [
        (SYNC, False, "version"),
        (SYNC, True, "migration"),
        (("signatories", "--reason", "a test"), True, "migration"),
    ],
)
def test_before_a_new_version_changes_the_vault_it_is_copied(second, command, is_older_schema, why):
    pledge, _ = second
    before = figures(pledge)
    as_another_version_left_it(pledge, is_older_schema=is_older_schema)
    assert pledge(*command).code == 0
    newest = next(copy for copy in copies(pledge) if copy.why == why)
    with attached(newest.path, key_of(pledge), read_only=True) as copy:
        assert copy.execute("select value from ledger.state where name = ?", [WRITTEN_BY]).fetchall() == [
            ("0.0.1",)
        ]
    assert figures(pledge) == before
    assert pledge(*SYNC).code == 0
    assert reasons(pledge).count(why) == 1


def test_a_copy_that_cannot_be_made_costs_no_night(second):
    pledge, server = second
    shutil.rmtree(pledge.home / "backups")
    (pledge.home / "backups").write_text("a file where the folder should be")
    somebody_changes(server, "Another Name")
    ran = pledge(*SYNC)
    assert (ran.code, ran.json["state"], ran.json["responses_changed"]) == (0, "complete", 1)
    (warning,) = ran.json["warnings"]
    assert warning.startswith("The vault was not backed up tonight: Could not write ")
    assert pledge.records()[-1]["warnings"] == [warning]
    assert pledge("status").stdout.count(warning) == 1


@pytest.mark.parametrize("command", [SYNC, ("signatories", "--reason", "a test")])
def test_without_a_copy_no_migration_is_begun(second, command):
    pledge, _ = second
    as_another_version_left_it(pledge, is_older_schema=True)
    shutil.rmtree(pledge.home / "backups")
    (pledge.home / "backups").write_text("a file where the folder should be")
    before, n_records = vault_path(pledge).read_bytes(), len(pledge.records())
    ran = pledge(*command)
    assert ran.code == 13
    assert "could not be backed up before, so nothing was done. Could not write" in ran.stderr
    assert (vault_path(pledge).read_bytes(), len(pledge.records())) == (before, n_records)
    (pledge.home / "backups").unlink()
    assert pledge(*command).code == 0
    assert reasons(pledge).count("migration") == 1


def test_damage_that_only_the_copy_meets_is_told_once_the_night_is_published(second, monkeypatch):
    pledge, server = second
    somebody_changes(server, "Another Name")
    path, copy_it = vault_path(pledge), backup.back_up_nightly

    def after_damage(*arguments: Any, **how: Any) -> Path | None:
        path.write_bytes(DAMAGES["bytes in all that it holds"](path.read_bytes()))
        return copy_it(*arguments, **how)

    monkeypatch.setattr("warehouse.backups.backup.back_up_nightly", after_damage)
    ran = pledge("sync", "--direct")
    assert ran.code == 13
    assert ran.stderr.strip().endswith(f"pledge restore {copies(pledge)[0].name}")
    assert (reasons(pledge), pledge.records()[-1]["state"]) == (["nightly"], "complete")
