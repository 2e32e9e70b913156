"""Homes before an import, the export files for it, and what an import that nobody disturbs makes of them."""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.sandbox.world.people import invent
from tests.chaos.states import Tables, different, published_tables, vault_tables
from tests.driving import UNTIL, Pledge, a_sandbox
from tests.exporting import Style, export_rows, exportable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer
    from connectors.sandbox.world.people import Signatory
    from tests.chaos.forks import Forks

SYNC = ("sync", "--direct", "--json")
FILES = ("large.csv", "small.csv")
NO_IDS = Style(fixed=("Start Date", "End Date", "Custom Data 1"))
LONG_TEXT = 450_000  # characters of a cell: eighteen of them are more than a file gives at one time
SHORTENED_ID = "1.14083E+11"
RUN_ID = re.compile(r"\d{8}T\d{6}_\d{6}Z")
NUMBERED = frozenset({"core.signatory_ids", "core.signatories", "signatories", "signatures", "signals"})
"""Tables with the surrogate ids, which go by who came first."""


@dataclass(frozen=True)
class State:
    """All that a home must have in common with that of an import never disturbed.

    files: names of all files below it, those of runs alike.
    people: each email key and the response that stands for it, as it is without the surrogate id.
    """

    vault: Tables
    published: Tables
    people: list[tuple[str, str]]
    files: set[str]

    def differs_from(self, other: State, *, but: frozenset[str] = frozenset()) -> list[str]:
        """Names of what isn't the same, without the tables in *but*."""
        names = different(self.vault, other.vault) + different(self.published, other.published)
        names += ["people"] if self.people != other.people else []
        names += [f"file {name}" for name in sorted(self.files ^ other.files)]
        return [name for name in names if name not in but]


@dataclass(frozen=True)
class Scene:
    """A home before an import.

    instead: the command that is run after a kill where the import isn't run again at once.
    before: the rows of its published file; None where nothing was published yet.
    n_before: versions of responses that its vault holds.
    after, seconds: what an undisturbed import leaves, and how long it took.
    """

    name: str
    start: Pledge
    command: tuple[str, ...]
    instead: tuple[str, ...]
    before: Tables | None
    n_before: int
    after: State
    seconds: float


def state_of(pledge: Pledge) -> State:
    """How a home stands; a damaged file raises an error of the engine or the warehouse."""
    files = {
        RUN_ID.sub("RUN", str(path.relative_to(pledge.home)))
        for path in pledge.home.rglob("*")
        if path.is_file()
    }
    with pledge.vault() as vault:
        people = vault.execute("select email_key, response_id from core.signatories order by all").fetchall()
        return State(vault_tables(vault), published_tables(pledge.published), people, files)


def n_versions(pledge: Pledge) -> int:
    """How many versions of responses a vault holds; 0 where there is no vault or no table in it yet."""
    if not (pledge.home / "vault" / "vault.duckdb").exists():
        return 0
    with pledge.vault() as vault:
        there = vault.execute(
            "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'responses'"
        ).fetchone()
        row = vault.execute("select count(*) from raw.responses").fetchone() if there else None
        return int(row[0]) if row else 0


@contextmanager
def scenes_at(forks: Forks, folder: Path, names: Sequence[str], *, is_large: bool) -> Iterator[list[Scene]]:
    """The scenes of these names; in large ones a file is given in two parts, and some have vanished."""
    n_responses, n_long = (400, 30) if is_large else (60, 0)
    with a_sandbox(n_responses) as server:
        empty = Pledge(folder / "empty").at(server)
        empty.folder.mkdir()
        gone = _files_into(empty.folder, server.platform.signatories(), n_responses // 10, n_long)
        synced = empty.copy_to(folder / "synced")
        assert forks.run(synced, *SYNC).code == 0
        if is_large:
            _see_vanish(forks, synced, server, gone)
        starts = {"first import": empty, "beside a platform": synced, "once more, replacing": synced}
        starts["without ids"] = synced
        yield [_scene(forks, name, starts[name], folder) for name in names]


def _see_vanish(forks: Forks, pledge: Pledge, server: SandboxServer, gone: list[Signatory]) -> None:
    for one in gone:
        server.platform.delete(one.response_id)
    ended = forks.run(pledge, *SYNC)
    assert ended.json["responses_withdrawn"] == len(gone) > 0


def _scene(forks: Forks, name: str, start: Pledge, folder: Path) -> Scene:
    start = start.copy_to(folder / name)
    command: tuple[str, ...] = ("import", *FILES)
    if name == "without ids":
        _import(forks, start, "earlier without ids.csv")
        command = ("import", *(f"{file.removesuffix('.csv')} without ids.csv" for file in FILES))
    if name == "once more, replacing":
        _import(forks, start, "earlier.csv")
        command = (*command, "--replace")
    undisturbed = start.copy_to(folder / f"{name} undisturbed")
    ended = forks.run(undisturbed, *command)
    assert ended.code == 0, ended.stderr
    return Scene(
        name=name,
        start=start,
        command=command,
        instead=("recount",) if name in {"first import", "without ids"} else SYNC,
        before=published_tables(start.published) if start.published.exists() else None,
        n_before=n_versions(start),
        after=state_of(undisturbed),
        seconds=ended.seconds,
    )


def _import(forks: Forks, pledge: Pledge, *files: str) -> None:
    ended = forks.run(pledge, "import", *files)
    assert ended.code == 0, ended.stderr


def _files_into(folder: Path, there: list[Signatory], n: int, n_long: int) -> list[Signatory]:
    """Write all files; return who of them is to vanish at the platform.

    The large one has responses that the platform gives in the same words, in newer and in older ones, some
    new, some whose id a spreadsheet has shortened, and some that vanish; the small one begins with some of
    the large one, changed since.
    """
    known = {one.response_id for one in there}
    new = [one for one in exportable(invent(8 * n, 99, UNTIL)) if one.response_id not in known]
    same, newer, older, gone = (exportable(there)[part * n : (part + 1) * n] for part in range(4))
    newer = [_changed(one, timedelta(hours=5)) for one in newer]
    older = [_changed(one, timedelta(days=-2)) for one in older]
    damaged = {one.response_id for one in new[:3]}
    large = [*same, *newer, *older, *gone[:2], *new[: 4 * n]]
    small = [*(_changed(one, timedelta(hours=9)) for one in newer[: n // 2]), *new[4 * n : 5 * n]]
    earlier = [_changed(one, timedelta(hours=-3)) for one in new[3 : 2 * n]] + new[5 * n :]
    for name, people in (("large", large), ("small", small), ("earlier", earlier)):
        rows = export_rows(people, Style())
        long_rows = range(2, len(rows), -(-len(rows) // n_long)) if n_long and name == "large" else ()
        _write(folder / f"{name}.csv", _shortened(rows, damaged), long_rows)
    for name, people in (("large", large), ("small", [*large[:n], *small]), ("earlier", same + new[:n])):
        _write(folder / f"{name} without ids.csv", export_rows(people, NO_IDS), ())
    return gone[:2]


def _changed(one: Signatory, by: timedelta) -> Signatory:
    """Another name, at a time of its own: all changed by the same hours would be told as a wrong zone."""
    odd = timedelta(seconds=int(one.response_id) % 2_999)
    return replace(one, name=f"{one.name or ''} Ailsa", modified_at=one.modified_at + by + odd)


def _shortened(rows: list[list[str]], ids: set[str]) -> list[list[str]]:
    return [[SHORTENED_ID, *row[1:]] if row[0] in ids else row for row in rows]


def _write(path: Path, rows: list[list[str]], long_rows: Sequence[int]) -> None:
    custom = rows[0].index("Custom Data 1")
    for number in long_rows:
        rows[number][custom] = "x" * LONG_TEXT
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
