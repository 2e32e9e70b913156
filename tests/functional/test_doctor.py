"""`pledge doctor`: each thing that may be wrong is found, with its next step, and no secret is shown."""

from __future__ import annotations

import json
import resource
import shutil
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.world.pledge import EMAIL_ID, SURVEY_ID, question_in
from flows.doctor import report
from tests.canaries import TOKEN, assert_no_canary, let_in
from tests.driving import Pledge, Ran, a_sandbox, now_in_utc, tree
from tests.exporting import Style, export_bytes, exportable
from warehouse.backups import backup
from warehouse.database.connection import attached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

MOST_CALLS = 4
MAY_BE = {"ok", "warning", "problem"}


@pytest.fixture
def healthy(small_settled_once: Pledge, tmp_path: Path) -> Iterator[tuple[Pledge, SandboxServer]]:
    """A place after a good night, and its platform with the limits of a draft app."""
    with a_sandbox(60, per_day=500) as server:
        yield small_settled_once.copy_to(tmp_path).at(server), server


def found(ran: Ran) -> dict[str, dict[str, Any]]:
    """The findings by their check; of several, the worst."""
    order = ["ok", "warning", "problem"]
    findings = sorted(ran.json["findings"], key=lambda one: order.index(one["state"]))
    return {one["check"]: one for one in findings}


def examined(pledge: Pledge, **changes: str | None) -> dict[str, dict[str, Any]]:
    """What the doctor finds; its exit code must fit."""
    ran = pledge("doctor", "--json", **changes)
    findings = ran.json["findings"]
    n_problems = sum(one["state"] == "problem" for one in findings)
    assert ran.code == (10 if n_problems else 0)
    assert ran.json["n_problems"] == n_problems
    assert {one["state"] for one in findings} <= MAY_BE
    return found(ran)


def states(findings: dict[str, dict[str, Any]], *checks: str) -> list[str]:
    return [findings[check]["state"] for check in checks]


def test_where_all_is_well_each_thing_is_ok_on_a_line_of_its_own_in_four_calls_at_most(healthy):
    pledge, server = healthy
    findings = examined(pledge)
    assert {check for check, one in findings.items() if one["state"] != "ok"} <= {"libraries"}
    assert set(findings) >= {
        "python", "encryption", "home", "rights", "core dumps", "time zones", "key", "vault", "access log",
        "copies", "published", "last run", "schedule", "prefect", "token", "scopes", "clock", "survey",
        "email", "name", "role", "calls",
    }  # fmt: skip
    assert [path for _, path in server.calls] == [
        "/v3/users/me",
        f"/v3/surveys/{SURVEY_ID}/details",
    ]
    shown = pledge("doctor")
    assert shown.code == 0
    assert len(shown.stdout.splitlines()) == len(pledge("doctor", "--json").json["findings"])
    assert findings["calls"]["told"].startswith("498 left today")


def test_on_a_machine_without_anything_it_needs_no_call_and_writes_nothing(run_pledge):
    findings = examined(run_pledge)
    assert states(findings, "token", "published", "last run") == ["warning"] * 3
    assert "were not tried" in findings["token"]["told"]
    assert states(findings, "key", "vault", "home", "rights") == ["ok"] * 4
    assert list(run_pledge.folder.iterdir()) == []


def test_it_changes_nothing_but_what_it_is_told_to_mend(healthy):
    pledge, _ = healthy
    before = {name: content for name, content in tree(pledge.home).items() if name != "prefect"}
    examined(pledge)
    assert {name: content for name, content in tree(pledge.home).items() if name != "prefect"} == before


def test_a_token_gone_from_where_nights_were_run_is_a_problem(healthy):
    pledge, server = healthy
    assert examined(pledge, SURVEYMONKEY_ACCESS_TOKEN=None)["token"]["state"] == "problem"
    assert server.calls == []


@pytest.mark.parametrize(
    ("state", "words"),
    [("expired", "expired"), ("revoked_grant", "revoked"), ("other_region", "PLEDGE_REGION")],
)
def test_a_token_that_is_refused_is_told_with_the_next_step_in_one_call(healthy, state, words):
    pledge, server = healthy
    server.access.state = state
    findings = examined(pledge)
    assert (findings["platform"]["state"], words in findings["platform"]["told"]) == ("problem", True)
    assert len(server.calls) == 1


def test_scopes_that_the_night_lacks_are_named_and_no_others(healthy):
    pledge, server = healthy
    server.access.granted = ("users_read", "surveys_read")
    scopes = examined(pledge)["scopes"]
    assert scopes["state"] == "problem"
    assert scopes["told"] == "The token lacks responses_read, responses_read_detail."
    assert "authorise the app anew" in scopes["next_step"]


def test_an_outage_costs_one_call_and_the_rest_is_still_tried(healthy):
    pledge, server = healthy
    server.faults.probability, server.faults.kinds = 1.0, ("empty_503",)
    findings = examined(pledge)
    assert states(findings, "platform", "vault", "schedule") == ["problem", "ok", "ok"]
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ('[survey]\ntitle = "The Connect Pledge"\n', "by its title"),
        (f'[survey]\nlink = "https://www.surveymonkey.co.uk/r/{"PNT25QM"}"\n', "by the last night"),
    ],
)
def test_a_survey_found_by_title_or_link_is_told_with_the_id_to_set(healthy, settings, by):
    pledge, server = healthy
    (pledge.folder / "pledge.toml").write_text(settings)
    survey = examined(pledge, PLEDGE_SURVEY_ID=None)["survey"]
    assert (survey["state"], by in survey["told"]) == ("ok", True)
    assert f"PLEDGE_SURVEY_ID={SURVEY_ID}" in survey["told"]
    assert len(server.calls) <= MOST_CALLS


def test_a_link_that_no_night_has_settled_is_searched_for_in_one_survey_only(run_pledge, small):
    (run_pledge.folder / "pledge.toml").write_text('[survey]\nlink = "NOSUCH1"\n')
    survey = examined(run_pledge, PLEDGE_SURVEY_ID=None)["survey"]
    assert (survey["state"], "pledge sync looks through 50" in survey["told"]) == ("warning", True)
    assert len(small.calls) <= MOST_CALLS


def test_several_surveys_or_a_wrong_id_are_told(healthy):
    pledge, _ = healthy
    several = examined(pledge, PLEDGE_SURVEY_ID=None)["survey"]
    assert (several["state"], SURVEY_ID in several["told"]) == ("problem", True)
    wrong = examined(pledge, PLEDGE_SURVEY_ID="999")["platform"]
    assert (wrong["state"], "PLEDGE_SURVEY_ID" in wrong["told"]) == ("problem", True)


def test_questions_are_told_with_the_rule_that_found_them_and_candidates_where_none_did(run_pledge, small):
    findings = examined(run_pledge)
    rules = [findings[field]["told"].rsplit(", ", 1)[1] for field in ("email", "name", "role")]
    assert rules == ["by its type", "by its heading", "by its heading"]
    (run_pledge.folder / "pledge.toml").write_text(f'[questions]\nemail = "id:{EMAIL_ID}"\n')
    assert examined(run_pledge)["email"]["told"].endswith("by the setting")
    (run_pledge.folder / "pledge.toml").write_text("")
    small.platform.redesign(
        lambda design: question_in(design, EMAIL_ID).update(
            validation=None, headings=[{"heading": "How may we reach you?"}]
        )
    )
    told = examined(run_pledge)["questions"]
    assert (told["state"], f"id:{EMAIL_ID}" in told["told"]) == ("problem", True)


def test_a_clock_that_is_wrong_is_told(healthy, monkeypatch):
    pledge, _ = healthy
    monkeypatch.setattr(report, "now_in_utc", lambda: now_in_utc() + timedelta(minutes=10))
    clock = examined(pledge)["clock"]
    assert (clock["state"], "before the platform's" in clock["told"]) == ("problem", True)
    assert clock["next_step"] == "set the machine's clock"


def test_a_spent_day_is_told_without_a_call(healthy):
    pledge, server = healthy
    (pledge.folder / "pledge.toml").write_text("[platform]\ncalls_reserved = 499\n")
    record = max((pledge.home / "runs").glob("*.json"))
    today = now_in_utc().isoformat()
    record.write_text(
        json.dumps(
            json.loads(record.read_text()) | {"calls_left_today": 3, "started_at": today, "ended_at": today}
        )
    )
    assert examined(pledge)["calls"]["state"] == "warning"
    assert server.calls == []


def test_a_vault_without_its_key_with_another_key_damaged_or_missing_is_told_apart(healthy):
    pledge, _ = healthy
    vault = pledge.home / "vault" / "vault.duckdb"
    wrong = examined(pledge, PLEDGE_VAULT_KEY="fedcba9876543210" * 4)
    assert (wrong["vault"]["told"], wrong["copies"]["state"]) == (
        "The key is not the one it was made with.",
        "problem",
    )
    (pledge.home / "keys" / "vault.key").rename(pledge.folder / "kept.key")
    assert examined(pledge)["key"]["state"] == "problem"
    named = {"PLEDGE_VAULT_KEY_FILE": str(pledge.folder / "kept.key")}
    vault.write_bytes(b"Dear all")
    assert "damaged" in examined(pledge, **named)["vault"]["told"]
    vault.unlink()
    assert examined(pledge, **named)["vault"]["told"] == "It is missing, but backups of it are kept."
    shutil.rmtree(pledge.home / "backups")
    assert examined(pledge, **named)["vault"]["state"] == "ok"


def test_a_copy_that_cannot_be_opened_is_named(healthy):
    pledge, _ = healthy
    (copy,) = backup.kept_backups(pledge.home / "backups")
    other = copy.path.with_name("vault-20250101T021500_000000Z-nightly.duckdb")
    other.write_bytes(b"no vault")
    other.chmod(0o600)
    copies = examined(pledge)["copies"]
    assert (copies["state"], f"{other.stem} (damaged)" in copies["told"]) == ("warning", True)
    assert "1 of 2 open; the newest is" in copies["told"]


def test_an_access_log_that_was_changed_is_told(healthy):
    pledge, _ = healthy
    pledge("signatories", "--reason", "a letter")
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    with attached(pledge.home / "vault" / "vault.duckdb", key) as vault:
        vault.execute("update privacy.access_log set reason = 'a visit'")
    assert examined(pledge)["access log"]["state"] == "warning"


def test_a_vault_that_a_sync_has_open_is_no_problem(healthy):
    pledge, _ = healthy
    script = pledge.folder / "hold.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom warehouse.database.connection import attached\n"
        "with attached(Path(sys.argv[1]), sys.argv[2]):\n    print('open', flush=True)\n    time.sleep(60)\n"
    )
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    other = pledge.start(script, str(pledge.home / "vault" / "vault.duckdb"), key)
    try:
        assert other.stdout.readline() == "open\n"
        ran = pledge.in_a_process("doctor", "--json")
    finally:
        other.kill()
        other.communicate()
    assert (ran.code, found(ran)["vault"]["state"]) == (0, "warning")


def test_a_published_file_that_is_damaged_and_a_last_run_that_failed_are_told(healthy):
    pledge, server = healthy
    server.access.state = "revoked"
    assert pledge("sync", "--direct").code == 11
    server.access.state = "valid"
    pledge.published.chmod(0o644)
    pledge.published.write_bytes(b"Dear all")
    findings = examined(pledge)
    assert states(findings, "published", "last run") == ["problem", "warning"]
    assert findings["last run"]["told"].startswith("refused")


def test_figures_that_are_stale_are_told(healthy, monkeypatch):
    pledge, _ = healthy
    monkeypatch.setattr(report, "now_in_utc", lambda: now_in_utc() + timedelta(days=3))
    findings = examined(pledge)
    assert "stale" in findings["last run"]["told"]
    assert "the newest is 3 days old" in findings["copies"]["told"]


def test_the_next_three_nights_are_told_and_a_cron_line_that_is_none(run_pledge):
    (run_pledge.folder / "pledge.toml").write_text(
        '[schedule]\ncron = "30 4 * * 1"\ntimezone = "Europe/Paris"\n'
    )
    told = examined(run_pledge)["schedule"]["told"]
    assert told.startswith("30 4 * * 1, Europe/Paris")
    assert told.count(" 04:30") == 3
    (run_pledge.folder / "pledge.toml").write_text('[schedule]\ncron = "every night"\n')
    assert examined(run_pledge)["schedule"]["next_step"] == "use five fields, such as 15 2 * * *"


def test_a_prefect_that_does_not_answer_is_told_and_no_more_than_a_warning(run_pledge):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        assert examined(run_pledge, PREFECT_API_URL=url)["prefect"]["state"] == "warning"


def test_core_files_are_off_as_soon_as_a_command_runs(run_pledge):
    assert examined(run_pledge)["core dumps"]["told"] == "off"
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] <= 1


# Who may read what


def test_all_that_a_night_an_import_and_a_report_leave_is_its_owner_s_but_what_is_published(
    run_pledge, small
):
    assert run_pledge("sync", "--direct").code == 0
    people = exportable(small.platform.signatories())
    export = run_pledge.folder / "export.csv"
    export.write_bytes(export_bytes(people, Style()))
    assert run_pledge("import", str(export)).code == 0
    assert run_pledge("signatories", "--reason", "a letter").code == 0
    assert run_pledge("report").code == 0
    assert run_pledge("key", "rotate").code == 0
    assert examined(run_pledge)["rights"]["state"] == "ok"
    home = run_pledge.home
    modes = {str(path.relative_to(home)): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    published = {name: mode for name, mode in modes.items() if name.split("/")[0] == "published"}
    private = {name: mode for name, mode in modes.items() if name not in published}
    assert {name: oct(mode) for name, mode in private.items() if mode not in {0o600, 0o700}} == {}
    assert {"vault/vault.duckdb", "keys/vault.key", "vault", "backups", "runs", "reports"} <= set(private)
    assert {mode for name, mode in published.items() if name.endswith(".duckdb")} == {0o444}
    assert {published["published"], published["published/kept"], home.stat().st_mode & 0o777} == {0o755}


def test_a_pack_put_elsewhere_may_be_read_by_others(after_two_nights):
    out = after_two_nights.folder / "site"
    assert after_two_nights("report", "--out", str(out)).code == 0
    assert {path.stat().st_mode & 0o777 for path in out.rglob("*") if path.is_file()} == {0o644}


def test_what_others_may_read_is_told_and_mended(healthy):
    pledge, _ = healthy
    opened = [
        pledge.home / "vault" / "vault.duckdb",
        *(pledge.home / "runs").glob("*.json"),
        pledge.home / "runs",
    ]
    for path in opened:
        path.chmod(path.stat().st_mode | 0o055)
    rights = examined(pledge)["rights"]
    assert rights["state"] == "problem"
    assert rights["told"] == f"Others may read {len(opened)} files or folders in runs, vault."
    assert rights["next_step"].startswith("pledge doctor --fix, or: chmod -R go= ")
    mended = pledge("doctor", "--fix", "--json")
    assert (mended.code, found(mended)["rights"]["state"]) == (0, "ok")
    assert {path.stat().st_mode & 0o077 for path in opened} == {0}
    assert pledge.published.stat().st_mode & 0o777 == 0o444


def test_a_token_file_that_others_may_read_is_told(healthy):
    pledge, _ = healthy
    file = pledge.folder / "token"
    file.write_text(pledge.environment["SURVEYMONKEY_ACCESS_TOKEN"])
    file.chmod(0o644)
    named = {"SURVEYMONKEY_ACCESS_TOKEN": None, "SURVEYMONKEY_ACCESS_TOKEN_FILE": str(file)}
    assert examined(pledge, **named)["token file"]["state"] == "problem"
    file.chmod(0o600)
    assert examined(pledge, **named)["token file"]["state"] == "ok"


def test_neither_the_token_nor_the_key_nor_anybody_is_shown(run_pledge):
    with let_in(a_sandbox(60, token=TOKEN)) as server:
        run_pledge.at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)
        assert run_pledge("sync", "--direct").code == 0
        for state in ("valid", "revoked", "other_region"):
            server.access.state = state
            run_pledge("doctor")
            run_pledge("doctor", "--json")
    key = (run_pledge.home / "keys" / "vault.key").read_text().strip()
    assert key not in "".join(run_pledge.printed)
    assert_no_canary(run_pledge)
