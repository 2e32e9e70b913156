"""Where the parts of the house are, for the tests that look at the house itself."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("flows", "connectors", "checks", "warehouse", "reports")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROSE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in PACKAGES))
SQL = sorted((ROOT / "warehouse/sql").rglob("*.sql"))


def text_of(name: str) -> str:
    """The text of a file, named from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def table_of(page: str, first_column: str) -> list[list[str]]:
    """The rows of the table in *page* whose first column is so headed; its cells without backticks."""
    found = re.search(rf"^\| {first_column} \|.*\n\|[ |-]*\n((?:\|.*\n)+)", text_of(page), re.MULTILINE)
    assert found, f"{page} has no table of each {first_column}"
    return [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in found[1].splitlines()
    ]
