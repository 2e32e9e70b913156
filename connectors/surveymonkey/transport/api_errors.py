"""The platform's refusals, each as one sentence with a next step; nothing of a body's text is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from connectors.errors import SourceRefusedError
from connectors.surveymonkey.transport.network_errors import proxy_wants_name
from connectors.surveymonkey.transport.retry import REVOKED_ID

if TYPE_CHECKING:
    from collections.abc import Callable


REGION_OF_HOST = {
    "api.surveymonkey.com": "us",
    "api.surveymonkey.net": "us",
    "api.eu.surveymonkey.com": "eu",
    "api.surveymonkey.ca": "ca",
}
NO_SUCH_THING_ID = "1020"

_RENEWAL = (
    "Make a new one in the app's settings at developer.surveymonkey.com and set SURVEYMONKEY_ACCESS_TOKEN."
)
# Where the answer says no more than its HTTP status, the number it would have given.
_ID_OF_STATUS = {401: "1011", 402: "1005", 405: "1061", 410: "1053", 413: "1030"}
_SCOPES = (
    (re.compile(r"/(responses/(bulk|[^/]+/details)|rollups)$"), "responses_read_detail"),
    (re.compile(r"/responses(/[^/]+)?$"), "responses_read"),
    (re.compile(r"/collectors(/[^/]+)?$"), "collectors_read"),
    (re.compile(r"^/surveys"), "surveys_read"),
    (re.compile(r"^/users"), "users_read"),
)


class NotHeldError(SourceRefusedError):
    """The platform holds nothing at this address, or shows it to somebody else only (1020)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success.

    error_id: the platform's number of the error as text, ``revoked`` for the other form of a
        revoked grant, None where the body gives none.
    path: what was asked for, without host and query.
    """

    status: int
    error_id: str | None
    path: str
    host: str

    @property
    def shown(self) -> str:
        """What an operator can search for: ``HTTP 403, error 1014``."""
        number = f", error {self.error_id}" if self.error_id and self.error_id.isdigit() else ""
        return f"HTTP {self.status}{number}"


def error_id_of(body: bytes) -> str | None:
    """The platform's number of an error, as text; None where *body* is no error that it knows.

    A revoked grant comes in a form of its own, ``{"status": 1, "errmsg": "…"}``.
    """
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    error = told.get("error")
    if isinstance(error, dict):
        number = error.get("id")
        return str(number) if isinstance(number, str | int) and str(number).isdigit() else "0"
    if "errmsg" in told:
        return REVOKED_ID if "revoke" in str(told["errmsg"]).lower() else "0"
    return None


def error_of(refusal: Refusal) -> SourceRefusedError:
    """The error to raise for *refusal*."""
    if refusal.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and refusal.error_id is None:
        return proxy_wants_name()
    number = refusal.error_id or _ID_OF_STATUS.get(refusal.status, "")
    sentence = _SENTENCES.get(number, _unknown)(refusal)
    return NotHeldError(sentence) if number == NO_SUCH_THING_ID else SourceRefusedError(sentence)


def redirect_error(status: int, host: str, target: str | None) -> SourceRefusedError:
    """The error for a redirect to host *target* (None: not told), which is never followed."""
    whither = f"to {target}" if target else "elsewhere"
    return SourceRefusedError(
        f"{host} points {whither} (HTTP {status}), which is not followed: the token goes to {host} only. "
        "Set SURVEYMONKEY_API_URL to the address of the API itself, which ends in /v3."
    )


def missing_scope_sentence(scope: str, shown: str) -> str:
    """What to do when the token lacks *scope*."""
    plan = ", which needs a paid plan," if scope == "responses_read_detail" else ""
    return (
        f"The access token lacks the scope {scope}{plan} ({shown}). "
        "Require it under Scopes in the app's settings at developer.surveymonkey.com, "
        "authorise the app anew, and set SURVEYMONKEY_ACCESS_TOKEN."
    )


def _scope(refusal: Refusal) -> str:
    found = next((scope for shape, scope in _SCOPES if shape.search(refusal.path)), "")
    return missing_scope_sentence(found or f"for {refusal.path}", refusal.shown)


def _token(why: str) -> Callable[[Refusal], str]:
    return lambda refusal: f"SurveyMonkey refused the access token: {why} ({refusal.shown}). {_RENEWAL}"


def _plan(refusal: Refusal) -> str:
    return (
        f"The account's plan does not allow {refusal.path} through the API ({refusal.shown}). "
        "Upgrade the plan, or load export files with pledge import."
    )


def _region(refusal: Refusal) -> str:
    here = REGION_OF_HOST.get(refusal.host)
    others = [region for region in ("us", "eu", "ca") if region != here]
    return (
        f"The account lives in another region than {refusal.host} ({refusal.shown}). "
        f"Set PLEDGE_REGION to {' or '.join(others)}, or SURVEYMONKEY_API_URL to that region's address."
    )


def _not_held(refusal: Refusal) -> str:
    return (
        f"SurveyMonkey has no {refusal.path} that this account may see ({refusal.shown}). "
        "Check PLEDGE_SURVEY_ID, and that the survey is out of the trash and shared with the token's account."
    )


def _no_right(refusal: Refusal) -> str:
    return (
        f"The token's account may not see {refusal.path} ({refusal.shown}). "
        "Ask the survey's owner to share it, or use a token of the owner's account."
    )


def _quota(refusal: Refusal) -> str:
    return (
        f"The account has used up its quota for {refusal.path} ({refusal.shown}). "
        "Look at the plan's limits on the account page of SurveyMonkey."
    )


def _too_large(refusal: Refusal) -> str:
    return (
        f"{refusal.path} is too large for the API ({refusal.shown}): it takes up to 1,000 questions. "
        "Load its export files with pledge import."
    )


def _account_gone(refusal: Refusal) -> str:
    return (
        f"The token's account has been deleted ({refusal.shown}). "
        "Use a token of an account that can see the survey, and set SURVEYMONKEY_ACCESS_TOKEN."
    )


def _unverified(refusal: Refusal) -> str:
    return (
        f"The account's own email address has not been verified ({refusal.shown}). "
        "Sign in to SurveyMonkey, follow the link in its message, and try again."
    )


def _not_understood(refusal: Refusal) -> str:
    return (
        f"SurveyMonkey did not take the question for {refusal.path} as it was put ({refusal.shown}). "
        "Check PLEDGE_SURVEY_ID; if it is right the API has changed: look the number up at "
        "api.surveymonkey.com/v3/docs under Error Codes, and report it."
    )


def _no_reading(refusal: Refusal) -> str:
    return (
        f"{refusal.host} takes no questions at {refusal.path} ({refusal.shown}). "
        "Check that SURVEYMONKEY_API_URL is the API's address, ending in /v3."
    )


def _unknown(refusal: Refusal) -> str:
    if refusal.error_id is None:
        return (
            f"{refusal.host} refused {refusal.path} without saying why ({refusal.shown}). "
            "Check that SURVEYMONKEY_API_URL is the API's address, ending in /v3, and that no proxy answers."
        )
    return (
        f"SurveyMonkey refused {refusal.path} ({refusal.shown}). "
        "Look the number up at api.surveymonkey.com/v3/docs under Error Codes, and report it."
    )


_SENTENCES: dict[str, Callable[[Refusal], str]] = {
    "1000": _not_understood,
    "1001": _not_understood,
    "1002": _not_understood,
    "1003": _not_understood,
    "1004": _not_understood,
    "1005": _plan,
    "1010": _token("none reached it"),
    "1011": _token("it is not known"),
    "1012": _token("it has expired"),
    "1013": _token("its access was revoked"),
    REVOKED_ID: _token("its access was revoked"),
    "1014": _scope,
    "1015": _plan,
    "1016": _no_right,
    "1017": _quota,
    "1018": _region,
    NO_SUCH_THING_ID: _not_held,
    "1030": _too_large,
    "1052": _account_gone,
    "1053": _account_gone,
    "1057": _token("it lacks a permission"),
    "1058": _unverified,
    "1061": _no_reading,
    "1062": _quota,
    "1063": _no_right,
}
