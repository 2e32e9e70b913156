"""What the build hands to the checks, and what it has to decide again."""

from __future__ import annotations

import pandas as pd
import pytest

from checks.row_checks import COLUMNS
from checks.row_rules import INSTANTS
from tests.vaults import a_vault, bodies_of, held_by_a_plain_rule
from warehouse.transform import build

MIXED = """
    id | email       | name | choice | status    | mode           | created | modified | survey
    1  | a@b.org     | Ada  | 21     | completed | default        | -       | 2026-03-01T09:00:00+00:00 | 4100
    2  | -           | -    | -      | completed | data_entry     | -       | 2026-03-01T11:00:00+01:00 | 4100
    3  | ada at home | Ada  | 77     | completed | -              | -       | soon                      | 999
    4  | a@b.org     | Ada  | 21     | partial   | default        | -       | 2026-03-01T09:00:00+00:00 | 4100
    5  | a@b.org     | Ada  | 21     | completed | preview        | -       | 2026-03-01T09:00:00+00:00 | 4100
    6  | a@b.org     | Ada  | 21     | completed | survey_preview | -       | 2026-03-01T09:00:00+00:00 | 4100
    7  | a@b.org     | Ada  | 21     | sealed    | carrier pigeon | -       | 2026-03-01T09:00:00+00:00 | 4100
"""


@pytest.fixture
def vault(tmp_path):
    """A new vault."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        yield opened


def facts(vault):
    """All that is handed to the checks."""
    return list(build.facts(vault.connection, vault.form))


def test_the_checks_get_facts_of_what_would_count_and_none_of_its_values(vault):
    vault.receive(bodies_of(MIXED))
    vault.stage()
    (frame,) = facts(vault)
    assert tuple(frame.columns) == COLUMNS
    ours, other = ["4100", "4100"], ["999", "4100"]
    rows = frame.sort_values("response_id").drop(columns=list(INSTANTS))
    assert rows.fillna("-").to_numpy().tolist() == [
        ["1", *ours, "given", "completed", "known", "-", "given", "known", "known", "known"],
        ["2", *ours, "given", "completed", "known", "missing", "blank", "no answer", "known", "known"],
        [
            "3",
            *other,
            "given",
            "completed",
            "missing",
            "invalid",
            "given",
            "unknown choice",
            "known",
            "unknown",
        ],
        ["7", *ours, "given", "unknown", "unknown", "-", "given", "known", "known", "known"],
    ]
    modified = frame.set_index("response_id")["modified_at"]
    assert modified["1"] == pd.Timestamp("2026-03-01T09:00Z")
    assert modified["2"] == pd.Timestamp("2026-03-01T10:00Z")
    assert pd.isna(modified["3"])
    assert frame["created_at"].isna().all()
    assert (frame["believable_until"] == vault.now + pd.Timedelta(days=1)).all()


def test_each_response_is_in_one_of_the_frames(vault, monkeypatch):
    vault.receive(bodies_of("id\n" + "\n".join(map(str, range(7)))))
    vault.stage()
    monkeypatch.setattr("warehouse.transform.build.CHUNK", 3)
    frames = facts(vault)
    assert [len(frame) for frame in frames] == [3, 3, 1]
    assert sorted(pd.concat(frames)["response_id"]) == [str(n) for n in range(7)]


def test_one_frame_without_rows_is_handed_over_where_nothing_is_to_be_checked(vault):
    (frame,) = facts(vault)
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 0


def test_only_what_is_new_or_changed_is_decided_again_and_all_that_shares_its_address(vault):
    vault.night("""
        id | email
        1  | a@b.org
        2  | A@b.org
        3  | c@d.org
    """)
    assert build.count_pending(vault.connection) == 0
    assert build.build(vault.connection, vault.form, at=vault.now, run_id=vault.run_id) == 0
    vault.withdraw("1")
    assert build.count_pending(vault.connection) == 1
    assert build.build(vault.connection, vault.form, at=vault.now, run_id=vault.run_id) == 2


def test_the_sums_do_not_agree_while_something_is_left_to_decide(vault):
    vault.night("id\n1")
    vault.withdraw("1")
    assert [row["subject"] for row in vault.failed_measures()] == ["places still to be decided"]
