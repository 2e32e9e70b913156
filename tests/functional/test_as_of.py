"""`pledge report --as-of`: each release's own published figures are read again later, from the vault."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import duckdb
import pytest

from tests.driving import Pledge, a_sandbox
from warehouse.database.connection import open_vault
from warehouse.releases.figures_history import figures_in_place, release_before

BECAUSE = ("--because", "the person wrote to us")
NIGHTLY = ("sync", "--direct", "--json")


def night(pledge, *command):
    """When a run ended that published, and the figures that it published."""
    ran = pledge(*(command or NIGHTLY))
    assert ran.code == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["published"]
    return datetime.fromisoformat(told["ended_at"]), figures_in_place(pledge.published)


def then(pledge, before):
    with pledge.vault() as vault:
        return release_before(vault, before)


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


@pytest.mark.long
def test_each_releases_figures_are_read_again_from_the_vault(nights):
    pledge, kept = nights
    assert len({str(figures.by_day_and_role) for _, figures in kept}) > 3
    for number, (ended, figures) in enumerate(kept):
        assert then(pledge, ended) == figures, f"night {number}"
        assert sum(n for *_, n in figures.by_day_and_role) == figures.n_signatories


def test_a_release_counts_from_the_instant_in_which_it_was_made(nights):
    pledge, kept = nights
    for (_, earlier), (_, figures) in pairwise(kept):
        assert then(pledge, figures.published_at) == earlier
        assert then(pledge, figures.published_at + timedelta(microseconds=1)) == figures


def test_before_the_first_night_nothing_is_known(nights):
    pledge, kept = nights
    assert then(pledge, kept[0][1].published_at) is None


def test_only_days_and_roles_whose_count_has_changed_are_written_down(nights):
    pledge, kept = nights
    with pledge.vault() as vault:
        changes = dict(
            vault.execute("select release_no, count(*) from releases.day_changes group by all").fetchall()
        )
    assert changes[1] == len(kept[0][1].by_day_and_role)
    assert all(changes[no] < 60 for no in range(2, len(kept) + 1))
    assert changes[1] > 150


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


def moved_back(pledge, days, *, is_file_too=False):
    """As if all releases had been made so many days ago; the file in place only where it says so."""
    shift = ", ".join(f"{name} = {name} - interval {days} day" for name in ("published_at", "fresh_as_of"))
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    with open_vault(pledge.home / "vault" / "vault.duckdb", key, now=datetime.now(UTC)) as vault:
        vault.execute(f"update releases.figures set {shift}")
    if is_file_too:
        pledge.published.chmod(0o644)
        with duckdb.connect(str(pledge.published)) as opened:
            opened.execute(f"update about set {shift}")


@pytest.fixture
def long_ago(nights, tmp_path):
    """The same place, its releases made three days ago, and the last one put in place again today."""
    pledge, kept = nights
    place = pledge.copy_to(tmp_path)
    moved_back(place, 3)
    return place, kept


def packed(pledge, folder, *options, has_page=False):
    """The counter's file of a pack, the notes of its tables, and its page where one is asked for."""
    formats = f"json,csv{',html' * has_page}"
    ran = pledge("report", "--formats", formats, "--out", str(folder), *options)
    assert ran.code == 0, ran.stderr
    counts = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
    (notes,) = folder.glob("*-notes.csv")
    page = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    return counts, notes.read_text(encoding="utf-8-sig"), page


def test_the_pack_of_an_earlier_day_shows_it_and_says_so(long_ago, tmp_path):
    pledge, kept = long_ago
    day = (kept[-1][0] - timedelta(days=3)).date()
    counts, notes, page = packed(pledge, tmp_path / "then", "--as-of", f"{day}", has_page=True)
    assert counts["total"] == kept[-1][1].n_signatories
    assert counts["as_at"].startswith(f"{day}")
    assert kept[-1][1].run_id in notes
    for text in (notes, page):
        assert "This pack shows an earlier state" in text
        assert "erased since are still counted" in " ".join(text.split())
    now, notes, _ = packed(pledge, tmp_path / "now", "--since", f"{day}")
    assert "earlier state" not in notes
    assert now["total"] == counts["total"]
    assert "as many as on" in notes


def test_the_release_in_place_is_read_without_the_vault_for_each_day_since_it_was_made(nights, tmp_path):
    pledge, kept = nights
    place = pledge.copy_to(tmp_path / "place")
    moved_back(place, 3, is_file_too=True)
    (place.home / "vault" / "vault.duckdb").unlink()
    day = (kept[-1][0] - timedelta(days=1)).date()
    counts, notes, _ = packed(place, tmp_path / "then", "--as-of", f"{day}")
    assert counts["total"] == kept[-1][1].n_signatories
    assert "This pack shows an earlier state" in notes
    ran = place("report", "--as-of", f"{day - timedelta(days=4)}")
    assert (ran.code, "no vault" in ran.stderr) == (10, True)


@pytest.mark.long
def test_whoever_was_erased_since_is_still_counted_in_it(long_ago, tmp_path):
    pledge, kept = long_ago
    rows = pledge("signatories", "--reason", "a test", "--format", "json").rows
    gone = next(row["email"] for row in rows if row["role"] == "Parent or carer")
    assert pledge("forget", gone).code == 0
    day = (kept[-1][0] - timedelta(days=3)).date()
    counts, _, _ = packed(pledge, tmp_path / "then", "--as-of", f"{day}")
    assert counts["total"] == kept[-1][1].n_signatories
    now, _, _ = packed(pledge, tmp_path / "now")
    assert now["total"] == kept[-1][1].n_signatories - 1


def test_a_release_taken_back_counts_as_never_published(nights, tmp_path):
    pledge, kept = nights
    place = pledge.copy_to(tmp_path)
    assert place("rollback").code == 0
    ended, figures = night(place, "recount", "--json")
    assert then(place, ended) == figures
    assert then(place, figures.published_at) == kept[-2][1]


def test_what_has_changed_is_told_beside_an_earlier_packs_counts(long_ago, tmp_path):
    place, kept = long_ago
    day = (kept[-1][0] - timedelta(days=3)).date()
    packed(place, tmp_path / "first", "--as-of", f"{day}")
    path = tmp_path / "first" / "counts.json"
    for since in ("last week", str(tmp_path / "first" / "missing.json")):
        ran = place("report", "--since", since)
        assert (ran.code, "counts.json of an earlier pack" in ran.stderr) == (2, True)
    _, notes, page = packed(place, tmp_path / "second", "--since", str(path), has_page=True)
    for text in (notes, page):
        assert f"people have signed: as many as on {day.day} {day:%B %Y}" in text
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | {"as_at": "2126-01-01T00:00:00Z"}), encoding="utf-8")
    ran = place("report", "--since", str(path))
    assert (ran.code, "no earlier pack that was made here" in ran.stderr) == (2, True)


def test_what_was_shown_is_kept_for_its_owner_and_a_damaged_record_stops_the_next_pack(nights, tmp_path):
    place = nights[0].copy_to(tmp_path / "place")
    packed(place, tmp_path / "out")
    record = place.home / "reports" / "shown.json"
    assert record.stat().st_mode & 0o077 == 0
    record.write_text("{", encoding="utf-8")
    ran = place("report", "--out", str(tmp_path / "again"))
    assert (ran.code, "shown.json" in ran.stderr) == (10, True)
    assert not (tmp_path / "again").exists()
