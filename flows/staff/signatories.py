"""Commands that open the vault: for staff, and never part of the night."""

import argparse
import sys
from typing import Any

from flows.errors import DONE, UsageError
from flows.output import rendered
from flows.settings.model import KeySettings, VaultSettings
from flows.staff.lists import list_people
from flows.vault.access import open_for_staff
from warehouse.queries import figures

SIGNATORY_COLUMNS = (
    "response_id", "name", "email", "email_key", "role", "role_other", "signed_at", "modified_at",
)  # fmt: skip
CASE_COLUMNS = ("case_name", "reason", "response_ids", "names", "emails")
ROLE_COLUMNS = ("kind", "text", "choice_id", "n_signatories", "role", "is_decided")
TO_CLOSE = "To close one: pledge decide same|different|apart|nothing CASE --because TEXT"


def signatories(options: argparse.Namespace, settings: VaultSettings) -> int:
    """The list with names; its use is recorded before a name is shown."""

    def find(vault: Any) -> list[dict[str, Any]]:
        known = figures.roles(vault)
        if options.role is not None and options.role not in known:
            raise UsageError(f"No role is called “{options.role}”; there are: {', '.join(known)}.")
        return figures.signatories(vault, options.role)

    return list_people(options, settings, SIGNATORY_COLUMNS, find, noun="people")


def review(options: argparse.Namespace, settings: VaultSettings) -> int:
    """The open cases: who may be one person twice, two on one address, or nobody; for people to decide."""

    def find(vault: Any) -> list[dict[str, Any]]:
        if not figures.have_signals_been_looked_for(vault):
            raise UsageError("No run has looked for signals yet; run: pledge recount")
        cases = figures.cases(vault, options.signal)
        if options.format == "json":
            return cases
        # Where a cell holds one text, what there is of both sides stands line by line.
        return [
            {name: "\n".join(cell) if isinstance(cell, list) else cell for name, cell in case.items()}
            for case in cases
        ]

    return list_people(options, settings, CASE_COLUMNS, find, noun="open cases", more=TO_CLOSE)


def roles(options: argparse.Namespace, settings: VaultSettings) -> int:
    """The texts that people gave as their role, and the form's choices, with the role each is shown as."""
    return list_people(options, settings, ROLE_COLUMNS, figures.role_texts, noun="texts and choices")


def held_back(options: argparse.Namespace, settings: KeySettings) -> int:
    """Responses held back: ids and rules, no values."""
    columns = ("response_id", "rule", "reason", "held_since")
    with open_for_staff(settings) as vault:
        rows = [[row[column] for column in columns] for row in figures.held_back(vault)]
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE
