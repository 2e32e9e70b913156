"""What isn't kept any longer: IP addresses after some days, all that people typed once the pledge is over.

Done at the start of every run that opens the vault, or by `pledge retention`; figures stay as they are.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from flows.errors import SettingsError
from flows.retention_dates import begin_of, ips_made_before, names_due_on, today
from warehouse import erased_names, load
from warehouse import retention as keeping
from warehouse.erase import is_settled

if TYPE_CHECKING:
    from flows.night import Night

BYTES_OF_SALT = 32
WORDS = {
    keeping.IPS: "IP addresses",
    keeping.NAMES: "names and addresses",
}


def retain(night: Night) -> None:
    """Erase what isn't kept any longer, and write down how much; see flows.retention_dates for the days."""
    settings, vault, record = night.settings, night.vault, night.record
    at = datetime.fromisoformat(record.started_at)
    erased = {
        keeping.IPS: keeping.erase_ips(
            vault,
            made_before=ips_made_before(settings, at),
            at=at,
            run_id=night.run_id,
            boundary=night.boundary,
        ),
        keeping.NAMES: _erase_names(night, at),
    }
    record.retention = {what: n for what, n in erased.items() if n}
    for what, n in record.retention.items():
        night.progress.say(f"Erased {WORDS[what]} of {n:,} responses, as [retention] says.")
    survey_id, _ = load.last_form(vault)
    night.is_final = erased_names.is_final(vault, survey_id)
    names_erased_at = erased_names.erased_on(vault) if night.is_final else None
    record.names_erased_at = names_erased_at.isoformat() if names_erased_at else None


def _erase_names(night: Night, at: datetime) -> int:
    """Erase all that was typed, if the day has come; what a killed run began is done in any case."""
    survey_id, _ = load.last_form(night.vault)
    has_begun = erased_names.is_final(night.vault, survey_id)
    if not has_begun and not (survey_id and _are_names_due(night, survey_id, at)):
        return 0
    return erased_names.erase_names(
        night.vault,
        survey_id,
        salt=secrets.token_hex(BYTES_OF_SALT),
        at=at,
        run_id=night.run_id,
        boundary=night.boundary,
    )


def _are_names_due(night: Night, survey_id: str, at: datetime) -> bool:
    """The day has come, all is decided, and nobody has signed since: else the pledge isn't over."""
    due_on = names_due_on(night.settings)
    if due_on is None or due_on > today(night.settings, at) or not is_settled(night.vault):
        return False
    n_late = erased_names.count_signed_since(night.vault, survey_id, begin_of(night.settings, due_on, at))
    if n_late and not night.asked.accepts_late:
        night.warn(
            f"Names and addresses were to be erased on {due_on}, but {n_late:,} people signed since then, "
            "so they are kept: mend pledge_closed_on under [retention]; or, if the day is right, run: pledge "
            "retention --accept-late"
        )
        return False
    return True


def refuse_more(night: Night) -> None:
    """Don't take in what would bring names back.

    Raises:
        SettingsError: the pledge's names were erased.
    """
    if night.is_final:
        raise SettingsError(f"{why_nothing_comes_in(night)} Nothing was imported.")


def why_nothing_comes_in(night: Night) -> str:
    """The sentence for whoever wonders."""
    erased_on = today(night.settings, datetime.fromisoformat(night.record.names_erased_at or ""))
    return (
        f"The names and addresses of this pledge were erased on {erased_on}, as [retention] says, so nothing "
        "of it is fetched or taken in any more: that would bring them back."
    )
