"""The platform's list of errors, and the answers that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

_DOCS = "https://developer.surveymonkey.com/api/v3/#error-codes"
_JSON_HEADERS = {"content-type": "application/json"}


class KnownError(NamedTuple):
    """One error of the platform's list."""

    status: int
    name: str
    message: str


ERRORS = {
    "1003": KnownError(400, "Bad Request", "Invalid URL parameters."),
    "1010": KnownError(401, "Authorization Error", "The authorization token was not provided."),
    "1011": KnownError(401, "Authorization Error", "The authorization token provided was invalid."),
    "1012": KnownError(401, "Authorization Error", "The authorization token provided has expired."),
    "1013": KnownError(401, "Authorization Error", "Client revoked access grant."),
    "1014": KnownError(
        403, "Permission Error", "Permission has not been granted by the user to make this request."
    ),
    "1018": KnownError(403, "Permission Error", "The user must use a different host for its region."),
    "1020": KnownError(404, "Resource Not Found", "There was an error retrieving the requested resource."),
    "1040": KnownError(429, "Rate limit reached", "Too many requests were made, try again later."),
    "1050": KnownError(500, "Internal Server Error", "Oh bananas! We couldn’t process your request."),  # noqa: RUF001 - the platform's own sentence
}
"""Ids, statuses and meanings as documented; where no wording is known, it is our own."""


class Answer(NamedTuple):
    """A whole HTTP answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def refusal(error_id: str) -> Answer:
    """The answer that carries that error in the platform's usual form."""
    known = ERRORS[error_id]
    error = {
        "docs": _DOCS,
        "message": known.message,
        "id": error_id,
        "name": known.name,
        "http_status_code": known.status,
    }
    return json_answer({"error": error}, status=known.status)


def revoked_grant() -> Answer:
    """The other form, which a revoked token may meet; its status is not documented."""
    return json_answer({"status": 1, "errmsg": "Client revoked access grant"}, status=401)


def json_answer(content: Any, *, status: int = 200) -> Answer:
    return Answer(status, _JSON_HEADERS, msgspec.json.encode(content))
