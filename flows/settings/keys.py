"""Settings of the vault's key, and of the one that it is to be changed to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.settings.declared import declared
from flows.settings.home import Home
from flows.settings.values import a_path, a_secret, a_text


@dataclass(frozen=True)
class KeySettings(Home):
    """Where the key comes from: the variable, a file, a block of Prefect's, or the file under the home."""

    vault_key_block: str | None = declared(
        "vault.secret_block",
        None,
        a_text,
        variable="PLEDGE_VAULT_KEY_BLOCK",
        in_environment=(
            "`[vault] secret_block`, or else `keys/vault.key` in `PLEDGE_HOME`",
            "the name of a Prefect Secret block that holds the key",
        ),
        unset="",
        may_be="a block's name",
        means="as `PLEDGE_VAULT_KEY_BLOCK`",
    )
    vault_key: str | None = declared(
        "",
        None,
        a_secret,
        variable="PLEDGE_VAULT_KEY",
        unset="the next one is looked at",
        means="the vault's key: at least 32 letters and digits",
        is_secret=True,
    )
    vault_key_file: Path | None = declared(
        "",
        None,
        a_path,
        variable="PLEDGE_VAULT_KEY_FILE",
        unset="the next one is looked at",
        means="a file that holds the key and that only its owner may read",
    )
    new_vault_key: str | None = declared(
        "",
        None,
        a_secret,
        variable="PLEDGE_NEW_VAULT_KEY",
        unset="the next one is looked at",
        means="for `pledge key rotate`: the key to change to",
        is_secret=True,
    )
    new_vault_key_file: Path | None = declared(
        "",
        None,
        a_path,
        variable="PLEDGE_NEW_VAULT_KEY_FILE",
        unset="a key is made",
        means="for `pledge key rotate`: a file that holds the key to change to",
    )
