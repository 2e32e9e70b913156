"""The documents that are made from the code: `python -m flows.documents` writes them into docs/.

A test holds the files equal to what is made here.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from checks.audit_rules import AUDIT_RULES
from checks.row_rules import ROW_RULES
from flows.cli import make_parser
from flows.settings.reading import SETTINGS
from warehouse.database.connection import open_vault
from warehouse.queries.figures import Bounds, measures, query
from warehouse.releases.kept import Release
from warehouse.releases.publish import TABLES, make_shown_roles, publish
from warehouse.transform.stage import Form, staging_area

DOCS = Path(__file__).parents[1] / "docs"
MAKER = "python -m flows.documents"
MADE = f"This page is made from the code by `{MAKER}`: change it there."
NO_KEY = "0" * 32  # of a vault that is empty and gone within a second
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
OF_THE_PLACE = (
    ("PLEDGE_HOME", "`pledge-data` in the working folder", "where everything is written"),
    ("PLEDGE_CONFIG", "`pledge.toml` in the working folder", "the settings file"),
)
"""Variables that only say where things are, and are no settings."""


def pages() -> dict[str, str]:
    """Name in docs/ to text, of each document that is made here.

    Columns and measures are asked of a vault that no response ever came to, with a form that asks nothing.
    """
    form = Form(survey_id="0", version="0")
    with (
        TemporaryDirectory() as folder,
        open_vault(Path(folder) / "vault.duckdb", NO_KEY, now=ANY_TIME) as vault,
        staging_area(vault),
    ):
        make_shown_roles(vault, form)
        return {
            "commands.md": commands_page(),
            "columns.md": _columns_page(vault, form, Path(folder)),
            "checks.md": _checks_page(vault),
            "operations.md": operations_page(),
        }


def operations_page() -> str:
    """The page as it is written, with its tables of settings as they are declared."""
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    for title, lines in (("in the environment", _variables()), ("in pledge.toml", _settings())):
        begin, end = f"<!-- settings {title}: made by {MAKER} -->\n", "<!-- end of settings -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = "".join([before, begin, *(f"{line}\n" for line in lines), end, after])
    return text


def _variables() -> Iterator[str]:
    rows = [
        *OF_THE_PLACE,
        *((one.variable, *one.in_environment) for one in SETTINGS.values() if one.variable),
    ]
    rows.sort(key=lambda row: row[0].startswith("PLEDGE_") and "VAULT" in row[0])  # the key's stand last
    return _table(("variable", "if not set", "means"), [(f"`{name}`", *rest) for name, *rest in rows])


def _settings() -> Iterator[str]:
    sections = dict.fromkeys(one.section for one in SETTINGS.values() if one.section)
    rows = [
        (f"`{label}`", *rest)
        for section in sections
        for one in SETTINGS.values()
        if one.section == section
        for label, *rest in one.rows
    ]
    of_rules = ("[one block a rule](#rules-of-your-own)", "rules of your own about the answers to a question")
    of_breakdowns = (
        "[one block a question](#breakdowns)",
        "questions by whose choices the signatories are counted",
    )
    rows.append(("`[[breakdowns]]`", "none", *of_breakdowns))
    rows.append(("`[[rules]]`", "none", *of_rules))
    return _table(("setting", "if not set", "may be", "means"), rows)


def commands_page() -> str:
    """Every command with its arguments and options, from the parser."""
    lines = [
        "# Commands",
        "",
        MADE,
        "`pledge COMMAND --help` says the same.",
        "[Operations](operations.md) has the settings and the exit codes.",
    ]
    for name, help_text, parser in _subcommands(make_parser()):
        lines += ["", f"## pledge {name}", "", f"{help_text[:1].upper()}{help_text[1:]}."]
        actions = [action for action in _actions(parser) if action.dest != "help"]
        if actions:
            lines += ["", *_table(("argument", "means"), [(_shown(one), _meaning(one)) for one in actions])]
    return _page(lines)


def _subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    commands = next(one for one in _actions(parser) if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no public name for it
    for listed in commands._choices_actions:  # noqa: SLF001 - the only place that keeps a command's help
        yield listed.dest, str(listed.help), commands.choices[listed.dest]


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 - argparse lists its options nowhere else


def _shown(action: argparse.Action) -> str:
    takes = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
    if not action.option_strings:
        return f"`{takes}`"
    return f"`{' '.join(filter(None, (action.option_strings[-1], str(takes))))}`"


def _meaning(action: argparse.Action) -> str:
    parts = [str(action.help)] if action.help else []
    if action.choices is not None:
        parts.append(f"one of {', '.join(action.choices)} ({action.default})")
    if action.required and action.option_strings:
        parts.append("needed")
    return "; ".join(parts)


def _columns_page(vault: Any, form: Any, folder: Path) -> str:
    """The published database's tables and columns, from the COMMENTs in a file as the night makes it."""
    release = Release(run_id="0", published_at=ANY_TIME, fresh_as_of=ANY_TIME, survey_title="", n_seen=0)
    published = publish(vault, form, release, folder, keep=1)
    _, tables = query(published, "select table_name, comment from duckdb_tables()")
    _, columns = query(
        published,
        "select table_name, column_name, lower(data_type), comment from duckdb_columns()"
        " where not internal order by table_name, column_index",
    )
    lines = [
        "# Columns",
        "",
        MADE,
        "The published database, `published/pledge.duckdb`, holds these tables and no others.",
        "The same texts lie in the file itself: `select * from duckdb_columns()` shows them in any tool.",
        "Columns that end in `_at` are instants in UTC, in `_on` dates in Europe/London.",
        "Those that begin with `n_` are counts, with `is_` yes or no.",
    ]
    meaning = dict(tables)
    for table in TABLES:
        rows = [
            (f"`{name}`", kind, comment or "") for owner, name, kind, comment in columns if owner == table
        ]
        lines += ["", f"## {table}", "", meaning[table] or "", "", *_table(("column", "type", "means"), rows)]
    return _page(lines)


def _checks_page(vault: Any) -> str:
    """The row rules, and those audit checks that a night measures."""
    does = {"hold": "is held back", "warn": "counts, and is told"}
    row_rules = [(f"`{rule.name}`", does[rule.severity], rule.reason, rule.next_step) for rule in ROW_RULES]
    return _page([
        "# Checks",
        "",
        MADE,
        "[The pipeline](pipeline.md) says when each is made.",
        "",
        "## Row rules",
        "",
        "Made on each response that would count (completed, and no preview) or has a status nobody knows.",
        "Of several rules that hold a response back, the first in this list is the one shown for it.",
        "[Operations](operations.md) says how to add rules of your own; they stand after these.",
        "",
        *_table(("rule", "who fails it", "why", "what to do"), row_rules),
        "",
        "## Audit",
        "",
        "Made on the built tables, before they are published. Nothing that is counted may be negative.",
        "",
        *_table(
            ("check", "made on", "must be", "if it fails", "means", "what to do"), _audit_rows(vault)
        ),
    ])  # fmt: skip


def _audit_rows(vault: Any) -> Iterator[tuple[str, ...]]:
    does = {"stop": "nothing is published", "tell": "the operator is told"}
    bounds = Bounds(least_total=0, hours_since_fresh=0)
    measured = measures(vault, "0", 0, {"…": 0}, bounds)
    for name, ones in measured.groupby("check", sort=False):
        rule = AUDIT_RULES[str(name)]
        subjects = "; ".join(ones["subject"])
        severity = " or ".join(does[severity] for severity in ones["severity"].unique())
        yield f"`{name}`", subjects, rule.must_be, severity, rule.reason, rule.next_step


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write each document into docs/."""
    for name, text in pages().items():
        path = DOCS / name
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(DOCS.parent)}\n")


if __name__ == "__main__":
    main()
