"""Invented names, put together from parts, as varied as those that a Scottish pledge gathers.

No list in ``names.json`` is of real people: given names are common, most families made of two halves.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from random import Random
from typing import Any

import msgspec

from connectors.sandbox.world.chance import Mixture, happens

_PARTS: dict[str, Any] = msgspec.json.decode((files("connectors") / "sandbox/world/names.json").read_bytes())
_SCOTS = _PARTS["scots"]
_TITLES = ("Mrs ", "Mr ", "Dr ", "Miss ", "Cllr ", "Rev. ")
# What breaks a spreadsheet, a page or a line, if it is put there as it came.
_AWKWARD = (
    *("=1+1 {}", "@{}", "+{}", "{} <b>(parent)</b>", "{} & family", '"{}"', "{}; DROP", "{} 💚"),
    *("{}\nChair of the parent group", "{0}, {0}", "\u200b{}", "{}\u00a0"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its bearer writes it, and its parts in Latin letters for making an address."""

    written: str
    given: str
    family: str


def invent_name(rng: Random) -> Name:
    """A whole name, written with care; how it is typed comes later."""
    return _ORIGINS.draw(rng)(rng)


def typed_name(rng: Random, written: str) -> str:
    """The name as it arrives: mostly as written, now and then with capitals, blanks, or worse."""
    return _WAYS_OF_TYPING.draw(rng)(rng, written)


def _scot(rng: Random) -> Name:
    is_of_a_clan = happens(rng, 0.25)
    family = rng.choice(_SCOTS["clans"]).format(rng.choice(_SCOTS["stems"])) if is_of_a_clan else _farm(rng)
    if happens(rng, 0.07):
        family += f"-{_farm(rng)}"
    return _latin_name(rng, rng.choice(_SCOTS["given"]), family)


def _farm(rng: Random) -> str:
    first: str = rng.choice(_SCOTS["first_halves"])
    return first + rng.choice(_SCOTS["second_halves"])


def _other(origin: str, rng: Random) -> Name:
    return _latin_name(rng, rng.choice(_PARTS[origin]["given"]), rng.choice(_PARTS[origin]["family"]))


def _in_another_script(rng: Random) -> Name:
    script = rng.choice(_PARTS["scripts"])
    given, latin_given = rng.choice(list(script["given"].items()))
    family, latin_family = rng.choice(list(script["family"].items()))
    if happens(rng, 0.4):
        return _latin_name(rng, latin_given, latin_family)
    return Name(script["written"].format(given=given, family=family), latin_given, latin_family)


def _latin_name(rng: Random, given: str, family: str) -> Name:
    return Name(f"{given}{_MIDDLES.draw(rng)(rng)} {family}", given, family)


_MIDDLES = Mixture[Callable[[Random], str]](
    (45, lambda _: ""),
    (35, lambda rng: f" {rng.choice('ABCDEFGHIJKLMNOPRSTVW')}{rng.choice(('', '.'))}"),
    (20, lambda rng: f" {rng.choice(_SCOTS['given'])}"),
)
_ORIGINS = Mixture[Callable[[Random], Name]](
    (66, _scot),
    (8, partial(_other, "gaels")),
    (10, partial(_other, "poles")),
    (5, partial(_other, "others")),
    (11, _in_another_script),
)
_WAYS_OF_TYPING = Mixture[Callable[[Random, str], str]](
    (80, lambda _, written: written),
    (3, lambda _, written: written.upper()),
    (3, lambda _, written: written.lower()),
    (3, lambda _, written: f"{written} "),
    (2, lambda _, written: f"  {written}"),
    (2, lambda _, written: written.replace(" ", "  ", 1)),
    (3, lambda _, written: unicodedata.normalize("NFD", written)),
    (3, lambda rng, written: rng.choice(_TITLES) + written),
    (1, lambda rng, written: rng.choice(_AWKWARD).format(written)),
)
