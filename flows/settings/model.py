"""Settings: `pledge.toml`, overridden by the environment; the one place that reads either."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import SettingsError
from flows.settings.values import (
    BRAND_FILES,
    BRAND_TEXTS,
    HOSTS,
    a_brand,
    a_date,
    a_file,
    a_folder,
    a_number,
    a_secret,
    a_survey,
    a_text,
    a_threshold,
    a_zone,
    an_address,
    some_texts,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flows.settings.custom_rules import OwnRule


DEFAULT_CRON = "15 2 * * *"
DEFAULT_ZONE = "Europe/London"
KNOWN = {
    "survey": {"id", "title", "link"},
    "questions": {"email", "name", "role"},
    "contacts": {"question", "answers"},
    "roles": None,
    "schedule": {"cron", "timezone"},
    "platform": {"region", "url", "calls_reserved", "in_flight"},
    "sweep": {"every_days", "full_every_days", "largest_share"},
    "publish": {"keep", "stale_after_hours"},
    "report": {"title", "organisation", "threshold", "threshold_reason", "fonts", *BRAND_TEXTS, *BRAND_FILES},
    "backup": {"keep"},
    "withdrawals": {"erase_after_days"},
    "retention": {"pledge_closed_on", "names_and_addresses_months"},
    "audit": {"largest_fall"},
    "vault": {"secret_block"},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set, with what holds where nothing is said.

    home: everything is written under it.
    survey_id, survey_title, survey_link: the survey, by the first of them that is given.
    questions: field (``email``, ``name``, ``role``) to ``id:…`` or the beginning of a heading.
    contact_question: what asks whether a person may be written to, as in questions; None: nothing does.
    contact_answers: the choices of that question, by id or text, that mean yes.
    role_groups: a choice's id or text to the role it is shown as.
    calls_reserved: calls a day left to other users of the same app.
    in_flight: pages asked for at a time where many are to come; 1 is one after another.
    sweep_every_days: how often all ids are compared, even if the totals agree.
    full_every_days: how often every response is fetched again, where a day's calls suffice; 0: never.
    largest_withdrawal: share of the responses that may vanish in one night without a person's word.
    keep: published files kept for `pledge rollback`.
    backups_kept: copies of the vault kept for `pledge restore`.
    erase_after_days: how long the answers of a withdrawn response are kept.
    pledge_closed_on: the last day on which people could sign; None while they can.
    names_months: how many months after it names and addresses are kept; None: while the vault is.
    threshold: smallest count that a report shows.
    threshold_reason: why it is under 10; printed in the pack.
    fonts: folder of fonts for scripts that the pack's own lack; None for none.
    brand: what is set of the pack's looks and words, for `reports.branding.brand_of`.
    largest_fall: share by which the signatories may become fewer in one night without a person's word.
    own_rules: row rules of the user's own.
    vault_key_block: name of the Prefect Secret block that holds the vault's key.
    new_vault_key, new_vault_key_file: what `pledge key rotate` is to change the key for.
    """

    home: Path
    token: str | None = field(default=None, repr=False)
    api_url: str = HOSTS["us"]
    survey_id: str | None = None
    survey_title: str | None = None
    survey_link: str | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    contact_question: str | None = None
    contact_answers: tuple[str, ...] = ()
    role_groups: Mapping[str, str] = field(default_factory=dict)
    cron: str = DEFAULT_CRON
    zone: str = DEFAULT_ZONE
    calls_reserved: int = 0
    in_flight: int = 2
    sweep_every_days: int = 7
    full_every_days: int = 28
    largest_withdrawal: float = 0.05
    keep: int = 7
    backups_kept: int = 7
    erase_after_days: int = 30
    pledge_closed_on: date | None = None
    names_months: int | None = None
    stale_after_hours: int = 36
    report_title: str = "Connect Pledge"
    organisation: str = "Connect"
    threshold: int = 10
    threshold_reason: str | None = None
    fonts: Path | None = None
    brand: Mapping[str, Any] = field(default_factory=dict)
    vault_key: str | None = field(default=None, repr=False)
    vault_key_file: Path | None = None
    largest_fall: float = 0.05
    own_rules: tuple[OwnRule, ...] = ()
    vault_key_block: str | None = None
    new_vault_key: str | None = field(default=None, repr=False)
    new_vault_key_file: Path | None = None

    @property
    def vault_path(self) -> Path:
        return self.home / "vault" / "vault.duckdb"

    @property
    def backups_folder(self) -> Path:
        return self.home / "backups"

    @property
    def published_folder(self) -> Path:
        return self.home / "published"

    @property
    def published_path(self) -> Path:
        return self.published_folder / "pledge.duckdb"

    @property
    def runs_folder(self) -> Path:
        return self.home / "runs"

    @property
    def reports_folder(self) -> Path:
        return self.home / "reports"

    @property
    def lists_folder(self) -> Path:
        return self.home / "lists"

    @property
    def default_key_file(self) -> Path:
        return self.home / "keys" / "vault.key"


def home_of(environ: Mapping[str, str], folder: Path) -> Path:
    """Where everything is written, which only the environment says."""
    return Path(environ.get("PLEDGE_HOME") or folder / "pledge-data").absolute()


def read_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Settings from *environ* and from ``pledge.toml`` in *folder* or where ``PLEDGE_CONFIG`` says.

    Raises:
        SettingsError: a file can't be read, a name isn't known, or a value can't be used.
    """
    table = _read_toml(environ, folder)
    survey, platform = table.get("survey", {}), table.get("platform", {})
    schedule, sweep = table.get("schedule", {}), table.get("sweep", {})
    publish, report = table.get("publish", {}), table.get("report", {})
    retention = table.get("retention", {})
    return Settings(
        home=home_of(environ, folder),
        token=a_secret(environ, "SURVEYMONKEY_ACCESS_TOKEN"),
        api_url=an_address(environ, platform),
        survey_id=a_survey(environ.get("PLEDGE_SURVEY_ID") or survey.get("id")),
        survey_title=a_text(survey, "survey", "title"),
        survey_link=a_text(survey, "survey", "link"),
        questions=texts(table, "questions"),
        **_contacts(table.get("contacts", {})),
        role_groups=texts(table, "roles"),
        cron=str(schedule.get("cron", DEFAULT_CRON)),
        zone=a_zone(str(schedule.get("timezone", DEFAULT_ZONE))),
        calls_reserved=a_number(platform, "calls_reserved", 0, low=0, high=499),
        in_flight=a_number(platform, "in_flight", 2, low=1, high=8),
        sweep_every_days=a_number(sweep, "every_days", 7, low=1, high=365),
        full_every_days=a_number(sweep, "full_every_days", 28, low=0, high=365),
        largest_withdrawal=a_number(sweep, "largest_share", 5, low=0, high=100) / 100,
        keep=a_number(publish, "keep", 7, low=1, high=365),
        backups_kept=a_number(table.get("backup", {}), "keep", 7, low=1, high=365),
        erase_after_days=a_number(table.get("withdrawals", {}), "erase_after_days", 30, low=0, high=3650),
        pledge_closed_on=a_date(retention, "pledge_closed_on"),
        names_months=a_number(retention, "names_and_addresses_months", 12, low=1, high=1200)
        if "names_and_addresses_months" in retention
        else None,
        stale_after_hours=a_number(publish, "stale_after_hours", 36, low=1, high=8760),
        report_title=str(report.get("title", "Connect Pledge")),
        organisation=str(report.get("organisation", "Connect")),
        **a_threshold(report),
        fonts=a_folder(report, "report", "fonts", folder),
        brand=a_brand(report, folder),
        vault_key=environ.get("PLEDGE_VAULT_KEY") or None,
        vault_key_file=a_file(environ, "PLEDGE_VAULT_KEY_FILE"),
        largest_fall=a_number(table.get("audit", {}), "largest_fall", 5, low=0, high=100) / 100,
        own_rules=_own_rules(table),
        vault_key_block=environ.get("PLEDGE_VAULT_KEY_BLOCK")
        or a_text(table.get("vault", {}), "vault", "secret_block"),
        new_vault_key=environ.get("PLEDGE_NEW_VAULT_KEY") or None,
        new_vault_key_file=a_file(environ, "PLEDGE_NEW_VAULT_KEY_FILE"),
    )


def _contacts(table: Mapping[str, Any]) -> dict[str, Any]:
    question, answers = a_text(table, "contacts", "question"), some_texts(table, "contacts", "answers")
    if bool(question) != bool(answers):
        raise SettingsError(
            "pledge.toml: [contacts] needs both question and answers: what asks people whether they may be "
            "written to, and which choices mean yes."
        )
    return {"contact_question": question and question.strip(), "contact_answers": answers}


def _own_rules(table: Mapping[str, Any]) -> tuple[OwnRule, ...]:
    if "rules" not in table:
        return ()
    from flows.settings.custom_rules import read_own_rules  # few have any, and it looks at much else

    return read_own_rules(table["rules"])


def _read_toml(environ: Mapping[str, str], folder: Path) -> dict[str, Any]:
    named = environ.get("PLEDGE_CONFIG")
    path = Path(named) if named else folder / "pledge.toml"
    if not path.exists():
        if named:
            raise SettingsError(
                f"PLEDGE_CONFIG names {path.name}, which is not there; mend the path or unset it."
            )
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.name} can't be read ({type(error).__name__}); mend its rights or encoding."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}. Mend it and run again.") from None
    _refuse_unknown(table, path.name)
    return table


def _refuse_unknown(table: Mapping[str, Any], file_name: str) -> None:
    for section, content in table.items():
        if section == "rules":
            continue  # [[rules]] are many; flows.settings.custom_rules looks at each
        if section not in KNOWN or not isinstance(content, dict):
            raise SettingsError(
                f"{file_name}: [{section}] is no section; there are: {', '.join(sorted(KNOWN))}."
            )
        names = KNOWN[section]
        for name in content:
            if names is not None and name not in names:
                raise SettingsError(
                    f"{file_name}: [{section}] has no setting “{name}”; "
                    f"there are: {', '.join(sorted(names))}."
                )
