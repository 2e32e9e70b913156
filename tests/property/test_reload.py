"""However responses come in, and however often the tables are built on the way, the end is the same."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.people.email_key import email_key
from tests.builders import FORM, PARENT, SCHOOL, SURVEY, a_design, a_response, ids_of
from tests.examples import examples
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.database.memory import LARGE
from warehouse.ingest import designs, responses
from warehouse.releases import publish

MORNING = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
IDS = ["9", "10", "9007199254740993"]
ADDRESSES = ["ada@example.org", " ADA@Example.org", "bob@example.org", "àda@example.org", "bob at home"]
FORMS = {
    "v1": {PARENT: "Parent", SCHOOL: "School"},
    "v2": {SCHOOL: "School", PARENT: "Parent or carer", "23": "Council"},
    "v3": {SCHOOL: "Nursery or school"},
}


@dataclass(frozen=True)
class Version:
    """One version of a response, as a platform could give it; minute None: without a readable time."""

    response_id: str
    minute: int | None
    address: str | None
    created: int
    choices: tuple[str, ...]
    status: str
    mode: str

    @property
    def body(self):
        """Its JSON."""
        return a_response(
            self.response_id,
            email=self.address,
            choice=None,
            answers={"13": [{"choice_id": choice} for choice in self.choices]},
            response_status=self.status,
            collection_mode=self.mode,
            date_created=instant(self.created),
            date_modified=None if self.minute is None else instant(self.minute),
        )


def instant(minute):
    """A time of the platform, now with one offset and now with another."""
    zone = timedelta(hours=minute % 3)
    return (MORNING + timedelta(minutes=minute) + zone).strftime(f"%Y-%m-%dT%H:%M:%S+0{minute % 3}:00")


VERSIONS = st.builds(
    Version,
    response_id=st.sampled_from(IDS),
    minute=st.sampled_from([*range(12), None]),
    address=st.sampled_from(ADDRESSES),
    created=st.sampled_from(range(12)),
    choices=st.sampled_from([(), (PARENT,), (SCHOOL,), ("23",), (PARENT, SCHOOL), ("77",)]),
    status=st.sampled_from(["completed", "completed", "completed", "partial"]),
    mode=st.sampled_from(["default", "default", "preview", "data_entry"]),
)
PAGES = st.tuples(st.just("page"), st.lists(VERSIONS, min_size=1, max_size=5))
EVENTS = st.one_of(
    PAGES,
    PAGES,
    PAGES,
    st.tuples(st.just("withdraw"), st.lists(st.sampled_from(IDS), min_size=1, max_size=2)),
    st.tuples(st.just("form"), st.sampled_from(list(FORMS))),
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """One vault for all examples: each begins by emptying it."""
    with a_vault(tmp_path_factory.mktemp("reload"), check=held_by_a_plain_rule) as opened:
        yield opened


def begin(vault):
    """Empty the vault, but for its own tables' names, and give it the first form."""
    tables = vault.rows(
        "select schema_name || '.' || table_name as name from duckdb_tables()"
        " where database_name = current_database() and schema_name in ('raw', 'core', 'ledger')"
    )
    for table in tables:
        vault.connection.execute(f"delete from {table['name']}")
    vault.rules = "the rules"
    show_form(vault, "v1")


def show_form(vault, version):
    """The form has this version from now on."""
    design = a_design(FORMS[version])
    designs.load_design(vault.connection, **{**design, "survey": {**design["survey"], "version": version}})
    vault.form = type(FORM)(FORM.survey_id, version, FORM.fields)


def happen(vault, event):
    """A page comes in, responses vanish, or the form changes."""
    kind, what = event
    if kind == "page":
        vault.receive([version.body for version in what])
    elif kind == "withdraw":
        vault.withdraw(*{found for found in what if found in responses.held_ids(vault.connection, SURVEY)})
    else:
        show_form(vault, what)


def decide(vault, monkeypatch, batch):
    """A build, with so many versions staged at a time, single ones by threes as if they were very many."""
    monkeypatch.setattr("warehouse.transform.stage.BATCH", batch)
    monkeypatch.setattr("warehouse.transform.stage.LARGE", 0 if batch == 1 else LARGE)
    vault.decide()
    assert vault.failed_measures() == []


def ending(vault):
    """All that a build decides, without the surrogate ids: they go by the night."""
    publish.make_shown_roles(vault.connection, vault.form)
    places = "from core.dispositions order by all"
    people = (
        "select * exclude (signatory_id, role), role from core.signatories"
        " join staging.signatory_roles using (signatory_id) order by all"
    )
    typed = "select * exclude (received_no) from core.signatures order by all"
    answers = "from core.answers order by all"
    held = "select response_id, rule from core.held_back order by all"
    return [vault.rows(sql) for sql in (places, people, typed, answers, held)]


@given(st.lists(st.tuples(EVENTS, st.booleans()), min_size=3, max_size=6), st.integers(1, 3))
@examples(0.1)
def test_builds_on_the_way_change_nothing_in_the_end(vault, history, batch):
    with pytest.MonkeyPatch.context() as monkeypatch:
        begin(vault)
        for event, is_night_over in history:
            happen(vault, event)
            if is_night_over:
                decide(vault, monkeypatch, batch)
        decide(vault, monkeypatch, batch)
        step_by_step = ending(vault)
        decide(vault, monkeypatch, batch)
        assert ending(vault) == step_by_step

        vault.rules = "other rules, so that all is decided again"
        decide(vault, monkeypatch, 20_000)
        assert ending(vault) == step_by_step

        begin(vault)
        for event, _ in history:
            happen(vault, event)
        decide(vault, monkeypatch, 20_000)
        assert ending(vault) == step_by_step


@given(
    st.lists(
        VERSIONS, min_size=3, max_size=12, unique_by=lambda version: (version.response_id, version.minute)
    ),
    st.data(),
)
@examples(0.1)
def test_the_order_of_pages_and_their_repetition_change_nothing(vault, versions, data):
    arrivals = data.draw(st.permutations(versions + data.draw(st.permutations(versions))))
    ends = sorted(data.draw(st.sets(st.integers(0, len(arrivals)), max_size=3)) | {0, len(arrivals)})
    with pytest.MonkeyPatch.context() as monkeypatch:
        begin(vault)
        for start, end in itertools.pairwise(ends):
            happen(vault, ("page", arrivals[start:end]))
            decide(vault, monkeypatch, data.draw(st.integers(1, 3)))
        decide(vault, monkeypatch, 20_000)
        as_they_came = ending(vault)
        assert as_modelled(vault) == model(versions)

        begin(vault)
        happen(
            vault, ("page", sorted(versions, key=lambda version: (version.minute or -1, version.response_id)))
        )
        decide(vault, monkeypatch, 20_000)
        assert ending(vault) == as_they_came


def model(versions):
    """Who counts, by the rules of “What counts” written again in Python.

    Returns the place of each response; and id, first signing and number of signatures of each key.
    """
    newest = {}
    for version in sorted(versions, key=lambda version: -1 if version.minute is None else version.minute):
        newest[version.response_id] = version
    places, members = {}, {}
    for response_id, version in newest.items():
        key = email_key(version.address)
        if version.status != "completed":
            places[response_id] = ("not counted", "status partial")
        elif version.mode == "preview":
            places[response_id] = ("not counted", "preview")
        elif key.problem or version.minute is None:
            places[response_id] = ("held back", key.problem or "undated")
        else:
            members.setdefault(key.key, []).append(version)
    people = {}
    for key, signatures in members.items():
        winner = max(signatures, key=lambda version: (version.minute, int(version.response_id)))
        places |= {
            version.response_id: ("duplicate", "a later signature with the same email key")
            for version in signatures
        }
        places[winner.response_id] = ("signatory", "counts")
        first = MORNING + timedelta(minutes=min(version.created for version in signatures))
        people[key] = (winner.response_id, first, len(signatures))
    return places, people


def as_modelled(vault):
    """The same, as the vault has it."""
    places = {row["id"]: (row["place"], row["reason"]) for row in vault.places()}
    people = vault.rows("select email_key, response_id, signed_at, n_signatures from core.signatories")
    return places, {row["email_key"]: tuple(row.values())[1:] for row in people}


def test_the_model_is_given_what_a_platform_could_give():
    version = Version("7", 4, "ada@example.org", 2, (PARENT,), "completed", "default")
    assert ids_of([version.body]) == ["7"]
    assert json.loads(version.body)["date_modified"] == "2026-03-01T10:04:00+01:00"
