"""One night in this process, measured from inside; prints one JSON object.

Run as: one_night.py BASE_URL TOKEN SURVEY_ID HOME
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from flows.settings import Settings
from flows.surroundings import prepare

# What a night imports as it goes, Great Expectations apart.
OWN_IMPORTS = (
    "pandas", "duckdb", "requests", "msgspec", "pyarrow", "email_validator",
    "flows.sync", "connectors.surveymonkey.client", "connectors.fields", "checks.gate", "checks.email_key",
    "warehouse.connection", "warehouse.publish", "warehouse.read",
)  # fmt: skip


def so_far() -> dict[str, float]:
    """What this process has used: wall and processor seconds, and the most memory it ever held."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall": time.monotonic(),
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


def main(url: str, token: str, survey_id: str, home: str) -> None:
    settings = Settings(home=Path(home), token=token, api_url=url, survey_id=survey_id)
    prepare(settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    stamps = {"begun": so_far()}
    for name in OWN_IMPORTS:
        importlib.import_module(name)
    stamps["imported"] = so_far()
    importlib.import_module("great_expectations")
    stamps["gx_imported"] = so_far()
    from flows.progress import Quiet
    from flows.sync import run_direct

    record = run_direct(settings, Quiet())
    stamps["done"] = so_far()
    print(json.dumps({"stamps": stamps, "record": record.as_json()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
