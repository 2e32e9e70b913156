"""How one setting is read: a text, a number, a file, an address; a value that can't be used is told.

Each reader takes the value as it stands and its name there, and raises `SettingsError`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flows.errors import SettingsError

HOSTS = {
    "us": "https://api.surveymonkey.com/v3",
    "eu": "https://api.eu.surveymonkey.com/v3",
    "ca": "https://api.surveymonkey.ca/v3",
}


def a_text(value: Any, name: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{name} must be a text that is not empty.")
    return value.strip()


def a_text_or_none(value: Any, name: str) -> str:
    """A text; an empty one takes the pack's own words away."""
    return value if value == "" else a_text(value, name)


def some_texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts; a number is one too, as a choice's id may be written without quotes."""
    if not isinstance(value, list) or not all(
        isinstance(one, str | int) and not isinstance(one, bool) and str(one).strip() for one in value
    ):
        raise SettingsError(f'{name} must be a list of texts that are not empty, such as ["Yes"].')
    return tuple(str(one).strip() for one in value)


def a_table_of_texts(value: Any, name: str) -> dict[str, str]:
    """A whole section of names and texts."""
    return {key: a_text(text, f"pledge.toml: {name} “{key}”") for key, text in value.items()}


@dataclass(frozen=True, slots=True)
class Number:
    """Reads whole numbers within bounds."""

    low: int
    high: int

    def __call__(self, value: Any, name: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise SettingsError(f"{name} must be a whole number from {self.low} to {self.high}.")
        return value


def a_share(value: Any, name: str) -> float:
    """Per cent, as a share of one."""
    return Number(0, 100)(value, name) / 100


def a_date(value: Any, name: str) -> date:
    """A day, as TOML writes it."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise SettingsError(f"{name} must be a date without quotes, such as 2026-06-30.")
    return value


def a_zone(value: Any, name: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise SettingsError(f"{name}: “{value}” is no time zone; use Europe/London.") from None
    return str(value)


def a_path(value: Any, name: str) -> Path:
    """A file or folder. Relative to the folder that pledge is run in, where pledge.toml usually is."""
    return Path(a_text(value, name))


def a_survey(value: Any, _name: str) -> str:
    """A survey's number."""
    text = str(value).strip()
    if not text.isdigit():
        raise SettingsError(
            f"PLEDGE_SURVEY_ID must be the survey's number, not “{text[:40]}”; the code in a public link "
            "is no survey id: give it in pledge.toml as [survey] link instead."
        )
    return text


def an_address(value: Any, _name: str) -> str:
    """The platform's address."""
    if not re.fullmatch(r"https?://[^\s/@?#]+/v3/?", str(value)):
        raise SettingsError(
            "SURVEYMONKEY_API_URL must be a full address that ends in /v3, "
            f"such as {HOSTS['us']}; or set PLEDGE_REGION to us, eu or ca."
        )
    return str(value).rstrip("/")


def a_region(value: Any, _name: str) -> str:
    """The platform's address, by its short form."""
    region = str(value).lower()
    if region not in HOSTS:
        raise SettingsError(f"PLEDGE_REGION must be us, eu or ca, not “{region}”.")
    return HOSTS[region]


def a_secret(value: Any, _name: str) -> str | None:
    """A text of the environment, without the blanks around it."""
    return str(value).strip() or None


def a_secret_file(value: Any, name: str) -> str | None:
    """The text of a file that the environment names."""
    try:
        return Path(value).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name} names a file that can't be read; mend the path or its rights.") from None
