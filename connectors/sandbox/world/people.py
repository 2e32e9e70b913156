"""Invented signatories: who typed what, when, and how it reached the platform.

Every fact stands in a plain field, so that a test can count by itself who should count.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from connectors.sandbox.world import pledge
from connectors.sandbox.world.addresses import another_form, broken_address, invent_address, typed_address
from connectors.sandbox.world.chance import Mixture, happens
from connectors.sandbox.world.names import invent_name, typed_name
from connectors.sandbox.world.timeline import from_seconds, signing_instants


@dataclass(frozen=True, slots=True)
class Signatory:
    """One response.

    name, email: as typed; None where the box was left empty (and so is missing from the answers).
    choice_id: None where no listed role was chosen; the id may be hidden in the design, or in none.
    other_text: None where "Other" was not chosen; "" where it was, with nothing typed.
    status: completed, partial, disqualified or overquota.
    mode: default, preview, survey_preview, data_entry or edit.
    created_at, modified_at: aware UTC, whole seconds.
    ip: "" where the platform kept none.
    total_time: seconds.
    area_id: None where no council area was chosen.
    """

    response_id: str
    name: str | None
    email: str | None
    choice_id: str | None
    other_text: str | None
    status: str
    mode: str
    created_at: datetime
    modified_at: datetime
    ip: str
    total_time: int
    collector_id: str
    area_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Person:
    written: str
    address: str
    choice_id: str | None
    other_text: str | None
    area_id: str | None


_REPEATED = 0.04
_CHOICES = Mixture[str | None](
    *zip((43, 8, 16, 4, 1, 1, 5, 5, 9), pledge.ROLES, strict=True),
    (4, pledge.OTHER_ID),
    (3, None),
    (0.8, pledge.HIDDEN_ROLE_ID),
    (0.3, pledge.GONE_ROLE_ID),
)
_WITHOUT_AREA = 0.06
_AREAS = Mixture[str](*((thousands, area_id) for area_id, thousands in pledge.AREAS.items()))
_OTHERS = (
    *("Grandparent", "grandparent ", "  Foster carer", "Retired head teacher", "Youth worker"),
    *("Parent, and I also teach", "Ex-teacher;\nnow a volunteer"),
    *("Educational psychologist <private practice>", "=2+3", "Neach-teagaisg Gàidhlig", "Babcia"),
    *("Student", "school bus driver & proud of it", "X" * 100, ""),
)
_STATUSES = Mixture((93, "completed"), (5.5, "partial"), (0.9, "disqualified"), (0.6, "overquota"))
_MODES = Mixture(
    (95.3, "default"), (3, "data_entry"), (0.7, "edit"), (0.7, "preview"), (0.3, "survey_preview")
)
_IPS = Mixture[Callable[[Random], str]](
    (2, lambda _: ""),
    (10, lambda rng: f"2001:db8::{rng.randrange(1, 0xFFFF):x}:{rng.randrange(1, 0xFFFF):x}"),
    (88, lambda rng: f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"),
)
_MOST_DAYS_TO_AN_EDIT = 40
_ABOVE_DOUBLES = 2**53 + 1


def invent(n: int, seed: int, until: datetime) -> list[Signatory]:
    """*n* responses in the order in which they were begun, all of before *until* (aware UTC).

    The same arguments give the same people.
    """
    rng = Random(f"{n} people, seed {seed}")
    areas = Random(f"areas of {n} people, seed {seed}")  # of its own, so that all else is as without areas
    instants = signing_instants(rng, n, until)
    ids = _response_ids(rng, n)
    people: list[_Person] = []
    addresses: set[str] = set()
    last = int(until.timestamp())
    return [
        _response(rng, _next_person(rng, areas, people, addresses), response_id, instant, last)
        for response_id, instant in zip(ids, instants, strict=True)
    ]


def _next_person(rng: Random, areas: Random, people: list[_Person], addresses: set[str]) -> _Person:
    """Somebody new, who joins *people* and *addresses*; now and then one of *people* again."""
    if people and happens(rng, _REPEATED):
        person = rng.choice(people)
        role = _role(rng) if happens(rng, 0.2) else (person.choice_id, person.other_text)
        return _Person(person.written, another_form(rng, person.address), *role, person.area_id)
    name = invent_name(rng)
    area_id = None if happens(areas, _WITHOUT_AREA) else _AREAS.draw(areas)
    people.append(_Person(name.written, invent_address(rng, name, addresses), *_role(rng), area_id))
    return people[-1]


def _role(rng: Random) -> tuple[str | None, str | None]:
    choice = _CHOICES.draw(rng)
    return (None, rng.choice(_OTHERS)) if choice == pledge.OTHER_ID else (choice, None)


def _response(rng: Random, person: _Person, response_id: str, instant: int, last: int) -> Signatory:
    seconds = 0 if happens(rng, 0.002) else int(rng.lognormvariate(4.1, 0.7))
    begun = from_seconds(instant)
    response = Signatory(
        response_id=response_id,
        name=typed_name(rng, person.written),
        email=typed_address(rng, person.address),
        choice_id=person.choice_id,
        other_text=person.other_text,
        status=_STATUSES.draw(rng),
        mode=_MODES.draw(rng),
        created_at=begun,
        modified_at=from_seconds(min(instant + seconds, last)),
        ip=_IPS.draw(rng)(rng),
        total_time=seconds,
        collector_id=pledge.WEB_COLLECTOR_ID,
        area_id=person.area_id,
    )
    return _edited(rng, _with_gaps(rng, _on_paper(response)), last)


def _on_paper(response: Signatory) -> Signatory:
    if response.mode != "data_entry":
        return response
    return replace(response, collector_id=pledge.PAPER_COLLECTOR_ID, ip="", status="completed")


def _with_gaps(rng: Random, response: Signatory) -> Signatory:
    """Leave out what is not always given, and spoil some addresses."""
    if response.status != "completed":
        response = replace(response, choice_id=None, other_text=None, area_id=None)
        if happens(rng, 0.5):
            response = replace(response, email=None)
    if happens(rng, 0.004):
        return replace(response, name=rng.choice((" ", "   ", "\u00a0", None)))
    if happens(rng, 0.15 if response.mode == "data_entry" else 0.004):
        return replace(response, email=rng.choice((None, None, " ")))
    if happens(rng, 0.018) and response.email is not None:
        return replace(response, email=broken_address(rng, response.email.strip()))
    return response


def _edited(rng: Random, response: Signatory, last: int) -> Signatory:
    """Move ``modified_at`` of the few that somebody opened again later."""
    days_left = (last - int(response.modified_at.timestamp())) // 86_400
    if days_left < 1 or not (response.mode == "edit" or happens(rng, 0.012)):
        return response
    days = min(days_left, _MOST_DAYS_TO_AN_EDIT)
    return replace(
        response, modified_at=response.modified_at + timedelta(seconds=rng.randrange(60, days * 86_400))
    )


def _response_ids(rng: Random, n: int) -> list[str]:
    """Rising ids, of 11 digits and then of 12; a few next to one another where doubles end."""
    number, large = 99_000_000_000, _ABOVE_DOUBLES
    ids = []
    for position in range(n):
        if position == n // 4:
            number = 114_000_000_000
        number += rng.randrange(1, 4000)
        if happens(rng, 0.0125):
            large += 1
            ids.append(str(large))
        else:
            ids.append(str(number))
    return ids
