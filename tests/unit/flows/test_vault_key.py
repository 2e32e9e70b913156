"""The vault's key: where it comes from, and when one is made."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from flows.errors import SettingsError
from flows.settings.model import Settings
from flows.settings.reading import read_settings
from flows.vault.key import find_key, found_key, key_or_new
from warehouse.errors import DiskError

KEY = "0123456789abcdef" * 4


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def written(path, text=KEY, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_first_run_makes_a_key_that_only_its_owner_may_read(settings):
    assert find_key(settings) is None
    key, is_new = key_or_new(settings)
    path = settings.default_key_file
    assert (is_new, len(key), key.isalnum()) == (True, 64, True)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]
    assert [one.name for one in path.parent.iterdir()] == ["vault.key"]
    assert key_or_new(settings) == (key, False)
    assert find_key(settings) == key


def test_two_first_runs_make_different_keys(tmp_path):
    assert key_or_new(Settings(home=tmp_path / "a")) != key_or_new(Settings(home=tmp_path / "b"))


def test_the_environment_comes_before_a_file_and_a_named_file_before_the_usual_one(tmp_path, settings):
    written(settings.default_key_file, "usual" * 8)
    named = written(tmp_path / "named.key", "named" * 8)
    usual = {"home": settings.home}
    assert find_key(Settings(**usual)) == "usual" * 8
    assert find_key(Settings(**usual, vault_key_file=named)) == "named" * 8
    assert find_key(Settings(**usual, vault_key_file=named, vault_key=f" {KEY}\n")) == KEY


def test_no_key_is_made_beside_a_vault_that_has_lost_its_own(settings):
    settings.vault_path.parent.mkdir(parents=True)
    settings.vault_path.write_bytes(b"sealed")
    with pytest.raises(SettingsError, match="no key for it"):
        key_or_new(settings)
    assert not settings.default_key_file.exists()


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (KEY, 0o640, "chmod 600"),
        (KEY, 0o604, "chmod 600"),
        (" \n", 0o600, "empty"),
        ("schlüssel", 0o600, "can't be read"),
    ],
)
def test_a_key_file_that_is_open_empty_or_unreadable_is_refused(settings, text, mode, words):
    path = written(settings.default_key_file, text, mode)
    with pytest.raises(SettingsError, match=words) as error:
        find_key(settings)
    assert path.name in str(error.value)
    assert KEY not in str(error.value)


def test_a_key_file_named_and_missing_is_told_and_no_other_is_made(settings, tmp_path):
    named = Settings(home=settings.home, vault_key_file=tmp_path / "missing.key")
    with pytest.raises(SettingsError, match=r"missing\.key"):
        key_or_new(named)
    assert not settings.home.exists()


def test_a_place_where_no_key_can_be_written_is_told(settings):
    settings.home.parent.mkdir(exist_ok=True)
    settings.home.write_text("a file where the home should be")
    with pytest.raises(DiskError, match=r"vault\.key"):
        key_or_new(settings)


def test_a_key_half_made_by_a_run_that_was_killed_is_made_again(settings):
    aside = settings.default_key_file.with_name(".vault.key.new")
    written(aside, "half")
    key, is_new = key_or_new(settings)
    assert (is_new, len(key)) == (True, 64)
    assert list(settings.default_key_file.parent.iterdir()) == [settings.default_key_file]


def test_a_block_stands_between_the_named_file_and_the_usual_one(tmp_path):
    (tmp_path / "pledge.toml").write_text('[vault]\nsecret_block = "ours"\n')
    assert read_settings({}, tmp_path).vault_key_block == "ours"
    found = read_settings(
        {"PLEDGE_VAULT_KEY_BLOCK": "theirs", "PLEDGE_HOME": str(tmp_path / "home")}, tmp_path
    )
    assert found.vault_key_block == "theirs"
    named = written(tmp_path / "named.key")
    assert find_key(replace(found, vault_key_file=named)) == KEY
    assert find_key(replace(found, vault_key="environment" * 3)) == "environment" * 3


def test_a_key_is_in_no_text_of_settings_or_of_what_was_found(tmp_path):
    given = {"PLEDGE_VAULT_KEY": KEY, "PLEDGE_NEW_VAULT_KEY": KEY[::-1]}
    settings = read_settings(given, tmp_path)
    assert settings.new_vault_key == KEY[::-1]
    for shown in (repr(settings), repr(found_key(settings))):
        assert KEY not in shown
        assert KEY[::-1] not in shown
