"""Great Expectations over frames in memory: which rows fail what, by position and nothing else.

One context for all frames of a suite; it keeps no result, writes no file and calls nobody.
"""

from __future__ import annotations

import importlib
import logging
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from checks.errors import CheckError

if TYPE_CHECKING:
    import pandas as pd


# All failing positions (COMPLETE), and no value of any row beside them.
POSITIONS_ONLY = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
}
# What the library imports for tests of distributions only, a third of its time and half of its memory.
NEVER_USED = ("scipy.stats", "altair")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of each row.

    kind: a class of great_expectations.expectations that judges row by row.
    arguments: what it is made with.
    """

    kind: str
    arguments: Mapping[str, object]


def no_less(column: str, than: str) -> Expectation:
    """Where both values are known, that of *column* is no less than that of *than*."""
    columns = {"column_A": column, "column_B": than}
    known = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Expectation("ExpectColumnPairValuesAToBeGreaterThanB", {**columns, **known})


class Suite:
    """Named expectations, ready to judge one frame after the other."""

    def __init__(self, expectations: Mapping[str, Expectation]) -> None:
        """Import Great Expectations, which takes seconds the first time."""
        library = _great_expectations()
        self._names = tuple(expectations)
        self._suite = library.ExpectationSuite(
            name="rows",
            expectations=[
                getattr(library.expectations, expected.kind)(**expected.arguments, meta={"name": name})
                for name, expected in expectations.items()
            ],
        )
        source = _silent_context(library).data_sources.add_pandas("frames")
        self._frames = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")

    def failing_rows(self, frame: pd.DataFrame) -> dict[str, list[int]]:
        """Judge a frame: for each name the positions of the rows that fail, from 0, ascending.

        The last frame given stays in memory until the next one comes.

        Raises:
            CheckError: an expectation wasn't run, or not on every row.
        """
        batch = self._frames.get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
        with warnings.catch_warnings():
            # Groups in a user's pattern are as good as any other pattern.
            warnings.filterwarnings("ignore", "This pattern is interpreted as a regular expression")
            run = batch.validate(self._suite, result_format=POSITIONS_ONLY)
        results = {one.expectation_config.meta["name"]: one.result for one in run.results}
        return {name: failing_positions(name, results.get(name), len(frame)) for name in self._names}


def failing_positions(name: str, result: Mapping[str, Any] | None, n_rows: int) -> list[int]:
    """Take the failing positions out of one result, if they are all there.

    Raises:
        CheckError: they are not: the split would let rows through.
    """
    # The library's own message may quote a value of the frame: it stays behind.
    if not result or "unexpected_index_list" not in result:
        raise CheckError(
            f"The check {name} could not be run by Great Expectations; nothing was decided by it. "
            "See that the frame's columns fit the rule, then run again."
        )
    positions = sorted({int(position) for position in result["unexpected_index_list"]})
    n_looked_at, n_failing = result["element_count"], result["unexpected_count"]
    if n_looked_at != n_rows or n_failing != len(positions):
        raise CheckError(
            f"The check {name} looked at {n_looked_at} of {n_rows} rows and named {len(positions)} of "
            f"{n_failing} failing ones; nothing was decided by it. Compare the installed version of "
            "Great Expectations with requirements.lock."
        )
    return positions


@cache
def _great_expectations() -> Any:
    # Its log may quote a frame's values, and begins with thousands of lines.
    logger = logging.getLogger("great_expectations")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    # On import it uses modules that Python is retiring, and sends all warnings of the process
    # to logging: the first isn't for the operator, the second ends with this block.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with _put_off(NEVER_USED):
            return importlib.import_module("great_expectations")


@contextmanager
def _put_off(names: Iterable[str]) -> Iterator[None]:
    """Within the block an import of these gives a module that is loaded when something is taken from it."""
    later = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(later)
    try:
        yield
    finally:
        for name in later:
            sys.modules.pop(name, None)


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def _silent_context(library: Any) -> Any:
    base = importlib.import_module("great_expectations.data_context.types.base")
    # Without a configuration of its own it makes a folder among the temporary files for its documents.
    context = library.get_context(
        mode="ephemeral",
        project_config=base.DataContextConfig(
            store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
            progress_bars=base.ProgressBarsConfig(globally=False, metric_calculations=False),
        ),
    )
    if context.variables.analytics_enabled is not False:
        raise CheckError(
            "Great Expectations would report its use to its makers, so no check was run. "
            "Set GX_ANALYTICS_ENABLED=false and run again."
        )
    return context
