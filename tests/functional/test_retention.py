"""What is kept no longer is gone from the vault and its figures stay: by the commands, over whole nights."""

from __future__ import annotations

import pytest

from connectors.sandbox.world import pledge as form
from tests.driving import KILLED, Pledge, a_sandbox, tree
from tests.exporting import Style, export_bytes, exportable
from tests.plain_count import plain_count
from tests.variants import variants
from warehouse.backups.backup import kept_backups
from warehouse.database.connection import attached
from warehouse.database.proof import counts

BECAUSE = ("--because", "Wilhelmina Canary rang us")
CANARIES = ("canary", "wilhelmina")
TOLD = ("n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn", "conservation_ok")
OVER = """
[retention]
pledge_closed_on = 2025-11-03
names_and_addresses_months = 6
"""
OPEN = """
[retention]
pledge_closed_on = 2125-11-03
names_and_addresses_months = 6
"""
N_RESPONSES = 300
FIGURES = """
    select response_id, disposition, reason from core.dispositions order by all;
    select signatory_id, response_id, role_state, role_choice_id, signed_at, modified_at, n_signatures
        from core.signatories order by all;
    select response_id, rule, all_rules, held_since from core.held_back order by all;
    select kind, other_subject, verdict, who, undone_at from core.decisions order by decision_no;
    select signal, signatory_id, other_id, response_id from core.signals order by all;
    select response_id, survey_id, status, mode, created_at, modified_at, email_problem
        from core.signatures order by all;
    select response_id, question_id, answer_no, choice_id, row_id, other_id from core.answers order by all;
"""


def set_up(place, text):
    (place.folder / "pledge.toml").write_text(text, encoding="utf-8")


def figures(place):
    """All that the published figures are made of, row by row."""
    with place.vault() as vault:
        return [vault.execute(sql).fetchall() for sql in FIGURES.split(";") if sql.strip()]


def told(place, *command):
    ran = place(*command, "--json")
    assert ran.code == 0, ran.stderr
    return ran.json


def found_in(path, key, texts):
    """The tables of a vault in which one of the texts can be read."""
    with attached(path, key, read_only=True) as vault:
        rows = {name: repr(vault.execute(f"from {name}").fetchall()).lower() for name in counts(vault)}
    return {name for name, text in rows.items() if any(one in text for one in texts)}


def key_of(place):
    return (place.home / "keys" / "vault.key").read_text().strip()


def typed_by(server):
    """Every name and address ever typed, in small letters."""
    people = list(server.platform.signatories())
    texts = {text.strip().lower() for one in people for text in (one.name, one.email) if text}
    return {text for text in texts if len(text) > 6 and text.isascii()}


@pytest.fixture(scope="module")
def server():
    """A platform with somebody who typed their name everywhere, twice."""
    with a_sandbox(N_RESPONSES, seed=7) as running:
        count = plain_count(running.platform.signatories())
        winners = [person.response_id for person in count.people]
        for number, response_id in enumerate(winners[:4]):
            running.platform.edit(
                response_id,
                name=f"Wilhelmina Canary {number}",
                choice_id=None,
                other_text=["Canary keeper", "canary keeper!", "A canary", "Canary friend"][number],
            )
        yield running


@pytest.fixture(scope="module")
def counted_once(server, tmp_path_factory):
    """Where two nights and some decisions of people have been; not to be changed."""
    place = Pledge(tmp_path_factory.mktemp("counted")).at(server)
    set_up(place, OPEN)
    assert place("sync", "--direct").code == 0
    held = [row["response_id"] for row in place("held-back", "--format", "json").rows]
    choose = ("assign-role", "--as", "Keeper", *BECAUSE, "--other")
    assert place(*choose, "canary KEEPER").code == 0
    assert place("assign-role", "--as", "Friend", *BECAUSE, "--exactly", "--other", "Canary friend").code == 0
    assert place("assign-role", "--as", "Nobody", *BECAUSE, "--other", "A canary").code == 0
    assert place("accept", held[0], *BECAUSE).code == 0
    assert place("undo", "3", *BECAUSE).code == 0
    assert place("sync", "--direct", "--full").code == 0
    assert told(place, "status")["by_role"]["Keeper"] == 2
    return place


@pytest.fixture
def counted(counted_once, server, tmp_path):
    return counted_once.copy_to(tmp_path).at(server)


def test_the_preview_tells_what_is_due_and_when_and_erases_nothing(counted):
    before = tree(counted.home)
    rows = {row["what"]: row for row in counted("retention", "--dry-run", "--json").rows}
    assert rows["names and addresses"] == {
        "what": "names and addresses",
        "rule": "6 months after the pledge closed on 2125-11-03",
        "n_due": 0,
        "next_on": "2126-05-04",
        "next_n": N_RESPONSES,
    }
    set_up(counted, OVER)
    rows = {row["what"]: row for row in counted("retention", "--dry-run", "--json").rows}
    assert (rows["names and addresses"]["n_due"], rows["names and addresses"]["next_on"]) == (
        N_RESPONSES,
        None,
    )
    shown = counted("retention", "--dry-run")
    assert "6 months after the pledge closed on 2025-11-03" in shown.stdout
    assert "Nothing was erased." in shown.stdout
    assert tree(counted.home) == before


def test_no_ip_address_is_ever_kept_and_a_full_walk_changes_nothing(counted, server):
    before, published = figures(counted), counted.published.read_bytes()
    ips = {one.ip for one in server.platform.signatories() if one.ip}  # paper has none
    vault = counted.home / "vault" / "vault.duckdb"
    assert len(ips) > N_RESPONSES / 2
    assert found_in(vault, key_of(counted), ips) == set()
    again = told(counted, "sync", "--direct", "--full")
    assert (again["state"], again["responses_changed"], again["retention"]) == ("unchanged", 0, {})
    assert again["responses_seen"] >= N_RESPONSES
    assert found_in(vault, key_of(counted), ips) == set()
    assert figures(counted) == before
    assert counted.published.read_bytes() == published


def test_names_are_gone_everywhere_and_the_figures_are_as_they_were(counted, server):
    before, published, standing = figures(counted), counted.published.read_bytes(), told(counted, "status")
    texts = {*CANARIES, *typed_by(server)}
    vault = counted.home / "vault" / "vault.duckdb"
    assert {"raw.responses", "core.decisions", "core.answers"} <= found_in(vault, key_of(counted), texts)
    set_up(counted, OVER)
    erased = told(counted, "retention")
    assert erased["retention"] == {"names_and_addresses": N_RESPONSES}
    assert erased["state"] == "complete"
    assert found_in(vault, key_of(counted), texts) == set()
    assert found_in(kept_backups(counted.home / "backups")[0].path, key_of(counted), texts) == set()
    assert figures(counted) == before
    assert counted.published.read_bytes() == published
    after = told(counted, "status")
    assert {name: after[name] for name in TOLD} == {name: standing[name] for name in TOLD}
    assert "the figures are final" in counted("status").stdout
    assert not after["stale"]


def test_after_that_nothing_is_fetched_or_imported_and_the_rest_goes_on(counted, server, tmp_path):
    before, published = figures(counted), counted.published.read_bytes()
    set_up(counted, OVER)
    n_calls = len(server.calls)
    first = counted("sync", "--direct", "--json")
    assert (first.code, first.json["state"], first.json["requests"]) == (0, "unchanged", 0)
    assert "would bring them back" in first.stderr
    assert told(counted, "sync", "--direct", "--full", "--recheck")["state"] == "unchanged"
    assert told(counted, "sync", "--direct")["warnings"] == []
    assert len(server.calls) == n_calls
    file = tmp_path / "export.csv"
    file.write_bytes(export_bytes(exportable(server.platform.signatories()), Style()))
    refused = counted("import", str(file))
    assert (refused.code, "names and addresses of this pledge were erased" in refused.stderr) == (10, True)
    assert figures(counted) == before
    assert counted.published.read_bytes() == published
    assert counted("report", "--formats", "json").code == 0
    assert told(counted, "recount", "--recheck")["state"] == "unchanged"


def test_staged_checked_or_noticed_by_other_rules_nothing_changes_any_more(counted):
    before = figures(counted)
    set_up(counted, OVER)
    assert counted("retention").code == 0
    with attached(counted.home / "vault" / "vault.duckdb", key_of(counted)) as vault:
        vault.execute(
            "update ledger.state set value = 'other' where name in ('staged_by', 'signals noticed by')"
        )
    assert told(counted, "recount", "--recheck")["conservation_ok"]
    set_up(counted, OVER + f'[questions]\nname = "id:{form.EMAIL_ID}"\n')
    assert told(counted, "recount", "--recheck")["conservation_ok"]
    assert figures(counted) == before


def test_a_pledge_that_people_signed_after_the_day_keeps_its_names_until_somebody_says_so(counted):
    set_up(counted, OVER.replace("2025-11-03", "2024-11-03"))
    kept = told(counted, "retention")
    assert kept["retention"] == {}
    (warning,) = kept["warnings"]
    assert "pledge retention --accept-late" in warning
    assert told(counted, "sync", "--direct")["warnings"] == [warning]
    assert told(counted, "retention", "--accept-late")["retention"] == {"names_and_addresses": N_RESPONSES}
    assert told(counted, "sync", "--direct")["warnings"] == []


def test_decisions_of_people_still_take_effect(counted):
    set_up(counted, OVER)
    assert counted("retention").code == 0
    standing = told(counted, "status")
    held = [row["response_id"] for row in counted("held-back", "--format", "json").rows]
    assert counted("accept", held[0], "--because", "known to staff").code == 0
    assert counted("undo", "1", "--because", "a keeper is none").code == 0
    after = told(counted, "recount")
    assert after["n_signatories"] == standing["n_signatories"] + 1
    assert sum(after["held_back"].values()) == sum(standing["held_back"].values()) - 1
    assert "Keeper" not in after["by_role"]
    assert after["by_role"]["Friend"] == 1
    assert after["state"] == "complete"


def test_somebody_can_still_be_found_and_forgotten_by_their_address(counted, server):
    set_up(counted, OVER)
    assert counted("retention").code == 0
    before = told(counted, "status")
    person = plain_count(server.platform.signatories()).people[20]
    found = counted("forget", person.key, "--reason", "asked by letter", "--json")
    assert found.code == 0, found.stderr
    assert person.response_id in found.json["responses"]
    after = told(counted, "status")
    assert (after["n_signatories"], after["erased"]) == (
        before["n_signatories"] - 1,
        len(found.json["responses"]),
    )
    assert after["conservation_ok"]


@pytest.mark.parametrize(
    "boundary", variants(["typed rows erased", "names erased"], now=["typed rows erased"])
)
def test_one_killed_in_the_middle_is_gone_on_with_by_the_next_run(counted, server, boundary):
    before, published = figures(counted), counted.published.read_bytes()
    set_up(counted, OVER)
    small = tmp_batches(counted.folder)
    assert counted.in_a_process(small, boundary, "retention").code == -9
    assert told(counted, "sync", "--direct")["state"] == "unchanged"
    texts = {*CANARIES, *typed_by(server)}
    assert found_in(counted.home / "vault" / "vault.duckdb", key_of(counted), texts) == set()
    assert figures(counted) == before
    assert counted.published.read_bytes() == published
    assert [row["n_due"] for row in counted("retention", "--dry-run", "--json").rows] == [0, 0]
    assert counted.records()[-1]["names_erased_at"]


def tmp_batches(folder):
    """A script that runs a command with batches of a few versions, and is killed at a failpoint."""
    script = folder / "small_batches.py"
    script.write_text(
        "from warehouse.privacy import erase_names\n"
        "erase_names.BATCH = 100\n"
        f"erase_names.ANSWERS = 200\n{KILLED}",
        encoding="utf-8",
    )
    return script
