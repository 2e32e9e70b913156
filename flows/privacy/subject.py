"""Whose rights are asked for, as the command line says it: by an address, or by responses alone."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

from flows.errors import UsageError
from flows.vault.data_subject import DataSubject

LONGEST_ADDRESS = 1_000  # characters; what a form takes as an address is shorter
FROM_INPUT = "-"


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
