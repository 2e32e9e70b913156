"""`pledge import --dry-run` ends as the import does, shows what was understood, and writes nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter

import pytest

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from flows import pipelines
from tests.driving import UNTIL, Pledge, a_sandbox, tree
from tests.exporting import Style, export_bytes, export_rows, exportable, write_export, write_table, write_zip
from tests.variants import variants

PEOPLE = exportable(invent(120, 5, UNTIL))
CONDENSED = Style(choices="condensed")
ROLE_TEXTS = list(pledge.ROLES.values())


@pytest.fixture
def place(tmp_path):
    """A working folder that knows the survey's number and no platform."""
    return Pledge(tmp_path, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})


@pytest.fixture
def synced(place):
    """The same after a night at a platform."""
    with a_sandbox(0) as server:
        for one in PEOPLE[:10]:
            server.platform.add(one)
        assert place.at(server)("sync", "--direct").code == 0
        yield place


def a_file(place, people=PEOPLE, **how):
    return write_export(place, people, **how)


def colours(n=8):
    rows = [["Respondent ID", "Start Date", "End Date", "Colour"], ["", "", "", "Open-Ended Response"]]
    return [*rows, *([str(n), "2025-01-13 10:00:00", "2025-01-13 10:01:00", "red"] for n in range(1, n + 1))]


def numbered():
    people = [one for one in PEOPLE if one.choice_id in pledge.ROLES]
    rows = export_rows(people, CONDENSED)
    return [*rows[:2], *([*row[:-2], str(ROLE_TEXTS.index(row[-2]) + 1), ""] for row in rows[2:])]


def both(place, *arguments, code, words):
    """The dry run ends as the import does, and leaves all as it was; its output."""
    before = tree(place.folder)
    tried = place("import", *arguments, "--dry-run")
    assert tree(place.folder) == before
    as_json = place("import", *arguments, "--dry-run", "--json")
    assert tree(place.folder) == before
    ran = place("import", *arguments)
    sentences = [one.stderr.strip().splitlines()[-1] for one in (tried, as_json, ran)]
    assert (tried.code, as_json.code, ran.code) == (code, code, code), ran.stderr
    assert sentences[0] == sentences[1] == sentences[2] == as_json.json["refused"]
    assert words in sentences[0]
    return tried


def test_a_file_without_the_pledges_email_question_is_refused_in_both(synced):
    tried = both(synced, write_table(synced, colours()), code=15, words="question for the email address")
    assert "Colour" in tried.stdout


@pytest.mark.long
def test_a_first_file_without_one_is_refused_in_both(place):
    both(place, write_table(place, colours()), code=10, words='[questions] email = "id:…"')


@pytest.mark.long
def test_numbers_whose_meaning_is_not_known_are_refused_in_both(place):
    both(place, write_table(place, numbered()), code=15, words="actual answer text")


@pytest.mark.long
def test_numbers_of_a_form_that_is_known_are_taken(synced):
    assert synced("import", write_table(synced, numbered()), "--dry-run").code == 0


@pytest.mark.long
def test_another_surveys_responses_and_a_setting_that_fits_nothing_are_refused_in_both(synced):
    both(synced, a_file(synced), "--answers-only", code=15, words="of another survey")
    (synced.folder / "pledge.toml").write_text('[questions]\nemail = "id:999"\n')
    both(synced, a_file(synced), code=10, words="fits no question")
    (synced.folder / "pledge.toml").write_text(
        '[[rules]]\nname = "no-such"\nquestion = "id:999"\nmust = "match"\npattern = "."\n'
        'severity = "hold"\nreason = "None."\n'
    )
    both(synced, a_file(synced), code=10, words="no-such")


@pytest.mark.long
def test_a_vault_that_is_lost_or_has_no_key_is_told_in_both(place):
    assert place("import", a_file(place)).code == 0
    key = place.home / "keys" / "vault.key"
    key.rename(key.with_name("elsewhere"))
    both(place, a_file(place), code=10, words="no key for it")
    key.with_name("elsewhere").rename(key)
    (place.home / "vault" / "vault.duckdb").unlink()
    both(place, a_file(place), code=13, words="backups of it are kept")


def test_a_pledge_whose_names_were_erased_takes_nothing_in_in_both(place):
    path = a_file(place)
    assert place("import", path).code == 0
    (place.folder / "pledge.toml").write_text(
        "[retention]\npledge_closed_on = 2025-11-30\nnames_and_addresses_months = 1\n"
    )
    assert place("retention").code == 0
    both(place, path, code=10, words="would bring them back")


def test_a_first_dry_run_makes_no_key_no_vault_and_no_folder(place):
    path = a_file(place)
    before = tree(place.folder)
    ran = place.in_a_process("import", path, "--dry-run")
    assert ran.code == 0, ran.stderr
    left = {name for name in tree(place.folder) if name not in {"user", "tmp"}}
    assert left == set(before)


@pytest.mark.long
def test_what_is_held_back_is_told_by_rule_as_the_import_does(place):
    text = export_bytes(PEOPLE, CONDENSED).decode().replace(PEOPLE[0].response_id, "1.14083E+11")
    (place.folder / "export.csv").write_text(text)
    path = str(place.folder / "export.csv")
    shown = place("import", path, "--dry-run").stdout
    tried = place("import", path, "--dry-run", "--json").json
    told = place("import", path, "--json").json
    (file,) = tried["files"]
    assert {one["rule"]: one["responses"] for one in file["held_back_by_rule"]} == told["held_back"]
    assert file["held_back"] == sum(told["held_back"].values()) > 1
    assert told["held_back"]["id-damaged"] == 1
    for one in file["held_back_by_rule"]:
        assert one["reason"].endswith(".")
        assert one["next_step"].endswith(".")
        assert one["rule"] in shown


@pytest.mark.long
def test_rules_of_the_users_own_are_among_them_but_for_what_must_be_unique(place):
    rule = '[[rules]]\nname = "{name}"\nquestion = "name"\nmust = "{must}"\n{more}severity = "hold"\n'
    rule += 'reason = "Ours."\n'
    (place.folder / "pledge.toml").write_text(
        rule.format(name="never", must="match", more='pattern = "never"\n')
        + rule.format(name="once", must="be-unique", more="")
    )
    assert place("import", a_file(place)).code == 0
    tried = place("import", a_file(place), "--dry-run", "--json").json
    found = Counter(one["rule"] for one in tried["files"][0]["held_back_by_rule"])
    assert found["never"] == 1
    assert found["once"] == 0


def test_it_shows_the_columns_dates_and_zone_and_what_each_column_is_for(place):
    path = a_file(place)
    ran = place("import", path, "--timezone", "Europe/Paris", "--dry-run")
    for words in (
        "utf-8",
        "2 heading rows",
        "month first, 12-hour clock",
        "Europe/Paris",
        "Nothing was written.",
    ):
        assert words in ran.stdout
    (file,) = place("import", path, "--timezone", "Europe/Paris", "--dry-run", "--json").json["files"]
    newest = max(one.modified_at for one in PEOPLE)
    assert file["last_modified"].startswith(newest.strftime("%Y-%m-%dT"))
    assert (file["timezone"], file["dates"]) == ("Europe/Paris", "month first, 12-hour clock")
    by_field = Counter(column["field"] for column in file["columns"])
    assert (by_field["email"], by_field["name"], by_field["role"]) == (1, 1, 2)
    assert file["columns"][0] == {
        "column": 1, "heading": "respondent id", "holds": "fixed column", "of": "", "field": "",
    }  # fmt: skip


@pytest.mark.long
def test_each_file_of_several_is_shown_the_refused_one_with_its_reason(place):
    broken = place.folder / "broken.csv"
    broken.write_text("")
    tried = place("import", a_file(place), str(broken), "--dry-run", "--json")
    assert tried.code == 15
    good, bad = tried.json["files"]
    assert (good["refused"], good["timezone"], bad["refused"] is None) == (None, "Europe/London", False)
    assert bad["refused"] in tried.json["refused"]


def test_answers_only_shows_what_any_file_holds(place):
    path = write_zip(place.folder / "any.zip", {"CSV/Any.csv": export_bytes(PEOPLE, Style())})
    tried = place("import", str(path), "--answers-only", "--dry-run", "--json").json
    assert (tried["files"][0]["responses"], tried["files"][0]["held_back_by_rule"]) == (len(PEOPLE), [])


@pytest.mark.parametrize("number", variants([1, 2], now=[1]))
def test_one_is_no_plural(place, number):
    people = [one for one in PEOPLE if one.email and one.choice_id][:number]
    assert place("import", a_file(place, PEOPLE[50:52], name="first.csv")).code == 0
    ran = place("import", a_file(place, people), "--replace", "--dry-run")
    assert "To be withdrawn: 2 responses" in ran.stdout
    one_left = [*people, PEOPLE[50]]
    ran = place("import", a_file(place, one_left), "--replace", "--dry-run")
    assert "To be withdrawn: 1 response of" in ran.stdout


def test_an_import_told_to_stop_speaks_of_itself_and_goes_on_the_next_time(place, monkeypatch):
    def long_statement(night, *_found):
        """Have the engine at work when the signal comes."""
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        night.vault.execute("select count(*) from range(1000000000000) as one where hash(one.range) = 1")

    path = a_file(place)
    monkeypatch.setattr(pipelines, "stage", long_statement)
    ran = place("import", path, "--json")
    assert (ran.code, ran.json["state"], ran.json["responses_new"]) == (143, "partial", len(PEOPLE))
    assert "Import the same files again" in ran.stderr
    assert "Import the same files again" in ran.json["warnings"][-1]
    ran = place("import", path, "--dry-run")
    assert (ran.code, ran.stderr) == (143, "Told to stop; nothing was written.\n")
    monkeypatch.undo()
    again = place("import", path, "--json").json
    assert (again["state"], again["conservation_ok"]) == ("complete", True)
