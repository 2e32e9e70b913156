"""The sandbox in a process of its own, told what to do by lines on standard input.

It writes its address on the first line. ``edit N`` changes N responses and is answered with
``done``. It ends when its standard input does, so it can't outlive the benchmark.
Run as: platform_process.py N_RESPONSES SEED
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from connectors.sandbox.server.serve import SandboxServer, open_sandbox

QUIET_DAY = timedelta(days=1)  # the invented people signed before it; what is edited is dated within it


def now_in_utc() -> datetime:
    return datetime.now(UTC)


def edit(server: SandboxServer, wanted: int) -> None:
    """Change names of responses spread over all, one a second until now, and every tenth address."""
    people = sorted(server.platform.signatories(), key=lambda one: int(one.response_id))
    chosen = people[:: max(1, len(people) // wanted)][:wanted]
    begin = now_in_utc().replace(microsecond=0) - timedelta(seconds=wanted)
    for number, one in enumerate(chosen, start=1):
        changes = {"name": f"{one.name or 'Nobody'} the {number}th"}
        if number % 10 == 0:
            changes["email"] = f"moved.{number}@example.org"
        server.platform.edit(one.response_id, modified_at=begin + timedelta(seconds=number), **changes)


def main(n_responses: int, seed: int) -> None:
    imitation = open_sandbox(
        n_responses,
        seed=seed,
        until=now_in_utc() - QUIET_DAY,
        clock=now_in_utc,
        per_minute=None,
        per_day=None,
    )
    with imitation as server:
        print(server.url, flush=True)
        for line in sys.stdin:
            order, _, number = line.partition(" ")
            if order != "edit":
                raise SystemExit(f"no such order: {order}")
            edit(server, int(number))
            print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
