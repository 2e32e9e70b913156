"""Pages of responses come into the vault: whole, once, and counted."""

from __future__ import annotations

import duckdb
import pytest

from tests.builders import NOW, SURVEY, ids_of
from tests.vaults import bodies_of
from warehouse.ingest import responses


def test_a_page_is_kept_whole_with_its_cursor_or_not_at_all(vault):
    def page(bodies, cursor):
        return responses.load_responses(
            vault.connection,
            survey_id=SURVEY,
            ids=ids_of(bodies),
            bodies=bodies,
            source="api",
            run_id="run",
            fetched_at=NOW,
            cursor=cursor,
        )

    assert responses.cursor_of(vault.connection, SURVEY) == (None, 1, False)
    assert page(bodies_of("id\n1\n2"), ("2026-03-01T09:01:00", 1, False)) == 2
    with pytest.raises(duckdb.Error):
        page(bodies_of("id\n3"), ("2026-03-02T09:01:00", "no number", False))
    assert responses.cursor_of(vault.connection, SURVEY) == ("2026-03-01T09:01:00", 1, False)
    assert responses.held_ids(vault.connection, SURVEY) == ["1", "2"]
    assert page([], ("2026-03-02T09:01:00", 2, True)) == 0
    assert responses.cursor_of(vault.connection, SURVEY) == ("2026-03-02T09:01:00", 2, True)
    responses.forget_cursor(vault.connection, SURVEY)
    assert responses.cursor_of(vault.connection, SURVEY) == (None, 1, False)


def test_a_response_twice_on_a_page_is_kept_once(vault):
    (body,) = bodies_of("id\n1")
    assert vault.receive([body, body]) == 1
    assert vault.receive([body]) == 0


def test_what_vanished_and_what_was_never_seen_is_told_apart(vault):
    vault.night("id\n1\n2\n3")
    vault.withdraw("3")
    assert responses.missing_from(vault.connection, SURVEY, ["2", "3", "4"]) == (["1"], ["3", "4"])


def test_how_many_a_run_brought_is_counted_new_and_changed(vault):
    vault.night("id\n1\n2")
    assert responses.count_received(vault.connection, vault.run_id) == (2, 0)
    vault.night("""
        id | modified
        2  | 2026-03-02T09:00:00+00:00
        3  | 2026-03-02T09:00:00+00:00
    """)
    assert responses.count_received(vault.connection, vault.run_id) == (1, 1)
    assert responses.count_received(vault.connection, "run-999") == (0, 0)
