"""Misbehaviour of the platform and of the net, as data: what goes wrong, and at which call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class FaultKind(StrEnum):
    """What can go wrong.

    The first group answers instead of the platform, the second damages a good answer on its way,
    the third makes a list of responses say something untrue.
    """

    MINUTE_LIMIT = "minute_limit"
    DAY_LIMIT = "day_limit"
    ERROR_500 = "error_500"
    HTML_502 = "html_502"
    EMPTY_503 = "empty_503"
    TIMEOUT_504 = "timeout_504"
    HTML_200 = "html_200"
    WRONG_TYPE = "wrong_type"
    REDIRECT = "redirect"
    REVOKED_GRANT = "revoked_grant"

    SLOW_BODY = "slow_body"
    BROKEN_OFF = "broken_off"
    TRUNCATED_JSON = "truncated_json"

    WRONG_TOTAL = "wrong_total"
    REPEATED_PAGE = "repeated_page"
    SHIFTED_PAGE = "shifted_page"
    SMALL_PAGE = "small_page"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at one call.

    seconds: how long a slow body stops in its middle.
    rows: by how many a page is shifted (negative: rows come twice) or a total is wrong; the size
        of a small page.
    """

    kind: FaultKind
    seconds: float = 2.0
    rows: int = 1


@dataclass
class FaultPlan:
    """Decides what goes wrong at which call; tests change it at any time.

    script: call number, from 1, to what goes wrong there; comes first.
    probability, kinds, seed: each other call fails with that probability, in one of *kinds*;
        the same seed fails at the same call numbers.
    only: chance strikes only paths that hold this text; a script strikes all.
    on_call: called with number and path (with query) before each call is answered.
    """

    script: dict[int, FaultKind | str | Fault] = field(default_factory=dict)
    probability: float = 0.0
    kinds: tuple[FaultKind | str | Fault, ...] = ()
    seed: int = 0
    only: str = ""
    on_call: Callable[[int, str], None] = lambda _number, _path: None

    def decide(self, call_number: int, path: str) -> Fault | None:
        """What goes wrong at that call, or None."""
        scripted = self.script.get(call_number)
        if scripted is not None:
            return _as_fault(scripted)
        if not self.kinds or self.only not in path:
            return None
        rng = Random(f"{self.seed} {call_number}")
        return _as_fault(rng.choice(self.kinds)) if rng.random() < self.probability else None


def _as_fault(given: FaultKind | str | Fault) -> Fault:
    return given if isinstance(given, Fault) else Fault(FaultKind(given))
