"""Invented email addresses: good ones, other ways to type the same one, and broken ones.

Every domain is one that documents may use (example.org and the like), so no mailbox is anybody's.
"""

import re
import unicodedata
from collections.abc import Callable
from random import Random

from connectors.sandbox.world.chance import Mixture, happens
from connectors.sandbox.world.names import Name

_DOMAINS = (
    *("example.org", "example.com", "example.net", "school.example.org", "parents.example.org"),
    *("council.example.org", "nursery.example.com", "mail.example.com", "health.example.net"),
    "home.example.net",
)
_IDN_DOMAINS = ("bücher.example.org", "sgoil-ùr.example.org", "gdańsk.example.com", "学校.example.net")
_NOT_FOLDED_BY_UNICODE = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d"})

BROKEN: tuple[Callable[[str, str], str], ...] = (
    lambda local, domain: f"{local}.{domain}",
    lambda local, domain: f"{local}@@{domain}",
    lambda local, domain: f"{local}@{local}@{domain}",
    lambda local, domain: f"{local}@{domain}.",
    lambda local, domain: f"{local}@{domain.replace('.', ' .', 1)}",
    lambda local, domain: f"{local} x@{domain}",
    lambda local, domain: f"{local}..x@{domain}",
    lambda local, domain: f".{local}@{domain}",
    lambda local, domain: f"{local}@{domain}, other@{domain}",
    lambda local, domain: f"{'x' * 65}{local}@{domain}",
    lambda local, domain: f"{local[:20]}@{'a-long-name.' * 21}{domain}",
    lambda local, domain: f"{local}@{domain.split('.', maxsplit=1)[0]}",
    lambda local, _: f"{local}@",
    lambda _, domain: f"@{domain}",
    lambda _local, _domain: "n/a",
)
"""Each makes one kind of address that cannot be valid, of a good local part and domain."""


def invent_address(rng: Random, name: Name, taken: set[str]) -> str:
    """A good address after *name*, not yet in *taken*, to which it is added; one in thirty has a tag."""
    local = _local_part(rng, name)
    domain = rng.choice(_IDN_DOMAINS) if happens(rng, 0.015) else rng.choice(_DOMAINS)
    number = ""
    while _key_like(f"{local}{number}@{domain}") in taken:
        number = str(rng.randrange(2, 10_000))
    tag = rng.choice(("+pledge", "+school", "+connect")) if happens(rng, 0.03) else ""
    address = f"{local}{number}{tag}@{domain}"
    taken.update((_key_like(f"{local}{number}@{domain}"), _key_like(address)))
    return address


def typed_address(rng: Random, address: str) -> str:
    """One of the ways in which the owner of *address* may type it; all mean the same mailbox."""
    return _WAYS_OF_TYPING.draw(rng)(rng, address)


def another_form(rng: Random, address: str) -> str:
    """The same address in other case, between blanks, or in other code points."""
    forms = [address.upper(), address.title()]
    forms += [f"{address} ", f" {address}", f"{address}\u00a0", f"\t{address}\n"]
    if not address.isascii():
        forms += [unicodedata.normalize("NFD", address), with_ascii_domain(address)] * 4
    return rng.choice(forms)


def with_ascii_domain(address: str) -> str:
    """The address with its domain as the wires carry it (``xn--…``)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def broken_address(rng: Random, address: str) -> str:
    """An address that no rule can accept, made of a good one."""
    local, _, domain = address.rpartition("@")
    return rng.choice(BROKEN)(local, domain)


def _local_part(rng: Random, name: Name) -> str:
    given, family = _folded(name.given), _folded(name.family)
    if happens(rng, 0.01):
        given, family = (unicodedata.normalize("NFC", part).casefold() for part in (name.given, name.family))
        given, family = (re.sub(r"[^\w-]", "", part) for part in (given, family))
    local = rng.choice(
        ("{g}.{f}", "{g}{f}", "{i}{f}", "{i}.{f}", "{f}.{g}", "{g}_{f}", "{g}-{f}", "{g}.{f}{n}", "{g}{n}")
    )
    return local.format(g=given, f=family, i=given[0], n=rng.randrange(1, 2000))


def _folded(part: str) -> str:
    plain = unicodedata.normalize("NFKD", part.casefold()).translate(_NOT_FOLDED_BY_UNICODE)
    return re.sub(r"[^a-z0-9'-]", "", plain).strip("'-")


def _key_like(address: str) -> str:
    return unicodedata.normalize("NFKC", address).casefold()


_WAYS_OF_TYPING = Mixture[Callable[[Random, str], str]](
    (80, lambda _, address: address),
    (5, lambda _, address: address[0].upper() + address[1:]),
    (15, another_form),
)
