"""Signals over all addresses and histories: what a mailbox is, what the range is, what they never change."""

from __future__ import annotations

from collections import Counter, deque

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.people.address_matching import is_slip
from checks.people.email_key import email_key
from checks.people.mailboxes import PROVIDERS, mailbox
from checks.people.name_matching import are_two_people, distance
from tests.builders import a_response
from tests.examples import examples
from tests.looking import look
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.database.sql_files import statement

OF_PROVIDER = {domain: number for number, provider in enumerate(PROVIDERS) for domain in provider["domains"]}
OTHERS = ["example.org", "glenview.sch.uk", "highland.gov.uk", "gov.scot", "hotmail.co.uk", "mail.gmail.com"]
LOCAL_PARTS = st.lists(st.text("ab.c-_+01é", min_size=1, max_size=4), min_size=1, max_size=4).map(".".join)
KEYS = st.builds("{}@{}".format, LOCAL_PARTS, st.sampled_from([*OF_PROVIDER, *OTHERS])).map(
    lambda text: email_key(text).key
)
NAMES = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["Fiona MacLeod", "F. MacLeod", "李娜"]))
TEXTS = st.text("abc", max_size=6)


@given(KEYS)
@example("+@gmail.com")
def test_the_mailbox_of_a_mailbox_is_itself(key):
    assume(key is not None)
    assert mailbox(mailbox(key)) == mailbox(key)


@given(KEYS, KEYS)
def test_no_two_domains_share_a_mailbox_but_those_of_one_provider(one, other):
    assume(one is not None and other is not None)
    domain, other_domain = one.rpartition("@")[2], other.rpartition("@")[2]
    if mailbox(one) == mailbox(other) and domain != other_domain:
        assert OF_PROVIDER[domain] == OF_PROVIDER[other_domain]


@given(LOCAL_PARTS, st.sampled_from(OTHERS))
def test_a_key_at_a_domain_without_rules_is_its_own_mailbox(local_part, domain):
    assert mailbox(f"{local_part}@{domain}") == f"{local_part}@{domain}"


@given(NAMES, NAMES)
def test_whether_two_names_are_two_people_s_does_not_depend_on_which_comes_first(one, other):
    assert are_two_people(one, other) == are_two_people(other, one)
    assert not are_two_people(one, one)


@given(TEXTS, TEXTS)
def test_a_slip_is_a_distance_of_one(one, other):
    expected = distance(one, other) == 1 and min(len(one), len(other)) >= 5
    assert is_slip(f"{one}@example.org", f"{other}@example.org") == expected


ADDRESSES = [
    "a.macleod@gmail.com", "amacleod@gmail.com", "amacleod+x@googlemail.com", "amacleod@gmial.com",
    "amaclead@gmial.com", "amacleod@sky.com", "amaclead@sky.com", "amacleds@sky.com", "x@mailinator.com",
]  # fmt: skip
PEOPLE = st.tuples(
    st.sampled_from(["Fiona MacLeod", "Hamish Grant", "Iain Ross"]),
    st.sampled_from(ADDRESSES),
    st.sampled_from([1, 40]),
)


@pytest.fixture(scope="module")
def vaults(tmp_path_factory):
    """A new folder for each vault of a property."""
    return lambda: tmp_path_factory.mktemp("vault")


@examples(0.12)
@given(st.lists(PEOPLE, min_size=1, max_size=14), st.sets(st.integers(1, 14), max_size=4))
def test_signals_change_nobody_and_the_range_is_what_the_open_cases_come_to(vaults, people, withdrawn):
    with a_vault(vaults(), check=held_by_a_plain_rule) as vault:
        vault.receive([
            a_response(number, name=name, email=email, total_time=seconds)
            for number, (name, email, seconds) in enumerate(people, 1)
        ])  # fmt: skip
        vault.decide()
        before = vault.rows("select * from core.signatories order by all")
        look(vault)
        assert vault.rows("select * from core.signatories order by all") == before
        vault.withdraw(*(str(number) for number in withdrawn if number <= len(people)))
        vault.decide()
        look(vault)
        step_by_step = vault.rows("select * exclude (noticed_at, run_id) from core.signals order by all")
        vault.connection.execute("delete from ledger.state where name = 'signals noticed by'")
        look(vault)
        at_once = vault.rows("select * exclude (noticed_at, run_id) from core.signals order by all")
        assert at_once == step_by_step

        (headline,) = vault.rows(statement("marts/headline"))
        assert headline == _range_by_hand(vault)
        assert headline["n_lowest"] <= headline["n_signatories"] <= headline["n_highest"]


def _range_by_hand(vault):
    """The headline counted by walking from person to person along open pairs."""
    ids = [row["signatory_id"] for row in vault.rows("select signatory_id from core.signatories")]
    cases = vault.rows("select * from staging.open_signals")
    doubted = {
        case["signatory_id"] for case in cases if case["signal"] in {"disposable-domain", "burst", "too-fast"}
    }
    beside = {one: set() for one in ids}
    for case in cases:
        if case["other_id"] is not None:
            beside[case["signatory_id"]].add(case["other_id"])
            beside[case["other_id"]].add(case["signatory_id"])
    n_lowest, seen = 0, set()
    for start in ids:
        if start in seen:
            continue
        reached, ahead = {start}, deque([start])
        while ahead:
            new = beside[ahead.popleft()] - reached
            reached |= new
            ahead.extend(new)
        seen |= reached
        n_lowest += bool(reached - doubted)
    kinds = Counter(case["signal"] for case in cases)
    return {
        "n_signatories": len(ids),
        "n_lowest": n_lowest,
        "n_highest": len(ids) + kinds["two-people-one-address"],
        "n_to_review": len(cases),
        "n_maybe_same": len(
            {
                frozenset((case["signatory_id"], case["other_id"]))
                for case in cases
                if case["other_id"] is not None
            }
        ),
        "n_maybe_two": sum(case["signal"] == "two-people-one-address" for case in cases),
        "n_maybe_not_genuine": len(doubted),
    }
