"""The pages of runs under ``checks/``: what each run checked and found, for a person to read."""

from collections.abc import Callable
from pathlib import Path

from checks.row_rules import ROW_RULES
from flows.run.dispositions import COLUMNS, in_words, of_record
from flows.run.progress import LOG
from flows.run.record import read_records
from flows.settings.model import Settings

CHECKS_PAGE = "checks/index.html"
MOST_RUNS = 400


def checks_page(settings: Settings) -> Path:
    """Where the list of runs is written."""
    return settings.home / CHECKS_PAGE


def write_checks_site(settings: Settings, warn: Callable[[str], None] = LOG.warning) -> Path | None:
    """Write the list and the pages of runs; where that fails, *warn* and return None: it ends no run."""
    try:
        from reports.runs_page import write_pages

        own = (rule.rule.row_rule for rule in settings.own_rules)
        records = read_records(settings.runs_folder, last=MOST_RUNS)
        return write_pages(
            [one.as_json() | {"dispositions": (COLUMNS, in_words(of_record(one)))} for one in records],
            checks_page(settings).parent,
            tz=settings.zone,
            reasons={rule.name: (rule.reason, rule.next_step) for rule in (*ROW_RULES, *own)},
        )
    except Exception as error:  # noqa: BLE001 - a page is worth no run, whatever went wrong
        reason = error.strerror if isinstance(error, OSError) else None
        warn(
            f"The pages of runs in checks/ could not be written ({reason or type(error).__name__}); the "
            "run itself is whole, and the next one writes them."
        )
        return None
