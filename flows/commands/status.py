"""`pledge status`: freshness, the last runs, and where each response is."""

from __future__ import annotations

import argparse
import sys

from flows.errors import DONE
from flows.output import print_json
from flows.run.record import read_records
from flows.settings.model import Settings


def status(options: argparse.Namespace, settings: Settings) -> int:
    """Freshness, the last runs, and where each response is."""
    from flows.run.status import standing_of, told

    standing = standing_of(settings)
    if options.json:
        print_json(standing)
    else:
        sys.stdout.write(told(standing, read_records(settings.runs_folder, last=5)) + "\n")
    return DONE
