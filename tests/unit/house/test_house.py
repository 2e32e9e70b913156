"""The house itself: its parts are where they should be, named and bounded as they should be."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from importlib import import_module
from importlib.metadata import packages_distributions
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from setuptools import find_packages

from connectors.errors import SourceError
from flows.errors import BUG, exit_code_of
from tests.house import CODE, PACKAGES, PROJECT, ROOT, SQL, text_of
from warehouse.database.sql_files import migrations
from warehouse.releases.publish import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CODE_LINES = 300
MOST_BODY_LINES = 60

BUGS = {"PledgeError", "BugError"}  # the family's head, which is never raised, and the bug itself
OUR_TEXTS = {".md", ".py", ".sql", ".toml", ".yaml", ".jinja", ".css", ".lock", ""}
# Paths of the machine that this runs on, where packages come from, and papers that aren't of the house.
PLACES = (ROOT, ROOT.parent, Path.home(), Path(sys.base_prefix))
HERE = "|".join(rf"{re.escape(str(place))}/" for place in PLACES if place != Path(place.anchor))
STRANGE = re.compile(
    rf"{HERE}|/home/\w|\.\./shared/(?!surveymonkey\b)|\b(?:DESIGN|STYLE|PEERS)\.md\b"
    r"|--(?:extra-)?index-url|--find-links"
)


def test_every_error_of_ours_has_an_exit_code_of_its_own() -> None:
    families = [path for path in CODE if path.name == "errors.py"]
    classes = set(chain.from_iterable(_errors_in(path) for path in families))
    as_bugs = {one.__name__ for one in classes if exit_code_of(one.__new__(one)) == BUG}

    assert SourceError in classes
    assert as_bugs == BUGS


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.name == "errors.py"], ids=lambda p: p.parent.name
)
def test_a_family_of_errors_is_drawn_whole(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]

    assert names
    assert [name for name in names if not name.endswith("Error")] == []
    assert [name for name in names if name not in (ast.get_docstring(tree) or "")] == []


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.name == "__init__.py"], ids=lambda p: p.parent.name
)
def test_an_init_file_holds_one_docstring_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_no_module_has_the_name_of_a_dependency_or_of_the_standard_library() -> None:
    ours = {"connect-pledge"}
    foreign = {name for name, owners in packages_distributions().items() if set(owners) != ours}
    taken = foreign | set(sys.stdlib_module_names)
    names = {*PACKAGES, *(path.stem for path in CODE), *(path.parent.name for path in CODE)}

    assert (names - {"__init__"}) & taken == set()


def test_no_file_is_long() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): _code_lines(path) for path in CODE}

    assert {name: length for name, length in lengths.items() if length > MOST_CODE_LINES} == {}


def test_no_function_is_long() -> None:
    lengths = {
        f"{path.relative_to(ROOT).as_posix()}:{node.name}": _body_lines(node)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > MOST_BODY_LINES} == {}


def test_the_environment_is_read_in_flows_only() -> None:
    readers = {
        path.relative_to(ROOT).parts[0]
        for path in CODE
        if re.search(r"\bos\.(?:environ|getenv)\b", path.read_text(encoding="utf-8"))
    }

    assert readers == {"flows"}


def test_the_packages_named_are_the_folders_there_are() -> None:
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in CODE
        if path.name == "__init__.py"
    }

    assert (
        set(find_packages(ROOT, include=PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]))
        == folders
    )
    assert {folder.split(".")[0] for folder in folders} == set(PACKAGES)


def test_all_that_is_no_python_is_named_as_package_data() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    shipped = {
        path
        for package, globs in patterns.items()
        for glob in globs
        for path in (ROOT / package).glob(glob)
        if path.is_file()
    }
    others = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }

    assert shipped == others
    assert (files("warehouse") / "sql/staging/dispositions.sql").is_file()
    assert (files("reports") / "templates/pack.html.jinja").is_file()


def test_every_dependency_and_every_rule_switched_off_has_its_reason() -> None:
    text = text_of("pyproject.toml")
    project_lists = re.findall(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    ignores = re.findall(r"^(?:ignore|\"[^\"]+\") = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in [*project_lists, *ignores] for line in block.splitlines() if line.strip()]

    assert len(lines) > len(PROJECT["project"]["dependencies"])
    assert [line for line in lines if not re.search(r"# \S", line)] == []


def test_every_sql_file_is_used() -> None:
    literals = set(chain.from_iterable(_strings(path) for path in (ROOT / "warehouse").rglob("*.py")))
    unused = [name for path in SQL if not _is_used(name := _statement_name(path), literals)]

    assert unused == []


def test_every_sql_file_begins_by_saying_what_it_makes_or_does() -> None:
    silent = [
        _statement_name(path)
        for path in SQL
        if not re.match(r"-- [A-Z][^\n]+", path.read_text(encoding="utf-8"))
    ]

    assert silent == []


def test_every_published_table_is_one_file_of_its_name() -> None:
    assert {path.stem for path in SQL if path.parent.name == "marts"} == set(TABLES)


def test_a_staging_file_makes_one_relation_and_is_named_after_it() -> None:
    making = [path for path in SQL if path.parent.name in {"staging", "marts"}]
    assert {path.parent.name for path in making} == {"staging", "marts"}
    for path in making:
        text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        assert re.match(r"\s*(?:with|select)\b", text), path
        assert ";" not in text, path


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [name for name, _ in migrations()]

    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


def test_no_file_of_ours_tells_of_one_machine_or_of_a_registry() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), match[0])
        for path in _our_files()
        for match in STRANGE.finditer(path.read_text(encoding="utf-8"))
        if path != Path(__file__).resolve()
    ]

    assert found == []
    assert [path.name for path in ROOT.glob("*.lock") if "://" in path.read_text(encoding="utf-8")] == []


def _errors_in(path: Path) -> Iterator[type[BaseException]]:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for one in vars(module).values():
        if isinstance(one, type) and issubclass(one, BaseException) and one.__module__ == module.__name__:
            yield one


def _code_lines(path: Path) -> int:
    """Lines that hold code: no blanks, comments or docstrings."""
    text = path.read_text(encoding="utf-8")
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped and token.type != tokenize.ENDMARKER:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _strings(path: Path) -> Iterator[str]:
    """Texts that the module holds; one that is put together keeps its fixed beginning."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _statement_name(path: Path) -> str:
    return path.relative_to(ROOT / "warehouse/sql").with_suffix("").as_posix()


def _is_used(name: str, literals: set[str]) -> bool:
    """By its whole name; or its folder begins a name that is put together, and it is listed somewhere."""
    folder, _, stem = name.partition("/")
    return name in literals or (f"{folder}/" in literals and stem in literals) or folder == "migrations"


def _our_files() -> list[Path]:
    places = [ROOT / name for name in (*PACKAGES, "tests", "docs", ".ci")]
    at_the_top = [path for path in ROOT.iterdir() if path.is_file() and path.name != "LICENSE"]
    below = [path for place in places for path in place.rglob("*") if path.is_file()]
    return [
        path
        for path in [*at_the_top, *below]
        if path.suffix in OUR_TEXTS
        and "__pycache__" not in path.parts
        and not path.name.startswith(".coverage")
    ]
