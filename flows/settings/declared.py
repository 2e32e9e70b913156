"""How a setting is declared, once: where it stands, how it is read, its default, and what it means to people.

The tables of settings in docs/operations.md are made from these declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from flows.settings.values import Number

Read = Callable[[Any, str], Any]
"""A value as it stands in pledge.toml, or a text of the environment, and its name there: the setting.

Raises `SettingsError` with that name where the value can't be used."""

Row = tuple[str, str, str, str]
"""For the documents: where it stands in pledge.toml, what holds if unset, what it may be, what it means."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that people can make, in pledge.toml or in the environment, which holds before it."""

    read: Read
    section: str = ""  # in pledge.toml; empty if it stands nowhere there
    name: str = ""  # there; without one the setting is its section: of the names in its rows, or of any
    variable: str = ""  # of the environment; empty if none
    rows: tuple[Row, ...] = ()
    in_environment: tuple[str, str] = ("", "")  # for the documents: what holds if unset, what it means

    @property
    def label(self) -> str:
        return f"[{self.section}] {self.name}".strip()

    @property
    def known_names(self) -> set[str]:
        named = {label.partition("] ")[2] for label, *_ in self.rows}
        return {self.name} if self.name else named - {""}


def declared(
    key: str,
    read: Read,
    means: str,
    default: Any = None,
    *,
    unset: str | None = None,
    may_be: str = "",
    variable: str = "",
    is_secret: bool = False,
) -> Any:
    """Declare a setting that is a field of the settings.

    key: ``section.name``; empty for one of the environment alone. unset: what holds where nothing is said,
    in words; None: the default as it is. may_be: what it may be, if that is neither a number nor any text.
    Where there is a *variable*, *means* and *unset* are told of it, and pledge.toml's row points to it.
    """
    section, _, name = key.partition(".")
    shown = unset or ("none" if default is None else str(default))
    allowed = may_be or (f"{read.low} to {read.high}" if isinstance(read, Number) else "a text")
    unset_in_toml, means_in_toml = ("", f"as `{variable}`") if variable else (shown, means)
    rows = ((f"[{section}] {name}", unset_in_toml, allowed, means_in_toml),) if key else ()
    setting = Setting(read, section, name, variable, rows, (shown, means))
    return field(default=default, repr=not is_secret, metadata={"setting": setting})


def declared_section(section: str, read: Read, *rows: Row) -> Any:
    """Declare a whole section that is one field, a mapping."""
    return field(default_factory=dict, metadata={"setting": Setting(read, section, rows=rows)})


def settings_of(kind: type) -> dict[str, Setting]:
    """The settings that a class declares, by the names of their fields."""
    return {one.name: one.metadata["setting"] for one in fields(kind) if "setting" in one.metadata}
