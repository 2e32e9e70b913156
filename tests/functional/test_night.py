"""Whole nights against the sandbox, held against a count in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import ROLE_ID, ROLES, question_in
from tests.driving import UNTIL, Pledge, Ran, a_sandbox, now_in_utc, tree
from tests.plain_count import LONDON, PlainCount, plain_count
from warehouse.database.proof import counts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

N_RESPONSES = 2_500
FIELDS = {
    "run_id": str, "state": str, "requests": int, "pages": int, "responses_seen": int, "responses_new": int,
    "responses_changed": int, "responses_withdrawn": int, "n_signatories": int, "by_role": dict,
    "held_back": dict, "not_counted": dict, "duplicates": int, "conservation_ok": bool,
    "calls_left_today": int, "published": str | None, "warnings": list,
}  # fmt: skip
BOOKKEEPING = {"ledger.runs", "ledger.state"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pledge, Ran, SandboxServer]]:
    """A first night over 2,500 responses; not to be changed."""
    with a_sandbox(N_RESPONSES, per_day=500) as server:
        pledge = Pledge(tmp_path_factory.mktemp("first")).at(server)
        ran = pledge("sync", "--direct", "--json")
        assert ran.code == 0, ran.stderr
        yield pledge, ran, server


@pytest.fixture
def second(
    first: tuple[Pledge, Ran, SandboxServer], tmp_path: Path
) -> Iterator[tuple[Pledge, SandboxServer]]:
    """The day after: a copy of the first night's place, and a platform that may be changed."""
    with a_sandbox(N_RESPONSES, per_day=500) as server:
        yield first[0].copy_to(tmp_path).at(server), server


def places_in(pledge: Pledge) -> dict[str, tuple[str, str]]:
    with pledge.vault() as vault:
        found = vault.execute("select response_id, disposition, reason from core.dispositions").fetchall()
    assert len(found) == len({row[0] for row in found})
    return {response_id: (place, reason) for response_id, place, reason in found}


def table(pledge: Pledge, sql: str) -> list[dict[str, Any]]:
    ran = pledge("query", sql, "--format", "json")
    assert ran.code == 0, ran.stderr
    return ran.rows


def vault_dump(pledge: Pledge) -> dict[str, list[str]]:
    """Every row of every table in the vault, as text."""
    with pledge.vault() as vault:
        return {name: sorted(map(repr, vault.execute(f"from {name}").fetchall())) for name in counts(vault)}


def assert_published_equals(pledge: Pledge, count: PlainCount) -> None:
    """Every published figure is the plain count's."""
    by_role = {row["role"]: row["n_signatories"] for row in table(pledge, "from signatories_by_role")}
    assert {role: n for role, n in by_role.items() if n} == count.by_role
    assert set(ROLES.values()) <= set(by_role)

    by_day = table(pledge, "from signatories_by_day order by signed_on")
    assert [(row["signed_on"], row["n_signatories"]) for row in by_day] == [
        (day.isoformat(), n) for day, n in sorted(count.by_day.items())
    ]
    assert by_day[-1]["n_signatories_to_date"] == len(count.people)

    by_month = table(pledge, "from signatories_by_month_and_role")
    assert {(row["month_on"][:7], row["role"]): row["n_signatories"] for row in by_month} == Counter(
        (f"{person.signed_at.astimezone(LONDON):%Y-%m}", person.role) for person in count.people
    )

    people = table(pledge, "from signatories")
    assert Counter(
        (row["role"], row["signed_at"], row["n_signatures"], row["is_on_paper"]) for row in people
    ) == Counter(
        (person.role, person.signed_at.isoformat(), person.n_signatures, person.is_on_paper)
        for person in count.people
    )
    signatures = table(
        pledge, "select count(*) as n, count(*) filter (where is_current) as m from signatures"
    )
    n_counting = len(count.people) + sum(count.at("duplicate").values())
    assert signatures == [{"n": n_counting, "m": len(count.people)}]

    held = table(pledge, "from held_back_by_rule")
    assert {row["rule"]: row["n_responses"] for row in held} == count.at("held back")

    rows = table(pledge, "from reconciliation")
    seen = [row["n_responses"] for row in rows if row["place"] == "seen"]
    placed = {(row["place"], row["reason"]): row["n_responses"] for row in rows if row["place"] != "seen"}
    assert placed == count.by_place
    assert seen == [sum(placed.values())] == [len(count.places)]


def assert_night_equals(pledge: Pledge, ran: Ran, count: PlainCount) -> None:
    """Each response is in its place, and the record and the published tables say so."""
    assert ran.code == 0, ran.stderr
    told = ran.json
    assert places_in(pledge) == count.places
    assert {name: told[name] for name in count.figures} == count.figures
    assert told["conservation_ok"] is True
    assert_published_equals(pledge, count)


def test_a_first_night_puts_every_response_in_its_place(first):
    pledge, ran, server = first
    count = plain_count(server.platform.signatories())
    assert {place for place, _ in count.by_place} == {"signatory", "duplicate", "held back", "not counted"}
    assert_night_equals(pledge, ran, count)
    assert ran.json["responses_new"] == ran.json["responses_seen"] == N_RESPONSES
    assert (ran.json["state"], ran.json["published"]) == ("complete", str(pledge.published))


def test_the_list_of_signatories_has_each_winner_as_typed(first, tmp_path):
    pledge, _, server = first
    ran = pledge.copy_to(tmp_path)("signatories", "--reason", "a test", "--format", "json")
    by_id = {one.response_id: one for one in server.platform.signatories()}
    wanted = [
        {
            "response_id": person.response_id,
            "name": _typed(by_id[person.response_id].name),
            "email": by_id[person.response_id].email,
            "email_key": person.key,
            "role": person.role,
            "role_other": _typed(by_id[person.response_id].other_text),
            "signed_at": person.signed_at.isoformat(),
            "modified_at": by_id[person.response_id].modified_at.isoformat(),
        }
        for person in plain_count(by_id.values()).people
    ]
    assert sorted(ran.rows, key=lambda row: row["response_id"]) == sorted(
        wanted, key=lambda row: row["response_id"]
    )


def _typed(text: str | None) -> str | None:
    """A text of blanks only is no answer."""
    return text if text and text.strip() else None


def test_the_json_has_the_fields_of_the_contract_and_nothing_else_is_on_stdout(first):
    _, ran, _ = first
    told = ran.json
    assert {name for name in FIELDS if not isinstance(told[name], FIELDS[name])} == set()
    for name in ("by_role", "held_back", "not_counted"):
        assert told[name]
        assert all(type(n) is int and n > 0 for n in told[name].values())
    assert told["calls_left_today"] == 500 - told["requests"]


def test_the_calls_told_are_the_calls_made(first):
    _, ran, server = first
    assert ran.json["requests"] == len(server.calls)
    assert ran.json["pages"] == sum("/bulk" in path for _, path in server.calls)


def test_a_second_night_without_change_writes_and_publishes_nothing(second):
    pledge, server = second
    before, published = vault_dump(pledge), tree(pledge.home / "published")
    ran = pledge("sync", "--direct", "--json")
    after = vault_dump(pledge)
    assert (ran.code, ran.json["state"], ran.json["published"]) == (0, "unchanged", None)
    assert tree(pledge.home / "published") == published
    assert {name for name in after if after[name] != before[name]} <= BOOKKEEPING
    assert after.keys() == before.keys()
    assert len(server.calls) == ran.json["requests"] <= 4
    assert ran.json["responses_new"] == ran.json["responses_changed"] == 0
    assert ran.json["n_signatories"] == len(plain_count(server.platform.signatories()).people)


def changed_by_hand(server: SandboxServer) -> None:
    """Edits of every kind, deletions and additions, as a day brings them."""
    everybody = sorted(server.platform.signatories(), key=lambda one: int(one.response_id))
    count = plain_count(everybody)
    counting = [one for one in everybody if count.places[one.response_id][0] == "signatory"]
    held = [one for one in everybody if count.places[one.response_id][0] == "held back"]
    partial = [one for one in everybody if one.status == "partial"]
    edit, delete = server.platform.edit, server.platform.delete
    for one in counting[10:30]:
        edit(one.response_id, name=f"{one.name} the Second")
    for one, other in zip(counting[30:36], counting[40:46], strict=True):
        edit(one.response_id, email=f" {other.email.upper()} ")
    for one in counting[50:55]:
        edit(one.response_id, email="not an address")
    for one in counting[55:58]:
        edit(one.response_id, status="partial")
    edit(counting[58].response_id, choice_id=None, other_text="Lollipop person")
    edit(counting[59].response_id, choice_id=None, other_text=None)
    for number, one in enumerate(held[:8]):
        edit(one.response_id, email=f"mended.{number}@example.org")
    for one in partial[:4]:
        edit(one.response_id, status="completed", email=counting[70].email)
    for one in [*counting[100:105], held[10], partial[10]]:
        delete(one.response_id)
    for number, one in enumerate(invent(40, 77, UNTIL), start=1):
        now = now_in_utc().replace(microsecond=0) - timedelta(minutes=10)
        server.platform.add(
            replace(one, response_id=str(120_000_000_000 + number), created_at=now, modified_at=now)
        )


def test_the_night_after_edits_deletions_and_additions_equals_a_fresh_count(second):
    pledge, server = second
    ever_seen = {one.response_id for one in server.platform.signatories()}
    changed_by_hand(server)
    there = server.platform.signatories()
    ran = pledge("sync", "--direct", "--json")
    count = plain_count(there, ever_seen)
    assert_night_equals(pledge, ran, count)
    told = ran.json
    assert (told["state"], told["responses_new"], told["responses_withdrawn"]) == ("complete", 40, 7)
    assert told["responses_changed"] == sum(
        one.response_id in ever_seen and one.modified_at > UNTIL for one in there
    )
    assert len(server.calls) == told["requests"] <= 8 + 7  # seven vanished ids are looked at once more

    again = pledge("sync", "--direct", "--json").json
    assert (again["state"], again["requests"]) == ("unchanged", 4)


def test_a_withdrawn_response_that_comes_back_counts_again(second):
    pledge, server = second
    ever_seen = {one.response_id for one in server.platform.signatories()}
    person = plain_count(server.platform.signatories()).people[0]
    gone = next(one for one in server.platform.signatories() if one.response_id == person.response_id)
    server.platform.delete(gone.response_id)
    withdrawn = pledge("sync", "--direct", "--json")
    assert_night_equals(pledge, withdrawn, plain_count(server.platform.signatories(), ever_seen))
    assert places_in(pledge)[gone.response_id] == ("withdrawn", "gone at the platform")
    server.platform.add(gone)
    back = pledge("sync", "--direct", "--json")
    assert_night_equals(pledge, back, plain_count(server.platform.signatories()))


def test_many_vanished_at_once_are_marked_only_with_a_persons_word(second):
    pledge, server = second
    ever_seen = {one.response_id for one in server.platform.signatories()}
    before, published = places_in(pledge), tree(pledge.home / "published")
    for response_id in sorted(ever_seen)[:400]:
        server.platform.delete(response_id)
    doubting = pledge("sync", "--direct", "--json")
    assert (doubting.code, doubting.json["responses_withdrawn"]) == (0, 0)
    assert any("--accept-withdrawals" in warning for warning in doubting.json["warnings"])
    assert (places_in(pledge), tree(pledge.home / "published")) == (before, published)
    told = pledge("sync", "--direct", "--json", "--accept-withdrawals")
    assert_night_equals(pledge, told, plain_count(server.platform.signatories(), ever_seen))
    assert told.json["responses_withdrawn"] == 400


def test_a_full_night_fetches_all_again_and_finds_nothing_new(second):
    pledge, server = second
    published = tree(pledge.home / "published")
    told = pledge("sync", "--direct", "--full", "--json").json
    assert (told["state"], told["responses_seen"]) == ("unchanged", N_RESPONSES)
    assert (told["responses_new"], told["responses_changed"]) == (0, 0)
    assert sum("/bulk" in path for _, path in server.calls) >= N_RESPONSES // 100
    assert tree(pledge.home / "published") == published


def test_a_changed_role_text_is_told_and_shown_without_fetching_a_response(second):
    pledge, server = second
    text = next(iter(ROLES.values()))

    def reword(design: dict[str, Any]) -> None:
        question_in(design, ROLE_ID)["answers"]["choices"][0]["text"] = "Parent, carer or guardian"

    server.platform.redesign(reword)
    told = pledge("sync", "--direct", "--json").json
    by_role = plain_count(server.platform.signatories()).by_role
    assert told["by_role"] == {
        ("Parent, carer or guardian" if role == text else role): n for role, n in by_role.items()
    }
    assert any("Parent, carer or guardian" in sentence for sentence in told["drift"] + told["warnings"])
    assert (told["state"], told["responses_new"], told["responses_changed"]) == ("complete", 0, 0)


@pytest.mark.parametrize("is_json", [False, True])
def test_a_dry_run_after_a_night_shows_the_plan_and_writes_nothing(second, is_json):
    pledge, server = second
    for one in server.platform.signatories()[:150]:
        server.platform.edit(one.response_id, name="Somebody Else")
    before = tree(pledge.folder)
    ran = pledge("sync", "--dry-run", *(["--json"] if is_json else []))
    assert ran.code == 0
    assert tree(pledge.folder) == before
    assert len(server.calls) <= 4
    if is_json:
        assert (ran.json["n_responses"], ran.json["pull"]) == (N_RESPONSES, 2)
        assert 150 <= ran.json["n_to_fetch"] <= 155
        assert ran.json["spent"] == len(server.calls)
    else:
        assert "2,500" in ran.stdout
        assert "Nothing was written." in ran.stdout


def test_a_dry_run_before_the_first_night_does_not_even_make_the_home(run_pledge):
    with a_sandbox(250, per_day=500) as server:
        ran = run_pledge.at(server)("sync", "--dry-run", "--json")
    assert (ran.code, ran.json["n_to_fetch"], ran.json["pull"]) == (0, 250, 3)
    assert ran.json["left_today"] == 500 - len(server.calls)
    assert tree(run_pledge.folder) == {}


def test_the_plan_says_what_the_night_then_costs(run_pledge):
    with a_sandbox(1_000, per_day=500) as server:
        plan = run_pledge.at(server)("sync", "--dry-run", "--json").json
        told = run_pledge("sync", "--direct", "--json").json
    assert plan["pull"] <= told["pages"] <= plan["pull"] + 1


def test_the_run_that_made_the_published_file_stands_in_it_with_its_counts(first):
    pledge, ran, _ = first
    assert table(pledge, "select run_id, n_requests, n_pages, n_responses_new from runs") == [
        {
            "run_id": ran.json["run_id"],
            "n_requests": ran.json["requests"],
            "n_pages": ran.json["pages"],
            "n_responses_new": N_RESPONSES,
        }
    ]


def test_every_instant_in_a_record_is_aware_and_in_order(first):
    _, ran, _ = first
    started, ended, fresh = (
        datetime.fromisoformat(ran.json[name]) for name in ("started_at", "ended_at", "fresh_as_of")
    )
    assert started.utcoffset() == ended.utcoffset() == timedelta(0)
    assert fresh == started < ended
