"""What every run begins with: what was done since the last one, and the erasing of what isn't kept longer.

That is what was withdrawn long ago, and all that people typed once the pledge is over; figures stay.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flows.run.context import RunContext
from flows.settings.retention_dates import begin_of, names_due_on, today
from flows.vault.access import last_seen
from flows.vault.packs_shown import note_packs
from reports.errors import MemoryFileError
from warehouse.database.marks import mark, set_mark
from warehouse.ingest import designs, erased_people, ip_addresses
from warehouse.privacy import access_log, erase_names
from warehouse.privacy import erase_overdue as keeping
from warehouse.privacy.erase_person import finish_erasures
from warehouse.privacy.erase_withdrawn import erase_withdrawn, is_settled

BYTES_OF_SALT = 32


def note_access_log(run: RunContext) -> None:
    """Note where the access log ends, and tell if it is not the one that the last run saw."""
    found = access_log.first_break(run.vault, last_seen(run.earlier))
    end = access_log.head(run.vault)
    run.record.access_log = {"n": end.n, "hash": end.hash}
    if found is not None:
        run.warn(
            f"The access log is not as the last run saw it: entry {found.entry_no} does not fit "
            f"({found.why}). If a copy was restored since, nothing; else see pledge access-log --verify."
        )


def note_packs_shown(run: RunContext) -> None:
    """Write into the vault what packs have shown since the last run, should their own file be lost."""
    try:
        note_packs(run.vault, run.settings.reports_folder)
    except MemoryFileError as error:
        run.warn(str(error))


def erase_overdue(run: RunContext) -> None:
    """Erase the answers of responses that were withdrawn longer ago than the settings allow.

    And what is left of responses that came in as a forgotten person's.
    """
    days = run.settings.erase_after_days
    at = datetime.fromisoformat(run.record.started_at)
    n_erased = erase_withdrawn(run.vault, before=at - timedelta(days=days), at=at)
    run.record.responses_erased = n_erased + (finish_erasures(run.vault) if is_settled(run.vault) else 0)
    if n_erased:
        run.progress.say(
            f"Erased the answers of {n_erased:,} responses that were withdrawn more than {days} days ago."
        )


def erase_names_when_due(run: RunContext) -> bool:
    """Erase what isn't kept any longer.

    Returns whether the pledge's names were erased, now or before; flows.settings.retention_dates says when.
    """
    vault, record = run.vault, run.record
    at = datetime.fromisoformat(record.started_at)
    _make_salt_of_blocks(vault)
    n_cut = keeping.cut_ip_addresses(vault, at=at, run_id=run.run_id)
    n_erased = _erase_names(run, at)
    record.retention = {what: n for what, n in ((keeping.IPS, n_cut), (keeping.NAMES, n_erased)) if n}
    if n_cut:
        run.progress.say(f"Cut the IP addresses out of {n_cut:,} texts that an earlier version has kept.")
    if n_erased:
        run.progress.say(f"Erased names and addresses of {n_erased:,} responses, as [retention] says.")
    survey_id, _ = designs.last_form(vault)
    is_final = erased_people.is_final(vault, survey_id)
    names_erased_at = erase_names.erased_on(vault) if is_final else None
    record.names_erased_at = names_erased_at.isoformat() if names_erased_at else None
    return is_final


def _make_salt_of_blocks(vault: Any) -> None:
    """Make what address blocks are hashed with, before anything arrives; it is in the vault alone."""
    if mark(vault, ip_addresses.SALT) is None:
        set_mark(vault, ip_addresses.SALT, secrets.token_hex(BYTES_OF_SALT))


def _erase_names(run: RunContext, at: datetime) -> int:
    """Erase all that was typed, if the day has come; what a killed run began is done in any case."""
    survey_id, _ = designs.last_form(run.vault)
    has_begun = erased_people.is_final(run.vault, survey_id)
    if not has_begun and not (survey_id and _are_names_due(run, survey_id, at)):
        return 0
    return erase_names.erase_names(
        run.vault, survey_id, salt=secrets.token_hex(BYTES_OF_SALT), at=at, run_id=run.run_id
    )


def _are_names_due(run: RunContext, survey_id: str, at: datetime) -> bool:
    """The day has come, all is decided, and nobody has signed since: else the pledge isn't over."""
    due_on = names_due_on(run.settings)
    if due_on is None or due_on > today(run.settings, at) or not is_settled(run.vault):
        return False
    n_late = erase_names.count_signed_since(run.vault, survey_id, begin_of(run.settings, due_on, at))
    if n_late and not run.options.accepts_late:
        run.warn(
            f"Names and addresses were to be erased on {due_on}, but {n_late:,} people signed since then, "
            "so they are kept: mend pledge_closed_on under [retention]; or, if the day is right, run: pledge "
            "retention --accept-late"
        )
        return False
    return True


def why_nothing_comes_in(run: RunContext) -> str:
    """The sentence for whoever wonders."""
    erased_on = today(run.settings, datetime.fromisoformat(run.record.names_erased_at or ""))
    return (
        f"The names and addresses of this pledge were erased on {erased_on}, as [retention] says, so nothing "
        "of it is fetched or taken in any more: that would bring them back."
    )
