"""The pages of nights: the history of all runs, and one page a run, made of the runs' records alone."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reports.runs_page import checks_shown, run_shown, sum_shown
from reports.runs_page.run_shown import ToldRun, tell_run
from reports.templating import TEMPLATES, environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from reports.runs_page.checks_shown import AuditRules, Rules

    Record = Mapping[str, Any]


INDEX, RUN = "nights_index.html.jinja", "nights_run.html.jinja"
MADE_FROM = ("nights_base.html.jinja", INDEX, RUN, "base.css", "nights.css")
MOST_RUNS = 400
WIDTH, HEIGHT = 600, 120
ENDS_OF_A_LINE = 2
MARK = re.compile(rb"<!-- made of (\w+) -->")
BEFORE_MARK = 100  # bytes in which the mark stands


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A number over the nights. points, area: in a box of WIDTH by HEIGHT; words: for who can't see it."""

    name: str
    finding: str
    words: str
    points: str
    area: str
    most: int
    first_day: str
    last_day: str


def write_nights(
    records: Sequence[Record],
    folder: Path,
    *,
    tz: str,
    rules: Rules,
    audit_rules: AuditRules,
) -> Path:
    """Write the pages that aren't there yet or whose record has changed, and the history; return its path.

    records: the last runs, newest first, as mappings with a run_id; more than MOST_RUNS are not looked at.
    folder: made if missing. Pages of runs that are no longer among the records stay, and are listed.
    rules: row rule to reason, next step and severity; audit_rules: check to reason and next step. A page
        keeps what they said on its night.

    Raises:
        OSError: a page could not be written; each is whole, the old one or the new one.
    """
    zone, pages = ZoneInfo(tz), environment()
    pages.filters["thousands"] = "{:,}".format
    shown = [record for record in records[:MOST_RUNS] if _is_name(record.get("run_id"))]
    runs = [tell_run(record, zone, rules, audit_rules) for record in shown]
    ground = _fingerprint_of_templates(pages, tz)
    folder.mkdir(parents=True, exist_ok=True)
    for record, run in zip(shown, runs, strict=True):
        path, fingerprint = folder / f"{run.run_id}.html", _fingerprint(ground, record)
        if _mark_in(path) != fingerprint:
            _put(path, pages.get_template(RUN).render(run=run, fingerprint=fingerprint))
    index = folder / "index.html"
    _put(
        index,
        pages.get_template(INDEX).render(
            rows=runs,
            lines=_lines(runs),
            older=_older(folder, {run.run_id for run in runs}),
            zone=tz.rpartition("/")[2].replace("_", " "),
            fingerprint=ground,
        ),
    )
    return index


def _is_name(run_id: object) -> bool:
    return isinstance(run_id, str) and run_id != "index" and bool(re.fullmatch(r"[A-Za-z0-9_-]+", run_id))


def _older(folder: Path, known: set[str]) -> list[str]:
    there = {path.stem for path in folder.glob("*.html")} - known
    return sorted(filter(_is_name, there), reverse=True)


def _fingerprint_of_templates(pages: Environment, tz: str) -> str:
    """Of all that a page is made from, but for its record and the rules."""
    told = blake2b(tz.encode(), digest_size=16)
    for name in MADE_FROM:
        source, _, _ = TEMPLATES.get_source(pages, name)
        told.update(source.encode())
    for module in (run_shown, sum_shown, checks_shown):
        told.update(Path(str(module.__file__)).read_bytes())
    return told.hexdigest()


def _fingerprint(ground: str, record: Record) -> str:
    said = {name: value for name, value in record.items() if value}  # so that a new, empty field changes none
    text = json.dumps(said, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=16, key=ground.encode()).hexdigest()


def _mark_in(path: Path) -> str | None:
    try:
        with path.open("rb") as page:
            found = MARK.search(page.read(BEFORE_MARK))
    except FileNotFoundError:
        return None
    return found[1].decode() if found else None


def _put(path: Path, text: str) -> None:
    """Write the page whole or not at all."""
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105 - the atomic rename, by its own name
    finally:
        aside.unlink(missing_ok=True)


def _lines(runs: Sequence[ToldRun]) -> list[DrawnLine]:
    """Signatories and responses held back, oldest run first; nothing where there are fewer than two runs."""
    told = [(run.started, run) for run in reversed(runs) if run.started and run.state != "running"]
    if len(told) < ENDS_OF_A_LINE:
        return []
    return [
        _line("signatories", "Signatories", [(at.timestamp(), run.signatories, run) for at, run in told]),
        _line("held-back", "Responses held back", [(at.timestamp(), run.held_back, run) for at, run in told]),
    ]


def _line(name: str, what: str, told: list[tuple[float, int, ToldRun]]) -> DrawnLine:
    (begin, first, _), (end, last, _) = told[0], told[-1]
    most = max(n for _, n, _ in told)
    points = [
        f"{WIDTH * (at - begin) / ((end - begin) or 1):.1f},{HEIGHT * (1 - n / (most or 1)):.1f}"
        for at, n, _ in told
    ]
    first_day, last_day = (f"{one.started:%-d %b %Y}" for _, _, one in (told[0], told[-1]))
    return DrawnLine(
        name=name,
        finding=f"{what}: {first:,}, and now {last:,}" if first != last else f"{what}: {last:,} as before",
        words=(
            f"Line over {len(told):,} runs, from {first:,} on {first_day} to {last:,} on {last_day}; "
            f"the most was {most:,}, the least {min(n for _, n, _ in told):,}. The table below has each run."
        ),
        points=" ".join(points),
        area=" ".join([f"0,{HEIGHT}", *points, f"{WIDTH},{HEIGHT}"]),
        most=most,
        first_day=first_day,
        last_day=last_day,
    )
