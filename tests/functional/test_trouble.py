"""What can go wrong around a night: no calls left, no key, a lock, a full disk; no harm comes of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connectors.sandbox.world.people import invent
from flows.run.progress import Quiet
from flows.settings.reading import read_settings
from tests.driving import UNTIL, Ran, a_sandbox, now_in_utc, run_night, tree
from tests.plain_count import plain_count
from tests.refusals import (
    BUDGET,
    CHECKS,
    DONE,
    SETTINGS,
    WAREHOUSE,
    assert_refused,
    nothing_published,
    refused,
)
from tests.variants import variants
from warehouse.database.connection import open_vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The day's calls.


def test_a_day_whose_calls_are_spent_is_not_begun(small_settled):
    pledge, server = small_settled
    server.limits.per_day = 0
    first = refused(pledge, BUDGET, "00:00 UTC")
    assert (first.json["requests"], first.json["calls_left_today"]) == (1, 0)
    second = refused(pledge, BUDGET, "00:00 UTC")  # now known from the first one's record
    assert second.json["requests"] == 0
    assert len(server.calls) == 1


def test_calls_spent_in_the_middle_stop_the_night_clean_and_the_next_day_ends_equal(run_pledge):
    with a_sandbox(1_200, per_day=8) as server:
        first = run_pledge.at(server)("sync", "--direct", "--json")
        assert first.code == BUDGET
        assert (first.json["state"], first.json["published"], first.json["calls_left_today"]) == (
            "partial",
            None,
            0,
        )
        assert first.json["responses_new"] > 300
        assert server.limits.calls_over_limit == 0
        assert not run_pledge.published.exists()
        n_calls = len(server.calls)

        server.limits.per_day = None
        settings = read_settings(
            {"PLEDGE_HOME": str(run_pledge.home), **run_pledge.environment}, run_pledge.folder
        )
        told = run_night(settings, Quiet(), now=lambda: now_in_utc() + timedelta(days=1))
        count = plain_count(server.platform.signatories())
        assert {name: getattr(told, name) for name in count.figures} == count.figures
        assert (told.state, told.responses_new) == ("complete", 1_200 - first.json["responses_new"])
        assert len(server.calls) - n_calls <= 5 + (1_200 - first.json["responses_new"]) // 99 + 2


# The vault, its key and its lock.


def test_a_wrong_key_is_refused_and_the_vault_untouched(small_settled):
    pledge, server = small_settled
    before = tree(pledge.home)
    refused(pledge, WAREHOUSE, "key", "PLEDGE_VAULT_KEY", PLEDGE_VAULT_KEY="f" * 64)
    refused(pledge, WAREHOUSE, "key", "32", PLEDGE_VAULT_KEY="short")
    assert (tree(pledge.home), server.calls) == (before, [])


def test_a_lost_key_makes_no_new_one_and_no_new_vault(small_settled):
    pledge, _ = small_settled
    (pledge.home / "keys" / "vault.key").unlink()
    before = tree(pledge.home)
    for command in (["sync", "--direct"], ["held-back"], ["signatories", "--reason", "x"], ["explain", "1"]):
        assert_refused(pledge(*command), SETTINGS, "no key", "PLEDGE_VAULT_KEY_FILE")
    assert tree(pledge.home) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.chmod(0o644), ["Others may read", "chmod 600"]),
        (lambda path: path.write_text(""), ["empty"]),
        (lambda path: path.write_bytes(b"\xff\xfe"), ["can't be read"]),
    ],
)
def test_a_key_file_that_others_may_read_or_that_is_spoilt_is_refused(small_settled, spoil, words):
    pledge, _ = small_settled
    spoil(pledge.home / "keys" / "vault.key")
    refused(pledge, SETTINGS, "vault.key", *words)


HOLDS_THE_VAULT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.database.connection import open_vault
with open_vault(Path(sys.argv[1]), sys.argv[2], now=datetime.now(UTC)):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_vault_open_in_another_process_is_told_and_readers_of_figures_go_on(small_settled):
    pledge, server = small_settled
    vault, key = (
        pledge.home / "vault" / "vault.duckdb",
        (pledge.home / "keys" / "vault.key").read_text().strip(),
    )
    command = [sys.executable, "-c", HOLDS_THE_VAULT, str(vault), key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        refused(pledge, WAREHOUSE, "open in another process")
        for command in (
            ["held-back"],
            ["signatories", "--reason", "x"],
            ["explain", "1"],
            ["sync", "--dry-run"],
        ):
            assert_refused(pledge(*command), WAREHOUSE, "open in another process")
        for command in (["status"], ["query", "from about"], ["report"]):
            assert pledge(*command).code == DONE
        holder.stdin.close()
    assert server.calls == [call for call in server.calls if "bulk" not in call[1]]
    assert len(pledge.records()) == 1  # the refused one never began
    assert pledge("sync", "--direct").code == DONE


def test_of_two_syncs_at_once_one_does_the_night_and_the_other_says_why_not(small_settled):
    pledge, server = small_settled
    server.faults.on_call = lambda _number, _path: time.sleep(0.3)
    both = [pledge.start("sync", "--direct", "--json") for _ in range(2)]
    ran = [
        Ran(process.returncode, *texts) for process in both for texts in [process.communicate(timeout=120)]
    ]
    done, other = sorted(ran, key=lambda one: one.code)
    assert (done.code, done.json["state"]) == (DONE, "complete")
    assert_refused(other, WAREHOUSE, "open in another process")
    assert other.json["state"] == "refused"
    assert other.json["run_id"] != done.json["run_id"]
    assert pledge("status", "--json").json["run_id"] == done.json["run_id"]


# The checks.


def test_a_vault_whose_sums_do_not_agree_publishes_nothing_until_they_do(small_settled):
    pledge, server = small_settled
    path, key = (
        pledge.home / "vault" / "vault.duckdb",
        (pledge.home / "keys" / "vault.key").read_text().strip(),
    )
    twice = "from core.dispositions where disposition = 'signatory' limit 1"
    with open_vault(path, key, now=now_in_utc()) as vault:
        vault.execute(f"create table core.one_place as {twice}")
        vault.execute("insert into core.dispositions from core.one_place")
    for _ in range(2):
        ran = refused(pledge, CHECKS, "audit failed", "keys-unique", "conservation")
        assert ran.json["conservation_ok"] is False
    with open_vault(path, key, now=now_in_utc()) as vault:
        vault.execute(
            "delete from core.dispositions where response_id in (select response_id from core.one_place)"
        )
        vault.execute("insert into core.dispositions from core.one_place")
        vault.execute("drop table core.one_place")
    told = pledge("sync", "--direct", "--json").json
    count = plain_count(server.platform.signatories())
    assert {name: told[name] for name in count.figures} == count.figures
    assert (told["state"], told["conservation_ok"]) == ("complete", True)


# The disk.


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("where", variants(["", "vault", "keys", "runs", "published"], now=["", "published"]))
def test_a_file_where_a_folder_should_be_is_named(run_pledge, where):
    place = run_pledge.home / where
    place.parent.mkdir(exist_ok=True)
    place.write_text("in the way")
    ran = run_pledge("sync", "--direct")
    assert_refused(ran, WAREHOUSE)
    assert place.read_text() == "in the way"
    place.unlink()
    assert run_pledge("sync", "--direct").code == DONE


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("command", [["sync"], ["demo", "--responses", "5"]])
def test_a_home_that_is_a_file_is_told_by_every_command_that_writes(run_pledge, command):
    run_pledge.home.write_text("in the way")
    assert_refused(run_pledge(*command), WAREHOUSE, "home")


def test_a_folder_that_may_not_be_written_is_told(small_settled):
    pledge, _ = small_settled
    with read_only(pledge.home) as is_mounted:
        if not is_mounted:
            pytest.skip("only root can mount a read-only folder")
        refused(pledge, WAREHOUSE)
        assert_refused(pledge("report"), WAREHOUSE, "reports")


@contextmanager
def read_only(folder: Path) -> Iterator[bool]:
    """The folder mounted over itself, read-only; yields False where that isn't allowed."""
    mount = shutil.which("mount")
    is_bound = mount is not None and _succeeds(mount, "--bind", folder, folder)
    try:
        yield is_bound and _succeeds(mount, "-o", "remount,bind,ro", folder)
    finally:
        if is_bound:
            assert _succeeds(shutil.which("umount"), folder)


def _succeeds(*command: object) -> bool:
    return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0


LIMITED = """
import resource, sys
from flows.cli import main
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("most", variants([40_000, 1_200_000, 2_500_000], now=[1_200_000]))
def test_a_disk_full_in_mid_night_is_told_and_the_next_night_ends_equal(small_settled, tmp_path, most):
    pledge, server = small_settled
    for number, one in enumerate(invent(900, 21, UNTIL)):
        server.platform.add(replace(one, response_id=str(889_000_000_000 + number)))
    script = tmp_path / "limited.py"
    script.write_text(LIMITED)
    with nothing_published(pledge):
        ran = pledge.in_a_process(script, str(most), "sync", "--direct", "--full")
        assert_refused(ran, WAREHOUSE)
    told = pledge("sync", "--direct", "--json")
    assert told.code == DONE
    count = plain_count(server.platform.signatories())
    assert {name: told.json[name] for name in count.figures} == count.figures


def test_too_little_free_room_is_told_before_a_call_is_made(small_settled, monkeypatch):
    pledge, server = small_settled
    usage = shutil.disk_usage(pledge.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=5_000_000))
    refused(pledge, WAREHOUSE, "5 MB")
    assert server.calls == []
