"""Signals: whom of a run's people somebody should look at, and the open cases; no figure goes by them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.memory import drop_staged, make_room
from warehouse.database.sql_files import column, registered, statement, transaction, value
from warehouse.transform.decisions import groups_of
from warehouse.transform.stage import Form, make

DUE = "signals are due"  # a mark that core/replace_built sets
NOTICED_BY, READ_UPTO = "signals noticed by", "signals read upto"
KEPT_FOR = timedelta(days=30)  # an address block, after the signature
CHUNK = 20_000  # rows handed over at a time
BODIES = 102_400  # looked into at one time, of which little is taken
MOST_IN_A_BLOCK = 500  # namesakes compared all with all: beyond, their number is told and they are left

MADE_HERE = (
    "to_notice", "people", "addresses", "mailboxes", "affected_mailboxes", "affected_names", "sharing",
    "namesakes", "crowded", "likely_slips", "slips", "other_people", "disposable", "read_bodies",
    "affected_blocks", "known_blocks", "bursts", "current_signals", "replaced", "dated",
)  # fmt: skip
_make = partial(make, folder="signals")
VIEWS = ("known_mailboxes", "known_quick")


class SignalRules(Protocol):
    """The rules of the signals: checks.people.address_matching fulfils it, and says what each does."""

    REASONS: Mapping[str, str]
    LONGEST_TOO_FAST: int
    PEOPLE_IN_A_BURST: int

    def fingerprint(self) -> str: ...

    def compare(
        self, email_keys: Sequence[str], names: Sequence[str | None]
    ) -> tuple[Sequence[str], Sequence[str | None]]: ...

    def are_slips(self, mailboxes: Sequence[tuple[str, str]]) -> Sequence[bool]: ...

    def other_people(self, names: Sequence[str | None]) -> Sequence[int]: ...

    def disposable(self, domains: Sequence[str]) -> Sequence[str]: ...


def notice(
    connection: DuckDBPyConnection, form: Form, rules: SignalRules, *, at: datetime, run_id: str
) -> tuple[int, int]:
    """Look at the people decided now, and put their signals in the place of the earlier ones.

    Returns how many people were looked at, and how many blocks of namesakes are too large to compare: 0
    but for invented people. Needs ``staging.signatories`` of the build. Whoever a killed run left out is
    looked at as well.
    """
    make_room(connection)
    fingerprint = rules.fingerprint()
    is_everybody = mark(connection, NOTICED_BY) != fingerprint
    _make(connection, "to_notice", is_everybody=is_everybody)
    _make(connection, "people")
    _compare(connection, rules)
    after = 0 if is_everybody else int(mark(connection, READ_UPTO) or 0)
    upto = _read_bodies(connection, form, rules, after)
    for name in VIEWS:
        connection.execute(f"create or replace view staging.{name} as {statement(f'signals/{name}')}")
    n_skipped = _find(connection, rules)
    _make(connection, "dated", at=at, run_id=run_id)
    _keep(connection, form, rules, at=at, marks={NOTICED_BY: fingerprint, READ_UPTO: str(upto)})
    n_people = _count(connection, "people")
    for name in VIEWS:
        connection.execute(f"drop view staging.{name}")
    drop_staged(connection, MADE_HERE)  # they are in memory, and the run goes on
    make_room(connection)
    return n_people, n_skipped


def is_due(connection: DuckDBPyConnection, rules: SignalRules) -> bool:
    """A build was not followed by a look, or the rules of the signals are others than at the last one."""
    return mark(connection, DUE) is not None or mark(connection, NOTICED_BY) != rules.fingerprint()


def forget(connection: DuckDBPyConnection, form: Form, *, at: datetime) -> None:
    """Forget address blocks older than `KEPT_FOR`: done in every run, whether anything came in or not.

    And those of versions that don't count, which no signal goes by once all that came in was looked at.
    """
    parameters = {"survey_id": form.survey_id, "kept_since": at - KEPT_FOR}
    connection.execute(statement("signals/forget"), parameters)


def make_open(connection: DuckDBPyConnection) -> None:
    """Fill ``staging.open_signals`` and ``staging.maybe_same``, which the headline's range goes by.

    maybe_same: one row a person in an open pair, with the smallest id that open pairs lead to. Needs
    ``staging.decided``.
    """
    connection.execute(f"create or replace table staging.open_signals as {statement('signals/open')}")
    pairs = connection.execute(
        "select signatory_id, other_id from staging.open_signals where other_id is not null"
    ).fetchall()
    groups = groups_of(pairs)
    connection.execute(
        "create or replace table staging.maybe_same as"
        " select unnest($ids)::bigint as signatory_id, unnest($firsts)::bigint as first_id",
        {"ids": list(groups), "firsts": list(groups.values())},
    )


def _compare(connection: DuckDBPyConnection, rules: SignalRules) -> None:
    """Fill ``staging.mailboxes``: the mailbox and the compared name of each address looked at."""
    _empty(
        connection, "mailboxes", "signatory_id bigint, email_key varchar, mailbox varchar, name_key varchar"
    )
    _make(connection, "addresses")
    for ids, keys, names in _chunks(connection, "addresses"):
        mailboxes, name_keys = rules.compare(keys, names)
        _insert(
            connection,
            "mailboxes",
            {"signatory_id": ids, "email_key": keys, "mailbox": mailboxes, "name_key": name_keys},
        )


def _read_bodies(connection: DuckDBPyConnection, form: Form, rules: SignalRules, after: int) -> int:
    """Take from bodies not read yet how fast they were filled in; return how far that came."""
    _empty(connection, "read_bodies", "response_id varchar, is_quick boolean")
    for upto in column(connection, statement("raw/batch_ends"), {"after": after, "batch": BODIES}):
        connection.execute(
            f"insert into staging.read_bodies {statement('signals/read_bodies')}",
            {"after": after, "upto": upto, "survey_id": form.survey_id, "longest": rules.LONGEST_TOO_FAST},
        )
        make_room(connection)
        after = upto
    return after


def _find(connection: DuckDBPyConnection, rules: SignalRules) -> int:
    """Fill ``staging.current_signals`` and ``replaced``; return how many blocks of namesakes are left out."""
    for name in ("affected_mailboxes", "affected_names", "sharing", "namesakes"):
        _make(connection, name)
    _make(connection, "crowded", most_in_a_block=MOST_IN_A_BLOCK)
    _make(connection, "likely_slips")
    _find_slips(connection, rules)
    _find_other_people(connection, rules)
    _find_disposable(connection, rules)
    for name in ("affected_blocks", "known_blocks"):
        _make(connection, name)
    _make(connection, "bursts", people_in_a_burst=rules.PEOPLE_IN_A_BURST)
    for name in ("current_signals", "replaced"):
        _make(connection, name)
    return _count(connection, "crowded")


def _find_slips(connection: DuckDBPyConnection, rules: SignalRules) -> None:
    _empty(connection, "slips", "signatory_id bigint, other_id bigint")
    for ids, other_ids, ones, others in _chunks(connection, "likely_slips"):
        are_slips = rules.are_slips(list(zip(ones, others, strict=True)))
        pairs = [pair for *pair, is_slip in zip(ids, other_ids, are_slips, strict=True) if is_slip]
        _insert(
            connection,
            "slips",
            {"signatory_id": [one for one, _ in pairs], "other_id": [other for _, other in pairs]},
        )


def _find_other_people(connection: DuckDBPyConnection, rules: SignalRules) -> None:
    _empty(connection, "other_people", "signatory_id bigint, response_id varchar")
    rows = connection.execute(statement("signals/names_on_one_address")).fetchall()
    found = []
    for signatory_id, group in groupby(rows, key=itemgetter(0)):
        members = list(group)
        others = rules.other_people([name for _, _, name in members])
        found += [(signatory_id, members[position][1]) for position in others]
    _insert(
        connection,
        "other_people",
        {"signatory_id": [one for one, _ in found], "response_id": [other for _, other in found]},
    )


def _find_disposable(connection: DuckDBPyConnection, rules: SignalRules) -> None:
    _empty(connection, "disposable", "domain varchar")
    domains = column(connection, statement("signals/domains"))
    _insert(connection, "disposable", {"domain": rules.disposable(domains)})


def _keep(
    connection: DuckDBPyConnection, form: Form, rules: SignalRules, *, at: datetime, marks: Mapping[str, str]
) -> None:
    with transaction(connection):
        connection.execute(statement("signals/replace_known"))
        connection.execute(
            statement("signals/reasons"),
            {"signals": list(rules.REASONS), "reasons": list(rules.REASONS.values())},
        )
        forget(connection, form, at=at)
        for name, value in marks.items():
            set_mark(connection, name, value)


def _empty(connection: DuckDBPyConnection, name: str, columns: str) -> None:
    connection.execute(f"create or replace table staging.{name} ({columns})")


def _chunks(connection: DuckDBPyConnection, name: str) -> Iterator[list[list[Any]]]:
    """The rows of a staging table in bounded parts, each as a list a column."""
    for start in range(0, _count(connection, name), CHUNK):
        part = connection.execute(
            f"select * from staging.{name} where rowid >= ? and rowid < ?", [start, start + CHUNK]
        ).to_arrow_table()
        yield [column.to_pylist() for column in part.columns]


def _insert(connection: DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
    pa = import_module("pyarrow")
    kinds = {
        key: pa.int64() if key.endswith(("signatory_id", "other_id")) else pa.string() for key in columns
    }
    found = {key: pa.array(values, kinds[key]) for key, values in columns.items()}
    with registered(connection, "found", found):
        connection.execute(f"insert into staging.{name} by name select * from found")


def _count(connection: DuckDBPyConnection, name: str) -> int:
    return value(connection, f"select count(*) from staging.{name}")
