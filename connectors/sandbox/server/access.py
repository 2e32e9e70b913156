"""Who may call: the token, what it was granted, and the ways in which that goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.server.refusals import Answer, refusal, revoked_grant

SCOPES = ("users_read", "surveys_read", "collectors_read", "responses_read", "responses_read_detail")
"""What a pledge's pipeline needs."""

GrantState = Literal["valid", "expired", "revoked", "revoked_grant", "other_region"]
_ERROR_OF_STATE = {"expired": "1012", "revoked": "1013", "other_region": "1018"}


@dataclass
class Access:
    """One token and its grant; tests change it at any time.

    granted: scopes that its owner gave the app; a call that needs another is refused with 1014.
    state: ``revoked`` answers with error 1013, ``revoked_grant`` with the older body.
    """

    token: str
    granted: tuple[str, ...] = SCOPES
    state: GrantState = "valid"

    def refused(self, authorization: str | None) -> Answer | None:
        """The answer to a call with that header which may not go on, else None."""
        if not authorization:
            return refusal("1010")
        if self.state == "revoked_grant":
            return revoked_grant()
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            return refusal("1011")
        if self.state in _ERROR_OF_STATE:
            return refusal(_ERROR_OF_STATE[self.state])
        return None

    def headers(self) -> dict[str, str]:
        """What every answer says about scopes."""
        return {"X-OAuth-Scopes-Granted": ",".join(self.granted)}
