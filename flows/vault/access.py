"""How staff commands open the vault, and in whose name."""

import getpass
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flows.errors import SettingsError, UsageError
from flows.run.clock import now_in_utc, run_name
from flows.run.record import RunRecord
from flows.settings.model import KeySettings, VaultSettings
from flows.vault.backups import back_up_before_change, pointing_to_backups
from flows.vault.key import find_key
from warehouse.database.connection import open_vault
from warehouse.ingest import designs
from warehouse.privacy import access_log
from warehouse.privacy.access_log import Head
from warehouse.releases import publish as publishing
from warehouse.transform.stage import Form, staging_area

AN_ADDRESS = re.compile(r"\S[@\uff20]\S")  # the full-width @ too


@contextmanager
def open_for_staff(settings: KeySettings, *, read_only: bool = True) -> Iterator[Any]:
    """The vault, open within the block, with room for what is between tables.

    Raises:
        SettingsError: there is no vault yet, or no key for it.
    """
    key = find_key(settings)
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet; run: pledge sync")
    if key is None:
        raise SettingsError("There is a vault but no key for it; set PLEDGE_VAULT_KEY_FILE to its key file.")
    with pointing_to_backups(settings):
        if not read_only:
            for sentence in back_up_before_change(settings, key, run_name(now_in_utc())):
                sys.stderr.write(f"{sentence}\n")
        opening = open_vault(settings.vault_path, key, now=now_in_utc(), read_only=read_only)
        with opening as vault, staging_area(vault):
            yield vault


def show_roles(vault: Any, settings: VaultSettings) -> None:
    """Make the roles as shown, with the form that the last night saw."""
    survey_id, version = designs.last_form(vault)
    publishing.make_shown_roles(vault, Form(survey_id, version, role_groups=dict(settings.role_groups)))


def who() -> str:
    """The account that runs the command; a container may run under a number without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def record_use(vault: Any, command: str, reason: str, n_rows: int) -> datetime:
    """Write down who reads personal data, and why; the instant that stands there."""
    at = now_in_utc()
    access_log.record_access(vault, at=at, who=who(), command=command, reason=reason.strip(), n_rows=n_rows)
    return at


def said(text: str, option: str) -> str:
    """What a person gave as their reason.

    Raises:
        UsageError: it is blank, or holds an address: reasons outlive a person's erasure.
    """
    if not text.strip():
        raise UsageError(f"Say why: {option} TEXT")
    if AN_ADDRESS.search(text):
        raise UsageError(
            f"{option} holds an email address, and a reason is kept for good: say it without, by the id of a "
            "response for example."
        )
    return text.strip()


def last_seen(records: Iterable[RunRecord]) -> list[Head]:
    """Where the newest of *records* that says so saw the log end; empty if none does."""
    return [Head(**record.access_log) for record in records if record.access_log][:1]
