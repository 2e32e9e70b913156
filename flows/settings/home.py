"""Settings of the place: where everything lies under PLEDGE_HOME, and whose clock goes there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.settings.declared import declared
from flows.settings.values import a_zone


@dataclass(frozen=True)
class Home:
    """The folder under which everything is written, what lies where in it, and the time zone."""

    home: Path
    zone: str = declared(
        "schedule.timezone",
        "Europe/London",
        a_zone,
        may_be="a time zone's name",
        means="the zone of the cron line, and of the times in the pack",
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
