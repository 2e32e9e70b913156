"""Settings: `pledge.toml`, overridden by the environment; the one place that reads either."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.errors import SettingsError
from flows.settings.custom_rules import OwnRule
from flows.settings.declared import Setting, read_declared, refuse_unknown, settings_of
from flows.settings.report import FOLDERS_AND_FILES, USUAL_THRESHOLD, ReportSettings
from flows.settings.source import SourceSettings
from flows.settings.upkeep import UpkeepSettings
from flows.settings.values import a_region, a_secret_file

RULES = "rules"
OF_THE_PLACE = (
    ("PLEDGE_HOME", "`pledge-data` in the working folder", "where everything is written"),
    ("PLEDGE_CONFIG", "`pledge.toml` in the working folder", "the settings file"),
)
"""Rows for the documents of what only says where things are."""
REGION = Setting(
    a_region,
    "platform",
    "region",
    "PLEDGE_REGION",
    (("[platform] region", "us", "us, eu or ca", "as `PLEDGE_REGION`"),),
    ("`us`", "`us`, `eu` or `ca`: where the account lives"),
)
TOKEN_FILE = Setting(
    a_secret_file,
    variable="SURVEYMONKEY_ACCESS_TOKEN_FILE",
    in_environment=("no token", "a file that holds the token"),
)


@dataclass(frozen=True)
class Settings(ReportSettings, UpkeepSettings, SourceSettings):
    """All that can be set. What takes only some of it says so by taking one of the parts."""


def all_settings() -> dict[str, Setting]:
    """Every setting but the user's own rules: those that are fields by their names, two beside."""
    return settings_of(Settings) | {"region": REGION, "token_file": TOKEN_FILE}


def home_of(environ: Mapping[str, str], folder: Path) -> Path:
    """Where everything is written, which only the environment says."""
    return Path(environ.get("PLEDGE_HOME") or folder / "pledge-data").absolute()


def read_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Settings from *environ* and from ``pledge.toml`` in *folder* or where ``PLEDGE_CONFIG`` says.

    Raises:
        SettingsError: a file can't be read, a name isn't known, or a value can't be used.
    """
    table = _read_toml(environ, folder)
    found = read_declared(all_settings(), table, environ)
    region, token_file = found.pop("region", None), found.pop("token_file", None)
    is_region_nearer = "PLEDGE_REGION" in environ and not environ.get("SURVEYMONKEY_API_URL")
    if region and (is_region_nearer or "api_url" not in found):
        found["api_url"] = region
    found.setdefault("token", token_file)
    for name in FOLDERS_AND_FILES:
        if name in found:
            found[name] = (folder / found[name]).absolute()
    _refuse_halves(found)
    return Settings(home=home_of(environ, folder), own_rules=_own_rules(table), **found)


def _refuse_halves(found: Mapping[str, Any]) -> None:
    """Settings that need one another."""
    if ("contact_question" in found) != bool(found.get("contact_answers")):
        raise SettingsError(
            "pledge.toml: [contacts] needs both question and answers: what asks people whether they may be "
            "written to, and which choices mean yes."
        )
    if found.get("threshold", USUAL_THRESHOLD) < USUAL_THRESHOLD and "threshold_reason" not in found:
        raise SettingsError(
            f"pledge.toml: a [report] threshold under {USUAL_THRESHOLD} shows smaller groups of people, so "
            'it needs a reason, which the pack prints: set threshold_reason = "…" beside it.'
        )


def _own_rules(table: Mapping[str, Any]) -> tuple[OwnRule, ...]:
    if RULES not in table:
        return ()
    from flows.settings.custom_rules import read_own_rules  # few have any, and it looks at much else

    return read_own_rules(table[RULES])


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
    refuse_unknown(all_settings(), table, path.name, own_sections={RULES})
    return table
