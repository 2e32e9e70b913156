"""The email key over all texts: stable, blind to what doesn't matter, and never wider than a mailbox."""

from __future__ import annotations

import re
import sys
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.people import email_key as module
from checks.people.email_key import PLAIN_ADDRESS_PATTERN, PLAIN_LOCAL_PART, email_key

DOMAINS = [
    "example.org",
    "Mail.Example.co.uk",
    "gàidhlig.scot",
    "bücher.example",
    "例え.jp",
    "straße.example",
]
LETTERS = st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Nd", "No"])
ATOMS = st.text(st.one_of(st.sampled_from("abcxyzAZ019_-+'"), LETTERS), min_size=1, max_size=12)
LOCAL_PARTS = st.lists(ATOMS, min_size=1, max_size=3).map(".".join)
ADDRESSES = st.builds("{}@{}".format, LOCAL_PARTS, st.sampled_from(DOMAINS))
BLANKS = st.text(st.sampled_from(" \t\r\n\u00a0\u2003\u3000\u200b\u200e\u202a\ufeff"), max_size=4)
# Characters whose capital and small forms mean one another: not the dotless i, whose capital is I.
CASED = st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F).filter(
    lambda letter: letter.upper().casefold() == letter.casefold() == letter.lower().casefold()
)
PLAIN = re.compile(PLAIN_ADDRESS_PATTERN)


@given(st.text())
def test_any_text_has_a_key_or_a_problem(text):
    answer = email_key(text)
    assert (answer.key is None) != (answer.problem is None)


@given(st.one_of(st.text(), ADDRESSES))
@example("\u1fb3\u0301\u0345@example.org")
def test_the_key_of_a_key_is_itself(text):
    key = email_key(text).key
    assume(key is not None)
    assert email_key(key).key == key


@pytest.mark.parametrize("mark", ["", "\u0301", "\u0331", "\u0345"])
def test_every_character_that_folding_changes_is_folded_once_and_for_all(mark):
    changed = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.normalize("NFKC", character).casefold() != character
    ]
    keys = {email_key(f"a{character}{mark}@example.org").key for character in changed} - {None}
    assert len(keys) > 2_000
    assert [key for key in keys if email_key(key).key != key] == []


@given(ADDRESSES)
def test_composed_and_decomposed_forms_have_one_key(address):
    keys = {email_key(unicodedata.normalize(form, address)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(keys) == 1


@given(
    st.text(CASED, min_size=1, max_size=12),
    st.sampled_from(["example.org", "gàidhlig.scot", "bücher.example"]),
)
def test_capitals_and_small_letters_have_one_key(local, domain):
    address = f"{local}@{domain}"
    assert email_key(address.upper()) == email_key(address.lower())


@given(ADDRESSES, BLANKS, BLANKS)
def test_blanks_around_an_address_change_nothing(address, before, after):
    assert email_key(before + address + after) == email_key(address)


@given(st.sets(st.from_regex(r"[a-z0-9.]{0,8}", fullmatch=True), min_size=2, max_size=2))
def test_two_plus_tags_or_two_placings_of_dots_are_never_merged(tags):
    tagged = [email_key(f"ada+x{tag}x@example.org") for tag in tags]
    dotted = [email_key(f"a{tag}x@gmail.com") for tag in tags]
    assert tagged[0] != tagged[1] or tagged[0].problem
    assert dotted[0] != dotted[1] or dotted[0].problem


@given(st.from_regex(PLAIN, fullmatch=True), st.text(" ", max_size=3), st.text(" ", max_size=3))
def test_a_plain_address_is_valid_and_is_its_own_key_in_lower_case(address, before, after):
    assert email_key(before + address + after).key == address.lower()


@given(
    st.from_regex(PLAIN, fullmatch=True),
    st.integers(0, 300),
    st.integers(0, 2),
    st.one_of(
        st.sampled_from([*"@.-_+\n ", "xn--", "\u017f", "\u212a", "İ", "ß", "\uff0e", ".test", "--"]),
        st.characters(),
    ),
)
def test_near_a_plain_address_the_pattern_still_says_nothing_untrue(address, at, n_cut, put_in):
    near = address[:at] + put_in + address[at + n_cut :]
    assert not PLAIN.fullmatch(near) or email_key(near).key == near.lower()


@given(
    st.one_of(st.from_regex(PLAIN, fullmatch=True), ADDRESSES, st.text(max_size=40)),
    st.sampled_from(["", "\n"]),
)
def test_re2_reads_the_pattern_as_python_does(text, ending):
    matches = pc.match_substring_regex(pa.array([text + ending]), PLAIN_ADDRESS_PATTERN)
    assert matches.to_pylist() == [PLAIN.fullmatch(text + ending) is not None]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.co",
        "Ada.Lovelace@Example.org",
        "first.middle-last_2+tag@mail.a-charity.org.uk",
        "j.macleod@highland.gov.uk",
        "ceilidh@village.scot",
        "1" + ".1" * 31 + "@" + ("1" + "-1" * 24 + ".") * 3 + "info",
    ],
)
def test_what_people_usually_type_is_plain(address):
    assert PLAIN.fullmatch(address)
    assert email_key(address).key == address.lower()


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.test",
        "ada@printer.local",
        "ada@xn--bcher-kva.org",
        "o'neil@example.org",
        "ada@example.org\n",
        "",
    ],
)
def test_what_needs_the_library_is_not_plain(address):
    assert not PLAIN.fullmatch(address)


PLAIN_LOCALS = st.from_regex(PLAIN_LOCAL_PART, fullmatch=True)
ODD_DOMAINS = st.one_of(
    st.sampled_from(DOMAINS),
    st.sampled_from(
        ["x.test", "localhost", "[1.2.3.4]", "a..b", "-a.org", "ab--c.org", "xn--a.org", "", "<b>", 'b"c.org']
    ),
    st.builds("{}.{}".format, st.text("ab-é", max_size=66), st.sampled_from(DOMAINS)),
    st.builds(
        lambda n, end: "a" * 60 + ("." + "é" * 20) * n + end,
        st.integers(1, 8),
        st.sampled_from([".org", ".example"]),
    ),
    st.text(max_size=30),
)


@given(
    st.one_of(
        PLAIN_LOCALS, st.text("ab.'_-+!\"<@\u0301 é", max_size=66), st.text("a", min_size=55, max_size=66)
    ),
    ODD_DOMAINS,
)
@example("a" * 64, "b" * 61 + ("." + "c" * 62) * 2 + ".org")
@example("a" * 63, "b" * 61 + ("." + "c" * 62) * 2 + ".org")
def test_a_domain_decided_once_is_as_if_the_library_were_asked_of_each_address(local, domain):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PLAIN_LOCAL_PART", re.compile(r"(?!)"))
        asked = email_key(f"{local}@{domain}")
    assert email_key(f"{local}@{domain}") == asked
