"""Which answers are asked for again, and how long to wait before: the only place that decides it."""

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus

WAITS = (1.0, 4.0, 15.0, 30.0)  # seconds
LONGEST_WAIT = 65.0  # a whole minute, over which the platform counts, has passed by then
TOTAL_SECONDS = 300.0  # no attempt begins later than this after the first

# Of the statuses below 500; of those above, all.
RETRIED_STATUSES = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
# The platform's own numbers for: too many requests, internal, unreachable, no gateway, gateway too slow.
RETRIED_ERROR_IDS = frozenset({"1040", "1050", "1051", "1054", "1055"})
# Stands for the form of a revoked grant that has no number.
REVOKED_ID = "revoked"
USUAL_NEXT_STEP = "run again later, and look at status.surveymonkey.com if it stays so"


class FaultyAnswerError(Exception):
    """One attempt gave nothing usable; another may.

    reason: a few words for the operator. asked_seconds: the wait that the platform asks for, or 0.
    next_step: what to do if no attempt brings more.
    """

    def __init__(self, reason: str, *, asked_seconds: float = 0.0, next_step: str = USUAL_NEXT_STEP) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked_seconds = asked_seconds
        self.next_step = next_step


def wait_before_next(
    waits: Sequence[float], attempt: int, elapsed: float, asked_seconds: float
) -> float | None:
    """Seconds to wait after failed *attempt* (from 1); None means give up.

    waits: before the second attempt, the third and so on; their number bounds the attempts.
    asked_seconds: what the platform asks for, honoured up to LONGEST_WAIT.
    """
    if attempt > len(waits):
        return None
    wait = max(waits[attempt - 1], min(asked_seconds, LONGEST_WAIT))
    return wait if elapsed + wait <= TOTAL_SECONDS else None


def is_retried(status: int, error_id: str | None) -> bool:
    """Whether an answer that is no success may be followed by one; *error_id* is the platform's number."""
    if error_id == REVOKED_ID:
        return False
    return (
        error_id in RETRIED_ERROR_IDS
        or status in RETRIED_STATUSES
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def seconds_asked(headers: Mapping[str, str]) -> float:
    """Seconds that Retry-After asks for, as a number or as a date (from the answer's own Date on); else 0."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until, now = http_date(text), http_date(headers.get("Date", ""))
    return 0.0 if until is None or now is None else max(0.0, float(until - now))


def http_date(text: str) -> int | None:
    """Seconds since 1970 of an HTTP date; None if it is none."""
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None
