"""Answers of withdrawn responses are erased after their time, in the vault and its copies; the sums stay."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.server.serve import TOKEN, SandboxServer
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.run.progress import Quiet
from flows.settings.model import Settings
from tests.driving import UNTIL, a_sandbox, run_night
from warehouse.backups import backup
from warehouse.database.connection import attached
from warehouse.database.proof import counts
from warehouse.errors import DiskError
from warehouse.queries.figures import query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.world.people import Signatory
    from flows.run.record import RunRecord

FIRST_DAY = datetime(2026, 1, 10, 2, 15, tzinfo=UTC)
FIRST_ADDRESS, ADDRESS = "canary.first@example.org", "cänary.Second@example.org"
CHANGED = UNTIL + timedelta(hours=1)
NAME, OTHER = "Canary Invented", "canary keeper"
CANARIES = ("canary", "cänary", "198.51.100.77")


@dataclass
class House:
    """A home and a platform; nights are told by their day."""

    settings: Settings
    server: SandboxServer
    person: Signatory

    @property
    def gone(self) -> str:
        """The id of the response that vanishes."""
        return self.person.response_id

    def night(self, day: int) -> RunRecord:
        """A whole night on that day."""
        return run_night(self.settings, Quiet(), now=lambda: FIRST_DAY + timedelta(days=day))

    def key(self) -> str:
        return self.settings.default_key_file.read_text().strip()

    def rows(self, sql: str) -> list[Any]:
        with attached(self.settings.vault_path, self.key(), read_only=True) as vault:
            return vault.execute(sql).fetchall()

    def canaries_in(self, path: Path) -> set[str]:
        """The tables of a vault's file in which somebody can still be read."""
        with attached(path, self.key(), read_only=True) as vault:
            return {
                name
                for name in counts(vault)
                if any(
                    canary in repr(vault.execute(f"from {name}").fetchall()).lower() for canary in CANARIES
                )
            }

    def copies(self) -> list[int]:
        """The days of the copies that are kept."""
        return [(copy.made_at - FIRST_DAY).days for copy in backup.kept_backups(self.settings.backups_folder)]


@contextmanager
def a_house(home: Path, *, is_withdrawn: bool) -> Iterator[House]:
    """A platform that a person signed at, and changed the answers at, and then, maybe, has left."""
    with a_sandbox(60) as server:
        settings = Settings(home=home, token=TOKEN, api_url=server.url, survey_id=SURVEY_ID)
        first = next(
            one for one in server.platform.signatories() if (one.status, one.mode) == ("completed", "default")
        )
        facts = {"name": NAME, "choice_id": None, "other_text": OTHER, "ip": "198.51.100.77"}
        one = server.platform.edit(first.response_id, email=FIRST_ADDRESS, modified_at=UNTIL, **facts)
        house = House(settings, server, one)
        if is_withdrawn:
            house.person = server.platform.edit(first.response_id, email=ADDRESS, modified_at=CHANGED)
            server.platform.delete(first.response_id)
        yield house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After three nights: the person signed before day 0, changed the answers, and has vanished on day 2."""
    home = tmp_path_factory.mktemp("home")
    with a_house(home, is_withdrawn=False) as house:
        house.night(0)
        house.server.platform.edit(house.gone, email=ADDRESS, modified_at=CHANGED)
        house.night(1)
        house.server.platform.delete(house.gone)
        assert house.night(2).responses_withdrawn == 1
    return home


@pytest.fixture
def house(home: Path, tmp_path: Path) -> Iterator[House]:
    """The same place, for a test to go on from."""
    shutil.copytree(home, tmp_path / "home")
    with a_house(tmp_path / "home", is_withdrawn=True) as house:
        yield house


def dispositions_of(house: House, response_id: str) -> list[tuple[Any, ...]]:
    return house.rows(
        f"select disposition, reason from core.dispositions where response_id = '{response_id}'"
    )


def reconciliation(settings: Settings) -> list[tuple[Any, ...]]:
    return query(settings.published_path, "from reconciliation order by all")[1]


def test_after_the_days_set_nothing_of_the_person_is_left_and_the_sums_agree(house):
    published, sums = house.settings.published_path.read_bytes(), reconciliation(house.settings)
    n_seen = house.rows("select count(distinct response_id) from raw.responses")
    assert house.night(31).responses_erased == 0
    assert house.canaries_in(house.settings.vault_path) == {
        "raw.responses", "core.signatures", "core.answers", "core.email_keys", "core.dispositions",
        "core.signatory_ids",
    }  # fmt: skip

    erasing = house.night(33)
    assert (erasing.responses_erased, erasing.state, erasing.withdrawn) == (1, "unchanged", 1)
    assert erasing.conservation_ok
    assert erasing.warnings == []
    assert house.canaries_in(house.settings.vault_path) == set()
    assert house.rows("select count(distinct response_id) from raw.responses") == n_seen
    assert house.settings.published_path.read_bytes() == published
    assert reconciliation(house.settings) == sums

    assert house.rows(
        "select body ->> '$.id', body ->> '$.survey_id', body ->> '$.response_status', json_keys(body)"
        f" from raw.responses where response_id = '{house.gone}'"
    ) == [(house.gone, SURVEY_ID, "completed", ["id", "survey_id", "response_status"])]
    assert dispositions_of(house, house.gone) == [("withdrawn", "gone at the platform")]
    assert house.night(34).responses_erased == 0


def test_all_is_staged_again_from_what_is_left_to_the_same_places(house):
    house.night(33)
    ((places,),) = house.rows("select list(p order by response_id) from core.dispositions as p")
    ((signature,),) = house.rows(f"select s from core.signatures as s where s.response_id = '{house.gone}'")
    with attached(house.settings.vault_path, house.key()) as vault:
        vault.execute("update ledger.state set value = 'other rules' where name = 'staged_by'")
    assert house.night(34).conservation_ok
    assert house.rows("select list(p order by response_id) from core.dispositions as p") == [(places,)]
    assert house.rows(f"select s from core.signatures as s where s.response_id = '{house.gone}'") == [
        (signature,)
    ]


@pytest.mark.long
def test_what_was_erased_and_comes_back_is_received_anew(house):
    house.night(33)
    gone = house.gone
    house.server.platform.add(house.person)
    back = house.night(34)
    assert (back.state, back.withdrawn, back.conservation_ok) == ("complete", 0, True)
    assert dispositions_of(house, gone) == [("signatory", "counts")]
    assert house.rows(f"select name from core.signatories where response_id = '{gone}'") == [(NAME,)]
    ids = house.rows("select count(*), count(distinct signatory_id) from core.signatory_ids")
    assert ids[0][0] == ids[0][1]

    house.server.platform.delete(gone)
    house.night(35)
    assert house.night(70).responses_erased == 1
    assert house.canaries_in(house.settings.vault_path) == set()
    assert house.rows(f"select count(*) from raw.responses where response_id = '{gone}'") == [(1,)]


def test_copies_that_still_hold_the_person_go_within_the_nights_that_are_kept(house):
    assert house.copies() == [2, 1, 0]
    house.night(33)
    folder = house.settings.backups_folder
    newest, *older = backup.kept_backups(folder)
    assert (newest.made_at - FIRST_DAY).days == 33
    assert house.canaries_in(newest.path) == set()
    assert older == []


@pytest.mark.long
def test_a_copy_younger_than_the_nights_that_are_kept_stays_that_long(house):
    changed = next(iter(house.server.platform.signatories()))
    for day in (28, 32):
        house.server.platform.edit(changed.response_id, name=f"Another Name {day}")
        house.night(day)
    house.night(33)
    assert house.copies() == [33, 32, 28]
    house.night(36)
    assert house.copies() == [33, 32]
    house.night(40)
    assert house.copies() == [33]


def test_a_vault_left_half_decided_waits_for_the_next_night(house):
    with attached(house.settings.vault_path, house.key()) as vault:
        vault.execute("insert into core.pending_keys values ('somebody@example.org')")
    assert house.night(33).responses_erased == 0
    assert house.night(34).responses_erased == 1
    assert house.canaries_in(house.settings.vault_path) == set()


def test_a_file_that_could_not_be_written_anew_is_written_the_next_night(house, monkeypatch):
    before = house.settings.vault_path.stat().st_ino

    def no_room(*_: object) -> None:
        raise DiskError("Could not write vault.duckdb: no space left on the disk.")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.backups.rewrite.prove", no_room)
        told = house.night(33)
    assert (told.responses_erased, told.state) == (1, "unchanged")
    assert any("traces of them may stay" in warning for warning in told.warnings)
    assert house.settings.vault_path.stat().st_ino == before
    assert sorted(found.name for found in house.settings.vault_path.parent.glob(".*")) == []
    assert house.night(34).warnings == []
    assert house.settings.vault_path.stat().st_ino != before
    rewritten = house.settings.vault_path.stat().st_ino
    house.night(35)
    assert house.settings.vault_path.stat().st_ino == rewritten
