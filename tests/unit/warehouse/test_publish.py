"""The published file: built aside, put in place whole, kept and taken back, and read all the while."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import FORM, KEY, NOW
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.queries import figures
from warehouse.releases.kept import about
from warehouse.releases.publish import TABLES, is_new_content

ROOT = Path(__file__).parents[3]
CANARY = "canary.invented"
PEOPLE = f"""
    id           | email                 | name      | choice | other    | status    | modified
    127061267251 | {CANARY}@example.org  | {CANARY}  | 21     | -        | completed | 2026-03-01T09:00:00Z
    127061267252 | {CANARY}@example.org  | {CANARY}  | 22     | -        | completed | 2026-03-02T09:00:00Z
    127061267253 | second.{CANARY}@a.org | {CANARY}  | -      | {CANARY} | completed | 2026-03-01T09:00:00Z
    127061267254 | {CANARY} at home      | {CANARY}  | 21     | -        | completed | 2026-03-01T09:00:00Z
    127061267255 | third.{CANARY}@a.org  | {CANARY}  | 21     | -        | partial   | 2026-03-01T09:00:00Z
"""


@pytest.fixture
def vault(tmp_path):
    """A vault in which five responses of three people have been decided."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.night(PEOPLE)
        yield opened


@pytest.fixture
def folder(tmp_path):
    """Where readers look."""
    return tmp_path / "published"


def names(folder):
    """All that lies in the folder and below it."""
    return sorted(str(found.relative_to(folder)) for found in folder.rglob("*") if found.is_file())


def of(folder, sql):
    """The rows that a reader gets."""
    return figures.query(folder / "pledge.duckdb", sql)[1]


# What is in it.


def test_each_table_is_there_and_each_table_and_column_says_what_it_means(vault, folder):
    vault.publish(folder, "run-001")
    tables = of(folder, "select table_name, comment from duckdb_tables() order by all")
    columns = of(folder, "select table_name, column_name, comment from duckdb_columns() where not internal")
    assert [name for name, _ in tables] == sorted(TABLES)
    assert [name for name, comment in tables if not comment] == []
    assert [(table, column) for table, column, comment in columns if not comment] == []
    assert len(columns) > 40


def test_nothing_of_a_person_and_no_id_of_the_platform_is_in_it(vault, folder):
    path = vault.publish(folder, "run-001")
    columns = of(folder, "select table_name, column_name from duckdb_columns() where not internal")
    found = [
        (table, column)
        for table, column in columns
        for (n,) in of(
            folder,
            f"select count(*) from {table} where {column}::varchar ilike '%canary%'"
            f" or {column}::varchar ilike '%127061267%' or {column}::varchar like '%203.0.113%'",
        )
        if n
    ]
    assert found == []
    content = path.read_bytes()
    assert b"canary" not in content.lower()
    assert b"127061267" not in content
    texts = of(
        folder, "select column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
    )
    assert {name for (name,) in texts} == {
        "breakdown", "choice", "command", "content", "place", "pledge_text", "question", "reason", "role",
        "rule", "run_id", "source", "state", "survey_title", "signal", "title", "what", "wording",
    }  # fmt: skip


def test_the_places_add_up_to_all_that_was_seen(vault, folder):
    vault.publish(folder, "run-001")
    rows = of(folder, "select place, reason, n_responses from reconciliation order by all")
    assert rows == [
        ("duplicate", "a later signature with the same email key", 1),
        ("held back", "invalid", 1),
        ("not counted", "status partial", 1),
        ("seen", "all responses ever received", 5),
        ("signatory", "counts", 2),
    ]


def test_each_table_says_of_the_people_what_the_vault_says(vault, folder):
    vault.publish(folder, "run-001")
    assert of(
        folder, "select signatory_id, role, n_signatures, signed_on::varchar from signatories order by 1"
    ) == [
        (1, "School or nursery", 2, "2026-03-01"),
        (2, "Other", 1, "2026-03-01"),
    ]
    assert of(folder, "select signatory_id, signature_no, is_current from signatures order by all") == [
        (1, 1, False),
        (1, 2, True),
        (2, 1, True),
    ]
    assert of(folder, "select role, n_signatories from signatories_by_role order by role_no") == [
        ("Parent or carer", 0),
        ("School or nursery", 1),
        ("Other", 1),
        ("(no answer)", 0),
    ]
    assert of(folder, "select * from signatories_by_day") == [(datetime(2026, 3, 1, tzinfo=UTC).date(), 2, 2)]
    assert of(folder, "select rule, n_responses from held_back_by_rule") == [("invalid", 1)]
    assert of(folder, "select n_signatories, fresh_as_of, survey_title from about") == [
        (2, NOW, "The Connect Pledge")
    ]


def test_a_day_and_a_month_are_those_of_london(vault, folder):
    vault.night("""
        id | email  | created
        1  | a@b.co | 2026-06-30T23:30:00+00:00
        2  | b@b.co | 2026-01-31T23:30:00+00:00
        3  | c@b.co | 2026-03-29T00:59:59+00:00
        4  | d@b.co | 2026-10-24T23:00:00+00:00
        5  | e@b.co | 2026-10-26T00:00:00+01:00
    """)
    vault.publish(folder, "run-001")
    assert of(
        folder, "select signed_at, signed_on::varchar from signatories where signatory_id > 2 order by 1"
    ) == [
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "2026-01-31"),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-07-01"),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-10-25"),
    ]
    assert of(
        folder,
        "select month_on::varchar, sum(n_signatories) from signatories_by_month_and_role"
        " group by all order by all",
    ) == [
        ("2026-01-01", 1),
        ("2026-03-01", 3),
        ("2026-07-01", 1),
        ("2026-10-01", 2),
    ]
    assert vault.rows("select current_setting('TimeZone') as zone") == [{"zone": "UTC"}]


def test_who_signed_while_an_earlier_form_was_back_in_force_signed_that_one(vault, folder):
    options = """
        id | text
        21 | Parent
    """
    for version, n in (("v2", 1), ("v1", 2), ("v3", 3)):
        vault.now = NOW.replace(day=24 + n)
        vault.form_becomes(version, options)
    vault.night("""
        id | email  | created
        1  | a@b.co | 2026-11-24T12:00:00+00:00
        2  | b@b.co | 2026-11-25T12:00:00+00:00
        3  | c@b.co | 2026-11-26T12:00:00+00:00
        4  | d@b.co | 2026-11-27T12:00:00+00:00
    """)
    vault.publish(folder, "run-001")
    assert of(folder, "select pledge_version from signatories order by signed_at, signatory_id")[2:] == [
        (1,),
        (2,),
        (1,),
        (3,),
    ]
    assert of(folder, "select pledge_version, is_current from pledge_versions order by 1") == [
        (1, False),
        (2, False),
        (3, True),
    ]


# Whether there is anything to publish.


def test_content_that_is_published_is_not_new(vault, folder):
    path = vault.publish(folder, "run-001")
    assert not is_new_content(vault.connection, vault.form, path)
    vault.night(PEOPLE)
    assert not is_new_content(vault.connection, vault.form, path)


CHANGES = {
    "a response": lambda vault: vault.night("id\n1"),
    "an edit": lambda vault: vault.night("id | modified\n127061267251 | 2026-03-05T09:00:00Z"),
    "a withdrawal": lambda vault: vault.withdraw("127061267251"),
    "another rule": lambda vault: setattr(vault, "rules", "other rules") or vault.night(),
    "a group of roles": lambda vault: setattr(vault, "form", replace(FORM, role_groups={"21": "Families"})),
    "a form": lambda vault: vault.form_becomes("v2", "id | text\n21 | Families"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_content_is_new_after(vault, folder, change):
    path = vault.publish(folder, "run-001")
    CHANGES[change](vault)
    assert is_new_content(vault.connection, vault.form, path)


def test_a_withdrawal_taken_back_while_another_is_found_is_new_content(vault, folder):
    vault.withdraw("127061267251")
    vault.night()
    path = vault.publish(folder, "run-001")
    vault.night(PEOPLE)
    vault.withdraw("127061267253")
    assert is_new_content(vault.connection, vault.form, path)


@pytest.mark.parametrize("damage", [None, b"", b"no database" * 1000])
def test_a_file_that_is_missing_or_damaged_is_published_anew(vault, folder, damage):
    path = vault.publish(folder, "run-001")
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    assert is_new_content(vault.connection, vault.form, path)
    vault.publish(folder, "run-002")
    assert about(path)["run_id"] == "run-002"


# What an edition says of runs.


def test_a_run_is_shown_as_its_record_says_and_its_own_as_publishing(vault, folder):
    from warehouse.ingest.runs import write_run

    record = {
        "run_id": "run-000",
        "command": "sync",
        "started_at": "2026-11-23T02:15:00+00:00",
        "ended_at": "2026-11-23T02:16:00+00:00",
        "state": "complete",
        "requests": 7,
        "pages": 3,
        "responses_new": 5,
        "responses_changed": 1,
        "responses_withdrawn": 2,
    }
    write_run(vault.connection, record)
    own = {**record, "run_id": "run-001", "started_at": "2026-11-24T02:15:00+00:00", "ended_at": None}
    write_run(vault.connection, {**own, "state": "running"})
    vault.publish(folder, "run-001")
    assert of(folder, "select * exclude (started_at, ended_at) from runs order by run_id") == [
        ("run-000", "sync", "complete", 7, 3, 5, 1, 2),
        ("run-001", "sync", "publishing", 7, 3, 5, 1, 2),
    ]


def test_key_and_place_of_the_vault_are_not_in_the_published_file(vault, folder):
    content = vault.publish(folder, "run-001").read_bytes()
    assert KEY.encode() not in content
    assert b"vault.duckdb" not in content
