"""Settings of the vault: the roles that its choices are shown as, and how many backups of it are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.settings.declared import declared, declared_section
from flows.settings.keys import KeySettings
from flows.settings.values import a_number, a_table_of_texts


@dataclass(frozen=True)
class VaultSettings(KeySettings):
    """What opens the vault, and what is made of it."""

    role_groups: Mapping[str, str] = declared_section(
        "roles",
        a_table_of_texts,
        (
            (
                "[roles]",
                "each choice is a role of its own",
                '`"choice\'s text or id" = "role"`, one a line',
                "groups choices into the roles that are shown",
            ),
        ),
    )
    backups_kept: int = declared(
        "backup.keep",
        7,
        a_number(1, 365),
        may_be="1 to 365",
        means="backups of the vault kept for `pledge restore`",
    )
