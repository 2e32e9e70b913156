"""Which typed addresses are one mailbox, and which are none: typed in, key or problem out."""

from __future__ import annotations

import unicodedata

import pytest

from checks.people.email_key import EmailKey, email_key, email_keys

LONGEST_LABEL = "x" * 63
LONGEST_DOMAIN = f"{LONGEST_LABEL}.{LONGEST_LABEL}.{'y' * 57}.org"  # 189 characters: 254 with 64 and the @

# Each character in the width that East Asian keyboards give: U+FF01 to U+FF5E stand for U+0021 to U+007E.
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "Ada@example.org")

KEYS = [
    # Plain addresses.
    ("plain", "ada@example.org", "ada@example.org"),
    ("capitals", "Ada.Lovelace@Example.ORG", "ada.lovelace@example.org"),
    ("capitals before the @ are the same mailbox", "ADA@example.org", "ada@example.org"),
    ("a council", "j.macleod@highland.gov.uk", "j.macleod@highland.gov.uk"),
    ("a school", "head@st-marys.school.sch.uk", "head@st-marys.school.sch.uk"),
    (".scot", "ceilidh@village.scot", "ceilidh@village.scot"),
    ("digits only", "07700900123@example.org", "07700900123@example.org"),
    ("one letter", "a@b.co", "a@b.co"),
    ("apostrophe", "o'neil@example.org", "o'neil@example.org"),
    ("ampersand", "tom&jerry@example.org", "tom&jerry@example.org"),
    ("underscore at the end", "ada_@example.org", "ada_@example.org"),
    ("role address", "PostMaster@example.org", "postmaster@example.org"),
    ("a documentation domain is a domain like others", "a@bands.example", "a@bands.example"),
    # An alias is a signal, not a deletion.
    ("plus tag kept", "ada+pledge@example.org", "ada+pledge@example.org"),
    ("other plus tag is another key", "ada+news@example.org", "ada+news@example.org"),
    ("dots kept", "a.d.a@gmail.com", "a.d.a@gmail.com"),
    ("googlemail isn't gmail", "ada@googlemail.com", "ada@googlemail.com"),
    # What copying and phones bring along.
    ("spaces around", "  ada@example.org ", "ada@example.org"),
    ("tab and line break", "\tada@example.org\r\n", "ada@example.org"),
    ("no-break space", "\u00a0ada@example.org\u00a0", "ada@example.org"),
    ("ideographic space", "ada@example.org\u3000", "ada@example.org"),
    ("byte order mark", "\ufeffada@example.org", "ada@example.org"),
    ("zero-width space at the end", "ada@example.org\u200b", "ada@example.org"),
    ("direction marks", "\u202aada@example.org\u202c", "ada@example.org"),
    ("blanks and marks mixed", " \u200b\t\ufeffada@example.org\u200d \n", "ada@example.org"),
    ("nul at the end", "ada@example.org\x00", "ada@example.org"),
    ("mailto", "mailto:ada@example.org", "ada@example.org"),
    ("mailto in capitals, with a space", "MailTo: Ada@example.org", "ada@example.org"),
    ("mailto twice", "mailto:mailto:ada@example.org", "ada@example.org"),
    # Widths and forms of one character.
    ("full-width @", "ada\uff20example.org", "ada@example.org"),
    ("small @", "ada﹫example.org", "ada@example.org"),
    ("all full-width", WIDE, "ada@example.org"),
    ("ideographic full stop", "ada@example。org", "ada@example.org"),
    ("ligature", "ﬁona@example.org", "fiona@example.org"),
    # Letters beyond ASCII.
    ("Gaelic name", "màiri@example.scot", "màiri@example.scot"),
    ("Gaelic name in capitals", "MÀIRI@EXAMPLE.SCOT", "màiri@example.scot"),
    ("Gaelic domain", "fàilte@gàidhlig.scot", "fàilte@xn--gidhlig-8va.scot"),
    (
        "Gaelic, decomposed",
        unicodedata.normalize("NFD", "fàilte@gàidhlig.scot"),
        "fàilte@xn--gidhlig-8va.scot",
    ),
    ("accent isn't folded", "mairi@example.scot", "mairi@example.scot"),
    ("IDN in Unicode", "info@bücher.example", "info@xn--bcher-kva.example"),
    ("IDN in Punycode", "info@XN--BCHER-KVA.example", "info@xn--bcher-kva.example"),
    ("IDN in capitals", "info@BÜCHER.example", "info@xn--bcher-kva.example"),
    ("sharp s in a domain isn't ss", "a@straße.example", "a@xn--strae-oqa.example"),
    ("double s in a domain", "a@strasse.example", "a@strasse.example"),
    ("sharp s before the @ is casefolded", "straße@example.org", "strasse@example.org"),
    ("dotted capital I", "İpek@example.org", "i̇pek@example.org"),
    ("dotless i is another letter", "\u0131pek@example.org", "\u0131pek@example.org"),
    ("Greek final sigma", "ΝΙΚΟΣ@example.org", "νικοσ@example.org"),
    ("Japanese", "日本@例え.jp", "日本@xn--r8jz45g.jp"),
    # At the limits.
    ("64 before the @", "a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ("64 octets in 32 letters", "é" * 32 + "@example.org", "é" * 32 + "@example.org"),
    ("label of 63", f"a@{LONGEST_LABEL}.org", f"a@{LONGEST_LABEL}.org"),
    ("254 in all", "a" * 64 + "@" + LONGEST_DOMAIN, "a" * 64 + "@" + LONGEST_DOMAIN),
]

MISSING = [
    ("null", None),
    ("empty", ""),
    ("space", " "),
    ("line breaks", "\r\n\t"),
    ("no-break space", "\u00a0"),
    ("only marks that nobody sees", "\ufeff\u200b\u2060"),
    ("mailto and nothing", "mailto: "),
]

INVALID = [
    ("no @", "ada.example.org"),
    ("a dash", "-"),
    ("a refusal", "n/a"),
    ("two @", "ada@home@example.org"),
    ("nothing before the @", "@example.org"),
    ("nothing after the @", "ada@"),
    ("no dot in the domain", "ada@example"),
    ("ends in a dot", "ada@example.org."),
    ("ends in a comma", "ada@example.org,"),
    ("comma for a dot", "ada@example,org"),
    ("two dots in the domain", "ada@example..org"),
    ("dot first", ".ada@example.org"),
    ("dot before the @", "ada.@example.org"),
    ("two dots", "a..da@example.org"),
    ("space inside", "ada lovelace@example.org"),
    ("space after the @", "ada@ example.org"),
    ("zero-width space inside", "a\u200bda@example.org"),
    ("soft hyphen in the domain", "ada@exam\u00adple.org"),
    ("two addresses", "ada@example.org, bob@example.org"),
    ("two addresses with a semicolon", "ada@example.org;bob@example.org"),
    ("display name", "Ada <ada@example.org>"),
    ("angle brackets", "<ada@example.org>"),
    ("quoted local part", '"ada lovelace"@example.org'),
    ("needlessly quoted local part", '"ada"@example.org'),
    ("IP address", "ada@[192.0.2.1]"),
    ("IP address without brackets", "ada@192.0.2.1"),
    ("special use: test", "ada@example.test"),
    ("special use: invalid", "ada@example.invalid"),
    ("special use: local", "ada@printer.local"),
    ("special use: localhost", "ada@localhost"),
    ("special use: onion", "ada@example.onion"),
    ("label begins with a hyphen", "ada@-example.org"),
    ("label ends with a hyphen", "ada@example-.org"),
    ("not Punycode", "ada@xn--a.org"),
    ("reserved label", "ada@ab--cd.org"),
    ("accent alone first", "\u0301ada@example.org"),
    ("half a character", "\ud800@example.org"),
    ("65 before the @", "a" * 65 + "@example.org"),
    ("66 octets in 33 letters", "é" * 33 + "@example.org"),
    ("label of 64", "a@" + "x" * 64 + ".org"),
    ("255 in all", "a" * 64 + "@y" + LONGEST_DOMAIN.removeprefix("x") + "y"),
    ("a whole essay", "@" * 100_000),
]


@pytest.mark.parametrize(("typed", "key"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_an_address_has_this_key(typed, key):
    assert email_key(typed) == EmailKey(key, None)


@pytest.mark.parametrize("typed", [row[1] for row in MISSING], ids=[row[0] for row in MISSING])
def test_blanks_are_a_missing_address(typed):
    assert email_key(typed) == EmailKey(None, "missing")


@pytest.mark.parametrize("typed", [row[1] for row in INVALID], ids=[row[0] for row in INVALID])
def test_what_is_not_one_address_is_invalid(typed):
    assert email_key(typed) == EmailKey(None, "invalid")


def test_many_addresses_have_their_keys_in_the_order_given():
    assert email_keys(["B@example.org", None, "x", "a@example.org"]) == [
        EmailKey("b@example.org", None),
        EmailKey(None, "missing"),
        EmailKey(None, "invalid"),
        EmailKey("a@example.org", None),
    ]
