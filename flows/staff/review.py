"""`pledge review`: who may be one person twice, two on one address, or nobody: for people to decide."""

from __future__ import annotations

import argparse

from flows.errors import UsageError
from flows.settings.model import Settings
from flows.staff.lists import Listing, record, show
from flows.vault.access import open_for_staff, said, show_roles
from warehouse.queries import figures

COLUMNS = ("case_name", "reason", "response_ids", "names", "emails")


def review(options: argparse.Namespace, settings: Settings) -> int:
    """The open cases, with the names and addresses that a person needs to decide; its use is recorded."""
    reason = said(options.reason, "--reason")
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        if not figures.have_signals_been_looked_for(vault):
            raise UsageError("No run has looked for signals yet; run: pledge recount")
        cases = figures.cases(vault, options.signal)
        in_lines = options.format != "json"
        rows = [[_shown(case[column], in_lines=in_lines) for column in COLUMNS] for case in cases]
        listing = Listing("review", reason, COLUMNS, rows)
        path = record(vault, settings, options, listing)
    return show(
        options,
        listing,
        path,
        noun="open cases",
        more="To close one: pledge decide same|different|apart|nothing CASE --because TEXT",
    )


def _shown(value: str | list[str], *, in_lines: bool) -> str | list[str]:
    """Where a cell holds one text, what there is of both sides stands line by line."""
    return "\n".join(value) if in_lines and isinstance(value, list) else value
