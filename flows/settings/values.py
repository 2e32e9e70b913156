"""How one setting is read: a text, a number, a file, an address; a value that can't be used is told."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping


USUAL_THRESHOLD = 10
HOSTS = {
    "us": "https://api.surveymonkey.com/v3",
    "eu": "https://api.eu.surveymonkey.com/v3",
    "ca": "https://api.surveymonkey.ca/v3",
}

BRAND_TEXTS = ("colour", "dark_colour", "contact", "introduction", "closing")
BRAND_FILES = ("logo", "templates")


def a_secret(environ: Mapping[str, str], name: str) -> str | None:
    if environ.get(name, "").strip():
        return environ[name].strip()
    file_name = environ.get(f"{name}_FILE")
    if not file_name:
        return None
    try:
        return Path(file_name).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{name}_FILE names a file that can't be read; mend the path or its rights."
        ) from None


def an_address(environ: Mapping[str, str], platform: Mapping[str, Any]) -> str:
    in_environment = environ.get("SURVEYMONKEY_API_URL") or environ.get("PLEDGE_REGION")
    url = environ.get("SURVEYMONKEY_API_URL") or (None if in_environment else platform.get("url"))
    if url:
        if not re.fullmatch(r"https?://[^\s/@?#]+/v3/?", str(url)):
            raise SettingsError(
                "SURVEYMONKEY_API_URL must be a full address that ends in /v3, "
                f"such as {HOSTS['us']}; or set PLEDGE_REGION to us, eu or ca."
            )
        return str(url).rstrip("/")
    region = str(environ.get("PLEDGE_REGION") or platform.get("region") or "us").lower()
    if region not in HOSTS:
        raise SettingsError(f"PLEDGE_REGION must be us, eu or ca, not “{region}”.")
    return HOSTS[region]


def a_survey(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    if not text.isdigit():
        raise SettingsError(
            f"PLEDGE_SURVEY_ID must be the survey's number, not “{text[:40]}”; the code in a public link "
            "is no survey id: give it in pledge.toml as [survey] link instead."
        )
    return text


def texts(table: Mapping[str, Any], section: str) -> dict[str, str]:
    texts = table.get(section, {})
    return {name: str(a_text(texts, section, name)) for name in texts}


def a_text(table: Mapping[str, Any], section: str, name: str) -> str | None:
    value = table.get(name)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise SettingsError(f"pledge.toml: [{section}] “{name}” must be a text that is not empty.")
    return value


def some_texts(table: Mapping[str, Any], section: str, name: str) -> tuple[str, ...]:
    """A list of texts; a number is one too, as a choice's id may be written without quotes."""
    values = table.get(name, [])
    if not isinstance(values, list) or not all(
        isinstance(one, str | int) and not isinstance(one, bool) and str(one).strip() for one in values
    ):
        raise SettingsError(
            f'pledge.toml: [{section}] “{name}” must be a list of texts that are not empty, such as ["Yes"].'
        )
    return tuple(str(one).strip() for one in values)


def a_folder(table: Mapping[str, Any], section: str, name: str, beside: Path) -> Path | None:
    """Relative to the folder that pledge is run in, where pledge.toml usually is."""
    text = a_text(table, section, name)
    return (beside / text).absolute() if text else None


def a_brand(report: Mapping[str, Any], beside: Path) -> dict[str, str | Path]:
    """What is set of a pack's looks and words; an empty text takes the pack's own words away."""
    words = {name: "" if report.get(name) == "" else a_text(report, "report", name) for name in BRAND_TEXTS}
    files = {name: a_folder(report, "report", name, beside) for name in BRAND_FILES}
    return {name: value for name, value in (words | files).items() if value is not None}


def a_number(table: Mapping[str, Any], name: str, default: int, *, low: int, high: int) -> int:
    value = table.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SettingsError(f"pledge.toml: {name} must be a whole number from {low} to {high}.")
    return value


def a_threshold(report: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest count that a pack shows, and why it is lower than usual, which must be said then."""
    threshold = a_number(report, "threshold", USUAL_THRESHOLD, low=5, high=20)
    reason = a_text(report, "report", "threshold_reason")
    if threshold < USUAL_THRESHOLD and reason is None:
        raise SettingsError(
            f"pledge.toml: a [report] threshold under {USUAL_THRESHOLD} shows smaller groups of people, so "
            'it needs a reason, which the pack prints: set threshold_reason = "…" beside it.'
        )
    return {"threshold": threshold, "threshold_reason": reason.strip() if reason else None}


def a_date(table: Mapping[str, Any], name: str) -> date | None:
    value = table.get(name)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise SettingsError(f"pledge.toml: {name} must be a date without quotes, such as 2026-06-30.")
    return value


def a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            f"pledge.toml: [schedule] timezone “{name}” is no time zone; use Europe/London."
        ) from None
    return name


def a_file(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None
