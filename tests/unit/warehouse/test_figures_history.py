"""The figures of releases in the vault: of those that came into place, whatever happened on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from tests.builders import FORM, NOW, ROLE
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse import failpoints
from warehouse.queries import figures
from warehouse.releases import kept, publish
from warehouse.releases.figures_history import (
    choice_counts,
    figures_in_place,
    first_published_at,
    places_of,
    release_before,
    role_counts,
    role_counts_by,
)
from warehouse.releases.packs_shown import note_packs_shown, read_packs_shown
from warehouse.transform.stage import Breakdown

LATER = NOW + timedelta(seconds=1)
BOUNDARIES = ["file built", "file kept", "file in place"]


class StoppedError(Exception):
    """A release stopped on its way."""


@pytest.fixture
def vault(tmp_path):
    """A vault in which three people have signed on two days, one response of them is held back."""
    form = replace(FORM, breakdowns=(Breakdown("Kind", "You are a", (ROLE,)),))
    with a_vault(tmp_path, check=held_by_a_plain_rule, form=form) as opened:
        opened.night("""
            id   | email    | choice | created
            1001 | a@b.co   | 21     | 2026-03-01T09:00:00+00:00
            1002 | b@b.co   | 22     | 2026-03-01T09:00:00+00:00
            1003 | c@b.co   | 21     | 2026-03-02T09:00:00+00:00
            1004 | nonsense | 21     | 2026-03-02T09:00:00+00:00
        """)
        yield opened


@pytest.fixture
def folder(tmp_path):
    """Where readers look."""
    return tmp_path / "published"


def stopped_at(vault, folder, run_id, boundary):
    """Publish, and stop there."""

    def stop(reached):
        if reached == boundary:
            raise StoppedError

    n_seen = figures.n_seen(vault.connection, vault.form.survey_id)
    release = kept.Release(run_id, NOW, NOW, "The Connect Pledge", n_seen)
    with pytest.raises(StoppedError), failpoints.installed(stop):
        publish.publish(vault.connection, vault.form, release, folder, keep=3)


def runs(vault):
    return [row["run_id"] for row in vault.rows("select run_id from releases.figures order by release_no")]


def test_a_release_is_read_from_the_vault_as_from_its_file(vault, folder):
    path = vault.publish(folder, "run-001")
    found = release_before(vault.connection, LATER)
    assert found == figures_in_place(path)
    by_role = [("Parent or carer", 2), ("School or nursery", 1), ("Other", 0), ("(no answer)", 0)]
    assert found.by_role == by_role
    assert found.breakdowns == [("Kind", "You are a", by_role)]
    assert found.doubts == [("same person", 0), ("two people", 0), ("not genuine", 0)]
    assert [(day, n) for day, _, n in found.by_day_and_role] == [
        (date(2026, 3, 1), 1),
        (date(2026, 3, 1), 1),
        (date(2026, 3, 2), 1),
    ]
    assert found.held_back == [("invalid", "because", 1)]
    assert (found.n_signatories, found.n_seen) == (3, 4)
    assert release_before(vault.connection, NOW) is None
    assert first_published_at(vault.connection) == NOW


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_figures_kept_are_those_of_releases_that_came_into_place(vault, folder, boundary):
    path = vault.publish(folder, "run-001")
    vault.night("id\n1005")
    stopped_at(vault, folder, "run-002", boundary)
    in_place = figures_in_place(path)
    vault.night("id\n1006")
    vault.publish(folder, "run-003")
    expected = ["run-001", *(["run-002"] if boundary == "file in place" else []), "run-003"]
    assert runs(vault) == expected
    assert in_place.run_id == expected[-2]
    assert release_before(vault.connection, LATER) == figures_in_place(path)


def test_a_release_taken_back_is_dropped_by_the_next(vault, folder):
    for n in (1, 2, 3):
        vault.night(f"id\n{2000 + n}")
        path = vault.publish(folder, f"run-00{n}")
    kept.rollback(folder)
    kept.rollback(folder)
    vault.night("id\n2004")
    vault.publish(folder, "run-004")
    assert runs(vault) == ["run-001", "run-004"]
    assert release_before(vault.connection, LATER) == figures_in_place(path)


def test_figures_are_kept_though_the_files_are_gone(vault, folder):
    vault.publish(folder, "run-001")
    for path in folder.rglob("*.duckdb"):
        path.unlink()
    vault.publish(folder, "run-002")
    assert runs(vault) == ["run-001", "run-002"]
    assert vault.rows("select release_no, sum(n_more) as n from releases.day_changes group by all") == [
        {"release_no": 1, "n": 3}
    ]


def test_whoever_is_counted_elsewhere_is_one_fewer_there(vault, folder):
    vault.publish(folder, "run-001")
    vault.night("id | email | choice | created\n1002 | b@b.co | 21 | 2026-03-01T09:00:00+00:00")
    path = vault.publish(folder, "run-002")
    changes = vault.rows("select signed_on, n_more from releases.day_changes where release_no = 2 order by 2")
    assert [tuple(row.values()) for row in changes] == [(date(2026, 3, 1), -1), (date(2026, 3, 1), 1)]
    assert release_before(vault.connection, LATER) == figures_in_place(path)


def test_each_release_gives_its_exact_counts_by_its_run(vault, folder):
    vault.publish(folder, "run-001")
    vault.night("id | email | choice | created\n1005 | e@b.co | 22 | 2026-03-02T09:00:00+00:00")
    vault.publish(folder, "run-002")
    opened, first_day = vault.connection, date(2026, 3, 1)
    exact = {"Parent or carer": 2, "School or nursery": 1, "Other": 0, "(no answer)": 0}
    assert role_counts(opened, "run-001") == choice_counts(opened, "run-001", "Kind") == exact
    assert role_counts(opened, "run-002") == exact | {"School or nursery": 2}
    assert role_counts_by(opened, "run-002", first_day) == exact | {"Parent or carer": 1}
    assert role_counts_by(opened, "run-002", first_day - timedelta(days=1)) == dict.fromkeys(exact, 0)
    assert places_of(opened, "run-001") == (
        [("held back", "invalid", 1), ("signatory", "counts", 3)],
        [("invalid", "because", 1)],
    )


def test_of_what_is_not_written_down_there_is_none(vault, folder):
    vault.publish(folder, "run-001")
    opened = vault.connection
    assert choice_counts(opened, "run-001", "Another") is None
    for found in (role_counts, places_of):
        assert found(opened, "run-000") is None
    assert role_counts_by(opened, "run-000", NOW.date()) is None
    assert choice_counts(opened, "run-000", "Kind") is None


def test_what_packs_have_shown_is_what_was_noted_last(vault):
    assert read_packs_shown(vault.connection) is None
    for content in ("first", "second"):
        note_packs_shown(vault.connection, content, NOW)
    assert read_packs_shown(vault.connection) == "second"
    assert vault.rows("select * from releases.packs_shown") == [{"noted_at": NOW, "content": "second"}]


@pytest.mark.parametrize(
    ("version", "lacking", "expected"),
    [
        (1, ["table headline", "table platform_comparison", "table signatories_by_choice"], None),
        (2, ["table signatories_by_choice"], 3),
    ],
)
def test_a_file_of_an_earlier_schema_version_is_read_without_what_it_lacks(
    vault, folder, version, lacking, expected
):
    path = vault.publish(folder, "run-001")
    path.chmod(0o644)
    with duckdb.connect(str(path)) as opened:
        opened.execute("; ".join(f"drop {one}" for one in lacking))
        opened.execute("update about set schema_version = ?", [version])
    found = figures_in_place(path)
    assert (found.n_signatories, found.n_lowest, found.n_platform) == (3, expected, None)
    assert (found.breakdowns, found.doubts) == ([], [])
