"""What SQL decides of an address alone, against what the library decides of it."""

from __future__ import annotations

import re
import unicodedata

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.people.email_key import PLAIN_ADDRESS_PATTERN, _is_invisible, email_key
from warehouse.database.sql_files import statement

PLAIN = st.from_regex(re.compile(PLAIN_ADDRESS_PATTERN), fullmatch=True)
BLANKS = st.text(st.sampled_from(" \t\r\n\u00a0\u1680\u2003\u2028\u3000\u200b\u200e\ufeff\u0000"), max_size=3)
NEAR = st.one_of(
    st.sampled_from(
        [*"@.-_+'\" \n", "xn--", "\u017f", "\u212a", "İ", "ß", "\uff0e", "\uff20", ".test", "--", ".."]
    ),
    st.characters(exclude_categories=["Cs"]),
)


@st.composite
def nearly_plain(draw):
    """A plain address with something put in, cut out or put around."""
    address = draw(PLAIN)
    at, n_cut = draw(st.integers(0, len(address))), draw(st.integers(0, 2))
    changed = address[:at] + draw(NEAR) + address[at + n_cut :]
    return draw(BLANKS) + draw(st.sampled_from([changed, address])) + draw(BLANKS)


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TEXTS = st.lists(st.one_of(PLAIN, nearly_plain(), ANYTHING), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def connection():
    """DuckDB, with the places that the statements read from."""
    with duckdb.connect() as opened:
        opened.execute("attach ':memory:' as staging")
        yield opened


def decided_in_sql(connection, texts):
    """The key that staging/emails.sql finds for each text; None where it leaves it to the library."""
    connection.execute(
        "create or replace table staging.fields as"
        " select unnest($texts) as email, unnest(range($n)) as response_id",
        {"texts": texts, "n": len(texts)},
    )
    rows = connection.execute(f"{statement('staging/emails')} order by response_id").fetchall()
    assert [email for _, email, _ in rows] == texts
    return [key for _, _, key in rows]


def test_the_pattern_in_sql_is_the_one_that_the_checks_state():
    (written,) = re.findall(r"'(\^.*\$)'", statement("staging/emails"))
    assert written == PLAIN_ADDRESS_PATTERN


@given(TEXTS)
@example(["ada@example.org\n", "\nada@example.org", "ada@example.org\u0000", "\u212aada@example.org"])
@example(["ADA@EXAMPLE.ORG", "ada@example.or\u212a", "\u3000ada@example.org\u2003", "ada@example.scot"])
def test_what_sql_decides_the_library_decides_alike(connection, texts):
    found = decided_in_sql(connection, texts)
    assert [
        (key, email_key(text).key)
        for key, text in zip(found, texts, strict=True)
        if key not in (None, email_key(text).key)
    ] == []


@given(st.lists(PLAIN, min_size=1, max_size=20), st.text(" ", max_size=2))
def test_what_is_plain_sql_decides_alone(connection, addresses, around):
    typed = [f"{around}{address}{around}" for address in addresses]
    assert decided_in_sql(connection, typed) == [address.lower() for address in addresses]


CHARACTERS = (
    "(select n, chr(n::integer) as c from range(1, 1114112) as r(n) where n not between 55296 and 57343)"
)


@pytest.mark.parametrize(
    "put_in", ["c || 'ada@example.org'", "'ada@example.org' || c", "'a' || c || 'da@e.org'"]
)
def test_no_character_beside_a_plain_address_makes_sql_decide_what_the_library_does_not(connection, put_in):
    typed = f"select n as response_id, {put_in} as email from {CHARACTERS}"
    connection.execute(f"create or replace table staging.fields as {typed}")
    decided = connection.execute(
        f"select email, plain_key from ({statement('staging/emails')}) where plain_key is not null"
    ).fetchall()
    assert len(decided) > 10
    assert [text for text, key in decided if email_key(text).key != key] == []


def test_sql_and_the_library_agree_which_characters_are_blank(connection):
    (pattern,) = re.findall(r"regexp_matches\(answers\.text, '([^']+)'\)", statement("staging/fields"))
    blank = connection.execute(
        f"select n from {CHARACTERS} where not regexp_matches(c, $given) order by n", {"given": pattern}
    ).fetchall()
    known = [n for (n,) in blank if unicodedata.category(chr(n)) != "Cn"]  # engines' Unicode versions differ
    assert known == [n for n in range(1, 0x110000) if not 0xD800 <= n < 0xE000 and _is_invisible(chr(n))]
