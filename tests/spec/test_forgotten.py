"""What is erased with a person, what isn't, and what may come in after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.people.email_key import email_key
from tests.builders import NAME, OTHER, ROLE, a_response
from tests.forgetting import SALT, forgotten, tables_with
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.ingest.erased_people import erased_people_of
from warehouse.ingest.response_text import form_of
from warehouse.privacy.erase_person import erase_person, finish_erasures
from warehouse.privacy.person import person_of, responses_alone
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

ADA = "ada@example.org"
BEFORE, AFTER = "2026-03-02T09:00:00+00:00", "2027-01-01T09:00:00+00:00"


@pytest.fixture
def vault(tmp_path):
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        yield opened


def places(vault):
    return {row["id"]: row["place"] for row in vault.places()}


def test_all_of_a_person_is_erased_and_the_sums_hold(vault):
    vault.night("""
        id | email           | name         | other       | choice | modified
        1  | Ada@example.org | Ada Canary   | canary keep | -      | 2026-03-01T09:01:00+00:00
        2  | ada@example.org | Ada Canary 2 | -           | 21     | 2026-03-02T09:01:00+00:00
        3  | ben@example.org | Ben Invented | -           | 21     | 2026-03-02T09:01:00+00:00
        """)
    vault.receive([a_response(1, email=ADA, name="Ada Canary the third", date_modified=BEFORE)])
    person = forgotten(vault, " ADA@example.org")
    assert person.response_ids == {"1", "2"}
    assert places(vault) == {"1": "erased", "2": "erased", "3": "signatory"}
    assert tables_with(vault.connection, ["ada", "canary"]) == {}
    assert vault.failed_measures() == []


def test_who_was_held_back_or_not_counted_is_erased_too(vault):
    vault.night("""
        id | email            | name   | status
        1  | ada@@example.org | Canary | completed
        2  | ada@example.org  | Canary | partial
        """)
    assert forgotten(vault, "ada@@example.org").response_ids == {"1"}
    assert forgotten(vault, ADA).response_ids == {"2"}
    assert places(vault) == {"1": "erased", "2": "erased"}
    assert tables_with(vault.connection, ["ada", "canary"]) == {}


def test_the_other_address_of_one_person_by_decision_is_erased_too(vault):
    vault.night("""
        id | email
        1  | ada@example.org
        2  | ada.canary@example.net
        """)
    one, other = (str(row["signatory_id"]) for row in vault.rows("from core.signatories"))
    pair = Decision("pair", one, "same", "rang us, ada@example.org", "a keeper", other_subject=other)
    decisions.keep(vault.connection, pair, at=vault.now)
    assert forgotten(vault, ADA).response_ids == {"1", "2"}
    assert tables_with(vault.connection, ["ada@", "ada.canary"]) == {}
    address = "ADA.canary@example.net"
    assert erased_people_of(vault.connection, [address])[address].erased_at == vault.now


def test_an_address_in_somebody_elses_text_is_taken_out_of_it(vault):
    text = "friend of Ada@Example.org"
    vault.receive([a_response(1, email=ADA), a_response(2, email="ben@example.org", choice=None, other=text)])
    person = forgotten(vault, ADA)
    assert (person.response_ids, list(person.mentions.values())) == ({"1"}, ["2"])
    assert places(vault) == {"1": "erased", "2": "signatory"}
    assert vault.rows("select role_other from core.signatories") == [{"role_other": "friend of (erased)"}]
    assert tables_with(vault.connection, ["ada@"]) == {}


def test_an_earlier_address_is_taken_out_of_the_earlier_version(vault):
    vault.night("""
        id | email           | modified
        1  | ada@example.org | 2026-03-01T09:01:00+00:00
        """)
    vault.receive([a_response(1, email="new@example.org", date_modified=BEFORE)])
    assert forgotten(vault, ADA).response_ids == set()
    assert places(vault) == {"1": "signatory"}
    assert tables_with(vault.connection, ["ada@"]) == {}


@pytest.mark.parametrize("source", ["api", "file"])
@pytest.mark.parametrize(
    ("comes", "place"),
    [
        (a_response(1, email=ADA), "erased"),
        (a_response(1, email=ADA, date_modified=AFTER, name="Canary edited"), "erased"),
        (a_response(1, email="other@example.org", name="Canary edited"), "erased"),
        (a_response(7, email="\uff21\uff24\uff21@example.org", name="Canary late"), "erased"),
        (a_response(7, email=ADA, name="Canary undated", date_created="", date_modified=""), "erased"),
        (a_response(7, email=None, name=ADA), "erased"),
        (a_response(7, email=ADA, name="signs anew", date_modified=AFTER), "signatory"),
        (a_response(7, email="ben@example.org", name="signs by himself"), "signatory"),
    ],
    ids=range(8),
)
def test_what_comes_in_after_the_erasure(vault, source, comes, place):
    vault.receive([a_response(1, email=ADA), a_response(2)])
    forgotten(vault, ADA)
    assert vault.receive([comes], source=source) <= 1
    vault.decide()
    assert places(vault)[comes.split('"')[3]] == place
    assert tables_with(vault.connection, ["canary", *([ADA] if place == "erased" else [])]) == {}
    again = vault.rows("select count(*) as n from raw.responses")
    assert vault.receive([comes], source=source) == 0
    assert vault.rows("select count(*) as n from raw.responses") == again


def test_a_mention_stays_taken_out_when_the_text_comes_again(vault):
    body = a_response(2, email="ben@example.org", answers={NAME: [{"text": f"ask {ADA}"}]})
    vault.receive([a_response(1, email=ADA), body])
    forgotten(vault, ADA)
    assert vault.receive([body]) == 0
    assert vault.receive([a_response(2, email="ben@example.org", choice=None, other=f"{ADA} again")]) == 1
    vault.decide()
    assert vault.rows("select role_other from core.signatories") == [{"role_other": "(erased) again"}]
    assert tables_with(vault.connection, ["ada@"]) == {}


def test_an_address_that_nobody_gave_leaves_a_tombstone(vault):
    vault.night("id\n1")
    assert forgotten(vault, ADA).response_ids == set()
    vault.receive([a_response(2, email=ADA)])
    vault.decide()
    assert places(vault) == {"1": "signatory", "2": "erased"}


def test_who_signs_anew_is_another_person_in_the_figures(vault):
    vault.receive([a_response(1, email=ADA)])
    forgotten(vault, ADA)
    vault.receive([a_response(2, email=ADA, date_created=AFTER, date_modified=AFTER)])
    vault.decide()
    assert vault.rows("select signatory_id from core.signatories") == [{"signatory_id": 2}]
    assert forgotten(vault, ADA).response_ids == {"1", "2"}
    assert places(vault) == {"1": "erased", "2": "erased"}


def test_erased_stays_erased_when_all_is_staged_anew_or_withdrawn(vault):
    vault.receive([a_response(1, email=ADA), a_response(2)])
    forgotten(vault, ADA)
    vault.withdraw("1")
    vault.rules = "other rules, so that all is staged and decided anew"
    vault.night()
    assert places(vault) == {"1": "erased", "2": "signatory"}


def test_a_text_that_people_decided_about_goes_with_its_only_writer(vault):
    other = [{"other_id": OTHER, "text": "Canary keeper"}]
    vault.receive([a_response(1, email=ADA, answers={ROLE: other})])
    vault.decide()
    role = Decision("exact text", "Canary keeper", "Keepers", "looked at", "a keeper")
    decisions.keep(vault.connection, role, at=vault.now)
    forgotten(vault, ADA)
    assert tables_with(vault.connection, ["canary"]) == {}


PROSE = ["hello\nada@example.org", "*ada@example.org*", "{ada@example.org}", "email=ada@example.org",
    "ada@example.org/ben@example.org", "ada@example.org\u2014mum", "\u00abada@example.org\u00bb",
    "\u200bada@example.org", "-ada@example.org", "_ada@example.org_", "ada@example.org\u3001ben"]  # fmt: skip


@pytest.mark.parametrize("is_erased_before", [False, True])
def test_a_mention_is_found_beside_any_sign(vault, is_erased_before):
    vault.receive([a_response(1, email=ADA)])
    others = [a_response(n, name=text) for n, text in enumerate(PROSE, 2)]
    if is_erased_before:
        forgotten(vault, ADA)
    vault.receive(others)
    vault.decide()
    if not is_erased_before:
        forgotten(vault, ADA)
    assert places(vault) == {"1": "erased", **{str(n): "signatory" for n, _ in enumerate(PROSE, 2)}}
    assert tables_with(vault.connection, ["ada@"]) == {}


SAME_KEY = ["\nada@example.org", "mailto:ada@example.org", "ADA@example.org\u200b", "\ufeffada@example.org"]
NO_KEY = ["ada canary@example.org", "ada,canary@example.org", '"ada"@example.org', "@example.org", "ada@"]


SPELT = [*((ADA, text) for text in SAME_KEY), *((text, text) for text in NO_KEY)]


@pytest.mark.parametrize(("first", "again"), SPELT)
def test_a_spelling_of_the_address_brings_nobody_back(vault, first, again):
    vault.receive([a_response(1, email=first)])
    assert forgotten(vault, first).response_ids == {"1"}
    vault.receive([a_response(7, email=again, name="Canary")])
    vault.decide()
    assert places(vault) == {"1": "erased", "7": "erased"}
    assert tables_with(vault.connection, ["canary@", "ada@", "canary"]) == {}


def test_an_earlier_version_that_was_the_persons_goes_whole(vault):
    vault.receive([a_response(1, email=ADA, name="Canary")])
    vault.decide()
    vault.receive([a_response(1, email="ben@example.org", name="Ben Invented", date_modified=BEFORE)])
    forgotten(vault, ADA)
    assert places(vault) == {"1": "signatory"}
    assert tables_with(vault.connection, ["ada@", "canary"]) == {}


def test_an_old_file_takes_no_response_from_who_has_it_now(vault):
    old = a_response(1, email=ADA, name="Canary")
    vault.receive([old])
    vault.decide()
    vault.receive([a_response(1, email="ben@example.org", name="Ben Invented", date_modified=BEFORE)])
    forgotten(vault, ADA)
    assert vault.receive([old], source="file") == 0
    in_another_zone = a_response(1, email=ADA, name="Canary", date_modified="2026-03-02T10:00:00+00:00")
    assert vault.receive([in_another_zone], source="file") == 0
    vault.rules = "other rules, so that all is staged and decided anew"
    vault.night()
    assert places(vault) == {"1": "signatory"}


def test_a_response_that_turns_out_to_be_the_persons_is_erased_whole(vault):
    """Changed at the platform before the erasure, and met only after it."""
    vault.receive([a_response(1, email="canary@example.org", name="Canary")])
    vault.decide()
    forgotten(vault, ADA)
    vault.receive([a_response(1, email=ADA, name="Canary", date_modified=BEFORE)])
    vault.decide()
    assert places(vault) == {"1": "erased"}
    assert finish_erasures(vault.connection) == 1
    assert tables_with(vault.connection, ["ada@", "canary"]) == {}


def test_an_older_version_that_comes_late_makes_nobody_the_person(vault):
    """The response says what its version changed last says, whichever came last."""
    bens = {"email": "ben@example.org"}
    vault.receive([a_response(1, date_modified=BEFORE, **bens), a_response(2, **bens)])
    vault.decide()
    vault.receive([a_response(1, email=ADA, name="Canary")], source="file")
    vault.decide()
    assert forgotten(vault, ADA).response_ids == set()
    assert places(vault) == {"1": "signatory", "2": "duplicate"}
    assert tables_with(vault.connection, ["ada@", "canary"]) == {}


def test_a_decision_about_others_texts_goes_on(vault):
    text = "Carer, ada@example.org"
    vault.receive([a_response(1, email=ADA), a_response(2, choice=None, other=text)])
    vault.decide()
    role = Decision("other text", "carer ada example org", "Carers", "looked at", "a keeper")
    decisions.keep(vault.connection, role, at=vault.now)
    forgotten(vault, ADA)
    assert vault.people("id role") == [{"id": "2", "role": "Carers"}]
    assert tables_with(vault.connection, ["ada@", "ada example"]) == {}


def test_what_is_no_address_is_nobodys(vault):
    """An accepted response without one, decided to be the person's, takes no text of others with it."""
    vault.receive(
        [a_response(1, email=ADA), a_response(2, email="none"), a_response(3, choice=None, other="none")]
    )
    vault.decide()
    accepted = Decision("response", "2", "accept", "rang us", "a keeper", detail="invalid")
    decisions.keep(vault.connection, accepted, at=vault.now)
    role = Decision("other text", "none", "No role", "looked at", "a keeper")
    decisions.keep(vault.connection, role, at=vault.now)
    vault.decide()
    ids = {row["response_id"]: str(row["signatory_id"]) for row in vault.rows("from core.signatories")}
    pair = Decision("pair", ids["1"], "same", "rang us", "a keeper", other_subject=ids["2"])
    decisions.keep(vault.connection, pair, at=vault.now)
    assert forgotten(vault, ADA).response_ids == {"1", "2"}
    assert vault.people("id role") == [{"id": "3", "role": "No role"}]


@pytest.mark.parametrize("cut", ["Ben \\ud83d", "Ben \\ud83d ask ada@example.org"])
@pytest.mark.parametrize("is_erased_before", [False, True])
def test_a_body_with_half_a_sign_stops_nothing(vault, cut, is_erased_before):
    body = a_response(2, email="ben@example.org", name="CUT").replace("CUT", cut)
    vault.receive([a_response(1, email=ADA)])
    if is_erased_before:
        forgotten(vault, ADA)
    vault.receive([body])
    forgotten(vault, ADA)
    assert tables_with(vault.connection, ["ada@"]) == {}


def test_who_shares_an_address_by_decision_is_told_apart(vault):
    vault.receive([a_response(1, email=ADA), a_response(2, email=ADA, name="Ben Invented")])
    vault.decide()
    decisions.keep(vault.connection, Decision("apart", "2", "apart", "rang us", "a keeper"), at=vault.now)
    vault.decide()
    assert person_of(vault.connection, ADA, ADA).is_shared
    erase_person(
        vault.connection, responses_alone(vault.connection, ["1"]), salt=SALT, who="a keeper", at=vault.now
    )
    vault.receive([a_response(1, email=ADA), a_response(2, email=ADA, name="Ben Invented")])
    vault.decide()
    assert places(vault) == {"1": "erased", "2": "signatory"}


@given(st.text(alphabet="ada@example.org\n\u200b MILTO:\uff20\ufeffxn--\u00fc", max_size=30))
def test_texts_with_one_email_key_have_one_form(text):
    address = f"{text}@b.org"
    key = email_key(address).key
    assert key is None or form_of(address) == form_of(key) == key
