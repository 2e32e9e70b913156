"""A platform that lives: people sign, change their answers, withdraw; the form is redesigned."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from connectors.sandbox.server import wire
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from tests.driving import UNTIL
from tests.plain_count import PlainCount, plain_count

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connectors.sandbox.server.serve import SandboxServer
    from connectors.sandbox.world.people import Signatory

SURELY_MET = timedelta(minutes=50)
"""A change stored no later than this after its own time is met by the next walk, which overlaps an hour."""

POOL = invent(400, 7, UNTIL)


class World:
    """The platform of one history, begun anew, and what its people do.

    old_edits: changes stored so late that a walk from where the last one ended can't meet them.
    texts: each choice ever on the form as a sync has seen it, with its text on the last one.
    """

    def __init__(self, server: SandboxServer, seed: int, n_responses: int) -> None:
        self.server = server
        self.platform = server.platform
        self.clock = server.clock
        self.chance = Random(seed)
        self.clock.now = UNTIL
        self._new = self.chance.sample(POOL, len(POOL))
        self._gone: list[Signatory] = []
        self.platform.__init__(self._new[:n_responses], clock=self.clock)  # type: ignore[misc]
        del self._new[:n_responses]
        self.ever = {one.response_id for one in self.platform.signatories()}
        self.texts: dict[str, str] = {}
        self.old_edits = 0

    def happen(self, kind: str) -> None:
        """Let one thing happen; *kind* names a method of this class."""
        self.clock.advance(self.chance.choice((0, 0, 1, 7, 60)))
        getattr(self, kind)()

    @property
    def now(self) -> datetime:
        return self.clock.now.replace(microsecond=0)

    def _one(self) -> Signatory | None:
        there = self.platform.signatories()
        return self.chance.choice(there) if there else None

    def add(self) -> None:
        self._add(self.now)

    def add_several_at_once(self) -> None:
        for _ in range(self.chance.randint(2, 9)):
            self._add(self.now)

    def add_late(self) -> None:
        """A row appears with an earlier time than rows seen before, by minutes or by weeks."""
        self._add(self.now - timedelta(seconds=self.chance.choice((1, 30, 900, 7_200, 86_400, 3_000_000))))

    def add_several_late(self) -> None:
        for _ in range(self.chance.randint(20, 40)):
            self._add(self.now - timedelta(days=self.chance.randint(1, 40)))

    def _add(self, at: datetime) -> None:
        if self._new:
            one = self._new.pop()
            begun = min(one.created_at, at)
            self.platform.add(replace(one, created_at=begun, modified_at=at))
            self.ever.add(one.response_id)

    def edit(self) -> None:
        self._edit(self.now)

    def edit_several_at_once(self) -> None:
        for _ in range(self.chance.randint(2, 9)):
            self._edit(self.now)

    def edit_late(self) -> None:
        """A change is stored some minutes after its own time."""
        self._edit(self.now - self.chance.random() * SURELY_MET)

    def edit_very_late(self) -> None:
        """A change is stored hours or days after its own time."""
        self._edit(self.now - timedelta(hours=self.chance.randint(1, 100)))

    def _edit(self, at: datetime) -> None:
        one = self._one()
        at = at.replace(microsecond=0)
        if one is None or at < one.modified_at:
            return
        self.platform.edit(one.response_id, modified_at=at, **self._changes())
        self.old_edits += at < self.now - SURELY_MET

    def _changes(self) -> dict[str, Any]:
        other = self._one()
        choices = [*pledge.ROLES, pledge.HIDDEN_ROLE_ID, pledge.GONE_ROLE_ID, None]
        return self.chance.choice((
            {"name": f"Ailsa the {self.chance.randrange(1_000)}th"},
            {"email": other.email if other else None},
            {"email": self.chance.choice((None, " ", "no address", "SOME@example.org", "some@example.org"))},
            {"choice_id": self.chance.choice(choices), "other_text": None},
            {"choice_id": None, "other_text": self.chance.choice(("", "Granny"))},
            {"status": self.chance.choice(("completed", "partial", "disqualified"))},
            {"mode": self.chance.choice(("default", "preview", "data_entry"))},
        ))  # fmt: skip

    def delete(self) -> None:
        one = self._one()
        if one is not None:
            self.platform.delete(one.response_id)
            self._gone.append(one)

    def restore(self) -> None:
        """A response that was deleted is there again, as it was."""
        if self._gone:
            self.platform.add(self._gone.pop(self.chance.randrange(len(self._gone))))

    def redesign(self) -> None:
        """A choice is reworded, hidden, taken off, or put on; or all stand in another order."""
        self.platform.redesign(
            self.chance.choice((_reword, _hide, _take_off, _put_on, _reorder))(self.chance)
        )

    def seen(self) -> None:
        """A sync sees the form as it stands."""
        question = pledge.question_in(self.platform.design(pledge.SURVEY_ID), pledge.ROLE_ID)
        self.texts |= {choice["id"]: choice["text"] for choice in question["answers"]["choices"]}

    def count(self, received: set[str]) -> PlainCount:
        """Who counts now, if these were ever received."""
        there = self.platform.signatories()
        return plain_count(there, received - {one.response_id for one in there})

    def roles(self, count: PlainCount) -> dict[str, str]:
        """Email key to the role as it is shown."""
        there = {one.response_id: one for one in self.platform.signatories()}
        return {person.key: self._role(there[person.response_id]) for person in count.people}

    def _role(self, one: Signatory) -> str:
        if one.choice_id is not None:
            return self.texts.get(one.choice_id, "(unknown choice)")
        return "(no answer)" if one.other_text is None else "Other"

    def bodies(self) -> dict[str, dict[str, Any]]:
        """Each response that is there, decoded."""
        return {one.response_id: json.loads(wire.full_body(one)) for one in self.platform.signatories()}


Change = "Callable[[dict[str, Any]], None]"


def _choices(design: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pledge.question_in(design, pledge.ROLE_ID)["answers"]["choices"]
    return found


def _reword(chance: Random) -> Callable[[dict[str, Any]], None]:
    return lambda design: chance.choice(_choices(design)).update(text=f"Reworded {chance.randrange(100)}")


def _hide(chance: Random) -> Callable[[dict[str, Any]], None]:
    return lambda design: chance.choice(_choices(design)).update(visible=chance.random() < 0.5)


def _take_off(chance: Random) -> Callable[[dict[str, Any]], None]:
    def change(design: dict[str, Any]) -> None:
        choices = _choices(design)
        if len(choices) > 2:
            choices.remove(chance.choice(choices))

    return change


def _put_on(chance: Random) -> Callable[[dict[str, Any]], None]:
    def change(design: dict[str, Any]) -> None:
        choices = _choices(design)
        known = {choice["id"] for choice in choices}
        new = chance.choice([*pledge.ROLES, pledge.HIDDEN_ROLE_ID, pledge.GONE_ROLE_ID])
        if new not in known:
            choices.append({**choices[0], "id": new, "text": f"Put on {new}", "position": len(choices) + 1})

    return change


def _reorder(chance: Random) -> Callable[[dict[str, Any]], None]:
    def change(design: dict[str, Any]) -> None:
        for position, choice in enumerate(chance.sample(_choices(design), len(_choices(design))), 1):
            choice["position"] = position

    return change
