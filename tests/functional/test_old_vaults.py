"""Vaults of every version of the tables, opened by today's program: nothing is lost, figures agree."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from tests.builders import KEY, as_kept
from tests.driving import Pledge
from tests.fixtures.make_vaults import (
    PROGRAMS,
    VAULTS,
    WITH_DECISIONS,
    WITH_ERASURES,
    WITHOUT_ADDRESSES,
    a_platform,
    events,
    unpack,
)
from tests.plain_count import plain_count
from tests.variants import variants
from warehouse.backups.backup import MIGRATION, kept_backups
from warehouse.database.connection import attached, open_vault
from warehouse.database.sql_files import migrations

NEWEST = max(PROGRAMS)
LAST_WITH_ADDRESSES = WITHOUT_ADDRESSES - 1
FIGURES = (
    "n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn", "erased",
    "conservation_ok",
)  # fmt: skip
HELD = {
    "select response_id, body, source, run_id, fetched_at, received_no from raw.responses": 1,
    "select survey_id, version, body, first_seen_at from raw.surveys": 1,
    "select question_id, heading from raw.questions": 1,
    "select run_id, command, started_at from ledger.runs": 1,
    "select signatory_id, email_key from core.signatory_ids": 1,
    "select response_id, noticed_at, run_id from core.withdrawn": 1,
    "select entry_no, used_at, who, command, reason, n_rows from privacy.access_log": 1,
    "from core.decisions": WITH_DECISIONS,
    "from privacy.erasures": WITH_ERASURES,
    "from privacy.tombstones": WITH_ERASURES,
    "from privacy.erased_responses": WITH_ERASURES,
}
"""What may not be lost: each query, and the first version whose vault has something in it."""

KILLED = """
import os, signal, sys
from contextlib import contextmanager

from warehouse.database import migrations
from warehouse.privacy import erase_overdue

erase_overdue.BATCH = 10
whole = migrations.transaction


def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def cut_short(connection):
    with whole(connection):
        yield
        if connection.execute("select 1 from migrations where name like '0007%'").fetchone():
            kill()


match sys.argv[1]:
    case "in the migration":
        migrations.transaction = cut_short
    case "before the texts":
        erase_overdue.cut_ip_addresses = kill
    case "in the texts":
        erase_overdue.make_room = kill

from flows.cli import main

sys.exit(main(["recount"]))
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Where today's program has been through what a vault of a version has, and the platform there."""
    with ExitStack() as stack:
        made = {}

        def find(version):
            kind = max(one for one in (1, WITH_DECISIONS, WITH_ERASURES) if one <= version)
            if kind not in made:
                server = stack.enter_context(a_platform())
                place = Pledge(tmp_path_factory.mktemp("lived")).at(server)
                events(place, server, version)
                made[kind] = place, server
            return made[kind]

        yield find


def a_place(folder, version):
    """A place with nothing but the vault of a version."""
    place = Pledge(folder, {"PLEDGE_VAULT_KEY": KEY})
    (place.home / "vault").mkdir(parents=True)
    unpack(version, place.home / "vault" / "vault.duckdb")
    return place


def held(path, version):
    """What is in a vault's file as it is; bodies as they are kept today."""
    with attached(path, KEY, read_only=True) as vault:
        found = {sql: vault.execute(sql).fetchall() for sql, first in HELD.items() if version >= first}
    bodies = next(iter(found))
    found[bodies] = [(one, as_kept(body), *rest) for one, body, *rest in found[bodies]]
    return {sql: set(map(repr, rows)) for sql, rows in found.items()}


def n_addresses(path):
    """How many texts in a vault's file hold an IP address."""
    with attached(path, KEY, read_only=True) as vault:
        holding = "select count(*) from raw.responses where body ->> '$.ip_address' <> ''"
        return vault.execute(holding).fetchone()[0]


def figures(place):
    told = place("status", "--json").json
    by_day = place("query", "from signatories_by_day", "--format", "json").rows
    return {name: told[name] for name in FIGURES}, by_day


def settled(place, version, before):
    """Whether a vault is brought forward whole: nothing lost, no address in it, a copy made before."""
    path = place.home / "vault" / "vault.duckdb"
    after = held(path, version)
    assert {sql: rows - after[sql] for sql, rows in before.items()} == {sql: set() for sql in before}
    assert n_addresses(path) == 0
    with attached(path, KEY, read_only=True) as vault:
        assert vault.execute("select count(*) from migrations").fetchone()[0] == len(migrations())
        is_written_anew = vault.execute("select 1 from ledger.state where name = 'rewritten at'").fetchall()
        assert bool(is_written_anew) or version >= WITHOUT_ADDRESSES
    copies = [copy for copy in kept_backups(place.home / "backups") if copy.why == MIGRATION]
    if version < len(migrations()):
        assert held(copies[-1].path, version) == before
        with attached(copies[-1].path, KEY, read_only=True) as copy:
            assert copy.execute("select count(*) from migrations").fetchone()[0] == version
    else:
        assert copies == []


def test_there_is_a_vault_of_every_version():
    assert [f"{version:04}.duckdb.gz" for version in PROGRAMS] == sorted(one.name for one in VAULTS.iterdir())
    assert [int(name[:4]) for name, _ in migrations()][:NEWEST] == list(PROGRAMS)


@pytest.mark.parametrize("version", variants(PROGRAMS, now=[min(PROGRAMS)]))
def test_an_old_vault_is_brought_forward_and_counts_as_one_made_today(tmp_path, lived, version):
    fresh, server = lived(version)
    place = a_place(tmp_path, version)
    before = held(place.home / "vault" / "vault.duckdb", version)
    assert all(before.values())
    assert (n_addresses(place.home / "vault" / "vault.duckdb") > 0) == (version < WITHOUT_ADDRESSES)

    ran = place("recount", "--json")
    assert (ran.code, ran.json["state"]) == (0, "complete"), ran.stderr
    settled(place, version, before)
    assert figures(place) == figures(fresh)

    somebody = plain_count(server.platform.signatories()).people[5]
    found = place("find", somebody.key, "--json")
    assert (found.code, len(found.json["responses"])) == (0, somebody.n_signatures), found.stderr
    assert place("access-log", "--verify").code == 0
    synced = place.at(server)("sync", "--direct", "--json")
    assert (synced.code, synced.json["responses_new"]) == (0, 0), synced.stderr
    assert figures(place) == figures(fresh)
    settled(place, version, before)


@pytest.mark.parametrize("moment", variants(["in the migration", "before the texts", "in the texts"], now=[]))
def test_a_run_killed_on_the_way_is_gone_on_with_by_the_next(tmp_path, lived, moment):
    fresh, _ = lived(LAST_WITH_ADDRESSES)
    place = a_place(tmp_path, LAST_WITH_ADDRESSES)
    before = held(place.home / "vault" / "vault.duckdb", LAST_WITH_ADDRESSES)
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    assert place.in_a_process(script, moment).code == -9
    assert place("recount").code == 0
    settled(place, LAST_WITH_ADDRESSES, before)
    assert figures(place) == figures(fresh)


@pytest.mark.parametrize(
    "command", [("sync", "--direct"), ("recount",), ("signatories", "--reason", "a test")]
)
def test_a_vault_of_a_later_version_is_refused_in_a_sentence(tmp_path, command):
    place = a_place(tmp_path, NEWEST)
    path = place.home / "vault" / "vault.duckdb"
    with open_vault(path, KEY, now=datetime.now(UTC)) as vault:
        vault.execute("insert into migrations values ('9999_later', now())")
    before = path.read_bytes()
    ran = place(*command)
    assert (ran.code, ran.stdout) == (13, "")
    assert "later version of the pipeline" in ran.stderr
    assert "Update the pipeline" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert path.read_bytes() == before
    assert json.loads(place("status", "--json").stdout)["last_run"] is None
