"""The pages of runs under ``checks/``, and where responses are: each in one place, and they add up to all."""

from collections.abc import Callable, Iterable
from pathlib import Path

from checks.row_rules import ROW_RULES
from flows.run.progress import LOG
from flows.run.record import RunRecord, read_records
from flows.settings.model import Home, UpkeepSettings
from reports.figures import DISPOSITIONS

CHECKS_PAGE = "checks/index.html"
MOST_RUNS = 400
Placed = tuple[str, str, int]
"""A disposition, the reason for it ("" where it needs none), and how many responses are there for it."""

COLUMNS = ("where", "why", "responses")


def checks_page(settings: Home) -> Path:
    """Where the list of runs is written."""
    return settings.home / CHECKS_PAGE


def write_checks_site(settings: UpkeepSettings, warn: Callable[[str], None] = LOG.warning) -> Path | None:
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


def in_order(placed: Iterable[Placed]) -> list[Placed]:
    order = list(DISPOSITIONS)
    return sorted(placed, key=lambda row: (order.index(row[0]), row[1]))


def in_words(placed: Iterable[Placed]) -> list[Placed]:
    """Rows under COLUMNS: one a disposition and reason, none left out, and their sum."""
    found = list(placed)
    known = {place for place, _, _ in found}
    found += [(place, "", 0) for place in DISPOSITIONS if place not in known]
    rows = [(DISPOSITIONS[place], reason, n) for place, reason, n in in_order(found)]
    return [*rows, ("in all these places", "", sum(n for _, _, n in rows))]


def of_record(record: RunRecord) -> list[Placed]:
    """As they stood at the end of a run."""
    return [
        ("signatory", "", record.n_signatories),
        ("duplicate", "", record.duplicates),
        *(("held back", rule, n) for rule, n in record.held_back.items()),
        *(("not counted", reason, n) for reason, n in record.not_counted.items()),
        ("withdrawn", "", record.withdrawn),
        ("erased", "", record.erased),
    ]
