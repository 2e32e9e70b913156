"""What `pledge doctor` tries on what is kept: key, vault, copies, published file, the last night."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.survey.contract import FieldRef
from flows.doctor.findings import Finding, ok, problem, warning
from flows.run.record import PARTIAL, REFUSED, RUNNING, read_records
from flows.settings.model import Home, KeySettings, UpkeepSettings
from flows.staff.access_log import chain_break
from flows.staff.lists import KEPT_FOR, kept_lists, old_lists
from flows.vault.key import found_key, next_key_file
from warehouse.backups import backup
from warehouse.database import marks
from warehouse.database.connection import is_key_of, open_vault
from warehouse.errors import (
    NotPublishedError,
    VaultDamagedError,
    VaultKeyError,
    VaultLockedError,
    WarehouseError,
)
from warehouse.releases.kept import about as about_release

HOURS_A_DAY = 24


@dataclass(slots=True)
class Remembered:
    """What the vault knows of the form: the survey that the last night settled on, and its questions."""

    survey_id: str | None = None
    fields: tuple[tuple[str, FieldRef], ...] = ()


def key(settings: KeySettings) -> Iterator[Finding]:
    """Whether there is a key, where from, and what a rotation has left."""
    found = found_key(settings)
    if found is None:
        if settings.vault_path.exists():
            yield problem(
                "key", "There is a vault but no key for it.", "set PLEDGE_VAULT_KEY_FILE to its key file"
            )
        else:
            yield ok("key", "none yet: the first run makes one")
        return
    yield ok("key", f"from {found.source}")
    file = found.path or settings.default_key_file
    if next_key_file(file).exists():
        yield warning("key", "A rotation was cut short.", "pledge key rotate")


def vault(settings: KeySettings, now: datetime, remembered: Remembered) -> Iterator[Finding]:
    """Whether the vault opens with its key; fills *remembered*."""
    found = found_key(settings)
    if not settings.vault_path.exists():
        yield _no_vault(settings)
        return
    if found is None:
        return  # told of the key
    try:
        with open_vault(settings.vault_path, found.key, now=now, read_only=True) as opened:
            n_responses = backup.count_responses(opened)
            _remember(opened, remembered)
            log = chain_break(opened, settings)
    except VaultLockedError:
        yield warning("vault", "It is in use, most likely by a sync.", "run pledge doctor again after it")
        return
    except VaultKeyError:
        yield problem("vault", "The key is not the one it was made with.", "pledge key check")
        return
    except VaultDamagedError:
        yield problem("vault", "It can't be read: it is damaged.", "pledge restore lists the backups")
        return
    except WarehouseError as error:
        yield warning("vault", str(error))
        return
    yield ok("vault", f"opens with its key; {n_responses:,} responses, each version counted")
    yield warning("access log", log) if log else ok("access log", "as it was written")


def _no_vault(settings: Home) -> Finding:
    if backup.kept_backups(settings.backups_folder):
        return problem("vault", "It is missing, but backups of it are kept.", "pledge restore")
    return ok("vault", "none yet: the first run makes one")


def _remember(opened: Any, remembered: Remembered) -> None:
    survey_id = marks.mark(opened, "survey")
    if survey_id is None:
        return
    remembered.survey_id = survey_id
    remembered.fields = tuple(
        (field, FieldRef(question_id, row_id))
        for field, question_id, row_id in json.loads(marks.mark(opened, f"fields of {survey_id}") or "[]")
    )


def copies(settings: KeySettings, now: datetime) -> Finding:
    """Whether the copies can be opened, and how old the newest is."""
    found = found_key(settings)
    kept = backup.kept_backups(settings.backups_folder)
    if not kept or found is None:
        if not settings.vault_path.exists():
            return ok("copies", "none yet")
        return warning(
            "copies", "There is none of the vault.", "see that backups/ can be written; pledge sync"
        )
    states = {copy.name: _state_of(copy, found.key) for copy in kept}
    bad = [f"{name} ({state})" for name, state in states.items() if state]
    newest = next((copy for copy in kept if not states[copy.name]), None)
    if newest is None:
        return problem("copies", f"None of {len(kept)} can be opened.", "pledge key check")
    text = f"{len(kept) - len(bad)} of {len(kept)} open; the newest is {_age(now, newest.made_at)} old"
    if bad:
        return warning("copies", f"{text}; not: {', '.join(bad)}.", "pledge key check")
    return ok("copies", text)


def _state_of(copy: backup.Backup, with_key: str) -> str | None:
    try:
        return None if is_key_of(copy.path, with_key) else "another key"
    except WarehouseError:
        return "damaged"


def _age(now: datetime, then: datetime) -> str:
    hours = int((now - then).total_seconds() // 3600)
    return f"{hours} hours" if hours < 2 * HOURS_A_DAY else f"{hours // HOURS_A_DAY} days"


def lists(settings: Home, now: datetime) -> Finding | None:
    """Whether lists of people were kept for longer than one should be; None where there is none."""
    kept, old = kept_lists(settings), old_lists(settings, now)
    if not kept:
        return None
    if old:
        return warning(
            "lists",
            f"{len(old):,} of {len(kept):,} lists of people are older than {KEPT_FOR.days} days.",
            f"delete them from {settings.lists_folder}",
        )
    return ok("lists", f"{len(kept):,}, none older than {KEPT_FOR.days} days; delete each after use")


def published(settings: Home) -> Finding:
    """Whether analysts can open the published file."""
    try:
        about = about_release(settings.published_path)
    except NotPublishedError:
        return warning("published", "Nothing has been published yet.", "pledge sync")
    except WarehouseError:
        return problem("published", "The published file can't be read.", "pledge sync, which makes it anew")
    return ok("published", f"opens; by run {about['run_id']}, {about['n_signatories']:,} signatories")


def last_run(settings: UpkeepSettings, now: datetime) -> Finding:
    """How the last run ended, and whether the figures are fresh."""
    records = read_records(settings.runs_folder, last=1)
    if not records:
        return warning("last run", "There was none yet.", "pledge sync --dry-run, then pledge sync")
    last = records[0]
    text = f"{last.state}, begun {last.started_at[:16]} UTC; fresh as of {(last.fresh_as_of or 'never')[:16]}"
    if last.state == REFUSED:
        return warning("last run", f"{text}.", "pledge status says why")
    if last.state == RUNNING:
        return warning("last run", f"{text}: running now, or killed.", "if none runs: pledge sync")
    if last.is_stale(now, settings.stale_after_hours):
        return warning("last run", f"{text}: stale.", "see why no night has come to its end: pledge status")
    return ok("last run", f"{text}{'; the next one goes on' if last.state == PARTIAL else ''}")
