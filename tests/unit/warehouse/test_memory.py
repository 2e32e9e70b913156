"""Memory given back between steps: what DuckDB held is written and let go, and nothing is lost by it."""

from __future__ import annotations

import pytest

from tests.builders import KEY, NOW, a_response
from warehouse.database.connection import open_vault
from warehouse.database.memory import LARGE, SMALL_MB, make_room, share_work, take_room
from warehouse.ingest import responses

N_LARGE = 4_000
PADDING = "x" * 10_000


@pytest.fixture
def vault(tmp_path):
    with open_vault(tmp_path / "vault" / "vault.duckdb", KEY, now=NOW) as connection:
        yield connection


def held_mb(vault) -> float:
    return vault.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchone()[0] / 1e6


def memory_limit(vault) -> str:
    return vault.execute("select current_setting('memory_limit')").fetchone()[0]


def load_some(vault, bodies: dict[str, str]) -> None:
    responses.load_responses(
        vault,
        survey_id="518",
        ids=list(bodies),
        bodies=list(bodies.values()),
        source="api",
        run_id="r",
        fetched_at=NOW,
        cursor=None,
    )


def test_after_a_large_load_little_is_held_and_every_body_is_there(vault):
    bodies = {str(number): f'{{"id": "{number}", "pad": "{PADDING}"}}' for number in range(N_LARGE)}
    load_some(vault, bodies)
    limit = memory_limit(vault)
    assert held_mb(vault) > SMALL_MB

    make_room(vault)

    assert held_mb(vault) <= SMALL_MB
    assert memory_limit(vault) == limit
    assert dict(vault.execute("select response_id, body from raw.responses").fetchall()) == bodies


def test_where_little_is_held_nothing_is_written(vault, tmp_path):
    load_some(vault, {"1": a_response("1")})
    log = tmp_path / "vault" / "vault.duckdb.wal"
    size = log.stat().st_size

    make_room(vault)

    assert log.stat().st_size == size > 0


def test_responses_are_numbered_in_the_order_they_came_however_many_come_at_once(vault):
    ids = [str(number * 7919 % 20011) for number in range(20011)]
    for batch in (ids[:100], ids[100:12000], ids[12000:]):
        load_some(vault, {response_id: a_response(response_id) for response_id in batch})
    kept = vault.execute("select response_id from raw.responses order by received_no").fetchall()
    assert [response_id for (response_id,) in kept] == ids


def test_bodies_are_packed_with_zstd(vault):
    load_some(vault, {str(number): a_response(str(number)) for number in range(200)})
    vault.execute("checkpoint")
    found = vault.execute(
        "select distinct compression from pragma_storage_info('raw.responses')"
        " where column_name = 'body' and segment_type = 'VARCHAR'"
    ).fetchall()
    assert found == [("ZSTD",)]


def test_room_taken_for_large_work_is_given_back(vault):
    limit = memory_limit(vault)
    take_room(vault)
    assert memory_limit(vault) != limit

    make_room(vault)
    assert memory_limit(vault) == limit


SHARED = [(LARGE, 2, 2), (LARGE - 1, 2, 1), (LARGE, 1, 1)]


@pytest.mark.parametrize(("n_rows", "n_cores", "n_threads"), SHARED)
def test_large_work_alone_is_shared_where_there_is_a_second_core(
    vault, monkeypatch, n_rows, n_cores, n_threads
):
    monkeypatch.setattr("os.cpu_count", lambda: n_cores)
    share_work(vault, n_rows)

    assert vault.execute("select current_setting('threads')").fetchone() == (n_threads,)
