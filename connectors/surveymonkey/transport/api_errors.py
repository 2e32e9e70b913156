"""The platform's refusals, each as one sentence with a next step; nothing of a body's text is in them."""

import re
from http import HTTPStatus

import msgspec

from connectors.errors import SourceRefusedError
from connectors.surveymonkey.transport.network_errors import proxy_wants_name
from connectors.surveymonkey.transport.retry import REVOKED_ID

REGION_OF_HOST = {
    "api.surveymonkey.com": "us",
    "api.surveymonkey.net": "us",
    "api.eu.surveymonkey.com": "eu",
    "api.surveymonkey.ca": "ca",
}
MISSING_SCOPE_ID = "1014"
NO_SUCH_THING_ID = "1020"

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


def error_id_of(body: bytes) -> str | None:
    """The platform's number of an error, as text; None where *body* is no error that it knows.

    ``revoked``: a revoked grant, in a form of its own, ``{"status": 1, "errmsg": "…"}``.
    """
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    error = answer.get("error")
    if isinstance(error, dict):
        number = error.get("id")
        return str(number) if isinstance(number, str | int) and str(number).isdigit() else "0"
    if "errmsg" in answer:
        return REVOKED_ID if "revoke" in str(answer["errmsg"]).lower() else "0"
    return None


def shown(status: int, error_id: str | None) -> str:
    """What an operator can search for: ``HTTP 403, error 1014``."""
    return f"HTTP {status}, error {error_id}" if error_id and error_id.isdigit() else f"HTTP {status}"


def error_of(status: int, error_id: str | None, path: str, host: str) -> SourceRefusedError:
    """The error to raise for a refusal with this *error_id*, as `error_id_of` gives it.

    path: what was asked for, without host and query.
    """
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and error_id is None:
        return proxy_wants_name()
    number = error_id or _ID_OF_STATUS.get(status, "")
    found = shown(status, error_id)
    if number == MISSING_SCOPE_ID:
        scope = next((scope for shape, scope in _SCOPES if shape.search(path)), f"for {path}")
        return SourceRefusedError(missing_scope_sentence(scope, found))
    template = _SENTENCES.get(number, _UNSAID if error_id is None else _UNKNOWN)
    regions = " or ".join(one for one in ("us", "eu", "ca") if one != REGION_OF_HOST.get(host))
    sentence = template.format(path=path, host=host, shown=found, regions=regions)
    return NotHeldError(sentence) if number == NO_SUCH_THING_ID else SourceRefusedError(sentence)


def redirect_error(status: int, host: str, target: str | None) -> SourceRefusedError:
    """The error for a redirect to host *target* (None: not told), which is never followed."""
    direction = f"to {target}" if target else "elsewhere"
    return SourceRefusedError(
        f"{host} points {direction} (HTTP {status}), which is not followed: the token goes to {host} only. "
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


def _token(why: str) -> str:
    return (
        f"SurveyMonkey refused the access token: {why} ({{shown}}). Make a new one in the app's settings at "
        "developer.surveymonkey.com and set SURVEYMONKEY_ACCESS_TOKEN."
    )


_PLAN = (
    "The account's plan does not allow {path} through the API ({shown}). "
    "Upgrade the plan, or load export files with pledge import."
)
_NO_RIGHT = (
    "The token's account may not see {path} ({shown}). "
    "Ask the survey's owner to share it, or use a token of the owner's account."
)
_QUOTA = (
    "The account has used up its quota for {path} ({shown}). "
    "Look at the plan's limits on the account page of SurveyMonkey."
)
_ACCOUNT_GONE = (
    "The token's account has been deleted ({shown}). "
    "Use a token of an account that can see the survey, and set SURVEYMONKEY_ACCESS_TOKEN."
)
_NOT_UNDERSTOOD = (
    "SurveyMonkey did not take the question for {path} as it was put ({shown}). "
    "Check PLEDGE_SURVEY_ID; if it is right the API has changed: look the number up at "
    "api.surveymonkey.com/v3/docs under Error Codes, and report it."
)
_UNSAID = (
    "{host} refused {path} without saying why ({shown}). "
    "Check that SURVEYMONKEY_API_URL is the API's address, ending in /v3, and that no proxy answers."
)
_UNKNOWN = (
    "SurveyMonkey refused {path} ({shown}). "
    "Look the number up at api.surveymonkey.com/v3/docs under Error Codes, and report it."
)
_SENTENCES = {
    **dict.fromkeys(("1000", "1001", "1002", "1003", "1004"), _NOT_UNDERSTOOD),
    "1005": _PLAN,
    "1010": _token("none reached it"),
    "1011": _token("it is not known"),
    "1012": _token("it has expired"),
    "1013": _token("its access was revoked"),
    REVOKED_ID: _token("its access was revoked"),
    "1015": _PLAN,
    "1016": _NO_RIGHT,
    "1017": _QUOTA,
    "1018": (
        "The account lives in another region than {host} ({shown}). "
        "Set PLEDGE_REGION to {regions}, or SURVEYMONKEY_API_URL to that region's address."
    ),
    NO_SUCH_THING_ID: (
        "SurveyMonkey has no {path} that this account may see ({shown}). "
        "Check PLEDGE_SURVEY_ID, and that the survey is out of the trash and shared with the token's account."
    ),
    "1030": (
        "{path} is too large for the API ({shown}): it takes up to 1,000 questions. "
        "Load its export files with pledge import."
    ),
    "1052": _ACCOUNT_GONE,
    "1053": _ACCOUNT_GONE,
    "1057": _token("it lacks a permission"),
    "1058": (
        "The account's own email address has not been verified ({shown}). "
        "Sign in to SurveyMonkey, follow the link in its message, and try again."
    ),
    "1061": (
        "{host} takes no questions at {path} ({shown}). "
        "Check that SURVEYMONKEY_API_URL is the API's address, ending in /v3."
    ),
    "1062": _QUOTA,
    "1063": _NO_RIGHT,
}
