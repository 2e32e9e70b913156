"""Settings: what the environment and pledge.toml say, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.errors import SettingsError
from flows.settings.model import Settings
from flows.settings.reading import read_settings
from flows.settings.values import HOSTS


@pytest.fixture
def toml(tmp_path):
    """Write pledge.toml, and read the settings of that folder with an environment."""

    def read(text: str = "", **environ: str) -> Settings:
        if text:
            (tmp_path / "pledge.toml").write_text(text, encoding="utf-8")
        return read_settings(environ, tmp_path)

    return read


def test_how_long_names_are_kept_is_read(toml):
    nothing = toml()
    assert (nothing.pledge_closed_on, nothing.names_months) == (None, None)
    found = toml("[retention]\npledge_closed_on = 2026-06-30\nnames_and_addresses_months = 12\n")
    assert (found.pledge_closed_on, found.names_months) == (date(2026, 6, 30), 12)


@pytest.mark.parametrize(
    "text",
    [
        'pledge_closed_on = "2026-06-30"',
        "pledge_closed_on = 2026-06-30T12:00:00",
        "pledge_closed_on = 20260630",
        "names_and_addresses_months = 0",
        'names_and_addresses_months = "12"',
        "ip_addresses_days = 30",
    ],
)
def test_a_time_that_cannot_be_read_is_refused(toml, text):
    name = text.split(" = ", maxsplit=1)[0]
    with pytest.raises(SettingsError, match=name):
        toml(f"[retention]\n{text}\n")


def test_with_nothing_said_everything_has_its_documented_default(toml, tmp_path):
    assert toml() == Settings(home=tmp_path / "pledge-data")
    found = toml()
    assert (found.api_url, found.token, found.survey_id) == (HOSTS["us"], None, None)
    assert (found.cron, found.zone, found.keep, found.threshold) == ("15 2 * * *", "Europe/London", 7, 10)


def test_all_that_is_written_lies_under_the_home(toml):
    found = toml(PLEDGE_HOME="/somewhere/else")
    places = [
        found.vault_path, found.published_path, found.runs_folder, found.reports_folder,
        found.default_key_file, found.backups_folder,
    ]  # fmt: skip
    assert all(place.is_relative_to("/somewhere/else") for place in places)
    assert not found.default_key_file.is_relative_to(found.published_folder)


def test_a_home_that_is_relative_is_settled_at_once(toml):
    assert toml(PLEDGE_HOME="data").home == Path.cwd() / "data"


def test_pledge_toml_sets_what_the_environment_does_not(toml):
    found = toml(
        """
        [survey]
        id = 4100
        [questions]
        email = "id:12"
        [roles]
        "Policy-maker" = "Politics"
        [schedule]
        cron = "0 3 * * *"
        timezone = "Europe/Dublin"
        [platform]
        region = "eu"
        calls_reserved = 20
        [sweep]
        every_days = 2
        full_every_days = 0
        largest_share = 10
        [publish]
        keep = 3
        stale_after_hours = 50
        [report]
        title = "The Pledge"
        organisation = "Connect"
        threshold = 12
        fonts = "more-fonts"
        """
    )
    assert found == Settings(
        home=found.home, api_url=HOSTS["eu"], survey_id="4100", questions={"email": "id:12"},
        role_groups={"Policy-maker": "Politics"}, cron="0 3 * * *", zone="Europe/Dublin", calls_reserved=20,
        sweep_every_days=2, full_every_days=0,
        largest_withdrawal=0.1, keep=3, stale_after_hours=50, report_title="The Pledge",
        threshold=12, fonts=found.home.parent / "more-fonts",
    )  # fmt: skip


def test_the_environment_wins_over_pledge_toml(toml):
    text = '[survey]\nid = "1"\n[platform]\nurl = "https://one.example.org/v3"\nregion = "ca"'
    assert toml(text, PLEDGE_SURVEY_ID="2").survey_id == "2"
    assert toml(text).api_url == "https://one.example.org/v3"
    assert toml(text, SURVEYMONKEY_API_URL="http://127.0.0.1:1/v3/").api_url == "http://127.0.0.1:1/v3"


@pytest.mark.parametrize(("region", "host"), HOSTS.items())
def test_a_region_is_a_short_form_for_its_host(toml, region, host):
    assert toml(PLEDGE_REGION=region.upper()).api_url == host


def test_pledge_config_names_another_file(toml, tmp_path):
    (tmp_path / "mine.toml").write_text("[publish]\nkeep = 2")
    assert toml("[publish]\nkeep = 3", PLEDGE_CONFIG=str(tmp_path / "mine.toml")).keep == 2


def test_a_secret_may_lie_in_a_file_and_the_variable_itself_comes_first(toml, tmp_path):
    (tmp_path / "token").write_text("from-a-file\n")
    named = {"SURVEYMONKEY_ACCESS_TOKEN_FILE": str(tmp_path / "token")}
    assert toml(**named).token == "from-a-file"
    assert toml(**named, SURVEYMONKEY_ACCESS_TOKEN=" at-once ").token == "at-once"


def test_an_empty_variable_is_no_setting(toml, tmp_path):
    empty = dict.fromkeys(
        (
            "PLEDGE_HOME", "PLEDGE_CONFIG", "PLEDGE_SURVEY_ID", "PLEDGE_REGION", "SURVEYMONKEY_API_URL",
            "SURVEYMONKEY_ACCESS_TOKEN", "SURVEYMONKEY_ACCESS_TOKEN_FILE", "PLEDGE_VAULT_KEY",
            "PLEDGE_VAULT_KEY_FILE",
        ),
        "",
    )  # fmt: skip
    assert toml(**empty) == Settings(home=tmp_path / "pledge-data")


def test_settings_show_no_secret(toml):
    shown = repr(toml(SURVEYMONKEY_ACCESS_TOKEN="very-secret", PLEDGE_VAULT_KEY="even-more-so"))
    assert "very-secret" not in shown
    assert "even-more-so" not in shown


@pytest.mark.parametrize(
    ("text", "environ", "named"),
    [
        ("[publish]\nkeep = 0", {}, "keep"),
        ("[publish]\nkeep = true", {}, "keep"),
        ("[report]\nthreshold = 4", {}, "threshold"),
        ("[report]\nthreshold = 21", {}, "threshold"),
        ("[report]\nthreshold = 9", {}, "threshold_reason"),
        ('[report]\nthreshold = 9\nthreshold_reason = " "', {}, "threshold_reason"),
        ("[platform]\ncalls_reserved = 500", {}, "calls_reserved"),
        ("[survey]\nid = 'PNT25QM'", {}, "PLEDGE_SURVEY_ID"),
        ("[survey]\nlink = ['a']", {}, "link"),
        ("[questions]\nemail = ' '", {}, "email"),
        ("[questions]\naddress = 'id:1'", {}, "address"),
        ("survey = 1", {}, "survey"),
        ("", {"PLEDGE_SURVEY_ID": "12a"}, "PLEDGE_SURVEY_ID"),
        ("", {"PLEDGE_SURVEY_ID": " "}, "PLEDGE_SURVEY_ID"),
        ("", {"PLEDGE_REGION": "uk"}, "PLEDGE_REGION"),
        ("", {"SURVEYMONKEY_API_URL": "https://me:secret@example.org/v3"}, "SURVEYMONKEY_API_URL"),
        ("", {"SURVEYMONKEY_API_URL": "https://example.org/v3?token=1"}, "SURVEYMONKEY_API_URL"),
        ("", {"SURVEYMONKEY_API_URL": "file:///v3"}, "SURVEYMONKEY_API_URL"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(toml, text, environ, named):
    with pytest.raises(SettingsError, match=named) as error:
        toml(text, **environ)
    assert "secret" not in str(error.value)


def test_the_looks_and_words_of_the_pack_are_handed_on_as_they_are_set(toml, tmp_path):
    assert toml().brand == {}
    found = toml('[report]\nlogo = "a.svg"\ncolour = "#0b6e4f"\nclosing = ""\ncontact = "Ask us."\n')
    assert found.brand == {
        "logo": tmp_path / "a.svg", "colour": "#0b6e4f", "closing": "", "contact": "Ask us."
    }  # fmt: skip


@pytest.mark.parametrize("text", ["colour = 5", 'colour = " "', 'logo = ""', "templates = true"])
def test_a_look_that_is_no_text_is_refused(toml, text):
    with pytest.raises(SettingsError, match=text.split(" ", maxsplit=1)[0]):
        toml(f"[report]\n{text}\n")
