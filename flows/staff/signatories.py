"""Commands that open the vault: for staff, and never part of the night."""

from __future__ import annotations

import argparse
import sys

from flows.errors import DONE, UsageError
from flows.output import rendered
from flows.settings.model import Settings
from flows.staff.lists import Listing, record, show
from flows.vault.access import open_for_staff, said, show_roles
from warehouse.queries import figures

SIGNATORY_COLUMNS = (
    "response_id", "name", "email", "email_key", "role", "role_other", "signed_at", "modified_at",
)  # fmt: skip


def signatories(options: argparse.Namespace, settings: Settings) -> int:
    """The list with names; its use is recorded before a name is shown."""
    reason = said(options.reason, "--reason")
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        roles = figures.roles(vault)
        if options.role is not None and options.role not in roles:
            raise UsageError(f"No role is called “{options.role}”; there are: {', '.join(roles)}.")
        people = figures.signatories(vault, options.role)
        listing = Listing.of("signatories", reason, SIGNATORY_COLUMNS, people)
        path = record(vault, settings, options, listing)
    return show(options, listing, path, noun="people")


def held_back(options: argparse.Namespace, settings: Settings) -> int:
    """Responses held back: ids and rules, no values."""
    columns = ("response_id", "rule", "reason", "held_since")
    with open_for_staff(settings) as vault:
        rows = [[row[column] for column in columns] for row in figures.held_back(vault)]
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE
