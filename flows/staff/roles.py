"""The roles that people wrote themselves, and choices that were renamed or merged: given a role by staff."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from flows.errors import DONE, UsageError
from flows.run.clock import now_in_utc
from flows.settings.model import Settings
from flows.staff.decisions import FROM_WHEN
from flows.staff.lists import list_people
from flows.vault.access import open_for_staff, said, show_roles, who
from warehouse.queries import figures
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

COLUMNS = ("kind", "text", "choice_id", "n_signatories", "role", "is_decided")


def roles(options: argparse.Namespace, settings: Settings) -> int:
    """The texts that people gave as their role, and the form's choices, with the role each is shown as."""
    return list_people(options, settings, COLUMNS, figures.role_texts, noun="texts and choices")


def assign_role(options: argparse.Namespace, settings: Settings) -> int:
    """Show a text or a choice as a role, in the past and from now on."""
    because = said(options.because, "--because")
    role = " ".join(options.role.split())
    if not role or role.startswith("("):
        raise UsageError(
            "Give the role that it is to be shown as: --as ROLE. Names in brackets say why somebody has none."
        )
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        known = figures.roles(vault)
        kind, subject = _subject(vault, options)
        number = decisions.keep(vault, Decision(kind, subject, role, because, who()), at=now_in_utc())
    if role not in known:
        sys.stderr.write(
            f"“{role}” is a new role: nobody is shown with it so far. There are: {', '.join(known)}.\n"
        )
    sys.stderr.write(
        f"Decision {number} is kept: shown as {role}. {FROM_WHEN} To take it back: pledge undo {number}\n"
    )
    return DONE


def _subject(vault: Any, options: argparse.Namespace) -> tuple[str, str]:
    """Kind and subject of the decision.

    Raises:
        UsageError: nobody gave that text, or no form had that choice.
    """
    if options.choice is not None:
        if not figures.is_role_choice(vault, options.choice):
            raise UsageError(
                f"No form of the pledge had a choice with the id {options.choice[:40]}; "
                "“pledge roles --reason TEXT” lists them."
            )
        return "choice", options.choice
    normal_form = figures.normal_form_of(vault, options.other)
    kind, subject = ("exact text", options.other) if options.exactly else ("other text", normal_form)
    if not subject:
        raise UsageError("The text has no letter or digit to go by; give it with --exactly.")
    if not figures.n_with_text(vault, kind, subject):
        raise UsageError(
            "No signatory wrote that as their role; “pledge roles --reason TEXT” lists what people wrote."
        )
    return kind, subject
