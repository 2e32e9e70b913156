"""What operators can get wrong, and what can go wrong around them: a sentence, an exit code, and no harm."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.people import invent
from connectors.sandbox.pledge import EMAIL_ID, NAME_ID, ROLE_ID, question_in
from flows.progress import Quiet
from flows.settings import read_settings
from flows.sync import run_direct
from tests.driving import UNTIL, Pledge, Ran, a_sandbox, now_in_utc, tree
from tests.plain_count import plain_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.serve import SandboxServer

DONE, BUG, USAGE, SETTINGS, PLATFORM, CHECKS, WAREHOUSE, BUDGET = 0, 1, 2, 10, 11, 12, 13, 14


@pytest.fixture(scope="module")
def settled_once(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """Where a good night over 60 responses has been; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("bad_input"))
    with a_sandbox(60) as server:
        assert pledge.at(server)("sync", "--direct").code == DONE
    return pledge


@pytest.fixture
def settled(settled_once: Pledge, tmp_path: Path, small: SandboxServer) -> tuple[Pledge, SandboxServer]:
    """A place after a good night, its platform, and a change there that the next night would publish."""
    small.platform.add(replace(invent(1, 9, UNTIL)[0], response_id="888000000001", status="completed"))
    return settled_once.copy_to(tmp_path).at(small), small


def assert_refused(ran: Ran, code: int, *words: str) -> None:
    """It ended with that exit code and one sentence that holds these words; no traceback."""
    assert ran.code == code, ran.stderr
    assert "Traceback" not in ran.stderr
    sentence = ran.stderr.strip().splitlines()[-1]
    assert sentence.rstrip().endswith((".", ")", "accept-withdrawals"))
    for word in words:
        assert word in sentence


@contextmanager
def nothing_published(pledge: Pledge) -> Iterator[None]:
    """What is published stays to the byte, and nothing half-written lies beside it."""
    before = tree(pledge.home / "published")
    assert "pledge.duckdb" in before
    yield
    assert tree(pledge.home / "published") == before
    assert [name for name in tree(pledge.home) if name.endswith(".new")] == []


def refused(pledge: Pledge, code: int, *words: str, **changes: str | None) -> Ran:
    """A sync with these changes to the environment is refused so, publishes nothing and prints its record."""
    with nothing_published(pledge):
        ran = pledge("sync", "--direct", "--json", **changes)
        assert_refused(ran, code, *words)
    told = ran.json
    assert (told["state"], told["published"]) == ("partial" if code == BUDGET else "refused", None)
    assert told["warnings"][-1] in ran.stderr
    assert told["n_signatories"] > 0  # as the last good night left it: no false zero
    return ran


# The settings.


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SURVEYMONKEY_ACCESS_TOKEN": None}, ["No token", "SURVEYMONKEY_ACCESS_TOKEN"]),
        ({"SURVEYMONKEY_ACCESS_TOKEN": "  "}, ["No token"]),
        ({"PLEDGE_SURVEY_ID": None}, ["Which survey?", "518204417", "518199360"]),
    ],
    ids=str,
)
def test_a_missing_setting_is_named_and_the_night_recorded_as_refused(settled, changes, words):
    pledge, _ = settled
    ran = refused(pledge, SETTINGS, *words, **changes)
    assert pledge.records()[-1]["run_id"] == ran.json["run_id"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PLEDGE_SURVEY_ID": "PNT25QM"}, ["PLEDGE_SURVEY_ID", "number", "link"]),
        ({"PLEDGE_REGION": "mars", "SURVEYMONKEY_API_URL": None}, ["PLEDGE_REGION", "us, eu or ca"]),
        ({"SURVEYMONKEY_API_URL": "https://api.surveymonkey.com"}, ["/v3"]),
        (
            {"SURVEYMONKEY_ACCESS_TOKEN": None, "SURVEYMONKEY_ACCESS_TOKEN_FILE": "missing"},
            ["SURVEYMONKEY_ACCESS_TOKEN_FILE", "can't be read"],
        ),
        ({"PLEDGE_CONFIG": "missing.toml"}, ["PLEDGE_CONFIG", "missing.toml"]),
        ({"PLEDGE_VAULT_KEY_FILE": "missing.key"}, ["PLEDGE_VAULT_KEY_FILE", "missing.key"]),
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_done(settled, changes, words):
    pledge, server = settled
    before = tree(pledge.home)
    ran = pledge("sync", "--direct", "--json", **changes)
    assert_refused(ran, SETTINGS, *words)
    assert ran.json["state"] == "refused"
    assert (tree(pledge.home), server.calls) == (before, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[survey\nid = 1", ["pledge.toml", "not valid TOML"]),
        ("[surveys]\nid = 1", ["[surveys]", "survey"]),
        ("[survey]\nnumber = 1", ["[survey]", "“number”", "id"]),
        ("roles = 5", ["[roles]"]),
        ("[roles]\n'Parent or carer' = 5", ["[roles]", "Parent or carer"]),
        ("[publish]\nkeep = 'seven'", ["keep", "whole number"]),
        ("[survey]\ntitle = 5", ["title", "text"]),
        ("[schedule]\ntimezone = 'Europe/Atlantis'", ["Europe/Atlantis"]),
        ("[questions]\nname = 'id:1'", ["name", "fits no question"]),
    ],
)
def test_a_wrong_pledge_toml_is_refused_and_the_place_named(settled, text, words):
    pledge, _ = settled
    (pledge.folder / "pledge.toml").write_text(text)
    refused(pledge, SETTINGS, *words)


def test_a_pledge_toml_in_another_encoding_is_refused(settled):
    pledge, _ = settled
    (pledge.folder / "pledge.toml").write_bytes("[survey]\ntitle = 'Gàidhlig'".encode("latin-1"))
    assert_refused(pledge("status"), SETTINGS, "pledge.toml", "encoding")


# The platform refuses.


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("revoked", ["revoked", "1013", "SURVEYMONKEY_ACCESS_TOKEN"]),
        ("revoked_grant", ["revoked", "SURVEYMONKEY_ACCESS_TOKEN"]),
        ("expired", ["expired"]),
        ("other_region", ["region", "1018", "PLEDGE_REGION"]),
    ],
)
def test_a_token_that_no_longer_holds_is_told_by_its_reason(settled, state, words):
    pledge, server = settled
    server.access.state = state
    ran = refused(pledge, PLATFORM, *words)
    assert ran.json["requests"] == len(server.calls) == 1


def test_a_wrong_token_a_wrong_survey_and_a_missing_scope_are_told_apart(settled):
    pledge, server = settled
    refused(pledge, PLATFORM, "token", "not known", SURVEYMONKEY_ACCESS_TOKEN="wrong")
    refused(pledge, PLATFORM, "/surveys/123", "PLEDGE_SURVEY_ID", PLEDGE_SURVEY_ID="123")
    server.access.granted = ("users_read", "surveys_read", "responses_read")
    refused(pledge, PLATFORM, "responses_read_detail")


def test_a_platform_that_is_down_is_waited_for_and_then_told(settled):
    pledge, _ = settled
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v3"
        slept: list[float] = []
        settings = read_settings(
            {"PLEDGE_HOME": str(pledge.home), **pledge.environment, "SURVEYMONKEY_API_URL": url},
            pledge.folder,
        )
        with nothing_published(pledge), pytest.raises(Exception, match="no usable answer") as error:
            run_direct(settings, Quiet(), sleep=slept.append)
    assert 10 < sum(slept) < 300
    told = pledge.records()[-1]
    assert (told["state"], told["requests"], told["warnings"]) == ("refused", 5, [str(error.value)])


# The form and the responses.


def test_a_form_without_an_email_question_is_refused_and_its_questions_listed(run_pledge, small):
    def rebuild(design: dict[str, Any]) -> None:
        email = question_in(design, EMAIL_ID)
        email["validation"] = None
        email["headings"] = [{"heading": "Where may we write to you?"}]

    small.platform.redesign(rebuild)
    ran = run_pledge("sync", "--direct", "--json")
    assert_refused(ran, SETTINGS, "email", f"id:{EMAIL_ID}", "Where may we write", "pledge.toml")
    assert (ran.json["state"], run_pledge.published.exists()) == ("refused", False)
    (run_pledge.folder / "pledge.toml").write_text(f'[questions]\nemail = "id:{EMAIL_ID}"')
    assert run_pledge("sync", "--direct", "--json").json["state"] == "complete"


def test_a_choice_never_seen_before_counts_and_is_told(settled):
    pledge, server = settled
    person = next(iter(server.platform.signatories()))
    server.platform.edit(person.response_id, choice_id="999", other_text=None, status="completed")
    server.platform.edit(person.response_id, email="choice.unknown@example.org", mode="default")
    told = pledge("sync", "--direct", "--json").json
    count = plain_count(server.platform.signatories())
    assert {name: told[name] for name in count.figures} == count.figures
    assert told["by_role"]["(unknown choice)"] >= 1


def test_an_answer_to_a_question_taken_off_the_form_is_kept_and_does_no_harm(settled):
    pledge, server = settled

    def drop(design: dict[str, Any]) -> None:
        for page in design["pages"]:
            page["questions"] = [one for one in page["questions"] if one["id"] != NAME_ID]

    server.platform.redesign(drop)
    told = pledge("sync", "--direct", "--full", "--json").json
    assert told["state"] == "complete"
    assert told["n_signatories"] == len(plain_count(server.platform.signatories()).people)
    with pledge.vault() as vault:
        kept = vault.execute("select count(*) from core.answers where question_id = ?", [NAME_ID]).fetchone()
    assert kept[0] > 0


def test_a_form_that_never_asked_for_a_role_shows_everybody_as_not_asked(run_pledge, small):
    def drop(design: dict[str, Any]) -> None:
        for page in design["pages"]:
            page["questions"] = [one for one in page["questions"] if one["id"] != ROLE_ID]

    small.platform.redesign(drop)
    told = run_pledge("sync", "--direct", "--json").json
    assert (told["state"], told["by_role"]) == ("complete", {"(not asked)": told["n_signatories"]})
    assert any("role" in warning for warning in told["warnings"])


@pytest.mark.parametrize("n_responses", [0, 1])
def test_a_survey_with_next_to_no_response_is_a_night_like_any_other(run_pledge, n_responses):
    with a_sandbox(n_responses) as server:
        told = run_pledge.at(server)("sync", "--direct", "--json").json
        again = run_pledge("sync", "--direct", "--json").json
    count = plain_count(server.platform.signatories())
    assert {name: told[name] for name in count.figures} == count.figures
    assert (told["state"], told["conservation_ok"], again["state"]) == ("complete", True, "unchanged")
    for command in (["status"], ["held-back"], ["report"], ["query", "from signatories"]):
        assert run_pledge(*command).code == DONE, command


# The day's calls.


def test_a_day_whose_calls_are_spent_is_not_begun(settled):
    pledge, server = settled
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
        told = run_direct(settings, Quiet(), now=lambda: now_in_utc() + timedelta(days=1))
        count = plain_count(server.platform.signatories())
        assert {name: getattr(told, name) for name in count.figures} == count.figures
        assert (told.state, told.responses_new) == ("complete", 1_200 - first.json["responses_new"])
        assert len(server.calls) - n_calls <= 4 + (1_200 - first.json["responses_new"]) // 99 + 2


# The vault, its key and its lock.


def test_a_wrong_key_is_refused_and_the_vault_untouched(settled):
    pledge, server = settled
    before = tree(pledge.home)
    refused(pledge, WAREHOUSE, "key", "PLEDGE_VAULT_KEY", PLEDGE_VAULT_KEY="f" * 64)
    refused(pledge, WAREHOUSE, "key", "32", PLEDGE_VAULT_KEY="short")
    assert (tree(pledge.home), server.calls) == (before, [])


def test_a_lost_key_makes_no_new_one_and_no_new_vault(settled):
    pledge, _ = settled
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
def test_a_key_file_that_others_may_read_or_that_is_spoilt_is_refused(settled, spoil, words):
    pledge, _ = settled
    spoil(pledge.home / "keys" / "vault.key")
    refused(pledge, SETTINGS, "vault.key", *words)


HOLDS_THE_VAULT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.connection import open_vault
with open_vault(Path(sys.argv[1]), sys.argv[2], now=datetime.now(UTC)):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_vault_open_in_another_process_is_told_and_readers_of_figures_go_on(settled):
    pledge, server = settled
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


def test_of_two_syncs_at_once_one_does_the_night_and_the_other_says_why_not(settled):
    pledge, server = settled
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


# The disk.


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("where", ["", "vault", "keys", "runs", "published"])
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


def test_a_folder_that_may_not_be_written_is_told(settled):
    pledge, _ = settled
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


@pytest.mark.parametrize("most", [40_000, 1_200_000, 2_500_000])
def test_a_disk_that_is_full_in_mid_night_is_told_and_the_next_night_ends_equal(settled, tmp_path, most):
    pledge, server = settled
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


def test_too_little_free_room_is_told_before_a_call_is_made(settled, monkeypatch):
    pledge, server = settled
    usage = shutil.disk_usage(pledge.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=5_000_000))
    refused(pledge, WAREHOUSE, "5 MB")
    assert server.calls == []
