"""Settings of what is done and kept: schedule, releases, backups, retention, audit, own rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.settings.custom_rules import OwnRule
from flows.settings.declared import declared
from flows.settings.values import a_date, a_number, a_share, a_text
from flows.settings.vault import VaultSettings


@dataclass(frozen=True)
class UpkeepSettings(VaultSettings):
    """When runs are, how long what is kept, and what stops a run."""

    cron: str = declared(
        "schedule.cron",
        "15 2 * * *",
        a_text,
        may_be="five fields",
        means="when `pledge schedule` runs a night",
    )
    erase_after_days: int = declared(
        "withdrawals.erase_after_days",
        30,
        a_number(0, 3650),
        may_be="0 to 3650",
        means="how long the answers of a withdrawn response are kept",
    )
    pledge_closed_on: date | None = declared(
        "retention.pledge_closed_on",
        None,
        a_date,
        unset="people can still sign",
        may_be="a date, without quotes",
        means="the last day on which people could sign",
    )
    names_months: int | None = declared(
        "retention.names_and_addresses_months",
        None,
        a_number(1, 1200),
        unset="as long as the vault",
        may_be="1 to 1200; 6 to 24 are usual",
        means="how many months after that day [what people typed is kept](#what-is-kept-no-longer)",
    )
    keep: int = declared(
        "publish.keep",
        7,
        a_number(1, 365),
        may_be="1 to 365",
        means="earlier releases kept for `pledge rollback`",
    )
    stale_after_hours: int = declared(
        "publish.stale_after_hours",
        36,
        a_number(1, 8760),
        may_be="1 to 8760",
        means="after how many hours `pledge status` calls the figures stale",
    )
    largest_fall: float = declared(
        "audit.largest_fall",
        0.05,
        a_share,
        unset="5",
        may_be="0 to 100",
        means="per cent by which the signatories may become fewer in one night without a person's word; "
        "10 people or fewer never stop a night",
    )
    own_rules: tuple[OwnRule, ...] = ()
