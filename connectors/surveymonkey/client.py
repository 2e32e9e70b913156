"""SurveyMonkey's API, version 3, as far as a pledge needs it: reading only."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import quote

from connectors.errors import SourceRefusedError
from connectors.survey.contract import Cursor, IdSweep, ResponsePage, SurveyDesign
from connectors.survey.design import parse_design
from connectors.surveymonkey.paging.id_sweep import IDS_PER_PAGE, sweep_ids
from connectors.surveymonkey.paging.next_page import ASKED_PER_PAGE
from connectors.surveymonkey.paging.walk import walk
from connectors.surveymonkey.payloads import (
    Account,
    Page,
    read_account,
    read_id,
    read_link,
    read_listing,
    read_page,
    read_rollup,
    read_survey,
    read_text,
)
from connectors.surveymonkey.transport.api_errors import NotHeldError, missing_scope_sentence
from connectors.surveymonkey.transport.connection import Answer, Bounds, Connection
from connectors.surveymonkey.transport.rate_limits import Budget
from connectors.surveymonkey.transport.requester import Requester
from connectors.surveymonkey.transport.retry import WAITS, http_date

if TYPE_CHECKING:
    import msgspec


T = TypeVar("T")

LISTED_PER_PAGE = 1000
# A list that the platform never ends must not spend the day's calls.
MOST_LIST_PAGES = 50
# A link's code belongs to a collector, and collectors are listed survey by survey: one call each.
MOST_SURVEYS_SEARCHED = 50
# Before a page that can't be right is asked for again.
PAUSE_SECONDS = 2.0
DETAIL_SCOPE = "responses_read_detail"
USUAL_BOUNDS = Bounds()


class SurveyMonkey:
    """Reads one account of the platform; a context manager that closes its connection.

    Args:
        token: the access token; it is sent to the host of *api_url* only, and shown nowhere.
        api_url: base address, with ``/v3``.
        budget: keeps the calls within the platform's limits; learns from each answer.
        waits: seconds before a call that brought nothing usable is made again; none: it never is.
        sleep, monotonic: how to wait, and a clock that never goes back, both in seconds.

    Each method that asks the platform raises:
        SourceRefusedError: the platform said no, and will until somebody acts.
        SourceUnreachableError: no usable answer came within the attempts and seconds allowed.
        DayBudgetSpentError: no more calls may be made today.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        budget: Budget,
        bounds: Bounds = USUAL_BOUNDS,
        waits: Sequence[float] = WAITS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = Connection(token, api_url, bounds=bounds)
        self._sleep = sleep
        self.budget = budget
        self._requester = Requester(
            self._connection, budget=budget, waits=waits, sleep=sleep, monotonic=monotonic
        )

    @property
    def requests(self) -> int:
        """Attempts made so far, whatever came of them."""
        return self._requester.requests

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def who(self) -> Account:
        """Who the token speaks for: one call that tries token and region, and shows the scopes.

        Raises:
            SourceRefusedError: also where the scopes are told and the one for answers is not among them.
        """
        account = self.account()
        if account.scopes is not None and DETAIL_SCOPE not in account.scopes:
            raise SourceRefusedError(missing_scope_sentence(DETAIL_SCOPE, "from /users/me"))
        return account

    def account(self) -> Account:
        """The same, whatever scopes the token has."""
        return self._requester.ask("/users/me", {}, _account)

    def find_surveys(self, title: str | None = None) -> list[tuple[str, str]]:
        """Id and title of each survey that is called *title*, or else holds it in its title; None: of all.

        The last modified comes first.
        """
        surveys = self._listed("/surveys", {"sort_by": "date_modified", "sort_order": "DESC"}, read_survey)
        wanted = _folded(title or "")
        exact = [survey for survey in surveys if wanted == _folded(survey[1])]
        return exact or [survey for survey in surveys if wanted in _folded(survey[1])]

    def survey_of_link(self, link: str, *, most: int = MOST_SURVEYS_SEARCHED) -> str:
        """Id of the survey behind a public link (``https://www.surveymonkey.co.uk/r/PNT25QM``) or its code.

        Raises:
            SourceRefusedError: also where none of the *most* surveys last modified has such a link.
        """
        code = _code(link)
        for survey_id, _ in self.find_surveys()[:most]:
            collectors = f"/surveys/{_part(survey_id)}/collectors"
            if code and code in map(_code, self._listed(collectors, {"include": "url"}, read_link)):
                return survey_id
        raise SourceRefusedError(
            f"None of the {most} surveys last modified has the public link given. "
            "Check the link, or set PLEDGE_SURVEY_ID to the survey's id."
        )

    def design(self, survey_id: str) -> SurveyDesign:
        """The survey's whole design as it stands now."""
        return parse_design(self._text(f"/surveys/{_part(survey_id)}/details"))

    def rollups(self, survey_id: str, question_id: str) -> Mapping[str, int]:
        """Choice id to how many responses ticked it, by the platform's own count.

        ``other``: how many gave a text of their own.

        Raises:
            SourceRefusedError: also where the platform counts no choices of that question.
        """
        path = f"/surveys/{_part(survey_id)}/rollups"
        counts = dict(self._listed(path, {}, read_rollup)).get(question_id)
        if not counts:
            raise SourceRefusedError(
                f"{self._connection.host} gives no counts of the choices of question {question_id}. "
                "If it is a question with choices the API has changed: report it."
            )
        return counts

    def responses(self, survey_id: str, cursor: Cursor) -> Iterator[ResponsePage]:
        """Every response modified since *cursor*, page by page, whatever its status.

        What a walk promises stands at `connectors.surveymonkey.paging.walk.walk`.
        """
        path = f"/surveys/{_part(survey_id)}/responses/bulk"

        def fetch(modified_from: str | None, number: int) -> Page:
            params = _modified_since(modified_from, number, ASKED_PER_PAGE)
            return self._requester.ask(path, params, lambda answer: read_page(answer.body, _clock(answer)))

        return walk(fetch, cursor, lambda: self._sleep(PAUSE_SECONDS))

    def ids(self, survey_id: str) -> IdSweep:
        """Ids of all responses that the platform holds; one call a thousand."""
        return sweep_ids(lambda number: self.ids_page(survey_id, number))

    def ids_page(
        self, survey_id: str, number: int = 1, modified_from: str | None = None
    ) -> tuple[list[str], int]:
        """Up to a thousand ids, and how many responses there are in all; *modified_from* as in a Cursor."""
        path = f"/surveys/{_part(survey_id)}/responses"
        params = _modified_since(modified_from, number, IDS_PER_PAGE)
        return self._requester.ask(path, params, lambda answer: read_listing(answer.body, read_id))

    def count(self, survey_id: str, modified_from: str | None = None) -> int:
        """How many responses the platform holds, whatever their status: all, or those modified since."""
        return self.ids_page(survey_id, 1, modified_from)[1]

    def response(self, survey_id: str, response_id: str) -> str | None:
        """The JSON text of one response with its answers; None where the platform no longer holds it."""
        path = f"/surveys/{_part(survey_id)}/responses/{_part(response_id)}/details"
        try:
            return self._text(path)
        except NotHeldError:
            return None

    def _text(self, path: str) -> str:
        return self._requester.ask(path, {}, lambda answer: read_text(answer.body))

    def _listed(self, path: str, params: Mapping[str, str], read: Callable[[msgspec.Raw], T]) -> list[T]:
        found: list[T] = []
        for number in range(1, MOST_LIST_PAGES + 1):
            paged = {**params, "page": str(number), "per_page": str(LISTED_PER_PAGE)}
            items, total = self._requester.ask(path, paged, lambda answer: read_listing(answer.body, read))
            found += items
            if not items or len(found) >= total:
                break
        return found


def _account(answer: Answer) -> Account:
    account = read_account(answer.body)
    in_header = answer.headers.get("X-OAuth-Scopes-Granted")
    scopes = account.scopes
    if scopes is None and in_header is not None:
        scopes = tuple(in_header.replace(",", " ").split())
    return replace(account, scopes=scopes, clock=_clock(answer))


def _modified_since(modified_from: str | None, number: int, per_page: int) -> dict[str, str]:
    params = {"sort_by": "date_modified", "sort_order": "ASC", "page": str(number), "per_page": str(per_page)}
    return params if modified_from is None else {**params, "start_modified_at": modified_from}


def _clock(answer: Answer) -> int | None:
    return http_date(answer.headers.get("Date", ""))


def _part(text: str) -> str:
    """*text* as one part of a path."""
    return quote(text, safe="")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _code(link: str) -> str:
    """What stands last in the path of *link*."""
    path = re.split(r"[?#]", link.strip())[0]
    return path.rstrip("/").rpartition("/")[2].casefold()
