"""What every test may use: the place of the real files, and nothing of the world outside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.conservation import wrong_below
from tests.vaults import Vault, a_vault
from warehouse.database.connection import engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real payloads and export files; the test is skipped where it is missing."""
    folder = Path(os.environ.get("PLEDGE_REAL_DATA", ROOT / "../shared/surveymonkey")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no real files: PLEDGE_REAL_DATA names no folder ({folder.name})")
    return folder


@pytest.fixture
def tmp_path(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The test's folder, under a name that the tests of a process take in turn.

    An engine is of one home, and to start one costs as much as a small test: so they share it.
    """
    here = tmp_path_factory.getbasetemp() / "here"
    tmp_path.rename(here)
    yield here
    has_spilled = any(here.rglob("vault/tmp"))
    here.rename(tmp_path)
    if has_spilled:
        engine_of.cache_clear()  # it would look for its folder


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A new vault, open, real and encrypted, that knows the form's first design."""
    with a_vault(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _conservation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does to a warehouse, each response that was received is in one place afterwards."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder and "breaks_the_sum" not in request.keywords:
        assert wrong_below(folder) == {}


settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=25)
settings.register_profile("long", settings.get_profile("house"), max_examples=100)
settings.load_profile("house")
