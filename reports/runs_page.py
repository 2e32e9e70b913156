"""The pages of runs: the list of them, and a page a run, made from the runs' records alone.

A record holds counts, names of rules and sentences, and nothing of a person; so do its pages.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from reports.dates import instant_in_words
from reports.templating import environment

Record = Mapping[str, Any]
Reasons = Mapping[str, tuple[str, str]]

INDEX, RUN = "runs_index.html.jinja", "runs_run.html.jinja"
A_NAME = re.compile(r"(?!index$)[A-Za-z0-9_-]+")
STATES = {
    "complete": ("Done", ""),
    "unchanged": ("Nothing new", "The figures are those published before."),
    "partial": ("! Stopped early", "What came is kept, and the next run goes on from there."),
    "refused": ("✗ Failed", "Nothing was published; the figures published before stay."),
    "running": ("! Running or killed", "It has not written down its end."),
}
BECAME = {"hold": "held back", "warn": "counted all the same"}
LIST = ("When", "Command", "State", "Signatories", "New", "Changed", "Withdrawn", "Held back", "Warnings")
NOT_MEASURED = "not measured"
RULES = ("Rule", "Failed", "Of", "These were", "What is wrong, and what to do")
MEASURES = ("Check", "What was counted", "Counted", "Must be", "Result")
FILES = ("File", "Layout", "Rows", "Responses", "Answers", "Result")


class Table(NamedTuple):
    """One table of a page; the first cell of a row is its heading, and numbers are set right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def write_pages(records: Sequence[Record], folder: Path, *, tz: str, reasons: Reasons) -> Path:
    """Write the list, the page of the newest run and those that are missing; return the path of the list.

    records: the last runs, newest first: the fields of a run record, and ``dispositions``, the columns and
        rows of where responses are.
    folder: made if missing. Pages of earlier runs stay in it.
    reasons: row rule to what is wrong and what to do, as a run's page keeps them from then on.

    Raises:
        OSError: a page could not be written; each is whole, the old one or the new one.
    """
    pages, zone = environment(), ZoneInfo(tz)
    pages.filters["thousands"] = "{:,}".format
    # An id comes from a file; one that is no name would lead out of the folder.
    runs = [record for record in records if A_NAME.fullmatch(record["run_id"])]
    folder.mkdir(parents=True, exist_ok=True)
    for record in runs:
        path = folder / f"{record['run_id']}.html"
        # The newest may have been shown before it ended.
        if record is runs[0] or not path.exists():
            _put(path, pages.get_template(RUN).render(_of_run(record, zone, reasons)))
    index = folder / "index.html"
    _put(index, pages.get_template(INDEX).render(_of_list(runs, zone)))
    return index


def _put(path: Path, text: str) -> None:
    """Write the page whole or not at all."""
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _of_list(runs: Sequence[Record], zone: ZoneInfo) -> dict[str, Any]:
    rows = [
        (
            _instant(run["started_at"], zone),
            run["command"],
            _state(run)[0],
            run["n_signatories"],
            run["responses_new"],
            run["responses_changed"],
            run["responses_withdrawn"],
            sum(run["held_back"].values()),
            len(run["warnings"]),
        )
        for run in runs
    ]
    where = zone.key.rpartition("/")[2].replace("_", " ")
    return {
        "table": Table(f"The last runs, newest first, in {where} time", LIST, rows),
        "pages": [f"{run['run_id']}.html" for run in runs],
        "warnings": runs[0]["warnings"] if runs else [],
        "adds_up": bool(runs) and runs[0]["conservation_ok"],
    }


def _of_run(run: Record, zone: ZoneInfo, reasons: Reasons) -> dict[str, Any]:
    state, meaning = _state(run)
    rules = [check for check in run["checks"] if "rule" in check]
    measures = [check for check in run["checks"] if "check" in check]
    failed = [_failed_rule(rule, reasons) for rule in rules if rule.get("n_failed")]
    # Those that don't agree first; what to do about them is among the run's warnings.
    audit = [_measure(measure) for measure in sorted(measures, key=lambda one: bool(one["ok"]))]
    return {
        "run": run,
        "when": _instant(run["started_at"], zone),
        "state": state,
        "meaning": "New figures were published." if run["published"] else meaning,
        "warnings": [one for one in run["warnings"] if one not in run["drift"]],
        "facts": [(what, fact) for what, fact in _facts(run, zone) if fact not in (None, "")],
        "dispositions": Table("All responses ever received", *run["dispositions"]),
        "failed": Table("Rules that a response failed", RULES, failed),
        "passed": [rule["rule"] for rule in rules if not rule.get("n_failed")],
        "audit": Table("Numbers of the audit", MEASURES, audit),
        "files": Table("Export files", FILES, [_file(file) for file in run["files"]]),
        "steps": Table("Steps, in the order done", ("Step", "Seconds"), list(run["steps"].items())),
    }


def _state(run: Record) -> tuple[str, str]:
    """In words; a state of another version as it is."""
    return STATES.get(run["state"], (run["state"], ""))


def _facts(run: Record, zone: ZoneInfo) -> list[tuple[str, Any]]:
    published, platform, left = run["published"], run["platform"] or {}, run["calls_left_today"]
    return [
        ("Run", run["run_id"]),
        ("Command", f"pledge {run['command']}"),
        ("Ended", _ended(run, zone)),
        ("Figures as of", _instant(run["fresh_as_of"], zone) or "never read whole"),
        # The name is enough: the path is of one machine.
        ("Published", published.rpartition("/")[2] if published else "no"),
        ("Responses looked at", run["responses_seen"]),
        ("New", run["responses_new"]),
        ("Changed", run["responses_changed"]),
        ("Withdrawn", run["responses_withdrawn"]),
        ("Answers erased", run["responses_erased"]),
        ("Responses at the platform", platform.get("total")),
        ("Of those here", platform.get("held")),
        ("Version of the form", run["form_version"]),
        ("Calls made", run["requests"]),
        ("Calls left that day", "not known" if left is None else left),
        ("Put off for want of calls", ", ".join((run["plan"] or {}).get("put_off", ()))),
    ]


def _ended(run: Record, zone: ZoneInfo) -> str:
    if not run["ended_at"]:
        return "not yet, or killed"
    took = datetime.fromisoformat(run["ended_at"]) - datetime.fromisoformat(run["started_at"])
    minutes, seconds = divmod(round(took.total_seconds()), 60)
    return f"{_instant(run['ended_at'], zone)}, after {minutes:,} min {seconds} s"


def _failed_rule(rule: Record, reasons: Reasons) -> tuple[Any, ...]:
    became = BECAME.get(rule.get("severity", "hold"), "")
    why = " ".join(reasons.get(rule["rule"], ("No longer a rule.",)))
    return rule["rule"], rule["n_failed"], rule["n_checked"], became, why


def _measure(measure: Record) -> tuple[Any, ...]:
    observed, expected = measure["observed"], measure["expected"]
    relation = "exactly" if measure["relation"] == "equal" else measure["relation"]
    result = "! warning" if measure["severity"] == "tell" else "✗ stops the run"
    return (
        measure["check"],
        measure["subject"],
        NOT_MEASURED if observed is None else observed,
        NOT_MEASURED if expected is None else f"{relation} {expected:,}",
        "✓ agrees" if measure["ok"] else result,
    )


def _file(file: Record) -> tuple[Any, ...]:
    return (
        file.get("name", "a file"),
        ", ".join(file[what] for what in ("layout", "encoding") if file.get(what)),
        *(file.get(what) or 0 for what in ("rows_read", "responses", "answers")),
        f"✗ refused: {file['refused']}" if file.get("refused") else "✓ read",
    )


def _instant(instant: str | None, zone: ZoneInfo) -> str:
    """In words and by the house's clock; nothing where there is no instant."""
    return instant_in_words(datetime.fromisoformat(instant).astimezone(zone)) if instant else ""
