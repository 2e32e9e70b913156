"""A file's responses, some in one transaction: all of them are kept, or those of whole transactions."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.builders import KEY, NOW, SURVEY, a_response, as_kept
from warehouse.database.connection import open_vault
from warehouse.ingest.export_files import load_file

BODIES = {str(number): a_response(number) for number in range(1, 12)}


@pytest.fixture
def vault(tmp_path):
    with open_vault(tmp_path / "vault" / "vault.duckdb", KEY, now=NOW) as connection:
        yield connection


def by_twos(ending_at=None):
    """The bodies two at one time, as a file gives them; a file that can't be read on ends at one."""
    ids = list(BODIES)
    for start in range(0, len(ids), 2):
        if start == ending_at:
            raise OSError("the disk is gone")
        some = ids[start : start + 2]
        yield pa.array(some), pa.array([BODIES[one] for one in some])


def load(vault, batches):
    told = []
    known = {"survey_id": SURVEY, "source": "file", "run_id": "r", "fetched_at": NOW}
    added = load_file(vault, batches, ids=pa.array(list(BODIES)), progress=told.append, **known)
    return added, told


def kept(vault):
    return dict(vault.execute("select response_id, body from raw.responses order by received_no").fetchall())


def test_every_body_is_kept_once_and_told_a_transaction_at_a_time(vault):
    assert load(vault, by_twos()) == (len(BODIES), [2, 4, 6, 8, 10, 11])
    assert kept(vault) == {one: as_kept(body) for one, body in BODIES.items()}
    assert load(vault, by_twos())[0] == 0


def test_of_a_file_that_ends_in_the_middle_whole_transactions_are_kept(vault):
    with pytest.raises(OSError, match="gone"):
        load(vault, by_twos(ending_at=6))
    assert list(kept(vault)) == list(BODIES)[:6]
