"""From raw to typed: one bounded batch of received versions at a time, only those not staged yet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark, set_mark
from warehouse.database.memory import LARGE, ROW_GROUP, drop_staged, make_room, take_room
from warehouse.database.sql_files import column, execute_each, fingerprint, statement, transaction, value
from warehouse.ingest.erased_people import is_final

BATCH = 40_960  # versions: flattening takes about 4 KB of memory for each
BATCHES_IN_A_ROW_GROUP = ROW_GROUP // BATCH

# What decides a response's row and disposition: if one of them changes, all is decided again.
DECIDING = (
    "choices", "parsed", "responses", "answers", "fields", "emails", "signatures", "facts", "dispositions",
    "signatories", "own_answers", "own_line",
)  # fmt: skip

DecideEmails = Callable[[Sequence[str]], Sequence[tuple[str | None, str | None]]]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A single-choice question by whose choices the signatories are counted.

    question: its heading. question_ids: the one on the form first, then those that it has replaced, which
        count where it isn't answered; choices of one text are one.
    """

    name: str
    question: str
    question_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PledgeText:
    """What people sign on a version of the form.

    text: a paragraph a line; empty where the form has none.
    modified_at, created_at: of the form, ISO 8601 in UTC; None where the platform gives none.
    """

    version: str
    text: str
    modified_at: str | None
    created_at: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """What the pledge's form asks, as the warehouse needs it.

    fields: (field, question_id, row_id or None) for ``email``, ``name`` and ``role``; a field
        that no form asked is absent. Of several with one field the first is on the form now, and the
        others count where a response doesn't answer it. Empty for a survey that is no pledge.
    role_groups: a choice's id or text to the role it is shown as.
    version: the current design's.
    breakdowns: in the order in which they are shown.
    pledge_texts: of each version that the platform gave and that was in force; needed to publish.
    """

    survey_id: str
    version: str
    fields: tuple[tuple[str, str, str | None], ...] = ()
    role_groups: Mapping[str, str] | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    pledge_texts: tuple[PledgeText, ...] = ()

    def asks(self, field: str) -> bool:
        return any(name == field for name, _, _ in self.fields)


def _fingerprint(connection: DuckDBPyConnection, form: Form, rules: str) -> str:
    """What staged rows depend on besides what came in: if it changes, all is staged again.

    The form's choices are part of it: which of several counts, and which is unknown, goes by them.
    """
    sql = fingerprint(*(f"staging/{name}" for name in DECIDING))
    role_question_ids = [question_id for field, question_id, _ in form.fields if field == "role"]
    order = value(connection, statement("staging/choices_order"), {"role_question_ids": role_question_ids})
    return f"{sql} {form.survey_id} {list(map(str, form.fields))} {order} {rules}"


@contextmanager
def staging_area(connection: DuckDBPyConnection) -> Iterator[None]:
    """A database in memory, named ``staging``, for what is between tables; gone after the block."""
    connection.execute("attach ':memory:' as staging")
    try:
        yield
    finally:
        connection.execute("detach staging")


def stage(
    connection: DuckDBPyConnection,
    form: Form,
    decide_emails: DecideEmails,
    *,
    rules: str,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Make typed rows of every version received and not staged yet; return how many versions.

    decide_emails: addresses as typed to (email key, problem), one for each.
    rules: the fingerprint of the row rules; when it or the form's changes, all is staged again,
        so that nothing decided by an older rule stays. But not once names were erased: what was typed is
        gone, and the figures are final.
    """
    make_choices(connection, form)
    wanted = _fingerprint(connection, form, rules)
    if mark(connection, "staged_by") != wanted and not is_final(connection, form.survey_id):
        _start_over(connection, form, wanted)
    after = int(mark(connection, "staged_upto") or 0)
    staged = 0
    make_room(connection)
    for upto in _batches(connection, after):
        staged += _stage_fitting(connection, form, decide_emails, after, upto)
        after = upto
        progress(staged)
    make_room(connection)
    return staged


def _start_over(connection: DuckDBPyConnection, form: Form, wanted: str) -> None:
    with transaction(connection):
        connection.execute(statement("core/start_over"))
        _insert_fields(connection, form.fields)
        set_mark(connection, "staged_upto", "0")
        set_mark(connection, "staged_by", wanted)


def _insert_fields(connection: DuckDBPyConnection, fields: Iterable[tuple[str, str, str | None]]) -> None:
    n_questions: Counter[str] = Counter()
    for field, question_id, row_id in fields:
        n_questions[field] += 1
        connection.execute(
            "insert into ledger.fields values (?, ?, ?, ?)", [field, n_questions[field], question_id, row_id]
        )


def make_choices(connection: DuckDBPyConnection, form: Form) -> None:
    make(connection, "choices", survey_id=form.survey_id, current_version=form.version)


def make(connection: DuckDBPyConnection, name: str, folder: str = "staging", **parameters: object) -> None:
    """Fill ``staging.<name>`` from its statement."""
    text = f"create or replace table staging.{name} as {statement(f'{folder}/{name}')}"
    execute_each(connection, text, parameters)


def _batches(connection: DuckDBPyConnection, after: int) -> list[int]:
    """Where each batch ends; of very many versions each is a row group, and may take more memory."""
    ends = column(connection, statement("raw/batch_ends"), {"after": after, "batch": BATCH})
    if len(ends) <= LARGE // BATCH:
        return ends
    take_room(connection)
    n = BATCHES_IN_A_ROW_GROUP
    return [*ends[n - 1 : -1 : n], ends[-1]]


def _stage_fitting(
    connection: DuckDBPyConnection, form: Form, decide_emails: DecideEmails, after: int, upto: int
) -> int:
    """Stage a batch, in halves where people wrote so much that it doesn't fit the memory allowed."""
    try:
        return _stage_batch(connection, form, decide_emails, after, upto)
    except duckdb.OutOfMemoryException:
        middle = (after + upto) // 2
        if middle == after:
            raise
        first_half = _stage_fitting(connection, form, decide_emails, after, middle)
        return first_half + _stage_fitting(connection, form, decide_emails, middle, upto)


def _stage_batch(
    connection: DuckDBPyConnection, form: Form, decide_emails: DecideEmails, after: int, upto: int
) -> int:
    for name in ("parsed", "responses", "answers", "fields", "emails"):
        make(connection, name, after=after, upto=upto)
    connection.execute("drop table staging.parsed")
    _decide_odd_emails(connection, decide_emails)
    make(connection, "signatures", is_role_asked=form.asks("role"))
    with transaction(connection):
        connection.execute(statement("core/replace_staged"))
        set_mark(connection, "staged_upto", str(upto))
    n_staged = value(connection, "select count(*) from staging.responses")
    drop_staged(connection, ("responses", "answers", "fields", "emails", "signatures"))
    return n_staged


def _decide_odd_emails(connection: DuckDBPyConnection, decide_emails: DecideEmails) -> None:
    odd = column(connection, statement("staging/odd_emails"))
    if not odd:
        return
    decided = decide_emails(odd)
    connection.execute(
        "insert into core.email_keys select unnest($emails), unnest($keys), unnest($problems)",
        {"emails": odd, "keys": [key for key, _ in decided], "problems": [problem for _, problem in decided]},
    )
