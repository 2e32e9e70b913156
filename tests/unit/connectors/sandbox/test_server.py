"""The imitation as a server: in the foreground, and with a hundred thousand responses."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests

from connectors.sandbox.server.limits import Limits, StillClock
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.server.refusals import Access
from connectors.sandbox.server.serve import TOKEN, SandboxServer
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
SURVEY = f"/surveys/{pledge.SURVEY_ID}"


def test_in_the_foreground_it_serves_until_it_is_told_to_end():
    command = [sys.executable, "-W", "error", "-m", "flows.cli", "sandbox", "--port=0", "--responses=3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = "".join(iter(process.stderr.readline, "Stop it with Ctrl-C.\n"))
        url = re.search(r"SURVEYMONKEY_API_URL=(\S+)", said)[1]
        answer = requests.get(
            f"{url}{SURVEY}/details", headers={"Authorization": f"bearer {TOKEN}"}, timeout=20
        ).json()
        process.terminate()
        _, complaints = process.communicate(timeout=5)
    assert answer["response_count"] == 3
    assert (process.returncode, complaints) == (-signal.SIGTERM, "")


@pytest.mark.long
def test_a_hundred_thousand_responses_are_served_in_pages_of_a_hundred():
    some = invent(1000, 6, UNTIL)
    many = [
        replace(one, response_id=f"{number}{one.response_id[-7:]}{place:04}")
        for number in range(1, 101)
        for place, one in enumerate(some)
    ]
    clock = StillClock(UNTIL)
    limits = Limits(clock, per_minute=None, per_day=None)
    seen = set()
    with SandboxServer(Platform(many, clock=clock), limits, Access(TOKEN)) as sandbox:
        began = time.perf_counter()
        with requests.Session() as session:
            session.headers["Authorization"] = f"bearer {TOKEN}"
            for page in range(1, 1001):
                answer = session.get(
                    f"{sandbox.url}{SURVEY}/responses/bulk",
                    params={"page": page, "per_page": 100, "sort_by": "date_modified", "sort_order": "ASC"},
                    timeout=10,
                )
                seen.update(item["id"] for item in answer.json()["data"])
        seconds = time.perf_counter() - began
    print(f"1,000 pages served to a client of the same process in {seconds:.1f} s")
    assert seen == {one.response_id for one in many}
