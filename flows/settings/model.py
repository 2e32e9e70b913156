"""Every setting, declared once, in parts: what takes only some of the settings takes such a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.settings.declared import declared, declared_section
from flows.settings.values import (
    HOSTS,
    Number,
    a_date,
    a_path,
    a_secret,
    a_share,
    a_survey,
    a_table_of_texts,
    a_text,
    a_text_or_none,
    a_zone,
    an_address,
    some_texts,
)

if TYPE_CHECKING:  # for start-up: few have these, and they look at much else
    from flows.settings.breakdowns import WantedBreakdown
    from flows.settings.custom_rules import OwnRule

USUAL_THRESHOLD = 10
BRAND = (
    "logo",
    "colour",
    "dark_colour",
    "introduction",
    "closing",
    "contact",
    "next_release",
    "templates",
    "fonts",
)
NEXT_ONE = "the next one is looked at"
A_QUESTION = "`id:QUESTION`, `id:QUESTION/LINE`, or how the heading begins"
AS_FOR_EMAIL = "as for email"
A_COLOUR = "`#` and six figures"

# Tables: where each setting stands, how it is read, what it means, its default; then what else is said.
# fmt: off


@dataclass(frozen=True)
class Home:
    """The folder under which everything is written, what lies where in it, and the time zone."""

    home: Path
    zone: str = declared(
        "schedule.timezone", a_zone, "the zone of the cron line, and of the times in the pack",
        "Europe/London", may_be="a time zone's name",
    )

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


@dataclass(frozen=True)
class KeySettings(Home):
    """Where the vault's key comes from: the variable, a file, Prefect's block, or the usual file."""

    vault_key_block: str | None = declared(
        "vault.secret_block", a_text, "the name of a Prefect Secret block that holds the key",
        unset="`[vault] secret_block`, or else `keys/vault.key` in `PLEDGE_HOME`", may_be="a block's name",
        variable="PLEDGE_VAULT_KEY_BLOCK",
    )
    vault_key: str | None = declared(
        "", a_secret, "the vault's key: at least 32 letters and digits",
        unset=NEXT_ONE, variable="PLEDGE_VAULT_KEY", is_secret=True,
    )
    vault_key_file: Path | None = declared(
        "", a_path, "a file that holds the key and that only its owner may read",
        unset=NEXT_ONE, variable="PLEDGE_VAULT_KEY_FILE",
    )
    new_vault_key: str | None = declared(
        "", a_secret, "for `pledge key rotate`: the key to change to",
        unset=NEXT_ONE, variable="PLEDGE_NEW_VAULT_KEY", is_secret=True,
    )
    new_vault_key_file: Path | None = declared(
        "", a_path, "for `pledge key rotate`: a file that holds the key to change to",
        unset="a key is made", variable="PLEDGE_NEW_VAULT_KEY_FILE",
    )


@dataclass(frozen=True)
class VaultSettings(KeySettings):
    """What opens the vault, and what is made of it."""

    role_groups: Mapping[str, str] = declared_section(
        "roles", a_table_of_texts,
        ("[roles]", "each choice is a role of its own", '`"choice\'s text or id" = "role"`, one a line',
         "groups choices into the roles that are shown"),
    )
    backups_kept: int = declared(
        "backup.keep", Number(1, 365), "backups of the vault kept for `pledge restore`", 7,
    )
    breakdowns: tuple[WantedBreakdown, ...] = ()


@dataclass(frozen=True)
class SourceSettings(VaultSettings):
    """The survey, by the first of id, link and title that is given; its questions; the platform."""

    survey_id: str | None = declared(
        "survey.id", a_survey, "the survey's number",
        unset="`[survey]`, or else the only survey that the token can see", may_be="a number",
        variable="PLEDGE_SURVEY_ID",
    )
    survey_link: str | None = declared(
        "survey.link", a_text,
        "the survey behind the link, if no id is set; costs a call a survey until it is found",
        may_be="a public link, or its code",
    )
    survey_title: str | None = declared(
        "survey.title", a_text,
        "the survey that is called so, or has it in its title, if neither id nor link is set",
    )
    questions: Mapping[str, str] = declared_section(
        "questions", a_table_of_texts,
        ("[questions] email", "found by its type, then by its heading", A_QUESTION,
         "the question for the email address"),
        ("[questions] name", AS_FOR_EMAIL, AS_FOR_EMAIL, "the question for the name"),
        ("[questions] role", "found by its heading", AS_FOR_EMAIL, "the question for the role"),
    )
    contact_question: str | None = declared(
        "contacts.question", a_text, "the question whether people may be written to, for `pledge contacts`",
        unset="nobody may be written to", may_be=AS_FOR_EMAIL,
    )
    contact_answers: tuple[str, ...] = declared(
        "contacts.answers", some_texts, "which answers to it mean yes", (),
        unset="none", may_be="a list of choices, by text or id",
    )
    api_url: str = declared(
        "platform.url", an_address, "full address of the API, ending in `/v3`; it holds before any region",
        HOSTS["us"],
        unset="by the region", may_be="an address that ends in `/v3`", variable="SURVEYMONKEY_API_URL",
    )
    token: str | None = declared(
        "", a_secret, "the access token",
        unset=NEXT_ONE, variable="SURVEYMONKEY_ACCESS_TOKEN", is_secret=True,
    )
    calls_reserved: int = declared(
        "platform.calls_reserved", Number(0, 499), "calls a day left to other users of the same app", 0,
    )
    sweep_every_days: int = declared(
        "sweep.every_days", Number(1, 365), "how often all ids are compared although the totals agree", 7,
    )
    full_every_days: int = declared(
        "sweep.full_every_days", Number(0, 365),
        "how often every response is fetched again, if that night has the calls; 0 is never", 28,
    )
    largest_withdrawal: float = declared(
        "sweep.largest_share", a_share,
        "per cent of the responses that may vanish in one night without a person's word", 0.05,
        unset="5", may_be="0 to 100",
    )


@dataclass(frozen=True)
class UpkeepSettings(VaultSettings):
    """When runs are, how long what is kept, and what stops a run."""

    cron: str = declared(
        "schedule.cron", a_text, "when `pledge schedule` runs a night", "15 2 * * *", may_be="five fields",
    )
    erase_after_days: int = declared(
        "withdrawals.erase_after_days", Number(0, 3650),
        "how long the answers of a withdrawn response are kept", 30,
    )
    pledge_closed_on: date | None = declared(
        "retention.pledge_closed_on", a_date, "the last day on which people could sign",
        unset="people can still sign", may_be="a date, without quotes",
    )
    names_months: int | None = declared(
        "retention.names_and_addresses_months", Number(1, 1200),
        "how many months after that day [what people typed is kept](#what-is-kept-no-longer)",
        unset="as long as the vault", may_be="1 to 1200; 6 to 24 are usual",
    )
    keep: int = declared("publish.keep", Number(1, 365), "earlier releases kept for `pledge rollback`", 7)
    stale_after_hours: int = declared(
        "publish.stale_after_hours", Number(1, 8760),
        "after how many hours `pledge status` calls the figures stale", 36,
    )
    largest_fall: float = declared(
        "audit.largest_fall", a_share,
        "per cent by which the signatories may become fewer in one night without a person's word; "
        "10 people or fewer never stop a night", 0.05, unset="5", may_be="0 to 100",
    )
    own_rules: tuple[OwnRule, ...] = ()


@dataclass(frozen=True)
class ReportSettings(VaultSettings):
    """What a pack says of itself, and how small a count it shows."""

    report_title: str = declared("report.title", a_text, "the pack's title", "Connect Pledge")
    organisation: str = declared("report.organisation", a_text, "whose pack it is", "Connect")
    threshold: int = declared(
        "report.threshold", Number(5, 20),
        "the smallest count that the pack shows; under 10 only with a reason", USUAL_THRESHOLD,
    )
    threshold_reason: str | None = declared(
        "report.threshold_reason", a_text, "why the threshold is under 10; the pack prints it",
    )
    fonts: Path | None = declared(
        "report.fonts", a_path, "fonts for scripts that the pack's own lack", may_be="a folder",
    )
    logo: Path | None = declared(
        "report.logo", a_path, "the [logo](report.md#the-look-and-the-words) in page, PDF and spreadsheet",
        may_be="an SVG or PNG file, at most 200 kB",
    )
    colour: str | None = declared(
        "report.colour", a_text, "the pack's colour; refused where its contrast is too low",
        unset="blue", may_be=A_COLOUR,
    )
    dark_colour: str | None = declared(
        "report.dark_colour", a_text, "the same for screens that are set to dark",
        unset="`colour`, lighter", may_be=A_COLOUR,
    )
    introduction: str | None = declared(
        "report.introduction", a_text_or_none, "what stands before the figures; `{title}` is the title",
        unset="two sentences", may_be='a text, or `""` for none',
    )
    closing: str | None = declared(
        "report.closing", a_text_or_none, "what stands at the end",
        unset="a word of thanks", may_be='a text, or `""` for none',
    )
    contact: str | None = declared(
        "report.contact", a_text, "whom readers may ask; `pledge report` warns until it is set",
    )
    next_release: date | None = declared(
        "report.next_release", a_date, "when the next pack is to come, as the pack tells",
        may_be="a date, without quotes",
    )
    pledge_text: str | None = declared(
        "report.pledge_text", a_text, "[what people sign](report.md#what-people-signed)",
        unset="the form's own text", may_be="a text, or a file: `.md` or `.txt`, at most 20 kB",
    )
    templates: Path | None = declared(
        "report.templates", a_path, "[templates of your own](report.md#templates-of-your-own)",
        may_be="a folder",
    )

    @property
    def brand(self) -> dict[str, Any]:
        """What is set of the pack's looks and words, for `reports.branding.brand_of`."""
        return {name: getattr(self, name) for name in BRAND if getattr(self, name) is not None}


# fmt: on
@dataclass(frozen=True)
class Settings(ReportSettings, UpkeepSettings, SourceSettings):
    """All that can be set. What takes only some of it says so by taking one of the parts."""
