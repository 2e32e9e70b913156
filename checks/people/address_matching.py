"""The signals: reasons to look at a person or at two. None of them changes a figure by itself."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files

from disposable_email_domains import blocklist

from checks.people.mailboxes import mailbox
from checks.people.name_matching import are_two_people, distance, name_key

REASONS: Mapping[str, str] = {
    "same-mailbox": "The two addresses are spellings of one mailbox by its provider's own rules, "
    "so they may be one person who signed twice.",
    "address-typo": "The two have the same name, and addresses that differ by one likely slip of the keys, "
    "so they may be one person who signed twice.",
    "two-people-one-address": "Signatures with one address bear clearly different names. Families and "
    "offices share addresses, so they may be two people, of whom one is counted.",
    "disposable-domain": "The address is at a domain that gives out addresses for minutes, "
    "so nobody can be asked about the signature later.",
    "burst": "Ten or more people signed from one address block of the internet within an hour. "
    "A school or an office shares one, so this is often a class or a meeting.",
    "too-fast": "The form was filled in within three seconds, faster than it can be read.",
}

LONGEST_TOO_FAST = 2  # whole seconds that the platform gives: under three
PEOPLE_IN_A_BURST = 10
SHORTEST_NAME_FOR_A_SLIP = 5  # characters before the @: shorter names lie too close to one another
MOST_TOLD_APART = 100  # people on one address: beyond, a name is compared with the one that counts only

# Providers that many people in Scotland have; a domain one slip from them is likely one of them.
BIG_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.com", "live.co.uk",
    "icloud.com", "yahoo.com", "yahoo.co.uk", "btinternet.com", "aol.com", "sky.com", "virginmedia.com",
    "talktalk.net", "ntlworld.com", "blueyonder.co.uk", "tiscali.co.uk", "protonmail.com", "btopenworld.com",
})  # fmt: skip
# Providers that lie one slip from a big one, and have people of their own.
REAL_NEIGHBOURS = frozenset(["mail.com", "email.com", "ymail.com", "gmx.com", "aim.com", "skye.com"])


def fingerprint() -> str:
    """A hash of what the signals depend on: if it changes, everybody is looked at anew."""
    here = files(__package__)
    names = (
        "address_matching.py", "name_matching.py", "mailboxes.py", "providers.toml", "same_names.txt",
    )  # fmt: skip
    texts = [(here / name).read_text(encoding="utf-8") for name in names]
    rules = "\n".join([*texts, version("disposable-email-domains")])
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def compare(email_keys: Iterable[str], names: Iterable[str | None]) -> tuple[list[str], list[str | None]]:
    """Find the mailbox of each email key, and what each name is compared by."""
    return [mailbox(key) for key in email_keys], [name_key(name) for name in names]


def are_slips(mailboxes: Iterable[tuple[str, str]]) -> list[bool]:
    """Say of each pair of mailboxes, of two people with one name, whether one may be a slip of the other."""
    return [is_slip(one, other) for one, other in mailboxes]


def is_slip(one: str, other: str) -> bool:
    """Two mailboxes differ by one likely slip of the keys.

    Either one edit before the @, at one domain: two accounts of one person, or of two with one name, are
    told apart by digits, so a digit never slips. Or one edit of a big provider's domain.
    """
    name, _, domain = one.rpartition("@")
    other_name, _, other_domain = other.rpartition("@")
    if domain == other_domain:
        return (
            min(len(name), len(other_name)) >= SHORTEST_NAME_FOR_A_SLIP
            and _digits(name) == _digits(other_name)
            and distance(name, other_name) == 1
        )
    known = BIG_DOMAINS | REAL_NEIGHBOURS
    return (
        name == other_name
        and (domain in BIG_DOMAINS or other_domain in BIG_DOMAINS)
        and not (domain in known and other_domain in known)
        and distance(domain, other_domain) == 1
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def other_people(names: Sequence[str | None]) -> list[int]:
    """Which of the names on one address are clearly another person's than the first's: their positions.

    Each other person once: a name that isn't clearly different from one found before is taken for that one.
    """
    found: list[int] = []
    seen: set[str | None] = set()
    for position, name in enumerate(names):
        if name in seen:
            continue
        seen.add(name)
        against = [0, *found] if len(found) < MOST_TOLD_APART else [0]
        if position and all(are_two_people(names[one], name) for one in against):
            found.append(position)
    return found


def disposable(domains: Iterable[str]) -> list[str]:
    """Find those among the domains that give out addresses for minutes, themselves or by a parent domain."""
    return [domain for domain in domains if not blocklist.isdisjoint(_and_parents(domain))]


def _and_parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]
