"""What is published: read by `pledge query`, put back by `rollback`, made into a pack by `report`."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import DONE
from flows.output import rendered
from flows.settings.environment import open_to_others
from flows.settings.model import Home, ReportSettings

if TYPE_CHECKING:  # for start-up
    from reports.safe_pack import SafePack


def query(options: argparse.Namespace, settings: Home) -> int:
    """A reader's SQL on the published database."""
    from warehouse.queries.figures import query as run_query

    columns, rows = run_query(settings.published_path, options.sql)
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE


def rollback(_options: argparse.Namespace, settings: Home) -> int:
    """The published file before the current one, back in its place."""
    from warehouse.releases.kept import rollback as put_back

    run_id = put_back(settings.published_folder)
    sys.stderr.write(f"The published file of run {run_id} is back. The next sync publishes anew.\n")
    return DONE


def report(options: argparse.Namespace, settings: ReportSettings) -> int:
    """The pack for readers outside."""
    from flows.reporting.pack import make_pack

    with open_to_others(is_wanted=options.out is not None):  # what is put elsewhere is for others
        pack, paths = make_pack(
            settings,
            options.out or settings.reports_folder,
            options.formats,
            as_of=options.as_of,
            since=options.since,
            begins_anew=options.begin_anew,
        )
    for sentence in cautions(settings, pack):
        sys.stderr.write(f"{sentence}\n")
    for path in paths:
        sys.stdout.write(f"{path}\n")
    if options.open:
        sys.stderr.write(f"{open_page(paths)}\n")
    return DONE


def cautions(settings: ReportSettings, pack: SafePack) -> Iterator[str]:
    """What staff must know before a pack leaves the house."""
    from reports.texts import wording

    yield from filter(None, [wording.stands(pack.roles, pack), wording.undecided(pack)])
    if not settings.contact:
        yield "A pack that leaves the house must say whom to ask: set [report] contact."
    if settings.next_release and settings.next_release <= wording.published_on(pack):
        yield f"[report] next_release, {settings.next_release}, is over, and so the pack leaves it out."


def open_page(paths: Sequence[Path]) -> str:
    """Open the page among *paths*, and say where it is; that no browser could show it is no failure."""
    pages = [path.absolute() for path in paths if path.suffix == ".html"]
    pages.sort(key=lambda path: path.stem.endswith("-brief"))  # the whole pack first
    if not pages:
        return "There is no page to open: --formats leaves html out."
    address = pages[0].as_uri()
    try:
        is_open = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        is_open = False
    if is_open:
        return f"Your browser shows {address}."
    return f"No browser was found here. The page is at {address}; open it where there is one."
