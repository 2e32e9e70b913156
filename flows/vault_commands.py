"""Commands that open the vault: for staff, and never part of the night."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flows.errors import DONE, SettingsError, UsageError
from flows.keeping import copy_before_change, pointing_to_copies
from flows.night import now_in_utc
from flows.record import run_name
from flows.show import plain, rendered
from flows.vault_key import find_key
from warehouse import load, read
from warehouse import publish as publishing
from warehouse.connection import open_vault
from warehouse.stage import Form, staging_area

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from flows.settings import Settings

SIGNATORY_COLUMNS = (
    "response_id", "name", "email", "email_key", "role", "role_other", "signed_at", "modified_at",
)  # fmt: skip


@contextmanager
def _open_vault(settings: Settings, *, read_only: bool = True) -> Iterator[Any]:
    key = find_key(settings)
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet; run: pledge sync")
    if key is None:
        raise SettingsError("There is a vault but no key for it; set PLEDGE_VAULT_KEY_FILE to its key file.")
    with (
        pointing_to_copies(settings),
        _copied_before(settings, key, is_changed=not read_only),
        open_vault(settings.vault_path, key, now=now_in_utc(), read_only=read_only) as vault,
        staging_area(vault),
    ):
        yield vault


@contextmanager
def _copied_before(settings: Settings, key: str, *, is_changed: bool) -> Iterator[None]:
    for sentence in copy_before_change(settings, key, run_name(now_in_utc())) if is_changed else ():
        sys.stderr.write(f"{sentence}\n")
    yield


def _show_roles(vault: Any, settings: Settings) -> None:
    """Make the roles as shown, with the form that the last night saw."""
    survey_id, version = load.last_form(vault)
    publishing.make_shown_roles(vault, Form(survey_id, version, role_groups=dict(settings.role_groups)))


def signatories(options: argparse.Namespace, settings: Settings) -> int:
    """The list with names; its use is recorded before a name is shown."""
    if not options.reason.strip():
        raise UsageError("Say why you need the list: --reason TEXT")
    with _open_vault(settings, read_only=False) as vault:
        _show_roles(vault, settings)
        roles = read.roles(vault)
        if options.role is not None and options.role not in roles:
            raise UsageError(f"No role is called “{options.role}”; there are: {', '.join(roles)}.")
        people = read.signatories(vault, options.role)
        read.record_access(
            vault,
            at=now_in_utc(),
            who=_who(),
            command="signatories",
            reason=options.reason.strip(),
            n_rows=len(people),
        )
    rows = [[person[column] for column in SIGNATORY_COLUMNS] for person in people]
    sys.stdout.write(rendered(SIGNATORY_COLUMNS, rows, options.format) + "\n")
    sys.stderr.write(f"{len(rows):,} people; this use of the vault was recorded.\n")
    return DONE


def _who() -> str:
    """The account that runs the command; a container may run under a number without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def held_back(options: argparse.Namespace, settings: Settings) -> int:
    """Responses held back: ids and rules, no values."""
    columns = ("response_id", "rule", "reason", "held_since")
    with _open_vault(settings) as vault:
        rows = [[row[column] for column in columns] for row in read.held_back(vault)]
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """Everything that happened to one response, without what the person wrote."""
    with _open_vault(settings) as vault:
        _show_roles(vault, settings)
        story = read.story_of(vault, options.response_id)
    if not story["versions"]:
        raise UsageError(f"Response {options.response_id[:40]} was never received; check the id.")
    sys.stdout.write("\n".join(_told(options.response_id, story)) + "\n")
    return DONE


def _told(response_id: str, story: dict[str, Any]) -> Iterator[str]:
    yield f"Response {response_id}"
    for number, version in enumerate(story["versions"], start=1):
        yield (
            f"  received  version {number} from {version['source']} at {plain(version['fetched_at'])} "
            f"(run {version['run_id']}): status {version['status']}, "
            f"mode {version['mode']}, begun {version['created_at']}, "
            f"changed {version['modified_at']}"
        )
    for gone in story["withdrawn"]:
        yield f"  withdrawn noticed at {plain(gone['noticed_at'])} (run {gone['run_id']})" + (
            f"; answers erased at {plain(gone['erased_at'])}" if gone["erased_at"] else ""
        )
    for held in story["held_back"]:
        yield f"  held back since {plain(held['held_since'])} by {held['rule']}: {held['reason']}"
    facts = story["answers"][0]
    yield f"  answers   {facts['n_answers']}" + (f"; role: {facts['role']}" if facts["role"] else "")
    others = [other for other in story["shared"] if other["response_id"] != response_id]
    for other in others:
        yield (
            f"  same email key as {other['response_id']} "
            f"({other['place']}; changed {plain(other['modified_at'])})"
        )
    for place in story["place"]:
        yield f"  place     {place['place']}: {place['reason']}"
    if not story["place"]:
        yield "  place     not decided yet; run: pledge sync"
