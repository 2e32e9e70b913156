"""A real vault for tests, the night's own steps on it without a platform, and tables drawn in text."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from checks.people.email_key import email_keys
from tests.builders import FORM, KEY, NOW, SURVEY, a_design, a_response, an_option, ids_of
from tests.conservation import remember, what_is_wrong
from warehouse.database.connection import open_vault
from warehouse.database.marks import set_mark
from warehouse.ingest import designs, ip_addresses, responses
from warehouse.queries import figures
from warehouse.releases import kept, publish
from warehouse.transform import build
from warehouse.transform.stage import stage, staging_area

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pandas as pd
    from duckdb import DuckDBPyConnection

    from warehouse.transform.stage import Form

Held = list[tuple[str, str, str, str]]

DRAWN_NAMES = {
    "status": "response_status",
    "mode": "collection_mode",
    "created": "date_created",
    "modified": "date_modified",
    "survey": "survey_id",
}


def drawn(table: str) -> list[dict[str, Any]]:
    """The rows of a table drawn with ``|``: its first line names the columns.

    ``-`` is None; what begins with a quote is read as Python reads it; all else is text.
    """
    lines = [line for line in table.strip().splitlines() if line.strip()]
    names, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [{name: _value(cell) for name, cell in zip(names, row, strict=True)} for row in rows]


def _value(cell: str) -> Any:
    if cell == "-":
        return None
    return ast.literal_eval(cell) if cell[:1] in {"'", '"', "["} else cell


def bodies_of(table: str) -> list[str]:
    """The responses that a drawn table describes: id, and any field that a_response takes."""
    return [
        a_response(row.pop("id"), **{DRAWN_NAMES.get(name, name): value for name, value in row.items()})
        for row in drawn(table)
    ]


def held_by_the_rules(facts: Iterator[pd.DataFrame]) -> Held:
    """Who fails a row rule, as the night finds it: by Great Expectations.

    It is asked once a process of facts that several responses share: what it says of a row hangs on nothing
    else, and each asking costs more than all that the night does besides.
    """
    held: Held = []
    for frame in facts:
        ids = frame["response_id"].tolist()
        rows = [repr(row) for row in frame.drop(columns="response_id").itertuples(index=False, name=None)]
        _ask_of_new(frame, dict(zip(ids, rows, strict=True)))
        assert len(set(ids)) == len(ids)
        held += [(one, *said) for one, row in zip(ids, rows, strict=True) if (said := _SAID[row])]
    return held


_SAID: dict[str, tuple[str, str, str] | None] = {}
"""A row of facts to the rule it fails, all that it fails, and the reason; None where it fails none."""


def _ask_of_new(frame: pd.DataFrame, rows: dict[str, str]) -> None:
    asked = {row: one for one, row in rows.items() if row not in _SAID}
    if asked:
        from checks.row_checks import check_rows  # its import takes seconds that most tests don't need

        held = check_rows([frame[frame["response_id"].isin(asked.values())]]).held
        failing = {response_id: (rule, all_rules, reason) for response_id, rule, all_rules, reason in held}
        _SAID.update({row: failing.get(one) for row, one in asked.items()})


def held_by_a_plain_rule(facts: Iterator[pd.DataFrame]) -> Held:
    """The same for rows that miss a valid email or a time, without the seconds that the library costs."""
    held: Held = []
    for frame in facts:
        problem = frame["email_problem"].where(frame["email_problem"].notna(), None)
        problem = problem.mask(problem.isna() & frame["modified_at"].isna(), "undated")
        held += [
            (response_id, rule, rule, "because")
            for response_id, rule in zip(frame["response_id"], problem, strict=True)
            if isinstance(rule, str)
        ]
    return held


@dataclass
class Vault:
    """An open vault and what tests do with it; each night is a day later than the one before."""

    path: Path
    connection: DuckDBPyConnection
    form: Form = FORM
    rules: str = "the rules"
    nights: int = 0
    check: Any = held_by_the_rules
    now: datetime = field(default=NOW)
    breaks_the_sum: bool = False  # a test of what notices that

    def receive(
        self, bodies: list[str], *, source: str = "api", survey_id: str = SURVEY, ids: list[str] | None = None
    ) -> int:
        """Load bodies as a page of them comes; ids: where the bodies don't say them."""
        return responses.load_responses(
            self.connection,
            survey_id=survey_id,
            ids=ids or ids_of(bodies),
            bodies=bodies,
            source=source,
            run_id=self.run_id,
            fetched_at=self.now,
            cursor=None,
        )

    @property
    def run_id(self) -> str:
        """The run that is going on."""
        return f"run-{self.nights:03}"

    def stage(self) -> int:
        """Typed rows of what came in."""
        return stage(self.connection, self.form, email_keys, rules=self.rules)

    def build(self) -> None:
        """Check what was staged since the last time, hold back what fails, and decide who counts."""
        held = self.check(build.facts(self.connection, self.form))
        build.hold_back(self.connection, held, at=self.now, run_id=self.run_id)
        build.build(self.connection, self.form, at=self.now, run_id=self.run_id)
        publish.make_shown_roles(self.connection, self.form)

    def decide(self) -> None:
        """Stage and build what came in since the last time."""
        self.stage()
        self.build()

    def night(self, *tables: str) -> None:
        """A night in which these come in, each table a page."""
        self.nights += 1
        self.now += timedelta(days=1)
        for table in tables:
            self.receive(bodies_of(table))
        self.decide()

    def form_becomes(self, version: str, table: str) -> None:
        """The role question's options from now on, in order: id, text, kind, and is_hidden where true."""
        options = [
            an_option(row.pop("id"), position=n, is_visible=not row.pop("is_hidden", None), **row)
            for n, row in enumerate(drawn(table), 1)
        ]
        design = a_design()
        designs.load_design(
            self.connection,
            **{
                **design,
                "survey": {**design["survey"], "version": version},
                "options": options,
                "seen_at": self.now,
            },
        )
        self.form = replace(self.form, version=version)

    def publish(self, folder: Path, run_id: str, *, keep: int = 3) -> Path:
        """Put out what the vault holds."""
        publish.make_shown_roles(self.connection, self.form)
        seen = figures.n_seen(self.connection, self.form.survey_id)
        release = kept.Release(run_id, NOW, NOW, "The Connect Pledge", seen)
        return publish.publish(self.connection, self.form, release, folder, keep=keep)

    def withdraw(self, *ids: str) -> None:
        """These have vanished at the platform."""
        responses.withdraw(self.connection, list(ids), noticed_at=self.now, run_id=self.run_id)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query on the vault."""
        found = self.connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def places(self) -> list[dict[str, Any]]:
        """Where each response is: id, place, reason, in the order of their ids."""
        return self.rows(
            "select response_id as id, disposition as place, reason from core.dispositions"
            " order by length(id), id, place"
        )

    def people(self, columns: str) -> list[dict[str, Any]]:
        """One row a signatory in the order of their keys, with these columns of it, instants as text.

        Columns of core.signatories; id is response_id, and role is as it is shown.
        """
        wanted = columns.split()
        found = self.rows(
            "select signatories.* replace (signed_at::varchar as signed_at,"
            " modified_at::varchar as modified_at, n_signatures::varchar as n_signatures),"
            " response_id as id, roles.role"
            " from core.signatories as signatories"
            " join staging.signatory_roles as roles using (signatory_id) order by email_key"
        )
        return [{name: row[name] for name in wanted} for row in found]

    def failed_measures(self) -> list[dict[str, Any]]:
        """Which of the audit's sums don't agree; none, if all is well."""
        frame = figures.measures(self.connection, self.form.survey_id, None)
        return frame[frame["observed"] != frame["expected"]].to_dict("records")


@contextmanager
def a_vault(folder: Path, **changes: Any) -> Iterator[Vault]:
    """The vault below *folder*, or a new one, with the form's first design."""
    path = folder / "vault" / "vault.duckdb"
    is_new = not path.exists()
    if is_new:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_template())
    with open_vault(path, KEY, now=NOW) as connection, staging_area(connection):
        if not is_new:
            designs.load_design(connection, **a_design())
        vault = Vault(path, connection, **changes)
        yield vault
        assert vault.breaks_the_sum or what_is_wrong(connection, vault.form.survey_id) == {}
    if not vault.breaks_the_sum:
        remember(path)


@cache
def _template() -> bytes:
    """A vault as it is made: twenty times slower to make than to copy."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "vault.duckdb"
        with open_vault(path, KEY, now=NOW) as connection:
            set_mark(connection, ip_addresses.SALT, "a salt that no other vault has")
            designs.load_design(connection, **a_design())
        return path.read_bytes()
