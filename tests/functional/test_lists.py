"""Lists of people: asked for with a reason, recorded before a row is shown, kept in files of the owner's."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from flows.staff.lists import MARKS, NOTE
from tests.driving import AWKWARD_NAME, Pledge, now_in_utc
from warehouse.database.connection import attached

if TYPE_CHECKING:
    from pathlib import Path

SAVED = ["signatories", "review", "roles"]
SHOWING = [*SAVED, "decisions"]
WHY = ("--reason", "a letter of thanks")
ADDRESSES = ["ailsa@example.org", "ask A@b about it", "ailsa\uff20example"]


def kept(pledge: Pledge) -> list[Path]:
    return sorted((pledge.home / "lists").glob("*"))


def log_of(pledge: Pledge) -> list[tuple[str, str, int]]:
    rows = pledge("access-log", "--format", "json").rows
    return [(row["command"], row["reason"], row["n_rows"]) for row in rows]


def change(pledge: Pledge, sql: str) -> None:
    key = (pledge.home / "keys" / "vault.key").read_text().strip()
    with attached(pledge.home / "vault" / "vault.duckdb", key) as vault:
        vault.execute(sql)


# Reasons, and the access log.


@pytest.mark.parametrize("command", [*SHOWING, "contacts"])
def test_a_command_that_shows_what_people_wrote_wants_a_reason(after_two_nights, command):
    for reason in ([], ["--reason", "  "]):
        ran = after_two_nights(command, *reason)
        assert (ran.code, ran.stdout) == (2, "")
        assert "--reason" in ran.stderr
    assert log_of(after_two_nights) == []


@pytest.mark.parametrize("reason", ADDRESSES)
def test_a_reason_that_holds_an_address_is_refused_without_showing_it(after_two_nights, reason):
    commands = [
        *([command, "--reason", reason] for command in [*SHOWING, "contacts"]),
        ["reject", "1", "--because", reason],
        ["undo", "1", "--because", reason],
    ]
    for command in commands:
        ran = after_two_nights(*command)
        assert (ran.code, ran.stdout) == (2, "")
        assert "holds an email address" in ran.stderr
        assert [word for word in ("ailsa", "a@b") if word in ran.stderr.casefold()] == []
    assert log_of(after_two_nights) == []


def test_a_lone_at_sign_is_no_address(after_two_nights):
    assert after_two_nights("roles", "--reason", "a meeting @ 5, room @").code == 0


@pytest.mark.parametrize("command", SHOWING)
def test_each_use_is_recorded_with_how_many_rows_it_showed(after_two_nights, command):
    rows = after_two_nights(command, *WHY, "--format", "json").rows
    assert log_of(after_two_nights) == [(command, WHY[1], len(rows))]
    assert after_two_nights("access-log", "--verify").code == 0


@pytest.mark.parametrize("options", [[], ["--save"]], ids=["shown", "saved"])
@pytest.mark.parametrize("command", SAVED)
def test_what_could_not_be_recorded_is_not_shown_and_not_saved(after_two_nights, command, options):
    change(after_two_nights, "alter table privacy.access_log rename to elsewhere")
    ran = after_two_nights(command, *WHY, *options)
    assert (ran.code, ran.stdout) == (1, "")
    assert kept(after_two_nights) == []


# Files.


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("command", SAVED)
def test_a_saved_list_is_a_whole_file_for_its_owner_marked_with_when_who_and_why(
    after_two_nights, command, form
):
    shown = after_two_nights(command, *WHY, "--format", form)
    ran = after_two_nights(command, *WHY, "--format", form, "--save")
    assert (ran.code, ran.stdout) == (0, "")
    (path,) = kept(after_two_nights)
    assert path.match(f"lists/{command}-20*Z.{form}")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]
    rows, printed = rows_of(path.read_text("utf-8-sig"), form), rows_of(shown.stdout, form)
    assert f"{len(rows):,} " in ran.stderr
    assert str(path) in ran.stderr
    assert "Delete the file after use" in ran.stderr
    assert [{name: cell for name, cell in row.items() if name not in MARKS} for row in rows] == printed
    entry = after_two_nights("access-log", "--format", "json").rows[-1]
    assert (entry["command"], entry["n_rows"]) == (f"{command} --save", len(rows))
    assert {tuple(str(row[name]) for name in MARKS) for row in rows} == {
        (entry["used_at"], entry["who"], WHY[1], str(entry["entry_no"]), NOTE)
    }


def rows_of(text: str, form: str) -> list[dict]:
    return json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_saved_csv_opens_in_a_spreadsheet_as_it_is_and_runs_nothing(after_two_nights):
    after_two_nights("signatories", "--reason", "=cmd()", "--save")
    (path,) = kept(after_two_nights)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfresponse_id,name,email,")
    assert content.endswith(f'"{NOTE}"\r\n'.encode())
    rows = rows_of(content.decode("utf-8-sig"), "csv")
    assert {row["list_reason"] for row in rows} == {"'=cmd()"}
    cells = [cell for row in rows for cell in row.values()]
    assert f"'{AWKWARD_NAME}" in cells
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))] == []


def test_a_list_without_rows_is_a_file_with_headings(after_two_nights):
    ran = after_two_nights("review", *WHY, "--signal", "no-such-signal", "--save")
    (path,) = kept(after_two_nights)
    assert "0 open cases in " in ran.stderr
    assert rows_of(path.read_text("utf-8-sig"), "csv") == []
    assert path.read_text("utf-8-sig").startswith("case_name,reason,response_ids,names,emails,listed_at")


def test_each_list_has_a_file_of_its_own_and_what_a_killed_command_left_goes(after_two_nights):
    for _ in range(2):
        after_two_nights("roles", *WHY, "--save")
    leftover = after_two_nights.home / "lists" / ".signatories-20260101T000000_000000Z.csv.new"
    leftover.write_text("half a list")
    after_two_nights("roles", *WHY, "--save")
    assert len(kept(after_two_nights)) == 3
    assert not leftover.exists()


def test_a_list_that_cannot_be_written_is_told_and_leaves_nothing(after_two_nights):
    (after_two_nights.home / "lists").write_text("in the way")
    ran = after_two_nights("signatories", *WHY, "--save")
    assert (ran.code, ran.stdout, "Traceback" in ran.stderr) == (13, "", False)
    assert "lists" in ran.stderr


# The doctor.


def lists_found(pledge: Pledge) -> list[dict]:
    findings = pledge("doctor", "--json", SURVEYMONKEY_ACCESS_TOKEN=None).json["findings"]
    return [one for one in findings if one["check"] in {"lists", "rights"}]


def test_the_doctor_tells_lists_that_are_old_or_that_others_may_read(after_two_nights):
    assert [one["check"] for one in lists_found(after_two_nights)] == ["rights"]
    for _ in range(2):
        after_two_nights("roles", *WHY, "--save")
    assert [one["state"] for one in lists_found(after_two_nights)] == ["ok", "ok"]
    old, new = kept(after_two_nights)
    for path, days in ((old, 31), (new, 29)):
        then = (now_in_utc() - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    new.chmod(0o644)
    rights, lists = lists_found(after_two_nights)
    assert (rights["state"], lists["state"]) == ("problem", "warning")
    assert "1 of 2 lists of people are older than 30 days" in lists["told"]
    assert lists["next_step"] == f"delete them from {old.parent}"
    assert after_two_nights("doctor", "--fix", SURVEYMONKEY_ACCESS_TOKEN=None).code in {0, 10}
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
