"""Which names on one address are clearly two people's, and which are one name differently written."""

from __future__ import annotations

import pytest

from checks.people.address_matching import other_people
from checks.people.name_matching import are_two_people, distance, name_key
from tests.vaults import drawn

NAMES = drawn("""
    one                  | other                  | two | because
    Fiona MacLeod        | Hamish MacLeod         | yes | a couple with one surname
    Fiona MacLeod        | Hamish Grant           | yes | nothing is alike
    Ann Smith            | Ian Smith              | yes | short names, two letters apart
    Agnieszka Nowak      | Piotr Nowak            | yes | a Polish couple
    Ayesha Siddiqui      | Bilal Siddiqui         | yes | a Pakistani couple
    Li Na                | Wang Fang              | yes | Chinese names in Latin letters
    '王伟'                 | '李娜'                   | yes | Chinese names
    Ruaridh NicLeòid     | Mòrag NicLeòid         | yes | Gaelic names
    Fiona                | Hamish                 | yes | given names alone
    J Smith              | Hamish Grant           | yes | another initial and another surname
    Fiona MacLeod        | fiona macleod          | no  | capitals
    Fiona MacLeod        | '  Fiona   MacLeod. '  | no  | spaces and a full stop
    Màiri NicDhòmhnaill  | Mairi NicDhomhnaill    | no  | accents
    Łukasz Wiśniewski    | Lukasz Wisniewski      | no  | strokes and accents
    Siobhan O'Neill      | "Siobhan O\\u2019Neill" | no  | another apostrophe
    Mrs Fiona MacLeod    | Fiona MacLeod          | no  | a title
    Dr F MacLeod MBE     | Fiona MacLeod          | no  | title, initial and honours
    Mr and Mrs MacLeod   | Fiona MacLeod          | no  | who is meant isn't said
    -                    | Fiona MacLeod          | no  | a name is missing
    '---'                | Fiona MacLeod          | no  | only symbols
    F MacLeod            | Fiona MacLeod          | no  | an initial
    F. J. MacLeod        | Fiona Jane MacLeod     | no  | two initials
    H MacLeod            | Fiona MacLeod          | no  | another initial: of a name not used?
    Kat MacLeod          | Katherine MacLeod      | no  | a short form
    Katie MacLeod        | Katherine Grant        | no  | a short form, and another surname
    Danny Ross           | Daniel Ross            | no  | a short form with two n
    Bob Campbell         | Robert Campbell        | no  | a short form that is no beginning
    Hamish Stewart       | James Stewart          | no  | one name in two languages
    Iain Caimbeul        | John Campbell          | no  | the same
    Gosia Kowalczyk      | Małgorzata Kowalczyk   | no  | a Polish short form
    Fiona MacLeod        | Fiona Grant            | no  | a changed surname
    Fiona MacLeod        | Fiona MacLeod-Grant    | no  | one that grew
    MacLeod Fiona        | Fiona MacLeod          | no  | the other order
    Wang Wei             | Wei Wang               | no  | the other order, as China has it
    Fiona MacLeod        | Foina MacLeod          | no  | a slip
    Alasdair Fraser      | Alistair Fraser        | no  | one name, two spellings
    Fiona MacLeod        | Fiona Jane MacLeod     | no  | a name left out
    Fiona                | Fiona MacLeod          | no  | no surname
    MacLeod              | Fiona MacLeod          | no  | no given name
    '王伟'                 | Wang Wei               | no  | two alphabets can't be compared
    'عائشہ صدیقی'         | Ayesha Siddiqui        | no  | the same
    Muhammad Ali Khan    | Muhammad Usman         | no  | the first word agrees, so it isn't clear
""")

KEYS = drawn("""
    name                  | key                  | because
    Fiona MacLeod         | fiona macleod        | two words
    MACLEOD, Fiona        | fiona macleod        | in either order
    Dr Fiona MacLeod MSP  | fiona macleod        | titles and honours off
    Màiri NicDhòmhnaill   | mairi nicdhomhnaill  | accents off
    'Fiona\\u00a0MacLeod' | fiona macleod        | any blank is a blank
    'ﬁona macleod'        | fiona macleod        | a ligature is its letters
    Anne-Marie O'Neill    | anne marie oneill    | hyphens part, apostrophes don't
    Fiona                 | -                    | one word is too little to go by
    '李娜'                  | '李娜'                 | but for a script that needs no blank
    '...'                 | -                    | no letter at all
    -                     | -                    | nothing
    Mrs                   | -                    | a title alone
""")

DISTANCES = [
    ("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "adc", 1), ("abc", "abcd", 1),
    ("abc", "ab", 1), ("abc", "cab", 2), ("ca", "abc", 3), ("fiona", "foina", 1), ("kitten", "sitting", 3),
]  # fmt: skip


@pytest.mark.parametrize("row", NAMES, ids=lambda row: f"{row['because']}: {row['two']}")
def test_two_names_on_one_address_are_clearly_two_people_s(row):
    answers = {are_two_people(row["one"], row["other"]), are_two_people(row["other"], row["one"])}

    assert answers == {row["two"] == "yes"}


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row["because"])
def test_a_name_is_compared_by_its_key(row):
    assert name_key(row["name"]) == row["key"]


@pytest.mark.parametrize(("one", "other", "expected"), DISTANCES)
def test_the_distance_counts_insertions_deletions_substitutions_and_swaps(one, other, expected):
    assert distance(one, other) == distance(other, one) == expected


def test_each_other_person_on_an_address_is_found_once():
    names = ["Fiona MacLeod", "F MacLeod", "Hamish Grant", None, "Hamish Grant", "H Grant", "Ayesha Khan"]

    assert other_people(names) == [2, 6]
    assert other_people([None, "Hamish Grant", "Ayesha Khan"]) == []
    assert other_people([]) == []


def test_a_thousand_names_on_one_address_and_names_without_an_end_are_told_apart_in_no_time():
    names = [f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}" for number in range(1_000)]

    assert other_people(names) == list(range(1, 1_000))
    assert other_people(["a" * 1_000_000, "b" * 1_000_000]) == [1]
