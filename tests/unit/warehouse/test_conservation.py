"""The check that watches every test notices what it is for."""

from __future__ import annotations

import pytest

from tests.builders import SURVEY
from tests.conservation import what_is_wrong, wrong_below
from tests.vaults import a_vault, held_by_a_plain_rule

pytestmark = pytest.mark.breaks_the_sum

NIGHT = """
    id | email   | modified
    1  | a@b.org | 2026-03-01T10:00:00+00:00
    2  | a@b.org | 2026-03-02T10:00:00+00:00
    3  | nobody  | 2026-03-02T10:00:00+00:00
"""


@pytest.mark.parametrize(
    ("harm", "noticed"),
    [
        ("delete from core.dispositions where response_id = '3'", "responses lost"),
        (
            "insert into core.dispositions select * from core.dispositions where response_id = '3'",
            "placed twice",
        ),
        ("update core.dispositions set response_id = '4' where response_id = '3'", "never received"),
        ("delete from core.signatories", "without a signatory"),
        ("insert into core.signatories select * from core.signatories", "persons counted twice"),
        ("update core.signatories set n_signatures = 3", "two persons'"),
    ],
)
def test_each_sum_that_does_not_agree_is_named(tmp_path, harm, noticed):
    with a_vault(tmp_path, check=held_by_a_plain_rule, breaks_the_sum=True) as vault:
        vault.night(NIGHT)
        assert what_is_wrong(vault.connection, SURVEY) == {}
        vault.connection.execute(harm)
        assert any(noticed in name for name in what_is_wrong(vault.connection, SURVEY))


def test_a_vault_left_in_a_folder_is_found_and_looked_at(tmp_path):
    with a_vault(tmp_path / "somewhere", check=held_by_a_plain_rule, breaks_the_sum=True) as vault:
        vault.night(NIGHT)
    assert wrong_below(tmp_path) == {}
    with a_vault(tmp_path / "somewhere", breaks_the_sum=True) as vault:
        vault.connection.execute("delete from core.dispositions where response_id = '1'")
    assert list(wrong_below(tmp_path)) == ["somewhere/vault/vault.duckdb"]


def test_a_night_broken_off_has_no_sum_yet(tmp_path):
    with a_vault(tmp_path, check=held_by_a_plain_rule) as vault:
        vault.night(NIGHT)
        vault.receive(['{"id": "9"}'])
        assert what_is_wrong(vault.connection, SURVEY) == {}
