"""`pledge forget`: nothing of the person is left anywhere, and nothing brings them back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from flows import pipelines
from flows.errors import ChecksError
from tests.canaries import Search
from tests.driving import UNTIL, Pledge, a_sandbox
from tests.exporting import Style, export_bytes, exportable
from tests.forgetting import tables_with
from tests.variants import variants
from warehouse.backups import backup
from warehouse.backups import rewrite as rewriting
from warehouse.database.connection import attached
from warehouse.errors import DiskError
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from connectors.sandbox.server.serve import SandboxServer
    from connectors.sandbox.world.people import Signatory

Place = tuple["Pledge", "SandboxServer", "list[Signatory]"]
SYNC = ("sync", "--direct", "--json")
ADDRESS = "Morag.Zyxwvarnish@example.org"
WORDS = ("quenborofitz", "zyxwvarnish", "flumphelwick")
LAST = "777000000099"


def key_of(pledge: Pledge) -> str:
    return (pledge.home / "keys" / "vault.key").read_text().strip()


def canary(server: SandboxServer) -> list[Signatory]:
    """A person who signed twice, changed the first of them, and is spoken of by somebody else."""
    first, second, other = [
        one for one in server.platform.signatories() if (one.status, one.mode) == ("completed", "default")
    ][:3]
    mine = {"email": ADDRESS, "name": "Morag Quenborofitz", "ip": "198.51.100.213", "choice_id": None}
    server.platform.edit(first.response_id, other_text="Flumphelwick", **mine)
    server.platform.edit(
        second.response_id, **{**mine, "email": ADDRESS.upper(), "other_text": "Flumphelwick"}
    )
    server.platform.edit(other.response_id, choice_id=None, other_text=f"a friend of {ADDRESS}")
    return [first, second, other]


@pytest.fixture(scope="module")
def loaded(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Pledge, SandboxServer, list[Signatory]]]:
    """After two nights with the person in them; not to be changed."""
    with a_sandbox(120) as server:
        people = canary(server)
        pledge = Pledge(tmp_path_factory.mktemp("forget")).at(server)
        assert pledge(*SYNC).code == 0
        server.platform.edit(people[0].response_id, name="Morag Quenborofitz-Smith")
        assert pledge(*SYNC).code == 0
        assert pledge("signatories", "--reason", "a test", "--save").code == 0
        assert pledge("roles", "--reason", "a test", "--save").code == 0
        assert pledge("find", ADDRESS).code == 0
        yield pledge, server, people


@pytest.fixture
def place(loaded, tmp_path) -> Place:
    pledge, server, people = loaded
    return pledge.copy_to(tmp_path / "place"), server, people


def left_of_the_person(pledge: Pledge) -> dict[str, object]:
    """Where the person can be read: tables of the vault and its copies, and bytes of all other files."""
    found: dict[str, object] = {}
    vaults = [pledge.home / "vault" / "vault.duckdb", *(pledge.home / "backups").glob("*.duckdb")]
    for path in vaults:
        with attached(path, key_of(pledge), read_only=True) as vault:
            if tables := tables_with(vault, WORDS):
                found[path.name] = tables
    search = Search()
    search.folder(pledge.home)
    return found | ({"files": search.hits} if search.hits else {})


def test_nothing_is_left_and_the_receipt_says_what_was_done(place):
    pledge, _, people = place
    assert set(left_of_the_person(pledge)) > {"vault.duckdb", "files"}
    told = pledge("forget", ADDRESS, "--json").json
    assert told["responses"] == sorted(one.response_id for one in people[:2])
    assert told["at_platform"] == told["responses"]
    assert (told["n_addresses"], told["n_mentions"], told["copies_deleted"]) == (1, 1, [])
    assert told["copies_rewritten"] == len(backup.kept_backups(pledge.home / "backups")) >= 2
    assert told["lists_deleted"] == 3
    assert told["published"].endswith("pledge.duckdb")
    assert left_of_the_person(pledge) == {}
    assert len(list((pledge.home / "published" / "kept").iterdir())) == 1


def test_figures_are_without_the_person_and_add_up(place):
    pledge, _, _ = place
    before = pledge("status", "--json").json
    assert pledge("forget", ADDRESS).code == 0
    after = pledge("status", "--json").json
    assert after["n_signatories"] == before["n_signatories"] - 1
    assert (after["conservation_ok"], after["duplicates"]) == (True, before["duplicates"] - 1)
    told = pledge(
        "query", "select n_responses from reconciliation where place = 'erased'", "--format", "json"
    )
    assert told.rows == [{"n_responses": 2}]


def test_a_full_sync_and_an_import_bring_nobody_back(place, tmp_path):
    pledge, server, people = place
    assert pledge.in_a_process("forget", "-").code == 2
    assert pledge.in_a_process("forget", "-", text=f"{ADDRESS}\n").code == 0
    again = pledge("sync", "--direct", "--full", "--json").json
    assert (again["state"], again["warnings"]) == ("unchanged", [])
    path = tmp_path / "export.csv"
    ids = {one.response_id for one in people}
    there = [one for one in server.platform.signatories() if one.response_id in ids]
    other = replace(next(one for one in there if one.email == ADDRESS), response_id=LAST)
    path.write_bytes(export_bytes([*exportable(there), other], Style()))
    told = pledge("import", str(path), "--dates", "month-first", "--json").json
    assert told["conservation_ok"] is True
    assert left_of_the_person(pledge) == {}
    with pledge.vault() as vault:
        places = dict(vault.execute("select response_id, disposition from core.dispositions").fetchall())
    assert {places[one] for one in (people[0].response_id, people[1].response_id, LAST)} == {"erased"}


def test_a_restored_copy_has_nobody_either(place):
    pledge, _, _ = place
    assert pledge("forget", ADDRESS).code == 0
    oldest = backup.kept_backups(pledge.home / "backups")[-1]
    assert pledge("restore", oldest.name).code == 0
    assert pledge("sync", "--direct", "--full", "--json").json["conservation_ok"] is True
    assert left_of_the_person(pledge) == {}


SLOWLY = ("before erase", "after publish", "vault written anew", "lists deleted")


@pytest.mark.parametrize(
    "boundary",
    [
        *variants(["after erase", "backup looked through"], now=[]),
        *(pytest.param(one, marks=pytest.mark.chaos) for one in SLOWLY),
    ],
)
def test_killed_anywhere_it_is_run_again(place, boundary):
    pledge, _, people = place
    assert pledge.in_a_process("forget", ADDRESS, kill_at=boundary).code == -9
    again = pledge("forget", ADDRESS, "--json")
    assert again.code == 0, again.stderr
    assert (again.json["erased_before"] is None) == (boundary == "before erase")
    assert (
        again.json["responses"] == again.json["at_platform"] == sorted(one.response_id for one in people[:2])
    )
    assert left_of_the_person(pledge) == {}
    assert pledge("sync", "--direct", "--full", "--json").json["conservation_ok"] is True


def test_nothing_of_the_person_is_printed_and_the_use_is_recorded(place):
    pledge, _, _ = place
    ran = pledge("forget", ADDRESS, "--reason", "asked by letter")
    search = Search()
    search.texts([ran.stdout, ran.stderr, *pledge.printed], "what was printed")
    assert search.hits == []
    uses = pledge("access-log", "--format", "json").rows
    assert (uses[-1]["command"], uses[-1]["reason"], uses[-1]["n_rows"]) == ("forget", "asked by letter", 2)
    assert pledge("access-log", "--verify").code == 0


@pytest.mark.parametrize("given", ["Morag", "", "x" * 2_000 + "@example.org"])
def test_what_is_no_address_is_refused(place, given):
    assert place[0]("forget", given).code == 2


def test_without_a_vault_there_is_nothing_to_forget(tmp_path):
    assert Pledge(tmp_path)("forget", ADDRESS).code == 10
    assert not (tmp_path / "home" / "vault").exists()


def test_answers_of_another_survey_are_forgotten_too(tmp_path):
    pledge = Pledge(tmp_path)
    path = tmp_path / "other.csv"
    path.write_text(
        "Respondent ID,Start Date,End Date,Your email,Colour\n,,,Open-Ended Response,Open-Ended Response\n"
        f"1,2025-01-13 10:00:00,2025-01-13 10:01:00,{ADDRESS},Flumphelwick\n"
        "2,2025-01-13 10:00:00,2025-01-13 10:01:00,ben@example.org,blue\n"
    )
    assert pledge("import", "--answers-only", str(path)).code == 0
    path.unlink()
    assert pledge("forget", ADDRESS, "--json").json["responses"] == ["1"]
    assert left_of_the_person(pledge) == {}


def test_a_failing_audit_keeps_the_person_nowhere_else(place, monkeypatch):
    pledge, _, _ = place

    def audit(*_given):
        """Refuse to publish."""
        raise ChecksError("The audit failed.")

    monkeypatch.setattr(pipelines, "audit", audit)
    assert pledge("forget", ADDRESS).code == 12
    assert left_of_the_person(pledge) == {}


@pytest.mark.long
def test_a_vault_that_cannot_be_written_anew_gives_no_receipt(place, monkeypatch):
    pledge, _, _ = place

    def full(*_arguments, **_named):
        raise DiskError("There is no room; free some, then run again.")

    with monkeypatch.context() as patched:
        patched.setattr(rewriting, "rewrite", full)
        ran = pledge("forget", ADDRESS)
    assert (ran.code, ran.stdout) == (13, "")
    assert pledge("forget", ADDRESS).code == 0
    assert left_of_the_person(pledge) == {}


@pytest.mark.long
def test_after_a_partial_walk_the_next_whole_one_publishes_and_keeps_no_earlier_file(place):
    pledge, _, _ = place
    with load_open(pledge) as vault:
        vault.execute("update ledger.cursors set is_walk_complete = false")
    ran = pledge("forget", ADDRESS)
    assert "waits for the next whole walk" in ran.stdout
    assert left_of_the_person(pledge) == {}
    assert pledge(*SYNC).json["published"] is not None
    assert len(list((pledge.home / "published" / "kept").iterdir())) == 1


@pytest.mark.long
def test_who_shares_an_address_by_decision_is_asked_for_by_response(place):
    pledge, _, people = place
    first, second, _ = people
    assert pledge("accept", first.response_id, "--because", "a test").code == 2
    with load_open(pledge) as vault:
        decision = Decision("apart", second.response_id, "apart", "a test", "a keeper")
        decisions.keep(vault, decision, at=UNTIL)
    for command in ("find", "forget"):
        ran = pledge(command, ADDRESS)
        assert (ran.code, ran.stdout) == (2, "")
        assert second.response_id in ran.stderr
    assert pledge("forget", ADDRESS, "--response", first.response_id).code == 2
    told = pledge("forget", "--response", first.response_id, "--json").json
    assert (told["responses"], told["n_addresses"]) == ([first.response_id], 0)
    found = pledge("find", "--response", second.response_id, "--json").json
    assert [one["response_id"] for one in found["responses"]] == [second.response_id]


def test_a_list_with_another_spelling_of_the_address_goes_too(place):
    pledge, _, _ = place
    letter = pledge.home / "lists" / "letter.csv"
    letter.write_text("To: \uff2dorag.zyxwvarnish@EXAMPLE.org\n", encoding="utf-8")
    assert pledge("forget", ADDRESS).code == 0
    assert not letter.exists()


@contextmanager
def load_open(pledge: Pledge) -> Iterator[DuckDBPyConnection]:
    """The vault, to write in."""
    with attached(pledge.home / "vault" / "vault.duckdb", key_of(pledge)) as vault:
        yield vault
