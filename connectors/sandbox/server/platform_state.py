"""What the imitated platform holds: a survey's design and its responses, ready to be paged through."""

from __future__ import annotations

import copy
import threading
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connectors.sandbox.errors import RefusalError
from connectors.sandbox.server import wire
from connectors.sandbox.server.filters import Traits
from connectors.sandbox.server.rollups import rollups
from connectors.sandbox.world import pledge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connectors.sandbox.server.clock import Clock
    from connectors.sandbox.server.filters import ResponseQuery
    from connectors.sandbox.world.people import Signatory


_Key = tuple[int, int]
_AFTER_ALL_IDS = float("inf")
_NO_TRAITS = Traits()
_MADE_BEFORE_LAUNCH = timedelta(days=7)


class Platform:
    """Responses sorted by time of change and id, and the design; safe for several threads.

    Reading a page costs no more than joining bytes: each response is encoded once, when first asked for.

    clock: gives the time of a change whose caller names none.
    bounds_inclusive: whether ``start_…`` and ``end_…`` take in the given second; the platform does not say.
    hidden_by_plan: responses that ``response_count`` counts and no list gives.
    """

    def __init__(
        self, signatories: Iterable[Signatory], *, clock: Clock, bounds_inclusive: bool = True
    ) -> None:
        self.bounds_inclusive = bounds_inclusive
        self.hidden_by_plan = 0
        self._clock = clock
        self._lock = threading.RLock()
        self._responses = {int(one.response_id): one for one in signatories}
        self._keys = sorted(map(_key, self._responses.values()))
        self._bodies: dict[int, bytes] = {}
        self._reshape: Callable[[dict[str, Any]], None] | None = None
        self._keys_by_traits: dict[tuple[Traits, bool], list[_Key]] = {}
        launch = min((one.created_at for one in self._responses.values()), default=clock())
        made = launch - _MADE_BEFORE_LAUNCH
        self._designs = {
            design["id"]: design for design in (pledge.draft_design(made), pledge.survey_design(made))
        }
        self._collectors = {collector["id"]: collector for collector in pledge.collectors(made)}

    # What a test may do.

    def add(self, signatory: Signatory) -> None:
        """Take in a new response; ValueError where its id is there already."""
        with self._lock:
            number = int(signatory.response_id)
            if number in self._responses:
                raise ValueError(f"response {number} is there already; use edit")
            self._responses[number] = signatory
            insort(self._keys, _key(signatory))
            self._keys_by_traits.clear()

    def edit(self, response_id: str, **changes: Any) -> Signatory:
        """Change facts of a response; without ``modified_at`` it is now. KeyError where it is not there."""
        with self._lock:
            changes.setdefault("modified_at", self._clock().replace(microsecond=0))
            edited = replace(self._responses[int(response_id)], **changes)
            self.delete(response_id)
            self.add(edited)
            return edited

    def delete(self, response_id: str) -> None:
        """Let a response vanish without trace, as the platform does; KeyError where it is not there."""
        with self._lock:
            number = int(response_id)
            key = _key(self._responses.pop(number))
            del self._keys[bisect_left(self._keys, key)]
            self._bodies.pop(number, None)
            self._keys_by_traits.clear()

    def redesign(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Let *change* work on the pledge's design in place."""
        with self._lock:
            design = copy.deepcopy(self._designs[pledge.SURVEY_ID])
            change(design)
            for page in design["pages"]:
                page["question_count"] = len(page["questions"])
            design["page_count"] = len(design["pages"])
            design["question_count"] = sum(page["question_count"] for page in design["pages"])
            design["date_modified"] = pledge.to_the_minute(self._clock())
            self._designs[pledge.SURVEY_ID] = design

    def reshape(self, change: Callable[[dict[str, Any]], None] | None) -> None:
        """Let *change* work in place on the JSON of each response given in bulk; None ends it."""
        with self._lock:
            self._reshape = change
            self._bodies.clear()

    def signatories(self) -> list[Signatory]:
        """All that is held now, for a count that owes nothing to the pipeline."""
        with self._lock:
            return list(self._responses.values())

    # What the endpoints ask.

    def surveys(self) -> list[dict[str, Any]]:
        return [self.design(survey_id) for survey_id in self._designs]

    def design(self, survey_id: str) -> dict[str, Any]:
        """The whole design with its ``response_count``; RefusalError 1020 where there is no such survey."""
        with self._lock:
            if survey_id not in self._designs:
                raise RefusalError("1020")
            held = len(self._responses) + self.hidden_by_plan if survey_id == pledge.SURVEY_ID else 0
            return self._designs[survey_id] | {"response_count": held}

    def collectors(self, survey_id: str) -> list[dict[str, Any]]:
        """Newest first, with their ``response_count``."""
        self.design(survey_id)
        with self._lock:
            counts = Counter(one.collector_id for one in self._responses.values())
            mine = (one for one in self._collectors.values() if one["survey_id"] == survey_id)
            found = [one | {"response_count": counts[one["id"]]} for one in mine]
        return found[::-1]

    def collector(self, collector_id: str) -> dict[str, Any]:
        """RefusalError 1020 where there is no such collector."""
        for found in self.collectors(pledge.SURVEY_ID):
            if found["id"] == collector_id:
                return found
        raise RefusalError("1020")

    def response(self, response_id: str) -> Signatory:
        """RefusalError 1020 where there is no such response, or no longer."""
        with self._lock:
            if not (response_id.isascii() and response_id.isdigit() and int(response_id) in self._responses):
                raise RefusalError("1020")
            return self._responses[int(response_id)]

    def bulk_page(self, query: ResponseQuery, first: int, size: int) -> tuple[list[bytes], int]:
        """The JSON of up to *size* responses from position *first*, and how many there are in all."""
        with self._lock:
            keys, total = self._page(query, first, size)
            return [self._body(number) for _, number in keys], total

    def id_page(self, query: ResponseQuery, first: int, size: int) -> tuple[list[bytes], int]:
        """As ``bulk_page``, ids only."""
        with self._lock:
            keys, total = self._page(query, first, size)
            return [wire.id_body(number) for _, number in keys], total

    def rollups(self, survey_id: str, query: ResponseQuery) -> list[dict[str, Any]]:
        """Counts of the responses that *query* asks for."""
        design = self.design(survey_id)
        with self._lock:
            keys, _ = self._page(query, 0, len(self._keys))
            chosen = [self._responses[number] for _, number in keys]
        return rollups(design, chosen if survey_id == pledge.SURVEY_ID else [])

    def _body(self, number: int) -> bytes:
        body = self._bodies.get(number)
        if body is None:
            body = wire.full_body(self._responses[number])
            body = self._bodies[number] = wire.reshaped(body, self._reshape) if self._reshape else body
        return body

    def _page(self, query: ResponseQuery, first: int, size: int) -> tuple[list[_Key], int]:
        keys = self._keys_with(query.traits)
        low, high = 0, len(keys)
        if query.modified_from is not None:
            low = _position(keys, query.modified_from, before_it=self.bounds_inclusive)
        if query.modified_to is not None:
            high = max(low, _position(keys, query.modified_to, before_it=not self.bounds_inclusive))
        total = high - low
        first, end = max(0, first), min(total, first + size)
        if query.ascending:
            return keys[low + first : low + end], total
        return keys[high - end : max(low, high - first)][::-1], total

    def _keys_with(self, traits: Traits) -> list[_Key]:
        if traits == _NO_TRAITS:
            return self._keys
        asked = (traits, self.bounds_inclusive)
        found = self._keys_by_traits.get(asked)
        if found is None:
            found = [key for key in self._keys if self._has(traits, self._responses[key[1]])]
            self._keys_by_traits[asked] = found
        return found

    def _has(self, traits: Traits, one: Signatory) -> bool:
        created = one.created_at.timestamp()
        at_start = self.bounds_inclusive and created == traits.created_from
        at_end = self.bounds_inclusive and created == traits.created_to
        return (
            not traits.of_a_recipient
            and (traits.statuses is None or one.status in traits.statuses)
            and (traits.collector_ids is None or one.collector_id in traits.collector_ids)
            and (traits.created_from is None or created > traits.created_from or at_start)
            and (traits.created_to is None or created < traits.created_to or at_end)
        )


def _key(one: Signatory) -> _Key:
    return int(one.modified_at.timestamp()), int(one.response_id)


def _position(keys: list[_Key], instant: float, *, before_it: bool) -> int:
    """Where the responses of that instant begin (*before_it*), or where they end."""
    return bisect_left(keys, (instant, -1.0 if before_it else _AFTER_ALL_IDS))
