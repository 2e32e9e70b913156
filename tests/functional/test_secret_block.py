"""The vault's key in a Prefect Secret block: found by its name, and kept nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.driving import a_sandbox, tree
from warehouse.database.connection import is_key_of

KEY = "quiteunlikeanyother0123456789ABCDEF"
SCRIPT = Path(__file__).with_name("secret_block.py")


@pytest.mark.long
def test_a_night_takes_its_key_from_the_block_and_leaves_it_nowhere(run_pledge):
    with a_sandbox(30) as server:
        ran = run_pledge.at(server).in_a_process(SCRIPT, text=KEY)
    assert ran.code == 0, ran.stderr[-2000:]
    night, checked, wrong = json.loads(ran.stdout)
    assert night[0] == 0, night[2]
    assert is_key_of(run_pledge.home / "vault" / "vault.duckdb", KEY)
    assert not (run_pledge.home / "keys").exists()
    assert (checked[0], "from Prefect's Secret block pledge-vault" in checked[1]) == (0, True)
    assert (wrong[0], "Prefect has no Secret block called “another”" in wrong[2]) == (10, True)
    assert "Traceback" not in wrong[2]
    found = [name for name, content in tree(run_pledge.folder).items() if KEY.encode() in content]
    assert found == []
    assert KEY not in ran.stdout + ran.stderr
