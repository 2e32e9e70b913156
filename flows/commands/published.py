"""`pledge query` and `pledge rollback`: the published database read, or the one before it put back."""

from __future__ import annotations

import argparse
import sys

from flows.errors import DONE
from flows.settings.model import Settings


def query(options: argparse.Namespace, settings: Settings) -> int:
    """A reader's SQL on the published database."""
    from flows.output import rendered
    from warehouse.queries.figures import query as run_query

    columns, rows = run_query(settings.published_path, options.sql)
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE


def rollback(_options: argparse.Namespace, settings: Settings) -> int:
    """The published file before the current one, back in its place."""
    from warehouse.releases.kept import rollback as put_back

    run_id = put_back(settings.published_folder)
    sys.stderr.write(f"The published file of run {run_id} is back. The next sync publishes anew.\n")
    return DONE
