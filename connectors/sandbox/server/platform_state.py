"""What the imitated platform holds: a survey's design and its responses, ready to be paged through."""

import copy
import math
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from connectors.sandbox.server import wire
from connectors.sandbox.server.limits import Clock
from connectors.sandbox.server.pages import ListQuery
from connectors.sandbox.server.refusals import RefusedError, refusal
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import Signatory

_Key = tuple[int, int]
_MADE_BEFORE_LAUNCH = timedelta(days=7)


class Platform:
    """Responses sorted by time of change and id, and the design; safe for several threads.

    Reading a page costs no more than joining bytes: each response is encoded once, when first asked for.

    clock: gives the time of a change whose caller names none.
    bounds_inclusive: whether ``start_modified_at`` takes in the given second; the platform does not say.
    """

    def __init__(self, signatories: Iterable[Signatory], *, clock: Clock) -> None:
        self.bounds_inclusive = True
        self._clock = clock
        self._lock = threading.RLock()
        self._responses = {int(one.response_id): one for one in signatories}
        self._keys = sorted(map(_key, self._responses.values()))
        self._bodies: dict[int, bytes] = {}
        self._reshape: Callable[[dict[str, Any]], None] | None = None
        launch = min((one.created_at for one in self._responses.values()), default=clock())
        made = launch - _MADE_BEFORE_LAUNCH
        self._designs = {
            pledge.DRAFT_ID: pledge.draft_design(made),
            pledge.SURVEY_ID: pledge.survey_design(made),
        }

    # What a test may do.

    def add(self, signatory: Signatory) -> None:
        """Take in a new response; ValueError where its id is there already."""
        with self._lock:
            number = int(signatory.response_id)
            if number in self._responses:
                raise ValueError(f"response {number} is there already; use edit")
            self._responses[number] = signatory
            insort(self._keys, _key(signatory))

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
        """The whole design with its ``response_count``; RefusedError (1020) where there is no such survey."""
        with self._lock:
            if survey_id not in self._designs:
                raise RefusedError(refusal("1020"))
            n_responses = len(self._responses) if survey_id == pledge.SURVEY_ID else 0
            return self._designs[survey_id] | {"response_count": n_responses}

    def collectors(self, survey_id: str) -> list[dict[str, Any]]:
        """Newest first."""
        self.design(survey_id)
        return pledge.COLLECTORS[::-1] if survey_id == pledge.SURVEY_ID else []

    def response(self, response_id: str) -> Signatory:
        """RefusedError (1020) where there is no such response, or no longer."""
        with self._lock:
            if not (response_id.isascii() and response_id.isdigit() and int(response_id) in self._responses):
                raise RefusedError(refusal("1020"))
            return self._responses[int(response_id)]

    def page(self, survey_id: str, query: ListQuery, first: int, *, in_bulk: bool) -> tuple[list[bytes], int]:
        """The JSON of a page of responses from position *first*, and how many there are in all.

        in_bulk: with their answers, else ids only.
        """
        self.design(survey_id)
        if survey_id != pledge.SURVEY_ID:
            return [], 0
        with self._lock:
            keys, total = self._page(query, first)
            return [self._body(number) if in_bulk else wire.id_body(number) for _, number in keys], total

    def rollups(self, survey_id: str) -> list[dict[str, Any]]:
        """The platform's own counts of all responses."""
        return wire.rollups(self.design(survey_id), self.signatories())

    def _body(self, number: int) -> bytes:
        if number not in self._bodies:
            body = wire.full_body(self._responses[number])
            if self._reshape:
                response: dict[str, Any] = msgspec.json.decode(body)
                self._reshape(response)
                body = msgspec.json.encode(response)
            self._bodies[number] = body
        return self._bodies[number]

    def _page(self, query: ListQuery, first: int) -> tuple[list[_Key], int]:
        keys, low = self._keys, 0
        if query.modified_from is not None:
            before_or_after_all_ids = -1.0 if self.bounds_inclusive else math.inf
            low = bisect_left(keys, (query.modified_from, before_or_after_all_ids))
        high = len(keys)
        total = high - low
        first, end = max(0, first), min(total, first + query.per_page)
        if query.is_ascending:
            return keys[low + first : low + end], total
        return keys[high - end : max(low, high - first)][::-1], total


def _key(one: Signatory) -> _Key:
    return int(one.modified_at.timestamp()), int(one.response_id)
