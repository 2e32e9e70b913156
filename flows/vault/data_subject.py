"""Whom a command about a person's rights is about: an address, or responses alone."""

import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.errors import UsageError
from warehouse.privacy.person import Person, person_of, responses_alone

LONGEST_ADDRESS = 1_000  # characters; what a form takes as an address is shorter
FROM_INPUT = "-"


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


def data_subject(given: str | None, response_ids: Sequence[str]) -> DataSubject:
    """Whom the command line names.

    given: the address, or - to read it from standard input, where no list of processes shows it.

    Raises:
        UsageError: it is no address, or far too long; or there are both or neither.
    """
    from checks.people.email_key import email_key

    if (given is None) == (not response_ids):
        raise UsageError("Give the person's email address, or their responses by --response ID.")
    if given is None:
        return DataSubject(None, None, tuple(response_ids))
    text = (sys.stdin.readline(LONGEST_ADDRESS + 2) if given == FROM_INPUT else given).strip()
    if "@" not in unicodedata.normalize("NFKC", text) or len(text) > LONGEST_ADDRESS:
        raise UsageError("Give the person's email address as they typed it, or - to read it from a line.")
    return DataSubject(text, email_key(text).key, ())
