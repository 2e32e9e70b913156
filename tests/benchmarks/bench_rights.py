"""What it costs to find one person, to forget one, and to change the key, with seven copies of the vault.

Run by ``make bench``. Everything happens in a temporary folder, over loopback, each figure in a process of
its own. The copies are of nights with 500 changes each.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from processes import PLEDGE, Measured, measured, platform_process

from connectors.sandbox.server.serve import TOKEN
from connectors.sandbox.world.pledge import SURVEY_ID

N_RESPONSES, N_NIGHTS, N_EDITED = 100_000, 6, 500


def main() -> None:
    """Load, let nights pass, then measure each command once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=N_RESPONSES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, platform_process(options.responses, 1) as platform:
        variables = {
            "PLEDGE_HOME": home,
            "SURVEYMONKEY_API_URL": platform.url,
            "SURVEYMONKEY_ACCESS_TOKEN": TOKEN,
            "PLEDGE_SURVEY_ID": SURVEY_ID,
        }
        measured([PLEDGE, "sync", "--direct"], **variables)
        for _ in range(N_NIGHTS):
            platform.edit(N_EDITED)
            measured([PLEDGE, "sync", "--direct"], **variables)
        people = json.loads(
            measured([PLEDGE, "signatories", "--reason", "bench", "--format", "json"], **variables).output
        )
        address = people[len(people) // 2]["email"]
        n_copies = len(list((Path(home) / "backups").glob("*.duckdb")))
        print(f"{options.responses:,} responses, {len(people):,} signatories, {n_copies} copies of the vault")
        tell("find", measured([PLEDGE, "find", address, "--json"], **variables))
        tell("forget", measured([PLEDGE, "forget", address], **variables))
        tell("key rotate", measured([PLEDGE, "key", "rotate"], **variables))


def tell(name: str, used: Measured) -> None:
    print(f"{name:<12} {used.wall:6.1f} s  {used.cpu:6.1f} CPU s  {used.peak_mb:6.0f} MB")


if __name__ == "__main__":
    main()
