"""The documents are true of the code, and lead where they say."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from flows import errors
from flows.cli import EXIT_CODES
from flows.dispatch import COMMANDS
from flows.documents import pages
from flows.errors import SettingsError
from flows.pipelines import nightly
from flows.settings.model import Settings
from flows.settings.reading import read_settings
from reports.figures import PLACES
from tests.house import CODE, PACKAGES, PROJECT, PROSE, ROOT, SQL, table_of, text_of
from warehouse.releases.publish import SCHEMA_VERSION, TABLES, meanings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.vaults import Vault

MOST_WORDS_IN_README = 500
OPERATIONS = "docs/operations.md"


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").split()) < MOST_WORDS_IN_README


def test_the_readme_s_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    shown = re.findall(r"^make (\S+)$", text_of("README.md"), re.MULTILINE)

    assert shown == ["demo", "test"]
    assert set(shown) <= targets


def test_the_readme_maps_every_folder() -> None:
    mapped = re.findall(r"^- `(\w+)/`:", text_of("README.md"), re.MULTILINE)

    assert set(mapped) >= {*PACKAGES, "tests", "docs"}


@pytest.mark.parametrize("name", ["commands.md", "columns.md", "checks.md", "operations.md"])
def test_a_page_made_from_the_code_is_as_the_code_makes_it(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert written == _made()[name], "it is out of date; run: python -m flows.documents"


def test_every_published_table_and_column_says_what_it_means() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", _made()["columns.md"], re.MULTILINE)
    headings = re.findall(r"^## (\w+)\n\n(.*)$", _made()["columns.md"], re.MULTILINE)

    assert [table for table, _ in headings] == list(TABLES)
    assert [table for table, meaning in headings if not meaning.strip()] == []
    assert [column for column, meaning in rows if not meaning.strip()] == []
    assert len(rows) == sum(len(of_table) - 1 for of_table in meanings().values())


def test_every_command_is_on_the_commands_page_and_can_be_done() -> None:
    described = set(re.findall(r"^## pledge (\S+)$", _made()["commands.md"], re.MULTILINE))

    assert described == set(COMMANDS)


def test_documents_name_only_commands_that_there_are() -> None:
    said = {
        (path.name, command)
        for path in PROSE
        for command in re.findall(
            r"(?:`|^|“)pledge ([a-z][a-z-]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert said
    assert {(name, command) for name, command in said if command not in COMMANDS} == set()


def test_options_in_documents_are_options_of_some_command() -> None:
    said = {
        option
        for path in PROSE
        for line in re.findall(
            r"(?:`|^|“)pledge [a-z-]+[^`”\n]*", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        for option in re.findall(r"--[a-z-]+", line)
    }

    assert said
    assert said - {"--help"} <= set(re.findall(r"`(--[a-z-]+)", _made()["commands.md"]))


def test_errors_and_comments_point_to_pages_and_sections_that_there_are() -> None:
    pointed = re.compile(
        r"(docs/[\w/.-]+\.md)(?:, [“\"]([^”\"]+)[”\"])?|section “([^”]+)” in (docs/[\w.-]+\.md)"
    )
    found = [
        (match[1] or match[4], match[2] or match[3])
        for path in [*CODE, *SQL, ROOT / "prefect.yaml", ROOT / "Makefile"]
        for match in pointed.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found
    for page, section in found:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert section is None or f"# {section}\n" in text


def test_links_within_the_documents_lead_somewhere() -> None:
    astray = [
        (path.name, link)
        for path in PROSE
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text(encoding="utf-8"))
        if not _leads_somewhere(path, link)
    ]

    assert astray == []


def test_files_that_the_documents_name_are_there() -> None:
    named = re.compile(
        r"`((?:flows|connectors|checks|warehouse|reports|tests|docs)/[\w/.-]+\.\w+|prefect\.yaml)`"
    )
    missing = [
        (path.name, name)
        for path in PROSE
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    ]

    assert missing == []


def test_prose_has_one_sentence_a_line() -> None:
    crowded = [
        (path.name, line)
        for path in PROSE
        if path.name not in _made()
        for line in _prose_lines(path)
        if re.search(r"[a-z)`]\. [A-Z]", line) and not line.startswith(("|", "-", "**"))
    ]

    assert crowded == []


def test_a_decision_is_short_numbered_and_says_context_decision_and_consequence() -> None:
    notes = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert notes
    assert [note.name[:5] for note in notes] == [f"{number:04}-" for number in range(1, len(notes) + 1)]
    for note in notes:
        text = note.read_text(encoding="utf-8")
        assert re.findall(r"^#+ (.+)$", text, re.MULTILINE)[1:] == ["Context", "Decision", "Consequence"]
        assert 10 <= len(text.splitlines()) <= 24


def test_the_changelog_tells_of_this_version_and_its_tables() -> None:
    changes = text_of("CHANGELOG.md")

    assert re.findall(r"^## \[([^\]]+)\]", changes, re.MULTILINE)[:2] == [
        "Unreleased",
        PROJECT["project"]["version"],
    ]
    assert f"schema version {SCHEMA_VERSION}" in changes


def test_the_pipeline_page_goes_through_the_steps_in_order() -> None:
    done: list[str] = []
    nightly(lambda step, *_: done.append(step.__name__))
    page = text_of("docs/pipeline.md")

    assert re.findall(r"^## \d+\. (\w+)$", page, re.MULTILINE) == done
    assert re.findall(r"^## (\d+)\. ", page, re.MULTILINE) == [str(n + 1) for n in range(len(done))]


def test_the_pipeline_page_names_every_table_of_the_vault(vault: Vault) -> None:
    page = text_of("docs/pipeline.md")
    tables = vault.connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'vault'"
        " and schema_name <> 'main'"  # the list of migrations, which is no data
    ).fetchall()

    assert len(tables) > 10
    assert [table for (table,) in tables if f"`{table}`" not in page] == []


def test_the_glossary_has_every_place_and_step() -> None:
    glossary = text_of("docs/glossary.md")
    steps: list[str] = []
    nightly(lambda step, *_: steps.append(step.__name__))

    assert re.findall(r"^- \*\*([\w ]+)\*\*:", glossary, re.MULTILINE) == list(PLACES)
    assert f"**step**: one of the fourteen: {', '.join(steps)}." in glossary


# Settings and exit codes


def test_every_variable_that_the_code_names_is_documented_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "flows").rglob("*.py"))
    used = set(re.findall(r"\b(?:PLEDGE|SURVEYMONKEY)_[A-Z_]+[A-Z]\b", code))

    assert {name for name, *_ in table_of(OPERATIONS, "variable")} == used


def test_every_setting_says_what_it_means_and_nothing_said_is_what_holds() -> None:
    rows = table_of(OPERATIONS, "setting")

    assert len(rows) > 30
    assert [row for row in rows if not row[-1]] == []
    assert read_settings({}, ROOT / "tests") == Settings(home=ROOT / "tests/pledge-data")


def _ranges() -> list[tuple[str, int, int]]:
    return [
        (name, int(least), int(most))
        for name, _, may_be, _ in table_of(OPERATIONS, "setting")
        for least, most in re.findall(r"^(\d+) to (\d+)$", may_be)
    ]


def _set(folder: Path, name: str, value: int) -> Settings:
    section, key = name.split()
    with_it = 'threshold_reason = "a low one needs a reason"\n' if key == "threshold" else ""
    (folder / "pledge.toml").write_text(f"{section}\n{key} = {value}\n{with_it}", encoding="utf-8")
    return read_settings({}, folder)


@pytest.mark.parametrize(("name", "least", "most"), _ranges())
def test_a_documented_range_is_the_one_that_holds(tmp_path: Path, name: str, least: int, most: int) -> None:
    for allowed in (least, most):
        _set(tmp_path, name, allowed)
    for refused in (least - 1, most + 1):
        with pytest.raises(SettingsError):
            _set(tmp_path, name, refused)


def test_the_deployment_has_the_schedule_of_the_settings() -> None:
    deployment = text_of("prefect.yaml")
    held = read_settings({}, ROOT / "tests")

    assert f'cron: "{held.cron}"' in deployment
    assert f"timezone: {held.zone}" in deployment
    assert "entrypoint: flows.orchestration.prefect_flow:nightly_sync" in deployment


def test_exit_codes_are_the_same_in_code_help_and_documents() -> None:
    in_code = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    in_help = {int(code) for code in re.findall(r"(?:: |; )(\d+) ", EXIT_CODES.replace("\n", " "))}
    in_documents = {int(code) for code, *_ in table_of(OPERATIONS, "code")}

    assert in_documents == in_code
    assert in_help == in_code


@cache
def _made() -> dict[str, str]:
    return pages()


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return False
    return not anchor or anchor in {_anchor(h) for h in _headings(target)}


def _headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _prose_lines(page: Path) -> Iterator[str]:
    is_code = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield line
