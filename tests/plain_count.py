"""Who counts, worked out in plain Python from what the platform holds: owes nothing to the pipeline's SQL.

Only the key of an email address is the pipeline's own (checks.people.email_key, which has its own tests).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from checks.people.email_key import email_key
from connectors.sandbox.world import pledge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from connectors.sandbox.world.people import Signatory

LONDON = ZoneInfo("Europe/London")
ROLES = {**pledge.ROLES, pledge.HIDDEN_ROLE_ID: pledge.HIDDEN_ROLE}


@dataclass(frozen=True)
class Person:
    """One signatory: the winner's role and way of signing, the earliest start, how many signatures."""

    key: str
    response_id: str
    role: str
    signed_at: datetime
    n_signatures: int
    is_on_paper: bool


@dataclass(frozen=True)
class PlainCount:
    """places: response id to (place, reason), of each response ever seen."""

    places: dict[str, tuple[str, str]]
    people: list[Person]

    @property
    def by_place(self) -> Counter[tuple[str, str]]:
        return Counter(self.places.values())

    def at(self, place: str) -> dict[str, int]:
        """Reason to number, of one place."""
        return {reason: n for (found, reason), n in self.by_place.items() if found == place}

    @property
    def by_role(self) -> dict[str, int]:
        return dict(Counter(person.role for person in self.people))

    @property
    def by_day(self) -> dict[date, int]:
        return dict(Counter(person.signed_at.astimezone(LONDON).date() for person in self.people))

    @property
    def figures(self) -> dict[str, object]:
        """Those of a run's record."""
        return {
            "n_signatories": len(self.people),
            "by_role": self.by_role,
            "held_back": self.at("held back"),
            "not_counted": self.at("not counted"),
            "duplicates": sum(self.at("duplicate").values()),
            "withdrawn": sum(self.at("withdrawn").values()),
        }


def plain_count(there: Iterable[Signatory], ever_seen: Iterable[str] = ()) -> PlainCount:
    """The places of all responses: those that are *there*, and ids that were *ever seen* and are gone."""
    places: dict[str, tuple[str, str]] = dict.fromkeys(ever_seen, ("withdrawn", "gone at the platform"))
    groups: dict[str, list[Signatory]] = defaultdict(list)
    for one in there:
        key, problem = _key_of(one)
        if one.status != "completed":
            places[one.response_id] = ("not counted", f"status {one.status}")
        elif one.mode in {"preview", "survey_preview"}:
            places[one.response_id] = ("not counted", "preview")
        elif problem:
            places[one.response_id] = ("held back", f"email-{problem}")
        else:
            groups[key].append(one)
    people = []
    for key, signatures in groups.items():
        *earlier, winner = sorted(signatures, key=lambda one: (one.modified_at, int(one.response_id)))
        places[winner.response_id] = ("signatory", "counts")
        for one in earlier:
            places[one.response_id] = ("duplicate", "a later signature with the same email key")
        people.append(
            Person(
                key=key,
                response_id=winner.response_id,
                role=role_of(winner),
                signed_at=min(one.created_at for one in signatures),
                n_signatures=len(signatures),
                is_on_paper=winner.mode == "data_entry",
            )
        )
    return PlainCount(places, people)


def role_of(one: Signatory) -> str:
    """The role as it is shown."""
    if one.choice_id is not None:
        return ROLES.get(one.choice_id, "(unknown choice)")
    return "(no answer)" if one.other_text is None else "Other"


def _key_of(one: Signatory) -> tuple[str, str | None]:
    found = email_key(one.email)
    return found.key or "", found.problem
