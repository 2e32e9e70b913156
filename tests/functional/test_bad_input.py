"""What operators, the platform and the form can get wrong: a sentence, an exit code, and no harm."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest

from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import EMAIL_ID, NAME_ID, ROLE_ID, question_in
from flows.errors import FILE_REFUSED
from flows.run.progress import Quiet
from flows.settings.reading import read_settings
from tests.driving import UNTIL, Pledge, a_sandbox, run_night, tree
from tests.exporting import Style, export_bytes, exportable
from tests.plain_count import plain_count
from tests.refusals import DONE, PLATFORM, SETTINGS, assert_refused, nothing_published, refused

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
def test_a_missing_setting_is_named_and_the_night_recorded_as_refused(small_settled, changes, words):
    pledge, _ = small_settled
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
def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_done(small_settled, changes, words):
    pledge, server = small_settled
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
def test_a_wrong_pledge_toml_is_refused_and_the_place_named(small_settled, text, words):
    pledge, _ = small_settled
    (pledge.folder / "pledge.toml").write_text(text)
    refused(pledge, SETTINGS, *words)


def test_a_pledge_toml_in_another_encoding_is_refused(small_settled):
    pledge, _ = small_settled
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
def test_a_token_that_no_longer_holds_is_told_by_its_reason(small_settled, state, words):
    pledge, server = small_settled
    server.access.state = state
    ran = refused(pledge, PLATFORM, *words)
    assert ran.json["requests"] == len(server.calls) == 1


def test_a_wrong_token_a_wrong_survey_and_a_missing_scope_are_told_apart(small_settled):
    pledge, server = small_settled
    refused(pledge, PLATFORM, "token", "not known", SURVEYMONKEY_ACCESS_TOKEN="wrong")
    refused(pledge, PLATFORM, "/surveys/123", "PLEDGE_SURVEY_ID", PLEDGE_SURVEY_ID="123")
    server.access.granted = ("users_read", "surveys_read", "responses_read")
    refused(pledge, PLATFORM, "responses_read_detail")


def test_a_platform_that_is_down_is_waited_for_and_then_told(small_settled):
    pledge, _ = small_settled
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v3"
        slept: list[float] = []
        settings = read_settings(
            {"PLEDGE_HOME": str(pledge.home), **pledge.environment, "SURVEYMONKEY_API_URL": url},
            pledge.folder,
        )
        with nothing_published(pledge), pytest.raises(Exception, match="no usable answer") as error:
            run_night(settings, Quiet(), sleep=slept.append)
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


def test_a_choice_never_seen_before_counts_and_is_told(small_settled):
    pledge, server = small_settled
    person = next(iter(server.platform.signatories()))
    server.platform.edit(person.response_id, choice_id="999", other_text=None, status="completed")
    server.platform.edit(person.response_id, email="choice.unknown@example.org", mode="default")
    told = pledge("sync", "--direct", "--json").json
    count = plain_count(server.platform.signatories())
    assert {name: told[name] for name in count.figures} == count.figures
    assert told["by_role"]["(unknown choice)"] >= 1


def test_an_answer_to_a_question_taken_off_the_form_is_kept_and_does_no_harm(small_settled):
    pledge, server = small_settled

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


# The export files.


@pytest.fixture
def import_place(tmp_path):
    """A working folder whose environment names the survey and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": "518204417"})


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("pipe.csv", ["pipe.csv", "it is a pipe"]),
        (".", [". can't be read: it is a folder"]),
        ("", [". can't be read: it is a folder"]),
    ],
)
def test_what_is_no_file_is_refused_at_once_and_named(import_place, monkeypatch, given, words, dry_run):
    os.mkfifo(import_place.folder / "pipe.csv")
    monkeypatch.chdir(import_place.folder)
    assert_refused(import_place("import", given, *dry_run), FILE_REFUSED, *words)


def test_a_file_whose_name_is_no_text_is_read_and_its_name_shown_as_it_can_be(import_place):
    name = os.fsdecode(b"b\xff\x1b.csv")
    (import_place.folder / name).write_bytes(export_bytes(exportable(invent(60, 5, UNTIL)), Style()))
    shown = r"b\udcff\x1b.csv"
    path = str(import_place.folder / name)
    tried = import_place("import", "--dry-run", path)
    assert (tried.code, tried.stdout.splitlines()[0]) == (DONE, shown)
    told = import_place("import", "--json", path)
    assert [file["name"] for file in told.json["files"]] == [shown]
    assert f"responses of {shown}." in told.stderr
    assert import_place.records()[-1]["files"] == told.json["files"]
