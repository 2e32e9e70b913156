"""`pledge report --as-of`: each night's own published figures are worked out again later, from the vault."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.driving import Pledge, a_sandbox
from warehouse.database.connection import open_vault
from warehouse.errors import NoHistoryError
from warehouse.ingest import designs
from warehouse.queries import figures as read
from warehouse.releases.as_of import figures_then
from warehouse.transform.stage import Form, staging_area

BECAUSE = ("--because", "the person wrote to us")
NIGHTLY = ("sync", "--direct", "--json")


def published(pledge):
    """What the published file says that packs are made of."""
    queries = (
        "select role, n_signatories from signatories_by_role order by role_no",
        "select signed_on, n_signatories from signatories_by_day order by signed_on",
        "select place, reason, n_responses from reconciliation where place <> 'seen' order by all",
        "select rule, n_responses from held_back_by_rule order by rule",
        "select run_id from about",
        "select wording from pledge_versions where is_current",
        "select signed_on, role, count(*) from signatories group by all order by all",
    )
    return [read.query(pledge.published, sql)[1] for sql in queries]


def then(pledge, until):
    with pledge.vault() as vault, staging_area(vault):
        survey_id, version = designs.last_form(vault)
        found = figures_then(vault, Form(survey_id, version), until)
    return [
        found.by_role,
        found.by_day,
        found.places,
        [(rule, n) for rule, _, n in found.held_back],
        [(found.run_id,)],
        [(found.wording,)],
        found.by_day_and_role,
    ]


def night(pledge, *command):
    ran = pledge(*(command or NIGHTLY))
    assert ran.code == 0, ran.stderr
    told = json.loads(ran.stdout)
    return datetime.fromisoformat(told["ended_at"]), published(pledge)


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Six nights: as they come, with edits of role and address, withdrawals, decisions, one undone."""
    with a_sandbox(400, seed=5) as server:
        platform = server.platform
        pledge = Pledge(tmp_path_factory.mktemp("as-of")).at(server)
        kept = [night(pledge)]
        people = [one for one in platform.signatories() if one.email]
        choices = sorted({one.choice_id for one in people if one.choice_id})
        for one, choice in zip(people[:12], choices * 12, strict=False):
            platform.edit(one.response_id, choice_id=choice)
        platform.edit(people[13].response_id, choice_id=None, other_text="granny of two")
        platform.edit(people[14].response_id, email=people[15].email)
        kept.append(night(pledge))
        for one in people[20:26]:
            platform.delete(one.response_id)
        kept.append(night(pledge, "sync", "--direct", "--json", "--full"))
        held = pledge("held-back", "--format", "json").rows
        assert pledge("accept", held[0]["response_id"], *BECAUSE).code == 0
        assert pledge("reject", people[30].response_id, *BECAUSE).code == 0
        assert (
            pledge("assign-role", "--other", "granny of two", "--as", "Parent or carer", *BECAUSE).code == 0
        )
        kept.append(night(pledge, "recount", "--json"))
        assert pledge("undo", "1", *BECAUSE).code == 0
        assert pledge("undo", "3", *BECAUSE).code == 0
        platform.edit(people[0].response_id, choice_id=choices[-1])
        kept.append(night(pledge))
        platform.edit(people[13].response_id, choice_id=choices[0], other_text=None)
        kept.append(night(pledge))
        yield pledge, kept


def test_each_nights_figures_are_worked_out_again_from_the_vault(nights):
    pledge, kept = nights
    assert len({str(figures) for _, figures in kept}) == len(kept)
    for number, (ended, figures) in enumerate(kept):
        assert then(pledge, ended) == figures, f"night {number}"
        assert then(pledge, ended + timedelta(milliseconds=1)) == figures


def test_before_the_first_night_nothing_is_known(nights):
    pledge, kept = nights
    with pytest.raises(NoHistoryError, match=f"{kept[0][0]:%Y-%m-%d}"):
        then(pledge, kept[0][0] - timedelta(milliseconds=1))


def test_a_day_before_the_history_and_one_to_come_are_refused_in_a_sentence(nights):
    pledge, kept = nights
    ran = pledge("report", "--as-of", "2020-01-01")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"{kept[0][0]:%Y-%m-%d}" in ran.stderr
    later = datetime.now(UTC) + timedelta(days=2)
    ran = pledge("report", "--as-of", f"{later:%Y-%m-%d}")
    assert (ran.code, ran.stdout) == (2, "")
    assert "yet to come" in ran.stderr
    assert pledge("report", "--as-of", "yesterday").code == 2


def moved_back(pledge, days):
    """As if all nights had been so many days ago: what the vault and the records say of when."""
    shift = f"interval {days} day"
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    with open_vault(pledge.home / "vault" / "vault.duckdb", key, now=datetime.now(UTC)) as vault:
        for table, columns in {
            "core.disposition_changes": ["changed_at"],
            "core.decisions": ["decided_at", "undone_at"],
            "core.withdrawn": ["noticed_at", "erased_at"],
            "raw.responses": ["fetched_at"],
            "ledger.runs": ["started_at", "ended_at"],
        }.items():
            vault.execute(
                f"update {table} set " + ", ".join(f"{name} = {name} - {shift}" for name in columns)
            )
        vault.execute(
            "update ledger.runs set record = json_merge_patch(record, json_object('fresh_as_of',"
            f" (cast(record ->> '$.fresh_as_of' as timestamptz) - {shift})::varchar))"
        )


@pytest.fixture
def long_ago(nights, tmp_path):
    """The same place, its nights three days ago."""
    pledge, kept = nights
    place = pledge.copy_to(tmp_path)
    moved_back(place, 3)
    return place, kept


def packed(pledge, folder, *options):
    ran = pledge("report", "--formats", "json,csv,html", "--out", str(folder), *options)
    assert ran.code == 0, ran.stderr
    counts = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
    (notes,) = folder.glob("*-notes.csv")
    (page,) = folder.glob("*.html")
    return counts, notes.read_text(encoding="utf-8-sig"), page.read_text(encoding="utf-8")


def test_the_pack_of_an_earlier_day_shows_it_and_says_so(long_ago, tmp_path):
    pledge, kept = long_ago
    day = (kept[-1][0] - timedelta(days=3)).date()
    counts, notes, page = packed(pledge, tmp_path / "then", "--as-of", f"{day}")
    assert counts["total"] == sum(n for _, n in kept[-1][1][0])
    assert counts["as_at"].startswith(f"{day}")
    for text in (notes, page):
        assert "This pack shows an earlier state" in text
        assert "erased since are not in it" in " ".join(text.split())
    now, notes, _ = packed(pledge, tmp_path / "now", "--since", f"{day}")
    assert "earlier state" not in notes
    assert now["total"] == counts["total"]
    assert "as many as on" in notes


def test_whoever_was_erased_since_is_not_in_it(long_ago, tmp_path):
    pledge, kept = long_ago
    rows = pledge("signatories", "--reason", "a test", "--format", "json").rows
    gone = next(row["email"] for row in rows if row["role"] == "Parent or carer")
    assert pledge("forget", gone).code == 0
    day = (kept[-1][0] - timedelta(days=3)).date()
    counts, _, _ = packed(pledge, tmp_path / "then", "--as-of", f"{day}")
    assert counts["total"] == sum(n for _, n in kept[-1][1][0]) - 1


def test_what_has_changed_is_told_beside_an_earlier_packs_counts(nights, tmp_path):
    place = nights[0].copy_to(tmp_path / "place")
    packed(place, tmp_path / "first")
    assert place("report", "--since", "last week").code == 2
    assert place("report", "--since", str(tmp_path / "first" / "missing.json")).code == 2
    path = tmp_path / "first" / "counts.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    earlier = told | {
        "as_at": "2026-01-01T00:00:00Z",
        "roles_as_on": "2026-01-01",
        "total": told["total"] - 40,
    }
    path.write_text(json.dumps(earlier), encoding="utf-8")
    _, notes, page = packed(place, tmp_path / "second", "--since", str(path))
    assert (
        f"{told['total']:,} people have signed, 40 more than the {told['total'] - 40:,} on 1 January 2026"
        in notes
    )
    assert "40 more than the" in page
    path.write_text(json.dumps(told | {"as_at": "2126-01-01T00:00:00Z"}), encoding="utf-8")
    ran = place("report", "--since", str(path))
    assert (ran.code, "earlier state" in ran.stderr) == (2, True)


def test_what_was_shown_is_kept_for_its_owner_and_a_damaged_record_stops_the_next_pack(nights, tmp_path):
    place = nights[0].copy_to(tmp_path / "place")
    packed(place, tmp_path / "out")
    record = place.home / "reports" / "shown.json"
    assert record.stat().st_mode & 0o077 == 0
    record.write_text("{", encoding="utf-8")
    ran = place("report", "--out", str(tmp_path / "again"))
    assert (ran.code, "shown.json" in ran.stderr) == (10, True)
    assert not (tmp_path / "again").exists()
