"""A night that is stopped, asked or not: it ends soon, keeps what it has, and the next one ends equal."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from flows import pipelines
from tests.driving import Pledge, Ran, a_sandbox
from tests.faulty_sandbox import Fault, FaultKind
from tests.plain_count import plain_count
from tests.variants import variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.sandbox.server.serve import SandboxServer
    from flows.run.context import RunContext

SLOW_CALL = 8
SECONDS = 60.0
SECONDS_TO_STOP = 5.0


@pytest.fixture
def slow(run_pledge: Pledge) -> Iterator[SandboxServer]:
    """A platform of 1,200 responses at a real one's pace, whose eighth answer stops in its middle."""
    with a_sandbox(1_200) as server:
        server.faults.on_call = lambda number, _path: time.sleep(0.3 if number < SLOW_CALL else 0)
        server.faults.script = {SLOW_CALL: Fault(FaultKind.SLOW_BODY, seconds=SECONDS)}
        run_pledge.at(server)
        yield server


def stopped_in_the_pull(pledge: Pledge, server: SandboxServer, signal_number: int) -> tuple[Ran, float]:
    """A night stopped while it waits for the rest of a page, and how many seconds that took."""
    process = pledge.start("sync", "--direct", "--json")
    while len(server.calls) < SLOW_CALL:
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.5)  # so that the answer has begun, and the pages before it are committed
    begun = time.monotonic()
    process.send_signal(signal_number)
    out, err = process.communicate(timeout=SECONDS / 2)
    return Ran(process.returncode, out, err), time.monotonic() - begun


def kept(pledge: Pledge) -> int:
    with pledge.vault() as vault:
        return vault.execute("select count(distinct response_id) from raw.responses").fetchone()[0]


def assert_next_night_ends_equal(pledge: Pledge, server: SandboxServer, n_kept: int) -> None:
    """It goes on from where the stopped one was, and all figures are those of an undisturbed one."""
    n_calls = len(server.calls)
    ran = pledge("sync", "--direct", "--json")
    count = plain_count(server.platform.signatories())
    assert ran.code == 0, ran.stderr
    assert {name: ran.json[name] for name in count.figures} == count.figures
    assert (ran.json["state"], ran.json["responses_new"]) == ("complete", 1_200 - n_kept)
    n_whole = 2 + 1_200 // 99 + 1 + 2
    assert len(server.calls) - n_calls <= n_whole - n_kept // 100 + 1


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)],
    ids=["SIGTERM", "Ctrl-C"],
)
def test_a_night_told_to_stop_ends_within_5_seconds_and_keeps_its_progress(run_pledge, slow, number):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("this shell keeps Ctrl-C from what runs in the background")
    ran, seconds = stopped_in_the_pull(run_pledge, slow, number)
    assert seconds < 5
    assert (ran.code, ran.json["state"], ran.json["published"]) == (143, "partial", None)
    assert "stop" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not run_pledge.published.exists()
    assert run_pledge("status", "--json").json["last_run"]["state"] == "partial"
    n_kept = kept(run_pledge)
    assert n_kept == ran.json["responses_new"] >= 300
    assert_next_night_ends_equal(run_pledge, slow, n_kept)


@pytest.mark.long
def test_a_night_killed_outright_loses_nothing_that_was_committed(run_pledge, slow):
    ran, _ = stopped_in_the_pull(run_pledge, slow, signal.SIGKILL)
    assert (ran.code, ran.stdout) == (-signal.SIGKILL, "")
    assert "running or killed" in run_pledge("status").stdout
    assert run_pledge("sync", "--dry-run").code == 0  # a vault left with its log can be read
    n_kept = kept(run_pledge)
    assert n_kept >= 300
    assert_next_night_ends_equal(run_pledge, slow, n_kept)


@pytest.mark.parametrize("step", variants(["stage", "build", "publish"], now=["build"]))
def test_a_stop_in_the_middle_of_a_statement_is_a_stop_and_no_bug(run_pledge, monkeypatch, step):
    def long_statement(night: RunContext, *_found: object) -> None:
        """Have DuckDB at work when the signal comes: it puts an error of its own in the place of ours."""
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        night.vault.execute("select count(*) from range(1000000000000) as one where hash(one.range) = 1")

    monkeypatch.setattr(pipelines, step, long_statement)
    with a_sandbox(30) as server:
        ran = run_pledge.at(server)("sync", "--direct", "--json")
        assert (ran.code, ran.json["state"]) == (143, "partial")
        assert "Traceback" not in ran.stderr
        assert "Told to stop" in ran.json["warnings"][-1]
        monkeypatch.undo()
        assert run_pledge("sync", "--direct", "--json").json["state"] == "complete"


def test_a_demo_told_to_stop_ends_with_the_same_code(run_pledge):
    process = run_pledge.start("demo", "--responses", "20000")
    while not list(run_pledge.home.rglob("vault.duckdb")):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 143
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "step"),
    [
        (["recount", "--recheck", "--json"], "check"),
        (["retention", "--json"], "erase_names_when_due"),
        (["forget", "--response"], "erase"),
    ],
    ids=lambda part: part[0] if isinstance(part, list) else None,
)
def test_a_command_that_writes_ends_clean_when_told_to_stop_and_goes_on_the_next_time(
    run_pledge, monkeypatch, command, step
):
    told_at: list[float] = []

    def tell() -> None:
        told_at.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    def long_statement(run: RunContext, *_found: object) -> None:
        """Have DuckDB at work when the signal comes."""
        threading.Timer(0.3, tell).start()
        run.vault.execute("select count(*) from range(1000000000000) as one where hash(one.range) = 1")

    with a_sandbox(30) as server:
        assert run_pledge.at(server)("sync", "--direct").code == 0
    (first, *_) = run_pledge("signatories", "--reason", "a test", "--format", "json").rows
    arguments = [*command, first["response_id"]] if command[0] == "forget" else command

    monkeypatch.setattr(pipelines, step, long_statement)
    ran = run_pledge(*arguments)
    assert time.monotonic() - told_at[0] < SECONDS_TO_STOP
    assert (ran.code, "Traceback" in ran.stderr) == (143, False), ran.stderr
    assert ran.stderr.rstrip().splitlines()[-1].startswith("Told to stop")
    last = run_pledge.records()[-1]
    assert (last["command"], last["state"], bool(last["ended_at"])) == (command[0], "partial", True)

    monkeypatch.undo()
    assert run_pledge(*arguments).code == 0
    assert run_pledge.records()[-1]["state"] in {"complete", "unchanged"}
