"""The vault's key, looked at and changed; killed anywhere, one of the two keys opens the vault."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.driving import Pledge, a_sandbox, tree
from tests.variants import variants
from warehouse.backups.backup import kept_backups
from warehouse.database.connection import attached, is_key_of
from warehouse.database.proof import Contents, contents
from warehouse.errors import DiskError

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = "abcdefghij0123456789" * 2
ENVIRONMENT = "KLMNOPQRST9876543210" * 2
TOO_SHORT = "abc123"
STATE = "ledger.state"  # says when the file was written anew, so it differs

KILLED = """
import os, signal, sys
from importlib import import_module
from flows.cli import main
name, when = sys.argv[1:]
module, _, function = name.rpartition(".")
whole = getattr(import_module(module), function)
def killed(*parts, **named):
    if when == "after":
        whole(*parts, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(import_module(module), function, killed)
main(["key", "rotate"])
"""


@dataclass
class Place:
    """Where nights have been, and its keys."""

    pledge: Pledge

    @property
    def keys(self) -> Path:
        return self.pledge.home / "keys"

    @property
    def key(self) -> str:
        return (self.keys / "vault.key").read_text().strip()

    @property
    def vault(self) -> Path:
        return self.pledge.home / "vault" / "vault.duckdb"

    @property
    def copies(self) -> list[Path]:
        return [copy.path for copy in kept_backups(self.pledge.home / "backups")]

    @property
    def key_names(self) -> list[str]:
        return sorted(path.name for path in self.keys.iterdir())

    def all_keys(self) -> set[str]:
        """Every key that lies in a file."""
        return {path.read_text().strip() for path in self.keys.iterdir() if not path.name.startswith(".")}

    def opens(self, key: str) -> list[bool]:
        """Whether *key* opens the vault, and each backup."""
        return [is_key_of(path, key) for path in (self.vault, *self.copies)]

    def key_of_the_vault(self) -> str:
        """Whichever of the keys at hand opens it."""
        (key,) = (key for key in self.all_keys() if is_key_of(self.vault, key))
        return key


def held(path: Path, key: str) -> Contents:
    """All that a vault's file holds, but for what differs each time that it is written anew."""
    with attached(path, key, read_only=True) as opened:
        found = contents(opened)
    del found[STATE]
    return found


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """Two nights, and so two backups; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("keys"))
    with a_sandbox(40) as server:
        assert pledge.at(server)("sync", "--direct").code == 0
        server.platform.edit(server.platform.signatories()[0].response_id, name="Another Name")
        assert pledge("sync", "--direct").code == 0
    return pledge


@pytest.fixture
def place(first: Pledge, tmp_path: Path) -> Place:
    """The same, to change."""
    return Place(first.copy_to(tmp_path))


def test_the_check_says_where_the_key_is_from_and_what_it_opens_and_never_shows_it(place):
    ran = place.pledge("key", "check")
    assert ran.code == 0
    lines = ran.stdout.splitlines()
    assert lines[0] == "Key     from the usual file, keys/vault.key"
    assert lines[1] == "Vault   opens with it: 41 responses, each version counted"
    assert [line.split(": ")[1] for line in lines[2:]] == ["opens with it", "opens with it"]
    (place.keys / "vault.key").rename(place.pledge.folder / "named.key")
    named = place.pledge("key", "check", PLEDGE_VAULT_KEY_FILE=str(place.pledge.folder / "named.key"))
    assert named.stdout.splitlines()[0] == "Key     from the file that PLEDGE_VAULT_KEY_FILE names"
    key = (place.pledge.folder / "named.key").read_text().strip()
    given = place.pledge("key", "check", PLEDGE_VAULT_KEY=key)
    assert (given.code, given.stdout.splitlines()[0]) == (
        0,
        "Key     from PLEDGE_VAULT_KEY in the environment",
    )
    assert place.pledge("key", "check").code == 10
    assert key not in "".join(place.pledge.printed)


def test_the_check_tells_a_wrong_key_from_a_damaged_backup(place):
    newest, oldest = place.copies
    newest.write_bytes(newest.read_bytes()[:100_000])
    told = place.pledge("key", "check")
    assert (told.code, f"{newest.stem}: can't be read: it is damaged" in told.stdout) == (0, True)
    wrong = place.pledge("key", "check", PLEDGE_VAULT_KEY=ENVIRONMENT)
    assert (wrong.code, "not the one vault.duckdb was made with" in wrong.stderr) == (13, True)
    place.vault.rename(oldest)
    (place.pledge.home / "keys" / "vault.key").write_text(ENVIRONMENT)
    other = place.pledge("key", "check")
    assert (other.code, "there is none yet" in other.stdout) == (13, True)
    assert f"{oldest.stem}: has another key" in other.stdout


def test_a_rotation_writes_the_vault_anew_and_a_fresh_backup_and_the_old_ones_go(place):
    old, older = place.key, place.copies
    before = held(place.vault, old)
    ran = place.pledge("key", "rotate")
    assert ran.code == 0, ran.stderr
    assert "2 that had another one were deleted" in ran.stderr
    assert place.key != old
    assert (place.opens(place.key), place.opens(old)) == ([True] * 2, [False] * 2)
    assert set(place.copies).isdisjoint(older)
    assert [held(path, place.key) for path in (place.vault, *place.copies)] == [before] * 2
    assert place.key_names == ["vault.key"]
    assert {
        path.stat().st_mode & 0o777 for path in (place.vault, *place.copies, place.keys / "vault.key")
    } == {0o600}
    assert sorted(path.name for path in place.vault.parent.iterdir() if path.is_file()) == ["vault.duckdb"]
    assert place.pledge("key", "check").code == 0
    assert place.pledge("held-back").code == 0


def test_the_new_key_may_be_given_and_is_refused_if_it_is_none(place):
    old = place.key
    for given, words in ((TOO_SHORT, "at least 32"), (old, "the key in use")):
        refused = place.pledge("key", "rotate", PLEDGE_NEW_VAULT_KEY=given)
        assert (refused.code, words in refused.stderr) == (10, True)
        assert (place.opens(old), place.key_names) == ([True] * 3, ["vault.key"])
    file = place.pledge.folder / "new.key"
    file.write_text(f"{GIVEN}\n")
    file.chmod(0o600)
    assert place.pledge("key", "rotate", PLEDGE_NEW_VAULT_KEY_FILE=str(file)).code == 0
    assert (place.key, place.opens(GIVEN)) == (GIVEN, [True] * 2)


def test_a_key_from_the_environment_is_changed_for_one_that_is_given(place):
    old = place.key
    shutil.rmtree(place.keys)
    ran = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=old, PLEDGE_NEW_VAULT_KEY=GIVEN)
    assert ran.code == 0
    assert "Now set PLEDGE_VAULT_KEY in the environment to what PLEDGE_NEW_VAULT_KEY" in ran.stderr
    assert place.opens(GIVEN) == [True] * 2
    assert not place.keys.exists()
    assert place.pledge("key", "check", PLEDGE_VAULT_KEY=GIVEN).code == 0


def test_a_key_from_the_environment_is_changed_for_one_that_is_made_and_told_where_it_lies(place):
    old = place.key
    shutil.rmtree(place.keys)
    ran = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=old)
    assert (ran.code, f"{place.keys / 'vault.key'}" in ran.stderr) == (0, True)
    made = place.key
    assert place.opens(made) == [True] * 2
    assert place.pledge("key", "check").code == 0
    still_set = place.pledge("key", "check", PLEDGE_VAULT_KEY=old)
    assert (still_set.code, "The key in vault.key opens it" in still_set.stderr) == (13, True)
    again = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=old)
    assert (again.code, place.key, "Now set" in again.stderr) == (0, made, True)
    assert {old, made} & set("".join(place.pledge.printed).split()) == set()


def test_a_wrong_key_rotates_nothing_and_leaves_nothing(place):
    shutil.rmtree(place.keys)
    before = tree(place.pledge.home)
    for changes in ({}, {"PLEDGE_NEW_VAULT_KEY": GIVEN}):
        ran = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=ENVIRONMENT, **changes)
        assert (ran.code, "not the one" in ran.stderr) == (13, True)
        assert tree(place.pledge.home) == before


def test_a_vault_of_an_earlier_version_is_brought_up_to_date_first(place):
    with attached(place.vault, place.key) as vault:
        vault.execute("delete from migrations where name = (select max(name) from migrations)")
    for changes in ({}, {"PLEDGE_VAULT_KEY": place.key, "PLEDGE_NEW_VAULT_KEY": GIVEN}):
        ran = place.pledge("key", "rotate", **changes)
        assert (ran.code, "of an earlier version of the pipeline" in ran.stderr) == (13, True)
    assert (place.opens(place.key), place.key_names) == ([True] * 3, ["vault.key"])


def test_a_backup_that_cannot_be_made_leaves_the_old_ones_and_the_next_rotation_finishes(place, monkeypatch):
    old, older = place.key, place.copies

    def no_room(*_: Any, **__: Any) -> None:
        raise DiskError("Could not write the backup: no space left on the disk.")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.backups.backup.back_up", no_room)
        assert place.pledge("key", "rotate").code == 13
    assert (place.copies, place.opens(old)) == (older, [False, True, True])
    told = place.pledge("key", "check")
    assert (told.code, "was cut short; finish it" in told.stdout) == (13, True)
    older[0].write_bytes(older[0].read_bytes()[:-200_000])
    assert place.pledge("key", "rotate").code == 0
    assert (place.opens(place.key), place.opens(old)) == ([True] * 2, [False] * 2)
    assert place.key_names == ["vault.key"]


def test_a_rotation_told_to_stop_ends_clean_and_the_next_one_finishes(place, monkeypatch):
    old = place.key

    def long_statement(path: Path, key: str, **_: Any) -> None:
        """Have DuckDB at work when the signal comes: it puts an error of its own in the place of ours."""
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        with attached(path, key, read_only=True) as vault:
            vault.execute("select count(*) from range(1000000000000) as one where hash(one.range) = 1")

    with monkeypatch.context() as patched:
        patched.setattr("flows.commands.key.rewrite", long_statement)
        ran = place.pledge("key", "rotate")
    assert (ran.code, "“pledge key check” says which" in ran.stderr) == (143, True)
    assert "Traceback" not in ran.stderr
    assert place.key_of_the_vault() == old
    assert place.pledge("key", "rotate").code == 0
    assert (place.opens(place.key), place.key_names) == ([True] * 2, ["vault.key"])


def test_nothing_is_rotated_while_a_sync_has_the_vault(place):
    script = place.pledge.folder / "hold.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom warehouse.database.connection import attached\n"
        "with attached(Path(sys.argv[1]), sys.argv[2]):\n    print('open', flush=True)\n    time.sleep(60)\n"
    )
    old = place.key
    other = place.pledge.start(script, str(place.vault), old)
    try:
        assert other.stdout.readline() == "open\n"
        ran = place.pledge.in_a_process("key", "rotate")
    finally:
        other.kill()
        other.communicate()
    assert (ran.code, "is open in another process" in ran.stderr) == (13, True)
    assert (place.key, place.opens(old), place.key_names) == (old, [True] * 3, ["vault.key"])


# Power cuts


POINTS = (
    ("flows.commands.key.keep_key", "after"),
    ("warehouse.backups.rewrite.prove", "before"),
    ("flows.commands.key.rewrite", "after"),
    ("warehouse.backups.backup.prove", "before"),
    ("warehouse.backups.backup.back_up", "after"),
    ("warehouse.backups.backup.throw_away", "after"),
    ("flows.commands.key._put_in_place", "before"),
    ("flows.commands.key._put_in_place", "after"),
)
OF_THE_ENVIRONMENT = POINTS[1:6]


def killed_at(place: Place, point: tuple[str, str], **changes: str) -> None:
    script = place.pledge.folder / "killed.py"
    script.write_text(KILLED)
    ran = place.pledge.in_a_process(script, *point, **changes)
    assert ran.code == -9, (point, ran.stderr)


@pytest.mark.parametrize("point", variants(POINTS, now=[POINTS[2], POINTS[5]]))
def test_killed_anywhere_one_of_two_keys_opens_the_vault_and_the_next_rotation_finishes(place, point):
    old = place.key
    before = held(place.vault, old)

    killed_at(place, point)
    assert len(place.all_keys()) <= 2
    assert held(place.vault, place.key_of_the_vault()) == before
    told = place.pledge("key", "check")
    assert (told.code in {0, 13}, "Vault   opens with it: 41 responses" in told.stdout) == (True, True)
    assert place.pledge("signatories", "--reason", "after a power cut").code == 0
    assert any(is_key_of(path, key) for path in place.copies for key in place.all_keys())

    finished = place.pledge("key", "rotate")
    assert finished.code == 0, finished.stderr
    assert (place.opens(place.key), place.opens(old)) == ([True] * 2, [False] * 2)
    assert place.key_names == ["vault.key"]
    assert place.pledge("access-log", "--verify").code == 0


@pytest.mark.parametrize("point", variants(OF_THE_ENVIRONMENT, now=[POINTS[2]]))
def test_the_same_with_a_key_from_the_environment(place, point):
    old = place.key
    shutil.rmtree(place.keys)
    both = {"PLEDGE_VAULT_KEY": old, "PLEDGE_NEW_VAULT_KEY": GIVEN}
    killed_at(place, point, **both)
    is_written = is_key_of(place.vault, GIVEN)
    assert is_written != is_key_of(place.vault, old)
    told = place.pledge("key", "check", **both)
    assert ("The key in PLEDGE_NEW_VAULT_KEY opens it" in told.stderr) == is_written
    assert place.pledge("key", "rotate", **both).code == 0
    assert (place.opens(GIVEN), place.opens(old)) == ([True] * 2, [False] * 2)


@pytest.mark.chaos
def test_killed_at_any_instant_one_key_opens_the_vault_and_the_next_rotation_finishes(place):
    chance, kills = Random(20261124), 0
    expected = held(place.vault, place.key)
    for _ in range(60):
        process = place.pledge.start("key", "rotate")
        time.sleep(chance.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
        kills += process.returncode == -9
        assert held(place.vault, place.key_of_the_vault()) == expected
        assert place.pledge("held-back").code == 0
    assert place.pledge("key", "rotate").code == 0
    assert (place.opens(place.key), place.key_names) == ([True] * 2, ["vault.key"])
    print(f"\nkills {kills} of 60: nothing lost, nothing that no key opens")
    assert kills > 0


def test_a_sync_between_two_halves_of_a_rotation_goes_on_with_the_key_that_fits(place):
    killed_at(place, ("flows.commands.key.rewrite", "after"))
    with a_sandbox(41) as server:
        ran = place.pledge.at(server)("sync", "--direct", "--json")
    assert (ran.code, ran.json["state"]) == (0, "complete")
    told = place.pledge("key", "check")
    assert (told.code, "was cut short" in told.stdout) == (13, True)
    assert place.pledge("key", "rotate").code == 0
    assert place.opens(place.key) == [True] * 2


def test_no_key_lies_anywhere_but_in_its_file(place):
    old = place.key
    place.pledge("report")
    place.pledge("key", "rotate")
    place.pledge("doctor")
    keys: Any = (old.encode(), place.key.encode())
    for name, content in tree(place.pledge.home).items():
        if name != "keys/vault.key":
            assert not any(key in content for key in keys), name
    assert not any(key.decode() in "".join(place.pledge.printed) for key in keys)
