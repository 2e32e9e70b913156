"""No person leaves the vault: invented people unlike any other, looked for in all that is written or printed.

Run with -s it prints how much was searched.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connectors.sandbox.world.pledge import EMAIL_ID, ROLE_ID, ROLES
from flows import pipelines
from tests.canaries import CANARIES, TOKEN, Search, assert_no_canary, canary_people, let_in
from tests.driving import Pledge, a_sandbox, now_in_utc
from tests.plain_count import plain_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer


STEPS = [
    "note_access_log",
    "erase_overdue",
    "erase_names_when_due",
    "preflight",
    "survey_form",
    "pull",
    "sweep",
    "stage",
    "check",
    "build",
    "audit",
    "publish",
    "finish",
]
AT_ONCE = ["pull", "check", "publish"]

# The lists that show people, each with a word that is in it; the role stands in for a question of consent.
STAFF_LISTS = {
    "signatories": "Quenborofitz",
    "review": "zyxwvarnish",
    "roles": "Flumphelwick",
    "contacts": "学校猫犬",
}
ALL_MAY_BE_WRITTEN_TO = f'[contacts]\nquestion = "id:{ROLE_ID}"\nanswers = {list(ROLES.values())}\n'


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """Where a good night over 200 people and the canaries has been; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("canary"))
    with let_in(a_sandbox(200, token=TOKEN)) as server:
        ran = pledge.at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN)("sync", "--direct", "--json")
    assert (ran.code, ran.json["state"]) == (0, "complete"), ran.stderr
    return pledge


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Pledge, SandboxServer]]:
    """A platform with canaries, a place that knows its token, and temporary files in that place too."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with let_in(a_sandbox(200, token=TOKEN)) as server:
        yield Pledge(tmp_path).at(server, SURVEYMONKEY_ACCESS_TOKEN=TOKEN), server


@pytest.fixture
def settled(watched: tuple[Pledge, SandboxServer], after_a_night: Pledge) -> tuple[Pledge, SandboxServer]:
    """The same after a good night."""
    pledge, server = watched
    after_a_night.copy_to(pledge.folder)
    pledge.printed += after_a_night.printed
    return pledge, server


def test_the_search_finds_a_canary_in_each_form(tmp_path):
    for number, canary in enumerate(CANARIES):
        for form in (canary.upper().encode(), canary.encode("utf-16-le"), ascii(canary).encode()):
            (tmp_path / "found").write_bytes(b"before " + form + b" after")
            search = Search()
            search.folder(tmp_path)
            assert search.hits == [f"canary {number} in found"]


def test_the_canaries_are_in_every_place_and_in_the_vault(settled):
    pledge, server = settled
    mine = {person.response_id for person in canary_people()}
    with pledge.vault() as vault:
        places = dict(vault.execute("select response_id, disposition from core.dispositions").fetchall())
        names = " ".join(
            name for (name,) in vault.execute("select name from core.signatures").fetchall() if name
        )
    assert {places[response_id] for response_id in mine} == {
        "signatory", "duplicate", "held back", "not counted",
    }  # fmt: skip
    assert places == {
        response_id: place
        for response_id, (place, _) in plain_count(server.platform.signatories()).places.items()
    }
    assert all(canary in names for canary in ("Quenborofitz", "学校猫犬", "кварцовик"))


def test_a_good_night_and_an_unchanged_one_leave_no_person_outside_the_vault(settled):
    pledge, _ = settled
    assert pledge("sync", "--direct", "--json").json["state"] == "unchanged"
    assert pledge("sync", "--direct").code == 0
    assert_no_canary(pledge)


def test_a_night_of_changed_and_withdrawn_people_leaves_none_outside_the_vault(settled):
    pledge, server = settled
    first, second, *_, last = canary_people()
    server.platform.delete(first.response_id)
    server.platform.edit(second.response_id, email="zyxwvarnish@@bücherwurmdorf", name="Flumphelwick")
    server.platform.edit(last.response_id, mode="default", other_text="ẞtrümphlings", choice_id=None)
    server.platform.add(
        replace(first, response_id="777000000099", modified_at=now_in_utc().replace(microsecond=0))
    )
    told = pledge("sync", "--direct", "--json").json
    assert (told["state"], told["responses_withdrawn"], told["responses_new"]) == ("complete", 1, 1)
    assert_no_canary(pledge)


def test_a_night_refused_in_its_middle_leaves_no_person_outside_the_vault(watched):
    pledge, server = watched

    def revoke(number: int, path: str) -> None:
        server.access.state = "revoked" if "/bulk" in path and number > 4 else "valid"

    server.faults.on_call = revoke
    ran = pledge("sync", "--direct", "--json")
    assert (ran.code, ran.json["state"]) == (11, "refused")
    assert ran.json["responses_seen"] > 0
    assert_no_canary(pledge)


def broken(*_given: object) -> None:
    """Fail with canaries in the message, in the cause, in a note and in a variable."""
    quoted = " ".join(CANARIES)
    try:
        int(quoted)
    except ValueError as cause:
        cause.add_note(quoted)
        raise LookupError(quoted) from cause


@pytest.mark.parametrize("steps", [AT_ONCE, pytest.param(STEPS, marks=pytest.mark.long)], ids=["some", "all"])
def test_a_bug_in_any_step_tells_its_kind_and_no_person(settled, monkeypatch, steps):
    pledge, server = settled
    for number, name in enumerate(steps):
        server.platform.edit(canary_people()[0].response_id, name=f"Quenborofitz the {number}th")
        with monkeypatch.context() as patched:
            patched.setattr(broken, "__name__", name)
            patched.setattr(pipelines, name, broken)
            ran = pledge("sync", "--direct", "--json")
        assert (ran.code, ran.json["state"], list(ran.json["steps"])[-1]) == (1, "refused", name)
        assert ran.stderr.count("Traceback") == 1
        assert "LookupError" in ran.stderr
    assert_no_canary(pledge)


def test_a_bug_that_the_vault_itself_reports_tells_no_person(settled, monkeypatch):
    pledge, server = settled
    server.platform.edit(canary_people()[0].response_id, name="Quenborofitz the Younger")

    def quoting(night: object, *_found: object) -> None:
        """Ask the vault what it can't answer: its message quotes the value."""
        night.vault.execute("select cast(name as integer) from core.signatures where name like '%borofitz%'")

    monkeypatch.setattr(pipelines, "build", quoting)
    ran = pledge("sync", "--direct", "--json")
    assert ran.code == 1
    assert_no_canary(pledge)


def test_no_command_but_the_list_of_signatories_shows_a_person(settled):
    pledge, _ = settled
    ids = [person.response_id for person in canary_people()]
    commands = [
        ["status"], ["status", "--json"], ["sync", "--dry-run"], ["sync", "--dry-run", "--json"],
        ["held-back"], ["held-back", "--format", "csv"], ["held-back", "--format", "json"],
        *(["explain", response_id] for response_id in ids),
        ["reconcile"], ["reconcile", "--json"], ["decisions", "--reason", "a test"],
        ["recount", "--recheck", "--json"],
        ["key", "check"], ["access-log"], ["access-log", "--verify"], ["doctor"], ["doctor", "--json"],
        ["query", "from signatures"], ["query", "from runs", "--format", "csv"], ["report"], ["rollback"],
    ]  # fmt: skip
    for command in commands:
        ran = pledge(*command)
        assert ran.code == (13 if command == ["rollback"] else 0), (command, ran.stderr)
    assert_no_canary(pledge)


def test_the_list_of_signatories_shows_people_on_standard_output_only(settled):
    pledge, _ = settled
    ran = pledge("signatories", "--reason", "a test")
    pledge.printed = [text for text in pledge.printed if text != ran.stdout]
    assert all(name in ran.stdout for name in ("Quenborofitz", "学校猫犬", "Flumphelwick"))
    assert_no_canary(pledge, ran.stderr)


def test_lists_for_staff_show_people_on_standard_output_only(settled):
    pledge, _ = settled
    (pledge.folder / "pledge.toml").write_text(ALL_MAY_BE_WRITTEN_TO, encoding="utf-8")
    for command, shown in STAFF_LISTS.items():
        ran = pledge(command, "--reason", "a test", "--format", "json")
        assert ran.code == 0, ran.stderr
        assert shown in ran.stdout
        pledge.printed = [text for text in pledge.printed if text != ran.stdout]
    assert_no_canary(pledge)


def test_lists_for_staff_that_are_saved_show_people_in_their_files_only(settled):
    pledge, _ = settled
    (pledge.folder / "pledge.toml").write_text(ALL_MAY_BE_WRITTEN_TO, encoding="utf-8")
    for command, shown in STAFF_LISTS.items():
        assert pledge(command, "--reason", "a test", "--save").code == 0
        (path,) = (pledge.home / "lists").glob(f"{command}-*")
        assert shown in path.read_text("utf-8-sig")
    assert pledge("doctor").code == 0
    shutil.rmtree(pledge.home / "lists")
    assert_no_canary(pledge)


def test_what_keeps_a_list_from_being_made_shows_no_person(settled):
    pledge, _ = settled
    for setting in ("", '[contacts]\nquestion = "No such question"\nanswers = ["Yes"]\n'):
        (pledge.folder / "pledge.toml").write_text(setting, encoding="utf-8")
        assert pledge("contacts", "--reason", "a test").code == 10
    (pledge.folder / "pledge.toml").write_text(ALL_MAY_BE_WRITTEN_TO, encoding="utf-8")
    (pledge.home / "lists").write_text("in the way")
    for command in STAFF_LISTS:
        assert pledge(command, "--reason", "a test", "--save").code == 13
    assert pledge("signatories", "--reason", "a test", "--role", "no such role").code == 2
    assert_no_canary(pledge)


def test_what_people_decide_and_why_stays_in_the_vault(settled):
    pledge, _ = settled
    held = pledge("held-back", "--format", "json").rows[0]["response_id"]
    name = next(
        row["case_name"]
        for row in pledge("review", "--reason", "Quenborofitz asked", "--format", "json").rows
        if row["case_name"].startswith("two-people-one-address")
    )
    pledge.printed.clear()
    refused = pledge("accept", held, "--because", "Quenborofitz rang us from zyxwvarnish@example.org")
    assert (refused.code, "holds an email address" in refused.stderr) == (2, True)
    because = ("--because", "Quenborofitz rang us")
    for command in (
        ["accept", held, *because],
        ["decide", "apart", *name.split(), *because],
        ["assign-role", "--other", "Flumphelwick ẞtrümphlings", "--as", "Grandparents", *because],
        ["reject", canary_people()[5].response_id, *because],
        ["undo", "4", *because],
    ):
        assert pledge(*command).code == 0
    assert pledge("recount", "--json").json["state"] == "complete"
    assert pledge("report").code == 0
    assert_no_canary(pledge)


def test_refusals_and_wrong_settings_show_no_token(watched):
    pledge, server = watched
    server.access.state = "expired"
    wrong = [
        {}, {"PLEDGE_SURVEY_ID": "a public code"}, {"PLEDGE_REGION": "mars", "SURVEYMONKEY_API_URL": None},
        {"SURVEYMONKEY_API_URL": "ftp://nowhere"}, {"PLEDGE_VAULT_KEY": TOKEN},
        {"SURVEYMONKEY_ACCESS_TOKEN": f"{TOKEN} with blanks"}, {"PLEDGE_CONFIG": "missing.toml"},
    ]  # fmt: skip
    for changes in wrong:
        assert pledge("sync", "--direct", "--json", **changes).code in {10, 11, 13}
    assert_no_canary(pledge)


def test_a_form_that_lost_its_email_question_shows_no_person(settled):
    pledge, server = settled

    def drop_email(design: dict) -> None:
        for page in design["pages"]:
            page["questions"] = [one for one in page["questions"] if one["id"] != EMAIL_ID]

    server.platform.redesign(drop_email)
    server.platform.edit(canary_people()[0].response_id, email=None)
    assert pledge("sync", "--direct").code == 0
    assert_no_canary(pledge)


@pytest.mark.long
def test_nights_under_prefect_leave_no_person_outside_the_vault(prefect_nights):
    assert (prefect_nights.good.code, prefect_nights.buggy.code) == (0, 1)
    assert_no_canary(prefect_nights.pledge, prefect_nights.good.stdout, prefect_nights.buggy.stdout)


def test_a_night_as_a_process_writes_nothing_outside_its_home(watched):
    pledge, _ = watched
    ran = pledge.in_a_process("sync", "--direct", "--json")
    assert ran.code == 0
    (pledge.folder / "home").rename(pledge.folder.with_name("home of it"))
    assert [path.name for path in pledge.folder.rglob("*") if path.is_file()] == []
