"""Whom a command about a person's rights is about: an address, or responses alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.errors import UsageError
from warehouse.privacy.person import Person, person_of, responses_alone


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Whom a command is about.

    address: as typed; None: whoever gave the responses. key: its email key, None for no possible address.
    """

    address: str | None
    key: str | None
    response_ids: tuple[str, ...]

    def person(self, vault: Any) -> Person:
        """Whoever that is.

        Raises:
            UsageError: staff have decided that the address is several people's, or a response isn't held.
        """
        if self.address is None:
            found = responses_alone(vault, self.response_ids)
            missing = sorted(set(self.response_ids) - found.response_ids)
            if missing:
                raise UsageError(f"Response {missing[0][:40]} was never received; check the id.")
            return found
        found = person_of(vault, self.address, self.key)
        if found.is_shared:
            raise UsageError(
                "By a decision of staff this address is several people's. Say which responses are the "
                f"person's: --response ID, of {', '.join(sorted(found.response_ids))}."
            )
        return found
