"""The pages of nights under ``checks/``: what each run checked and found, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run.progress import LOG
from flows.run.record import read_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flows.settings.model import Settings


CHECKS_PAGE = "checks/index.html"
MOST_RUNS = 400


def checks_page(settings: Settings) -> Path:
    """Where the history of nights is written."""
    return settings.home / CHECKS_PAGE


def write_checks_site(settings: Settings, warn: Callable[[str], None] = LOG.warning) -> Path | None:
    """Write the pages of the last runs; where that fails, *warn* and return None: it ends no night."""
    try:
        from checks.audit_rules import AUDIT_RULES
        from checks.row_rules import ROW_RULES
        from reports.runs_page.history import write_nights

        own = (rule.rule.row_rule for rule in settings.own_rules)
        return write_nights(
            [record.as_json() for record in read_records(settings.runs_folder, last=MOST_RUNS)],
            checks_page(settings).parent,
            tz=settings.zone,
            rules={rule.name: (rule.reason, rule.next_step, rule.severity) for rule in (*ROW_RULES, *own)},
            audit_rules={name: (rule.reason, rule.next_step) for name, rule in AUDIT_RULES.items()},
        )
    except Exception as error:  # noqa: BLE001 - a page is worth no night, whatever went wrong
        reason = error.strerror if isinstance(error, OSError) else None
        warn(
            f"The pages of nights in checks/ could not be written ({reason or type(error).__name__}); the "
            "run itself is whole, and the next one writes them."
        )
        return None
