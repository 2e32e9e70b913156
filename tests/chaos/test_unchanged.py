"""A second run over unchanged data changes no row and publishes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.driving import Pledge, a_sandbox
from warehouse.database.proof import counts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

pytestmark = pytest.mark.long

RUN_BOOK = {"ledger.runs"}


def _everything(vault: DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a vault, but for the book of runs."""
    return {
        name: vault.execute(f"select * from {name} order by all").fetchall()
        for name in counts(vault)
        if name not in RUN_BOOK
    }


@pytest.mark.parametrize("n_responses", [600, pytest.param(20_000, marks=pytest.mark.chaos)])
def test_a_second_run_on_unchanged_data_changes_no_row_and_publishes_nothing(tmp_path, n_responses):
    pledge = Pledge(tmp_path)
    with a_sandbox(n_responses) as server:
        pledge.at(server)
        assert pledge("sync", "--direct").code == 0
        with pledge.vault() as vault:
            before = _everything(vault)
        file, published = pledge.published.stat(), pledge.published.read_bytes()
        again = pledge("sync", "--direct", "--json").json
        with pledge.vault() as vault:
            after = _everything(vault)

    changed = sum(len(set(map(repr, before[name])) ^ set(map(repr, after[name]))) for name in before | after)
    rows = sum(map(len, after.values()))
    print(f"\n{rows:,} rows after two runs: changed {changed}; {again['state']}, {again['requests']} calls")
    assert before == after
    assert changed == 0
    assert (again["state"], again["published"]) == ("unchanged", None)
    assert again["requests"] <= 4
    assert pledge.published.read_bytes() == published
    assert (pledge.published.stat().st_ino, pledge.published.stat().st_mtime_ns) == (
        file.st_ino,
        file.st_mtime_ns,
    )
