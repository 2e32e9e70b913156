"""The platform's errors as it answers with them, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import msgspec

# Ids, statuses and meanings as documented; where no wording is known, it is our own.
_ERRORS = {
    "1003": (400, "Bad Request", "Invalid URL parameters."),
    "1010": (401, "Authorization Error", "The authorization token was not provided."),
    "1011": (401, "Authorization Error", "The authorization token provided was invalid."),
    "1012": (401, "Authorization Error", "The authorization token provided has expired."),
    "1013": (401, "Authorization Error", "Client revoked access grant."),
    "1014": (403, "Permission Error", "Permission has not been granted by the user to make this request."),
    "1018": (403, "Permission Error", "The user must use a different host for its region."),
    "1020": (404, "Resource Not Found", "There was an error retrieving the requested resource."),
    "1040": (429, "Rate limit reached", "Too many requests were made, try again later."),
    "1050": (500, "Internal Server Error", "Oh bananas! We couldn’t process your request."),  # noqa: RUF001 - the platform's own sentence
}

SCOPES = ("users_read", "surveys_read", "collectors_read", "responses_read", "responses_read_detail")
"""What a pledge's pipeline needs."""

GrantState = Literal["valid", "expired", "revoked", "revoked_grant", "other_region"]
_ERROR_OF_STATE = {"expired": "1012", "revoked": "1013", "other_region": "1018"}


class Answer(NamedTuple):
    """A whole HTTP answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def beginning(self) -> dict[str, Any]:
        """Status and headers as ASGI sends them."""
        headers = {**self.headers, "content-length": str(len(self.body))}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        return {"type": "http.response.start", "status": self.status, "headers": encoded}


class RefusedError(Exception):
    """A call is answered with *answer* instead of what it asks for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def json_answer(body: bytes, status: int = 200) -> Answer:
    return Answer(status, {"content-type": "application/json"}, body)


def refusal(error_id: str) -> Answer:
    """The answer that carries that error in the platform's usual form."""
    status, name, message = _ERRORS[error_id]
    docs = "https://developer.surveymonkey.com/api/v3/#error-codes"
    error = {"docs": docs, "message": message, "id": error_id, "name": name, "http_status_code": status}
    return json_answer(msgspec.json.encode({"error": error}), status)


def revoked_grant() -> Answer:
    """The other form, which a revoked token may meet; its status is not documented."""
    return json_answer(b'{"status":1,"errmsg":"Client revoked access grant"}', 401)


def not_imitated(sentence: str) -> RefusedError:
    """For what the platform knows and the sandbox doesn't: answering as if it did would mislead."""
    return RefusedError(Answer(501, {"content-type": "text/plain; charset=utf-8"}, sentence.encode()))


@dataclass
class Access:
    """One token and its grant; tests change it at any time.

    granted: scopes that its owner gave the app; a call that needs another is refused with 1014.
    state: ``revoked`` answers with error 1013, ``revoked_grant`` with the older body.
    """

    token: str
    granted: tuple[str, ...] = SCOPES
    state: GrantState = "valid"

    def refused(self, authorization: str) -> Answer | None:
        """The answer to a call with that header ("": none) which may not go on, else None."""
        if not authorization:
            return refusal("1010")
        if self.state == "revoked_grant":
            return revoked_grant()
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            return refusal("1011")
        error_id = _ERROR_OF_STATE.get(self.state)
        return refusal(error_id) if error_id else None
