"""The vault's key, looked at and changed; killed anywhere, some key that exists opens all of it."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.driving import Pledge, a_sandbox, tree
from warehouse.backups.backup import kept_copies
from warehouse.backups.rekey import Contents, contents, is_key_of
from warehouse.database.connection import attached

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = "abcdefghij0123456789" * 2
ENVIRONMENT = "KLMNOPQRST9876543210" * 2
TOO_SHORT = "abc123"


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
        return [copy.path for copy in kept_copies(self.pledge.home / "backups")]

    @property
    def key_names(self) -> list[str]:
        return sorted(path.name for path in self.keys.iterdir())

    def all_keys(self) -> set[str]:
        """Every key that lies in a file."""
        return {path.read_text().strip() for path in self.keys.iterdir() if not path.name.startswith(".")}

    def opens(self, key: str) -> list[bool]:
        """Whether *key* opens the vault, and each copy."""
        return [is_key_of(path, key) for path in (self.vault, *self.copies)]


def held(path: Path, key: str) -> Contents:
    """All that a vault's file holds."""
    with attached(path, key, read_only=True) as opened:
        return contents(opened)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """Two nights, and so two copies; not to be changed."""
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


def test_the_check_tells_a_wrong_key_from_a_damaged_copy(place):
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


def test_a_rotation_changes_the_key_of_vault_and_copies_and_nothing_in_them(place):
    old = place.key
    before = [held(path, old) for path in (place.vault, *place.copies)]
    ran = place.pledge("key", "rotate")
    assert ran.code == 0, ran.stderr
    assert "2 copies were written anew too" in ran.stderr
    assert place.key != old
    assert (place.opens(place.key), place.opens(old)) == ([True] * 3, [False] * 3)
    assert [held(path, place.key) for path in (place.vault, *place.copies)] == before
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
    assert (place.key, place.opens(GIVEN)) == (GIVEN, [True] * 3)


def test_a_key_from_the_environment_is_changed_for_one_that_is_given(place):
    old = place.key
    shutil.rmtree(place.keys)
    ran = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=old, PLEDGE_NEW_VAULT_KEY=GIVEN)
    assert ran.code == 0
    assert "Now set PLEDGE_VAULT_KEY in the environment to what PLEDGE_NEW_VAULT_KEY" in ran.stderr
    assert place.opens(GIVEN) == [True] * 3
    assert not place.keys.exists()
    assert place.pledge("key", "check", PLEDGE_VAULT_KEY=GIVEN).code == 0


def test_a_key_from_the_environment_is_changed_for_one_that_is_made_and_told_where_it_lies(place):
    old = place.key
    shutil.rmtree(place.keys)
    ran = place.pledge("key", "rotate", PLEDGE_VAULT_KEY=old)
    assert (ran.code, f"{place.keys / 'vault.key'}" in ran.stderr) == (0, True)
    made = place.key
    assert place.opens(made) == [True] * 3
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


def test_a_copy_that_cannot_be_read_is_told_and_the_old_key_stays_for_it(place):
    old = place.key
    newest, oldest = place.copies
    newest.write_bytes(newest.read_bytes()[:-200_000])
    ran = place.pledge("key", "rotate")
    assert ran.code == 0
    assert newest.stem in ran.stderr
    assert place.opens(place.key) == [True, False, True]
    assert old in place.all_keys()
    second = place.key
    again = place.pledge("key", "rotate")
    assert (again.code, place.key not in {old, second}) == (0, True)
    newest.unlink()
    assert place.pledge("key", "rotate").code == 0
    assert place.key_names == ["vault.key"]
    assert is_key_of(oldest, place.key)


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


def boundaries(place: Place) -> list[str]:
    """Each point at which a rotation has kept something half-way; of its two copies, those of the first."""
    states = ("written", "proven", "in place")
    written = [f"{path.name} {what}" for path in (place.vault, place.copies[0]) for what in states]
    return ["new key kept", "old key kept", "key in place", *written, "copy in place", "copies written"]


OF_THE_ENVIRONMENT = ("new key kept", "vault.duckdb proven", "vault.duckdb in place", "copy in place")


def killed_at(place: Place, boundary: str, **changes: str) -> None:
    ran = place.pledge.in_a_process("key", "rotate", kill_at=boundary, **changes)
    assert ran.code == -9, (boundary, ran.stderr)


def test_killed_at_any_boundary_all_can_be_opened_and_the_next_rotation_finishes(first, tmp_path):
    expected: list[Contents] | None = None
    for number, boundary in enumerate(boundaries(Place(first))):
        place = Place(first.copy_to(tmp_path / str(number)))
        old = place.key
        expected = expected or [held(path, old) for path in (place.vault, *place.copies)]

        killed_at(place, boundary)
        keys = place.all_keys()
        fitting = [next(key for key in keys if is_key_of(path, key)) for path in (place.vault, *place.copies)]
        assert [
            held(path, key) for path, key in zip((place.vault, *place.copies), fitting, strict=True)
        ] == expected, boundary
        assert place.pledge("held-back").code == 0, boundary  # as it stands, whatever key file that takes
        assert place.pledge("signatories", "--reason", "after a power cut").code == 0

        finished = place.pledge("key", "rotate")
        assert (finished.code, "can't be read" in finished.stderr) == (0, False), boundary
        assert (place.opens(place.key), place.opens(old)) == ([True] * 3, [False] * 3), boundary
        assert place.key_names == ["vault.key"], boundary
        assert place.pledge("access-log", "--verify").code == 0


def test_the_same_with_a_key_from_the_environment(first, tmp_path):
    for number, boundary in enumerate(OF_THE_ENVIRONMENT):
        place = Place(first.copy_to(tmp_path / str(number)))
        old = place.key
        shutil.rmtree(place.keys)
        both = {"PLEDGE_VAULT_KEY": old, "PLEDGE_NEW_VAULT_KEY": GIVEN}
        killed_at(place, boundary, **both)
        assert all(one or other for one, other in zip(place.opens(old), place.opens(GIVEN), strict=True)), (
            boundary
        )
        assert place.pledge("key", "rotate", **both).code == 0, boundary
        assert (place.opens(GIVEN), place.opens(old)) == ([True] * 3, [False] * 3), boundary


@pytest.mark.chaos
def test_killed_at_any_instant_all_can_be_opened_and_the_next_rotation_finishes(first, tmp_path):
    place, chance, kills = Place(first.copy_to(tmp_path)), Random(20261124), 0
    expected = [held(path, place.key) for path in (place.vault, *place.copies)]
    for _ in range(60):
        process = place.pledge.start("key", "rotate")
        time.sleep(chance.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
        kills += process.returncode == -9
        keys = place.all_keys()
        found = [
            next(held(path, key) for key in keys if is_key_of(path, key))
            for path in (place.vault, *place.copies)
        ]
        assert found == expected
        assert place.pledge("held-back").code == 0
    assert place.pledge("key", "rotate").code == 0
    assert place.opens(place.key) == [True] * 3
    assert place.key_names == ["vault.key"]
    print(f"\nkills {kills} of 60: nothing lost, nothing that no key opens")
    assert kills > 0


def test_a_sync_between_two_halves_of_a_rotation_goes_on_with_the_key_that_fits(place):
    killed_at(place, "vault.duckdb in place")
    with a_sandbox(41) as server:
        ran = place.pledge.at(server)("sync", "--direct", "--json")
    assert (ran.code, ran.json["state"]) == (0, "complete")
    told = place.pledge("key", "check")
    assert (told.code, "was cut short" in told.stdout) == (13, True)
    assert place.pledge("key", "rotate").code == 0
    assert set(place.opens(place.key)) == {True}


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
