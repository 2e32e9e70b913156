"""Settings read from `pledge.toml` and the environment, which holds before it; nothing else reads either."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.errors import SettingsError
from flows.settings.declared import Setting, settings_of
from flows.settings.model import USUAL_THRESHOLD, Settings
from flows.settings.values import a_region, a_secret_file

RULES, BREAKDOWNS = "rules", "breakdowns"  # lists of blocks
SETTINGS = settings_of(Settings) | {
    "region": Setting(
        a_region,
        "platform",
        "region",
        "PLEDGE_REGION",
        (("[platform] region", "us", "us, eu or ca", "as `PLEDGE_REGION`"),),
        ("`us`", "`us`, `eu` or `ca`: where the account lives"),
    ),
    "token_file": Setting(
        a_secret_file,
        variable="SURVEYMONKEY_ACCESS_TOKEN_FILE",
        in_environment=("no token", "a file that holds the token"),
    ),
}
"""By their names: the fields, and two that only say where to find the value of one."""


def home_of(environ: Mapping[str, str], folder: Path) -> Path:
    """Where everything is written, which only the environment says."""
    return Path(environ.get("PLEDGE_HOME") or folder / "pledge-data").absolute()


def read_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Settings from *environ* and from ``pledge.toml`` in *folder* or where ``PLEDGE_CONFIG`` says.

    Raises:
        SettingsError: a file can't be read, a name isn't known, or a value can't be used.
    """
    table = _read_toml(environ, folder)
    found = _read_declared(table, environ)
    region, token_file = found.pop("region", None), found.pop("token_file", None)
    # The environment holds before the file, so its region before an address there.
    is_region_nearer = "PLEDGE_REGION" in environ and not environ.get("SURVEYMONKEY_API_URL")
    if region and (is_region_nearer or "api_url" not in found):
        found["api_url"] = region
    found.setdefault("token", token_file)
    for name, value in found.items():
        if isinstance(value, Path):
            found[name] = (folder / value).absolute()
    _refuse_halves(found)
    if RULES in table:
        from flows.settings.custom_rules import read_own_rules  # few have any, and it looks at much else

        found["own_rules"] = read_own_rules(table[RULES])
    if BREAKDOWNS in table:
        from flows.settings.breakdowns import read_breakdowns  # the same holds for these

        found["breakdowns"] = read_breakdowns(table[BREAKDOWNS])
    return Settings(home=home_of(environ, folder), **found)


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
    _refuse_unknown(table, path.name)
    return table


def _refuse_unknown(table: Mapping[str, Any], file_name: str) -> None:
    """Refuse a section or a name that isn't known, so that a slip of the pen doesn't pass in silence."""
    known: dict[str, set[str]] = {}
    for one in SETTINGS.values():
        if one.section:
            known.setdefault(one.section, set()).update(one.known_names)
    for section, content in table.items():
        if section in {RULES, BREAKDOWNS}:
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


def _read_declared(table: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """What is set, by the settings' names; what isn't set is left out."""
    found: dict[str, Any] = {}
    for name, one in SETTINGS.items():
        if one.variable and environ.get(one.variable):
            found[name] = one.read(environ[one.variable], one.variable)
        elif one.section and not one.name and one.section in table:
            found[name] = one.read(table[one.section], one.label)
        elif one.section and one.name in table.get(one.section, {}):
            found[name] = one.read(table[one.section][one.name], f"pledge.toml: {one.label}")
    return found


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
