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

# All that a night imports, Great Expectations apart: here at once, so that it can be told from the work.
OWN_IMPORTS = (
    "pandas", "pyarrow", "duckdb", "requests", "msgspec", "email_validator", "rich.status",
    "flows.orchestration.run", "flows.settings.environment", "connectors.surveymonkey.client",
    "connectors.survey.fields",
    "checks.row_checks", "checks.audit", "checks.people.email_key",
    "warehouse.database.connection", "warehouse.ingest.responses", "warehouse.releases.publish",
    "warehouse.queries.figures",
)  # fmt: skip


def so_far() -> dict[str, float]:
    """What this process has used: wall and processor seconds, and the most memory it ever held."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall": time.monotonic(),
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


def measure_the_import(stamps: dict[str, dict[str, float]]) -> None:
    """Have the import of Great Expectations measured where a night makes it: late, and only if it must."""
    suite = importlib.import_module("checks.expectations")
    plain_import = suite._great_expectations

    def measured_import() -> object:
        if "gx_begun" in stamps:
            return plain_import()
        stamps["gx_begun"] = so_far()
        library = plain_import()
        stamps["gx_imported"] = so_far()
        return library

    suite._great_expectations = measured_import


def main(url: str, token: str, survey_id: str, home: str) -> None:
    stamps = {"begun": so_far()}
    for name in OWN_IMPORTS:
        importlib.import_module(name)
    stamps["imported"] = so_far()
    measure_the_import(stamps)
    from flows.orchestration.run import open_run, run_here
    from flows.pipelines import nightly
    from flows.run.progress import Quiet
    from flows.settings.environment import prepare
    from flows.settings.model import Settings

    settings = Settings(home=Path(home), token=token, api_url=url, survey_id=survey_id)
    prepare(settings)
    record = run_here(open_run(settings, Quiet()), nightly)
    stamps["done"] = so_far()
    print(json.dumps({"stamps": stamps, "record": record.as_json()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
