"""Which typed addresses are one mailbox, and which are none: the email key.

Trimmed, NFKC, casefolded, the domain in IDNA form. Dots and plus tags are kept: an alias is
a signal, not a deletion. The domain isn't casefolded but mapped by UTS 46, which keeps ß apart
from ss, as the name system does.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal, NamedTuple

from email_validator import EmailNotValidError, validate_email

LOCAL_PART_MAX_OCTETS = 64  # RFC 5321 4.5.3.1.1; the library counts characters
ADDRESS_MAX_OCTETS = 254  # RFC 5321 4.5.3.1.3, RFC 3696 erratum 1690

PLAIN_ADDRESS_PATTERN = (
    r"^[A-Za-z0-9](?:[._+-]?[A-Za-z0-9]){0,31}"
    r"@(?:[A-Za-z0-9](?:-?[A-Za-z0-9]){0,24}\.){1,3}"
    r"(?:[A-Za-z]{2}|[Cc][Oo][Mm]|[Nn][Ee][Tt]|[Oo][Rr][Gg]|[Ee][Dd][Uu]|[Gg][Oo][Vv]"
    r"|[Ii][Nn][Ff][Oo]|[Ss][Cc][Oo][Tt])$"
)
"""
Addresses that need no library (RE2 syntax): what matches, once ASCII spaces at its ends are
trimmed, is valid, and its key is itself in lower case. What doesn't match is undecided.

Match it *before* lowering: some letters beyond ASCII have ASCII lower cases, and engines
disagree about which. The repeats keep it within 63 characters before the @, 49 a label and
218 in all; no label can hold ``--`` (Punycode); no ending is a special-use one.
"""

PLAIN_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""Local parts, casefolded, of which the library asks the length and no more: dot-atoms of RFC 5322 3.2.3."""
DOMAINS_REMEMBERED = 16_384  # with a length each


class EmailKey(NamedTuple):
    """What an address is known by.

    key: one mailbox, one key; None where there is a problem.
    problem: None, "missing" (nothing but blanks) or "invalid".
    """

    key: str | None
    problem: Literal["missing", "invalid"] | None


MISSING = EmailKey(None, "missing")
INVALID = EmailKey(None, "invalid")


def email_key(text: str | None) -> EmailKey:
    """Find the key of an address as typed; the key of a key is itself.

    Quoted local parts, bracketed IP addresses, display names and special-use domains
    (``.test``, ``.local``, …) are invalid: no form collects them but by mistake.
    """
    address = _without_mailto(unicodedata.normalize("NFKC", text or ""))
    if not address:
        return MISSING
    typed_local, at, domain = address.rpartition("@")
    # Casefolding may undo the normal form: once more, and folding the key again changes nothing.
    local = unicodedata.normalize("NFKC", typed_local.casefold())
    # The library's time grows with the length: what is too long anyway doesn't reach it.
    if not at or len(local) > LOCAL_PART_MAX_OCTETS or len(domain) > ADDRESS_MAX_OCTETS:
        return INVALID
    if PLAIN_LOCAL_PART.fullmatch(local):
        ascii_domain = _ascii_domain_after(len(local), domain)
    else:
        ascii_domain = _ascii_domain(f"{local}@{domain}")
    if ascii_domain is None or len(local.encode()) > LOCAL_PART_MAX_OCTETS:
        return INVALID
    return EmailKey(f"{local}@{ascii_domain}", None)


@lru_cache(DOMAINS_REMEMBERED)
def _ascii_domain_after(n_characters: int, domain: str) -> str | None:
    """The same for every plain local part of so many characters: thousands share a domain."""
    return _ascii_domain(f"{'a' * n_characters}@{domain}")


def _ascii_domain(address: str) -> str | None:
    """The domain of a valid address in IDNA form; None if the library finds the address invalid."""
    try:
        valid = validate_email(
            address,
            allow_smtputf8=True,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
            check_deliverability=False,
            test_environment=False,
            globally_deliverable=True,
        )
    except EmailNotValidError:  # its message quotes the address
        return None
    return valid.ascii_domain


def rule_fingerprint() -> str:
    """A hash of what a key depends on: this file and the library. If it changes, keys are found anew."""
    rule = f"{Path(__file__).read_text(encoding='utf-8')} {version('email-validator')}"
    return hashlib.sha256(rule.encode()).hexdigest()[:16]


def email_keys(texts: Iterable[str | None]) -> list[EmailKey]:
    """Find the key of each address, in the order given."""
    return [email_key(text) for text in texts]


def _without_mailto(text: str) -> str:
    address = _trimmed(text)
    while address[:7].casefold() == "mailto:":
        address = _trimmed(address[7:])
    return address


def _trimmed(text: str) -> str:
    start = next((n for n, character in enumerate(text) if not _is_invisible(character)), len(text))
    end = next((n for n in range(len(text), start, -1) if not _is_invisible(text[n - 1])), start)
    return text[start:end]


def _is_invisible(character: str) -> bool:
    # Blanks (Z), controls (Cc), and what copying brings along: BOM, zero-width, direction marks (Cf).
    category = unicodedata.category(character)
    return category[0] == "Z" or category in {"Cc", "Cf"}
