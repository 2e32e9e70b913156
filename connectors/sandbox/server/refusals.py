"""The platform's list of errors, and the answers that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


DOCS = "https://developer.surveymonkey.com/api/v3/#error-codes"
JSON_HEADERS = {"content-type": "application/json"}


class KnownError(NamedTuple):
    """One error of the platform's list."""

    status: int
    name: str
    message: str


ERRORS = {
    "1000": KnownError(400, "Bad Request", "Unable to process the request with the provided input."),
    "1001": KnownError(400, "Bad Request", "The body provided was not a proper JSON string."),
    "1002": KnownError(400, "Bad Request", "Invalid schema in the body provided."),
    "1003": KnownError(400, "Bad Request", "Invalid URL parameters."),
    "1004": KnownError(400, "Bad Request", "Invalid headers provided."),
    "1005": KnownError(402, "Payment Required", "The account must be upgraded for this."),
    "1010": KnownError(401, "Authorization Error", "The authorization token was not provided."),
    "1011": KnownError(401, "Authorization Error", "The authorization token provided was invalid."),
    "1012": KnownError(401, "Authorization Error", "The authorization token provided has expired."),
    "1013": KnownError(401, "Authorization Error", "Client revoked access grant."),
    "1014": KnownError(
        403, "Permission Error", "Permission has not been granted by the user to make this request."
    ),
    "1015": KnownError(403, "Permission Error", "The user does not have the plan needed for this request."),
    "1016": KnownError(
        403, "Permission Error", "The user does not have permission to access to this resource."
    ),
    "1017": KnownError(403, "Permission Error", "The user has reached the quota for this resource."),
    "1018": KnownError(403, "Permission Error", "The user must use a different host for its region."),
    "1020": KnownError(404, "Resource Not Found", "There was an error retrieving the requested resource."),
    "1025": KnownError(409, "Resource Conflict", "Unable to complete the request due to a conflict."),
    "1026": KnownError(409, "Resource Conflict", "The requested resource already exists."),
    "1030": KnownError(
        413, "Request Entity Too Large", "The requested entity is too large, it can not be returned."
    ),
    "1040": KnownError(429, "Rate limit reached", "Too many requests were made, try again later."),
    "1050": KnownError(500, "Internal Server Error", "Oh bananas! We couldn’t process your request."),  # noqa: RUF001 - the platform's own sentence
    "1051": KnownError(503, "Internal Server Error", "Unable to reach the service, try again later."),
    "1052": KnownError(404, "User Soft Deleted", "The user making the request has been soft deleted."),
    "1053": KnownError(410, "User Deleted", "The user making the request has been deleted."),
    "1054": KnownError(502, "Bad Gateway", "The gateway could not connect to the service."),
    "1055": KnownError(504, "Gateway Timeout", "The gateway waited too long for the service."),
    "1061": KnownError(405, "Method Not Allowed", "This method is not allowed on this resource."),
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
        "docs": DOCS,
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
    return Answer(status, JSON_HEADERS, msgspec.json.encode(content))
