"""Which signatures are worth a look, by how and when they came: responses in, signals out."""

from __future__ import annotations

import json
import re

import pytest

from checks.people.address_matching import PEOPLE_IN_A_BURST, REASONS
from tests.builders import NOW, a_response
from tests.house import table_of
from tests.looking import look, signals
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.database.sql_files import statement
from warehouse.transform.signals import forget

YESTERDAY = "2026-11-24T{time}+00:00"


@pytest.fixture
def vault(tmp_path):
    """A new vault."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        yield opened


def come(vault, responses, *, source="api"):
    """A night in which these responses came, and the look after it."""
    vault.nights += 1
    vault.receive(responses, source=source)
    vault.decide()
    return look(vault)


def in_minutes(minutes, addresses, first_id=1, **changes):
    """Responses begun in these minutes after nine, each from its own address of these."""
    return [
        a_response(
            first_id + number,
            date_created=YESTERDAY.format(time=f"{9 + minute // 60:02}:{minute % 60:02}:00"),
            date_modified=YESTERDAY.format(time="18:00:00"),
            ip_address=address,
            **changes,
        )
        for number, (minute, address) in enumerate(zip(minutes, addresses, strict=True))
    ]


V4 = [f"203.0.113.{n}" for n in range(40)]

BURSTS = {
    "ten in an hour": (range(10), V4[:10], 10),
    "nine in an hour": (range(9), V4[:9], 0),
    "ten from one address": (range(10), V4[:1] * 10, 10),
    "the tenth at the end of the hour": ([*range(9), 60], V4[:10], 10),
    "the tenth a minute too late": ([*range(9), 61], V4[:10], 0),
    "those of the hour, not those before": ([-120, *range(10)], V4[:11], 10),
    "the block beside it": (range(10), [*V4[:9], "203.0.114.1"], 0),
    "an hour that begins later": ([0, 30, *range(61, 71)], V4[:12], 11),
    "an IPv6 /48": (range(10), [f"2001:db8:7:{n:x}::1" for n in range(10)], 10),
    "IPv6 beyond the /48": (range(10), [f"2001:db8:{n:x}::1" for n in range(10)], 0),
    "IPv4 written as IPv6": (range(10), [*V4[:5], *(f"::ffff:{a}" for a in V4[:5])], 10),
    "no address": (range(10), [""] * 10, 0),
    "impossible addresses": (range(10), ["203.0.113.300"] * 5 + ["999.0.113.3"] * 5, 0),
    "no address of anybody": (range(10), ["127.0.0.1"] * 5 + ["0.0.0.0"] * 5, 0),
}


@pytest.mark.parametrize("name", BURSTS)
def test_ten_people_from_one_block_within_an_hour_are_a_burst(vault, name):
    minutes, addresses, n_expected = BURSTS[name]
    responses = in_minutes([minute + 120 for minute in minutes], addresses)
    come(vault, responses)

    assert len(signals(vault, "burst")) == n_expected


def test_one_person_who_signs_ten_times_is_no_burst_and_neither_is_paper_typed_in_by_staff(vault):
    come(vault, in_minutes(range(10), V4[:10], email="ada@example.org"))
    come(vault, in_minutes(range(10), V4[:10], first_id=50, collection_mode="data_entry"))

    assert signals(vault, "burst") == []


def test_a_burst_is_found_when_its_last_signature_comes_on_a_later_night(vault):
    come(vault, in_minutes(range(9), V4[:9]))
    assert signals(vault, "burst") == []
    come(vault, in_minutes([20], V4[30:31], first_id=50))

    assert len(signals(vault, "burst")) == PEOPLE_IN_A_BURST


def test_a_burst_that_was_found_stays_found_when_its_block_is_forgotten(vault):
    come(vault, in_minutes(range(10), V4[:10]))
    forget(vault.connection, vault.form, at=NOW.replace(year=2027))
    assert vault.rows("select * from core.address_blocks") == []
    come(vault, [a_response(1, name="Another Name", ip_address="")])

    assert len(signals(vault, "burst")) == PEOPLE_IN_A_BURST


def test_no_address_is_kept_and_its_block_only_as_a_hash_for_thirty_days(vault):
    come(vault, in_minutes(range(10), V4[:10]))
    (block,) = vault.rows("select distinct block from core.address_blocks")
    assert len(block["block"]) == 64
    kept = vault.rows("select count(*) as n from core.address_blocks")

    forget(vault.connection, vault.form, at=NOW.replace(month=12, day=23))
    assert vault.rows("select count(*) as n from core.address_blocks") == kept
    forget(vault.connection, vault.form, at=NOW.replace(month=12, day=25))
    assert vault.rows("select count(*) as n from core.address_blocks") == [{"n": 0}]


def test_what_came_long_ago_is_looked_at_and_its_block_not_kept(vault):
    old = [json.loads(body) for body in in_minutes(range(10), V4[:10])]
    come(
        vault,
        [json.dumps({**one, "date_created": one["date_created"].replace("2026", "2024")}) for one in old],
    )

    assert len(signals(vault, "burst")) == PEOPLE_IN_A_BURST
    assert vault.rows("select * from core.address_blocks") == []


SECONDS = {
    "two seconds": ({"total_time": 2}, "api", True),
    "three seconds": ({"total_time": 3}, "api", False),
    "none, which the platform gives now and then": ({"total_time": 0}, "api", True),
    "as text": ({"total_time": "1"}, "api", True),
    "not said": ({}, "api", False),
    "less than none": ({"total_time": -1}, "api", False),
    "no number": ({"total_time": "soon"}, "api", False),
    "paper": ({"total_time": 0, "collection_mode": "data_entry"}, "api", False),
    "an export file": ({"total_time": 0}, "export a.csv", False),
}


@pytest.mark.parametrize("name", SECONDS)
def test_a_form_filled_in_within_three_seconds_is_too_fast(vault, name):
    changes, source, is_too_fast = SECONDS[name]
    come(vault, [a_response(1, **changes)], source=source)

    assert signals(vault) == [("too-fast", "1")] * is_too_fast


def test_a_response_that_comes_again_more_slowly_is_too_fast_no_more(vault):
    come(vault, [a_response(1, total_time=1)])
    come(vault, [a_response(1, total_time=40, date_modified="2026-03-01T09:30:00+00:00")])

    assert signals(vault) == []


TWO_PEOPLE = """
    id | email             | name             | modified
    1  | macleods@a.org    | Fiona MacLeod    | 2026-03-01T09:00:00+00:00
    2  | Macleods@a.org    | Hamish MacLeod   | 2026-03-02T09:00:00+00:00
    3  | macleods@a.org    | Hamish MacLeod   | 2026-03-03T09:00:00+00:00
    4  | MACLEODS@a.org    | Mrs Fiona Grant  | 2026-03-04T09:00:00+00:00
    5  | ada@b.org         | Ada Byron        | 2026-03-01T09:00:00+00:00
    6  | ada@b.org         | Ada Lovelace     | 2026-03-02T09:00:00+00:00
    7  | ada@b.org         | -                | 2026-03-03T09:00:00+00:00
"""


def test_each_other_person_on_an_address_is_one_signal_about_the_latest_signature(vault):
    vault.night(TWO_PEOPLE)
    look(vault)

    assert signals(vault) == [("two-people-one-address", "4", "3")]


PAIRS = """
    id | email                      | name
    1  | fiona.macleod@gmail.com    | Fiona MacLeod
    2  | fionamacleod@gmail.com     | -
    3  | fionamacleod+x@gmail.com   | Fiona MacLeod
    4  | fionamacleod@gmial.com     | Macleod Fiona
    5  | iain.ross@sky.com          | Iain Ross
    6  | iain.rosd@sky.com          | Mr Iain Ross
    7  | iain.rosd@sky.com.example  | Iain Ross
    8  | iain.rosa@sky.com          | Iona Ross
    9  | x9@mailinator.com          | Iona Ross
"""
FOUND = [
    ("address-typo", "2", "4"),
    ("address-typo", "5", "6"),
    ("disposable-domain", "4"),
    ("disposable-domain", "9"),
    ("same-mailbox", "1", "2"),
    ("same-mailbox", "1", "3"),
]


def test_pairs_are_found_among_all_people_however_they_come(vault):
    vault.night(PAIRS)
    look(vault)

    assert signals(vault) == [one for one in FOUND if one != ("address-typo", "2", "4")]


@pytest.mark.long
def test_signals_are_the_same_whether_people_come_in_one_night_or_in_many(vault):
    head, *rows = PAIRS.strip().splitlines()
    for row in rows:
        vault.night(f"{head}\n{row}")
        look(vault)
    vault.withdraw("1")
    vault.decide()
    look(vault)
    step_by_step = signals(vault)

    vault.connection.execute("delete from ledger.state where name like 'signals%'")
    look(vault)

    assert signals(vault) == step_by_step
    assert ("same-mailbox", "2", "3") in step_by_step


def test_a_look_at_nothing_new_changes_nothing(vault):
    vault.night(PAIRS)
    assert look(vault)[0] == len(PAIRS.strip().splitlines()) - 1
    before = vault.rows("select * from core.signals order by all")
    assert look(vault)[0] == 0

    assert vault.rows("select * from core.signals order by all") == before


def test_a_signal_found_again_was_noticed_when_it_first_was(vault):
    vault.night(PAIRS)
    look(vault)
    (first,) = vault.rows("select noticed_at from core.signals where signal = 'address-typo'")
    vault.night(PAIRS.replace("iain.rosa@", "iain.rosb@"))
    look(vault)

    assert vault.rows("select noticed_at from core.signals where signal = 'address-typo'") == [first]


def test_namesakes_too_many_to_compare_are_left_out_and_counted(vault, monkeypatch):
    monkeypatch.setattr("warehouse.transform.signals.MOST_IN_A_BLOCK", 1)
    vault.night(PAIRS)

    assert look(vault)[1] == 3
    assert signals(vault, "address-typo") == []


def test_every_signal_has_a_reason_and_a_line_in_the_document():
    found = set(
        re.findall(
            r"'([a-z-]+)'(?: as signal)?, (?:first_id|people|signatory_id)",
            statement("signals/current_signals"),
        )
    )

    assert found == set(REASONS)
    assert [name for name, *_ in table_of("docs/signals.md", "signal")] == list(REASONS)
