"""Asks the platform until there is a usable answer, within its limits: the only place that tries again."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from connectors.errors import SourceUnreachableError
from connectors.surveymonkey.transport.api_errors import error_id_of, error_of, redirect_error, shown
from connectors.surveymonkey.transport.connection import Answer, Connection
from connectors.surveymonkey.transport.rate_limits import Budget
from connectors.surveymonkey.transport.retry import (
    FaultyAnswerError,
    is_retried,
    seconds_asked,
    wait_before_next,
)

T = TypeVar("T")

# An error's body is short; a longer one is an answer, whatever its text speaks of.
LONGEST_ERROR_BYTES = 4096


class Requester:
    """Calls over one connection, counted in ``requests``."""

    def __init__(
        self,
        connection: Connection,
        *,
        budget: Budget,
        waits: Sequence[float],
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
    ) -> None:
        self.requests = 0
        self._connection = connection
        self._budget = budget
        self._waits = waits
        self._sleep = sleep
        self._monotonic = monotonic

    def ask(self, path: str, params: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        """Give what *read* makes of an answer; where it finds it faulty, ask again within the rules."""
        self._wait_for_the_minute()
        # That wait is no fault of the platform's, so the time allowed begins after it.
        began = self._monotonic()
        attempt = 1
        while True:
            try:
                return read(self._answer(path, params))
            except FaultyAnswerError as fault:
                elapsed = self._monotonic() - began
                wait = wait_before_next(self._waits, attempt, elapsed, fault.asked_seconds)
                if wait is None:
                    raise _unreachable(path, fault, attempt, elapsed) from None
            self._sleep(wait)
            self._wait_for_the_minute()
            attempt += 1

    def _wait_for_the_minute(self) -> None:
        seconds = self._budget.wait_before_call()
        if seconds:
            self._sleep(seconds)

    def _answer(self, path: str, params: Mapping[str, str]) -> Answer:
        self.requests += 1
        self._budget.spend()
        answer = self._connection.fetch(path, params)
        self._budget.learn(answer.headers)
        self._refuse(path, answer)
        return answer

    def _refuse(self, path: str, answer: Answer) -> None:
        """Raise unless *answer* is a success."""
        host = self._connection.host
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            raise redirect_error(answer.status, host, _host_of(answer.headers.get("Location")))
        error_id = error_id_of(answer.body) if len(answer.body) <= LONGEST_ERROR_BYTES else None
        if answer.status == HTTPStatus.OK and error_id is None:
            return
        is_odd_success = answer.status < HTTPStatus.BAD_REQUEST and error_id is None
        if not is_odd_success and not is_retried(answer.status, error_id):
            raise error_of(answer.status, error_id, path, host)
        asked = seconds_asked(answer.headers)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            # Raises where the day is spent: then no further attempt is due.
            asked = max(asked, self._budget.wait_before_call())
        raise FaultyAnswerError(shown(answer.status, error_id), asked_seconds=asked)


def _host_of(address: str | None) -> str | None:
    try:
        return urlsplit(address).hostname if address else None
    except ValueError:
        return None


def _unreachable(
    path: str, fault: FaultyAnswerError, attempts: int, elapsed: float
) -> SourceUnreachableError:
    return SourceUnreachableError(
        f"SurveyMonkey gave no usable answer for {path}: {fault.reason}; {attempts} attempts in "
        f"{elapsed:.0f} s. What was fetched is kept; {fault.next_step}."
    )
