"""How a setting is declared, once: where it stands, how it is read, its default, and what it means to people.

The tables of settings in docs/operations.md are made from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from flows.errors import SettingsError

Read = Callable[[Any, str], Any]
"""A value as it stands in pledge.toml, or a text of the environment, and its name there: the setting.

Raises `SettingsError` with that name where the value can't be used."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that people can make.

    section, name: where it stands in pledge.toml; empty if nowhere. A setting without a name is its section,
        of the names in its rows, or of any if there are none.
    variable: of the environment, which holds before pledge.toml; empty if none.
    rows: for the documents, of pledge.toml: where it stands, what holds if it isn't set, what it may be, what
        it means. in_environment: of the environment: what holds if it isn't set, what it means.
    """

    read: Read
    section: str = ""
    name: str = ""
    variable: str = ""
    rows: tuple[tuple[str, str, str, str], ...] = ()
    in_environment: tuple[str, str] = ("", "")

    @property
    def label(self) -> str:
        return f"[{self.section}] {self.name}".strip()

    @property
    def known_names(self) -> set[str]:
        named = {label.partition("] ")[2] for label, *_ in self.rows}
        return {self.name} if self.name else named - {""}


def declared(
    place: str,
    default: Any,
    read: Read,
    *,
    means: str,
    may_be: str = "",
    unset: str | None = None,
    variable: str = "",
    in_environment: tuple[str, str] = ("", ""),
    is_secret: bool = False,
) -> Any:
    """Declare a setting that is a field of the settings.

    place: ``section.name``; empty for one of the environment alone. unset: what holds where nothing is said,
    in words; None: the default as it is. in_environment: see `Setting`; what isn't in pledge.toml says it by
    *unset* and *means*. is_secret: never shown.
    """
    section, _, name = place.partition(".")
    shown = str(default) if unset is None else unset
    rows = ((f"[{section}] {name}", shown, may_be, means),) if place else ()
    setting = Setting(read, section, name, variable, rows, in_environment if place else (shown, means))
    return field(default=default, repr=not is_secret, metadata={"setting": setting})


def declared_section(section: str, read: Read, rows: tuple[tuple[str, str, str, str], ...]) -> Any:
    """Declare a whole section that is one field, a mapping."""
    return field(default_factory=dict, metadata={"setting": Setting(read, section, rows=rows)})


def settings_of(kind: type) -> dict[str, Setting]:
    """The settings that a class declares, by the names of their fields."""
    return {one.name: one.metadata["setting"] for one in fields(kind) if "setting" in one.metadata}


def read_declared(
    settings: Mapping[str, Setting], table: Mapping[str, Any], environ: Mapping[str, str]
) -> dict[str, Any]:
    """What is set of *settings*, by their fields' names; what isn't set is left out.

    Raises:
        SettingsError: a value can't be used.
    """
    found: dict[str, Any] = {}
    for field_name, one in settings.items():
        if one.variable and environ.get(one.variable):
            found[field_name] = one.read(environ[one.variable], one.variable)
        elif one.section and not one.name and one.section in table:
            found[field_name] = one.read(table[one.section], one.label)
        elif one.section and one.name in table.get(one.section, {}):
            found[field_name] = one.read(table[one.section][one.name], f"pledge.toml: {one.label}")
    return found


def refuse_unknown(
    settings: Mapping[str, Setting], table: Mapping[str, Any], file_name: str, *, own_sections: set[str]
) -> None:
    """Refuse a section or a name that isn't known, so that a slip of the pen doesn't pass in silence.

    own_sections: read elsewhere.
    """
    known: dict[str, set[str]] = {}
    for one in settings.values():
        if one.section:
            known.setdefault(one.section, set()).update(one.known_names)
    for section, content in table.items():
        if section in own_sections:
            continue
        if section not in known or not isinstance(content, dict):
            raise SettingsError(
                f"{file_name}: [{section}] is no section; there are: {', '.join(sorted(known))}."
            )
        strange = [name for name in content if known[section] and name not in known[section]]
        if strange:
            raise SettingsError(
                f"{file_name}: [{section}] has no setting “{strange[0]}”; "
                f"there are: {', '.join(sorted(known[section]))}."
            )
