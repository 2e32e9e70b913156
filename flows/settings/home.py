"""Where everything lies under PLEDGE_HOME."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder under which everything is written, and what lies where in it."""

    home: Path

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
