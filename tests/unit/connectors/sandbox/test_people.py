"""The invented people: the same each time, and as varied as real ones."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from email_validator import EmailNotValidError, validate_email

from connectors.sandbox.world import pledge
from connectors.sandbox.world.addresses import BROKEN, another_form, invent_address, with_ascii_domain
from connectors.sandbox.world.names import Name
from connectors.sandbox.world.people import invent

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def people():
    return invent(20_000, seed=7, until=UNTIL)


def email_key(address):
    """The key by the policy, worked out here by other means than the pipeline's."""
    text = unicodedata.normalize("NFKC", address.strip()).strip().casefold()
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def is_valid(address):
    try:
        validate_email(
            unicodedata.normalize("NFKC", address).strip(), check_deliverability=False, strict=True
        )
    except EmailNotValidError:
        return False
    return True


def test_the_same_arguments_give_the_same_people():
    assert invent(300, seed=3, until=UNTIL) == invent(300, seed=3, until=UNTIL)


@pytest.mark.parametrize("other", [{"seed": 4}, {"n": 301}, {"until": UNTIL - timedelta(days=1)}])
def test_other_arguments_give_other_people(other):
    arguments = {"n": 300, "seed": 3, "until": UNTIL}
    assert invent(**arguments)[:300] != invent(**arguments | other)[:300]


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_any_small_number_of_people_can_be_had(n):
    assert len(invent(n, seed=1, until=UNTIL)) == n


def test_ids_are_distinct_numbers_of_several_lengths_and_some_exceed_a_double(people):
    ids = [one.response_id for one in people]
    assert len(set(ids)) == len(ids)
    assert {len(response_id) for response_id in ids} == {11, 12, 16}
    large = [int(response_id) for response_id in ids if int(response_id) > 2**53]
    assert len(large) > 100
    assert len({float(number) for number in large}) < len(large)


def test_times_are_whole_seconds_in_utc_and_never_after_the_end(people):
    for one in people:
        assert one.created_at.tzinfo is UTC
        assert one.created_at <= one.modified_at <= UNTIL
        assert one.created_at.microsecond == one.modified_at.microsecond == 0


def test_signing_comes_in_two_waves_with_quiet_months_and_shared_instants(people):
    by_month = Counter(one.created_at.strftime("%Y-%m") for one in people)
    assert by_month["2025-09"] > 5 * by_month["2026-03"]
    assert by_month["2026-06"] > 3 * by_month["2026-05"]
    assert by_month["2026-07"] < by_month["2026-05"] / 3
    by_weekday = Counter(one.created_at.weekday() for one in people)
    assert by_weekday[5] < by_weekday[2] / 2
    assert len({one.modified_at for one in people}) < len(people) - 50


def test_every_status_and_mode_occurs(people):
    assert {one.status for one in people} == {"completed", "partial", "disqualified", "overquota"}
    assert {one.mode for one in people} == {"default", "preview", "survey_preview", "data_entry", "edit"}
    assert 0.9 < sum(one.status == "completed" for one in people) / len(people) < 0.96


def test_paper_sheets_are_completed_come_by_their_own_collector_and_have_no_ip(people):
    paper = [one for one in people if one.mode == "data_entry"]
    assert {(one.collector_id, one.ip, one.status) for one in paper} == {
        (pledge.PAPER_COLLECTOR_ID, "", "completed")
    }


def test_roles_are_listed_hidden_gone_other_or_missing(people):
    completed = [one for one in people if one.status == "completed"]
    chosen = {one.choice_id for one in completed}
    assert chosen == {*pledge.ROLES, pledge.HIDDEN_ROLE_ID, pledge.GONE_ROLE_ID, None}
    assert "" in {one.other_text for one in completed}
    assert any(one.choice_id is None and one.other_text is None for one in completed)
    assert not any(one.choice_id and one.other_text for one in completed)


def test_council_areas_are_chosen_as_many_live_there_and_some_leave_the_question_out(people):
    completed = [one.area_id for one in people if one.status == "completed"]
    assert 0.05 < completed.count(None) / len(completed) < 0.07
    assert {one.area_id for one in people if one.status != "completed"} == {None}
    found, living = Counter(filter(None, completed)), sum(pledge.AREAS.values())
    assert len(pledge.AREAS) == 33
    for area_id, thousands in pledge.AREAS.items():
        assert found[area_id] / found.total() == pytest.approx(thousands / living, rel=0.1, abs=0.003)


def test_about_four_in_a_hundred_sign_again_in_another_spelling(people):
    valid = [one.email for one in people if one.email is not None and is_valid(one.email)]
    repeated = 1 - len({email_key(address) for address in valid}) / len(valid)
    assert 0.03 < repeated < 0.05
    assert len({email_key(address) for address in valid}) < len(set(valid))


def test_some_who_sign_again_have_another_role(people):
    roles = {}
    for one in people:
        if one.email and is_valid(one.email) and one.choice_id:
            roles.setdefault(email_key(one.email), set()).add(one.choice_id)
    assert sum(len(chosen) > 1 for chosen in roles.values()) > 20


def test_about_two_in_a_hundred_addresses_are_broken_and_some_are_missing(people):
    given = [one.email for one in people if one.email is not None]
    assert 0.01 < sum(not is_valid(address) for address in given) / len(given) < 0.04
    assert any(one.email is None and one.status == "completed" for one in people)


@pytest.mark.parametrize("make", BROKEN)
@pytest.mark.parametrize("address", ["ailsa.muir@school.example.org", "zoë@bücher.example.org"])
def test_no_broken_address_is_valid(make, address):
    local, _, domain = address.partition("@")
    assert is_valid(address)
    assert not is_valid(make(local, domain))


def test_every_other_form_of_an_address_has_its_key():
    rng = Random(5)
    for address in ("o'larty.zoë+pledge@bücher.example.org", "ailsa.muir@school.example.org"):
        forms = {another_form(rng, address) for _ in range(300)}
        assert len(forms) > 5
        assert {email_key(form) for form in forms} == {email_key(address)}


def test_a_domain_beyond_ascii_has_the_form_that_the_wires_carry():
    assert with_ascii_domain("a@bücher.example.org") == "a@xn--bcher-kva.example.org"


def test_two_people_of_one_name_get_two_addresses():
    taken = set()
    name = Name("Ailsa Muirbrae", "Ailsa", "Muirbrae")
    addresses = [invent_address(Random(1), name, taken) for _ in range(50)]
    assert len({email_key(address) for address in addresses}) == 50


def test_no_address_is_anybodys(people):
    safe = ("example.org", "example.com", "example.net")
    for one in people:
        if one.email and is_valid(one.email):
            assert email_key(one.email).endswith(safe)


def test_names_are_mostly_distinct_and_of_several_scripts_and_spellings(people):
    names = [one.name for one in people if one.name]
    assert len(set(names)) > 0.75 * len(names)
    scripts = {unicodedata.name(letter, "?").split()[0] for name in names for letter in name}
    assert {"LATIN", "ARABIC", "CJK", "CYRILLIC"} <= scripts
    assert any(name != unicodedata.normalize("NFC", name) for name in names)
    for sign in ("'", "-", "Mac", "Mc", "\n", "<b>", "ł", "\U00020bb7"):
        assert any(sign in name for name in names), sign
    assert any(name.startswith("=") for name in names)
    assert {None, " "} <= {one.name for one in people}
