"""`pledge report` beside what earlier packs have shown: in a file, in the vault, and in neither any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.driving import Pledge, a_sandbox
from warehouse.database.connection import open_vault
from warehouse.releases.packs_shown import read_packs_shown

BECAUSE = ("--because", "the person wrote to us")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with a_sandbox(400, seed=5) as server:
        pledge = Pledge(tmp_path_factory.mktemp("packs")).at(server)
        assert pledge("sync", "--direct").code == 0
        yield pledge, server.platform


@pytest.fixture
def place(base, tmp_path):
    return base[0].copy_to(tmp_path / "place")


def packed(place, folder, *options):
    ran = place("report", "--formats", "json,csv", "--out", str(folder), *options)
    assert ran.code == 0, ran.stderr
    return json.loads((folder / "counts.json").read_text(encoding="utf-8")), ran.stderr


def record(place):
    return place.home / "reports" / "shown.json"


def noted(place):
    with place.vault() as vault:
        return json.loads(read_packs_shown(vault) or "{}").get("tables", [])


def writable(place):
    key = (place.home / "keys" / "vault.key").read_text(encoding="utf-8").strip()
    return open_vault(place.home / "vault" / "vault.duckdb", key, now=datetime.now(UTC))


def forget_one(place):
    rows = place("signatories", "--reason", "a test", "--format", "json").rows
    gone = next(row["email"] for row in rows if row["role"] == "Parent or carer")
    assert place("forget", gone).code == 0


def test_what_a_pack_shows_is_in_the_file_and_in_the_vault(place, tmp_path):
    packed(place, tmp_path / "out")
    in_file = json.loads(record(place).read_text(encoding="utf-8"))["tables"]
    assert {one["what"] for one in in_file} == {"roles", "not-counted"}
    assert noted(place) == in_file
    assert record(place).stat().st_mode & 0o077 == 0


def test_after_an_erasure_the_table_stands_and_one_exact_total_is_left(place, tmp_path):
    first, _ = packed(place, tmp_path / "first")
    forget_one(place)
    second, said = packed(place, tmp_path / "second")
    assert (second["total"], second["roles"]) == (first["total"] - 1, first["roles"])
    assert second["roles_total"] % 5 == 0
    assert "the table is renewed, as a whole, when at least 10" in said
    (summary,) = (tmp_path / "second").glob("*-summary.csv")
    exact = [line for line in summary.read_text(encoding="utf-8").splitlines() if ",exact," in line]
    assert [line.split(",")[1] for line in exact] == [str(second["total"])]


@pytest.mark.parametrize("is_elsewhere", [False, pytest.param(True, marks=pytest.mark.long)])
def test_if_the_file_is_gone_the_vault_remembers(place, tmp_path, is_elsewhere):
    first, _ = packed(place, tmp_path / "first")
    forget_one(place)
    record(place).unlink()
    second, _ = packed(place, tmp_path / ("elsewhere" if is_elsewhere else "first"))
    assert second["roles"] == first["roles"]
    assert record(place).exists()


@pytest.mark.long
def test_a_run_takes_over_what_a_pack_could_not_write_into_the_vault(place, tmp_path):
    packed(place, tmp_path / "out")
    with writable(place) as vault:
        vault.execute("delete from releases.packs_shown")
    assert place("recount").code == 0
    assert noted(place) == json.loads(record(place).read_text(encoding="utf-8"))["tables"]


def test_if_both_are_gone_it_says_so_and_asks(place, tmp_path):
    packed(place, tmp_path / "out")
    record(place).unlink()
    with writable(place) as vault:
        vault.execute("delete from releases.packs_shown")
    ran = place("report", "--out", str(tmp_path / "again"))
    assert (ran.code, "--begin-anew" in ran.stderr) == (10, True)
    assert not (tmp_path / "again").exists()
    packed(place, tmp_path / "again", "--begin-anew")
    packed(place, tmp_path / "again")


@pytest.mark.long
def test_where_the_vault_cannot_be_opened_the_file_serves_and_without_it_staff_are_asked(place, tmp_path):
    key = place.home / "keys" / "vault.key"
    key.rename(tmp_path / "vault.key")
    packed(place, tmp_path / "out")
    packed(place, tmp_path / "out")
    record(place).unlink()
    ran = place("report", "--out", str(tmp_path / "again"))
    assert (ran.code, "there is a vault but no key for it" in ran.stderr.lower()) == (10, True)


def test_what_staff_decided_since_is_told_to_them_and_to_readers(place, tmp_path):
    packed(place, tmp_path / "first")
    (held, *_) = place("held-back", "--format", "json").rows
    assert place("accept", held["response_id"], *BECAUSE).code == 0
    assert place("recount").code == 0
    _, said = packed(place, tmp_path / "second")
    told = "Not in this table yet: forms that staff accepted or rejected."
    (notes,) = (tmp_path / "second").glob("*-notes.csv")
    assert told in said
    assert told in notes.read_text(encoding="utf-8")


def test_until_there_is_somebody_to_ask_staff_are_told(place, tmp_path):
    _, said = packed(place, tmp_path / "out")
    assert "set [report] contact" in said
    settings = '[report]\ncontact = "Write to us."\nnext_release = 2020-01-01\n'
    (place.folder / "pledge.toml").write_text(settings, encoding="utf-8")
    _, said = packed(place, tmp_path / "out")
    assert "contact" not in said
    assert "next_release, 2020-01-01, is over" in said
